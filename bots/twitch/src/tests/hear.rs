use chrono::DateTime;
use lovelm::chat::{
    CallName, ChatEvent, Command, Deletion, Message, Moderation, Payment, PaymentKind, PersonaId, RawText, Roster, Whom,
};
use proptest::prelude::*;
use twitch_irc::message::IRCMessage;

use crate::{Hearing, Line, translate};

pub(super) fn roster() -> Roster {
    let personas: Vec<_> = ["hongcha", "omar", "kimdal", "shuhi"].map(PersonaId::new).to_vec();
    let names = [("hongcha", "홍차"), ("omar", "오마르"), ("kimdal", "김달"), ("shuhi", "슈히")];
    let names = names.map(|(id, name)| CallName { persona: PersonaId::new(id), name: name.to_owned() }).to_vec();
    Roster { personas, names }
}

fn hearing() -> Hearing {
    let accounts = [("hongcha_bot", "hongcha"), ("omar_bot", "omar")];
    let accounts = accounts.map(|(login, id)| (login.to_owned(), PersonaId::new(id))).into();
    let hearing = Hearing {
        roster: roster(),
        accounts,
        bots: vec!["nightbot".into()],
        rewards: vec!["reward-1".into()],
        ..Hearing::default()
    };
    hearing.with_cheermotes(["Cheer", "PogChamp"])
}

fn heard(line: &str) -> Option<ChatEvent> {
    translate(&Line::parse(line).expect("a line"), &hearing(), DateTime::UNIX_EPOCH)
}

/// A line of somebody's, with these tags before the usual ones.
fn line(tags: &str, text: &str) -> String {
    format!(
        "@{tags};display-name=민수;id=m-1;room-id=7;user-id=42;tmi-sent-ts=1700000000000 \
         :minsu!minsu@minsu.tmi.twitch.tv PRIVMSG #Channel1 :{text}"
    )
}

fn notice(kind: &str, tags: &str, text: &str) -> String {
    format!(
        "@msg-id={kind};{tags};display-name=민수;login=minsu;id=n-1;room-id=7;user-id=42 :tmi.twitch.tv USERNOTICE #channel1{}",
        if text.is_empty() { String::new() } else { format!(" :{text}") }
    )
}

fn said(line: &str) -> Message {
    match heard(line) {
        Some(ChatEvent::Said(message)) => message,
        other => panic!("{other:?}"),
    }
}

fn paid(line: &str) -> (Message, Payment) {
    match heard(line) {
        Some(ChatEvent::Paid(message, payment)) => (message, payment),
        other => panic!("{other:?}"),
    }
}

fn commanded(line: &str) -> Command {
    match heard(line) {
        Some(ChatEvent::Command(invocation)) => invocation.command,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_line_says_who_where_when_and_what() {
    let message = said(&line("mod=0;subscriber=1;badges=subscriber/12", "안녕, @Hongcha_Bot 있어?"));
    assert_eq!(message.place.channel.as_str(), "channel1");
    assert_eq!((message.author.user.as_str(), message.author.name.expose()), ("42", "민수"));
    assert_eq!(message.text.expose(), "안녕, @hongcha 있어?");
    assert_eq!(message.mentions, [PersonaId::new("hongcha")]);
    assert_eq!(message.at.timestamp_millis(), 1_700_000_000_000);
    assert!(message.author.standing.supporter && !message.author.standing.moderator && !message.author.is_bot);
    assert_eq!(message.event.as_str(), "m-1");
}

#[test]
fn addresses_and_other_peoples_names_are_no_mentions() {
    let message = said(&line("mod=0", "mail me@omar_bot.example, @omar_bottle and @somebody"));
    assert_eq!(message.mentions, []);
    assert_eq!(message.text.expose(), "mail me@omar_bot.example, @omar_bottle and @somebody");
}

#[test]
fn badges_make_moderators_and_bots() {
    for badges in ["badges=broadcaster/1", "badges=vip/1,moderator/1", "mod=1"] {
        assert!(said(&line(badges, "x")).author.standing.moderator, "{badges}");
    }
    assert!(!said(&line("badges=vip/1", "x")).author.standing.moderator);
    assert!(said(&line("badges=bot-badge/1", "x")).author.is_bot);
    for login in ["nightbot", "omar_bot", "Omar_Bot"] {
        let line = format!(":{login}!x@x PRIVMSG #channel1 :홍차야 안녕");
        assert!(said(&line).author.is_bot, "{login}");
    }
}

#[test]
fn an_answer_to_us_is_one_and_loses_the_name_in_front() {
    let reply = "reply-parent-msg-id=p;reply-parent-user-login=omar_bot;reply-parent-display-name=Omar_Bot;\
                 reply-parent-msg-body=말을\\s걸어\\s보세요\\:";
    let message = said(&line(reply, "@Omar_Bot 그래도 될까?"));
    assert_eq!(message.text.expose(), "그래도 될까?");
    assert_eq!(message.reply_to, Some(PersonaId::new("omar")));
    assert_eq!(message.context[0].speaker, Some(PersonaId::new("omar")));
    assert_eq!(message.context[0].text.expose(), "말을 걸어 보세요;");
    let other = said(&line("reply-parent-msg-id=p;reply-parent-user-login=emma;reply-parent-msg-body=hi", "@emma yes"));
    assert_eq!((other.reply_to, other.text.expose()), (None, "yes"));
}

#[test]
fn bits_are_what_the_tag_says_and_cheermotes_go() {
    let (message, payment) = paid(&line("bits=500", "Cheer100 홍차야 pogchamp400 고백할까? Cheerful 100"));
    assert_eq!(payment, Payment { kind: PaymentKind::Bits, units: 500, cents: 500 });
    assert_eq!(message.text.expose(), "홍차야 고백할까? Cheerful 100");
    assert_eq!(said(&line("mod=0", "Cheer100 홍차야")).text.expose(), "Cheer100 홍차야", "typed, not paid");
    let (message, _) = paid(&line("bits=5", "Cheer5 !ask omar what now?"));
    assert_eq!(message.text.expose(), "omar what now?");
    assert_eq!(paid(&line("bits=5", "Cheer5")).0.text.expose(), "");
}

#[test]
fn one_word_needs_no_colon() {
    let line = "@bits=1;id=1;user-id=42 :minsu!m@m PRIVMSG #channel1 Cheer1";
    assert_eq!(paid(line).0.text.expose(), "");
    assert_eq!(said(":minsu!m@m PRIVMSG #channel1 홍차야").text.expose(), "홍차야");
    assert_eq!(commanded(":minsu!m@m PRIVMSG #channel1 !more "), Command::More);
}

#[test]
fn a_paid_line_with_broken_tags_is_paid() {
    for tags in ["bits=100;display-name=;emotes=25:4-0", "bits=100;badges;=;;x", "bits=100;emotes=\u{fffd}:9-1"] {
        let line = format!("@{tags};user-id=42 :minsu!minsu@x PRIVMSG #channel1 :Cheer100 hi");
        assert_eq!(paid(&line).1.units, 100, "{tags}");
        assert_eq!(paid(&line).0.event, paid(&line).0.event, "the same without an id");
    }
    let long = format!("bits=100;junk={}", "x".repeat(8192));
    assert_eq!(paid(&line(&long, "hi")).1.units, 100);
}

#[test]
fn hype_chats_are_counted_in_dollars() {
    let pinned = |amount: &str, currency: &str, exponent: &str| {
        let tags = format!(
            "pinned-chat-paid-amount={amount};pinned-chat-paid-canonical-amount=5;pinned-chat-paid-currency={currency};\
             pinned-chat-paid-exponent={exponent}"
        );
        paid(&line(&tags, "고마워요")).1
    };
    assert_eq!(pinned("500", "USD", "2").cents, 500);
    assert_eq!(pinned("7000", "KRW", "0").cents, 504);
    assert_eq!(pinned("5-00", "USD", "0").cents, 500, "a broken amount has a canonical one");
    assert_eq!(pinned("1", "USD", "999999999").kind, PaymentKind::HypeChat);
    let (message, _) =
        paid(&line("pinned-chat-paid-amount=120;pinned-chat-paid-is-system-message=1", "User sent Hype Chat"));
    assert_eq!(message.text.expose(), "");
}

#[test]
fn subscriptions_and_upgrades_are_payments() {
    let (message, payment) =
        paid(&notice("resub", "msg-param-cumulative-months=12;msg-param-sub-plan=2000", "일 년째!"));
    assert_eq!(payment, Payment { kind: PaymentKind::Sub, units: 12, cents: 999 });
    assert_eq!((message.text.expose(), message.id), ("일 년째!", None), "a notice cannot be answered");
    for kind in ["sub", "giftpaidupgrade", "anongiftpaidupgrade", "primepaidupgrade", "extendsub"] {
        assert_eq!(paid(&notice(kind, "msg-param-sub-plan=Prime", "")).1.kind, PaymentKind::Sub, "{kind}");
    }
    assert_eq!(
        paid(&notice("midnightsquid", "msg-param-amount=100;msg-param-exponent=2;msg-param-currency=USD", "")).1.cents,
        100
    );
    assert_eq!(paid(&notice("something-new", "bits=300", "")).1.units, 300, "paid is paid");
}

#[test]
fn a_mass_gift_is_one_event() {
    let mystery = notice("submysterygift", "msg-param-mass-gift-count=20;msg-param-community-gift-id=9", "");
    let (whole, payment) = paid(&mystery);
    assert_eq!(payment, Payment { kind: PaymentKind::Gift, units: 20, cents: 20 * 499 });
    let one = paid(&notice("subgift", "msg-param-community-gift-id=9;msg-param-recipient-id=1", "")).0;
    assert_eq!(whole.event, one.event);
    let alone = paid(&notice("subgift", "msg-param-origin-id=1f\\sbe", "")).0;
    assert_ne!(whole.event, alone.event);
    let anonymous = paid(&notice("anonsubgift", "msg-param-origin-id=2", "")).0;
    assert_eq!((anonymous.author.user.as_str(), anonymous.author.name.expose()), ("274598607", "AnAnonymousGifter"));
}

#[test]
fn what_tells_of_no_money_is_no_payment() {
    for kind in
        ["standardpayforward", "communitypayforward", "ritual", "unraid", "bitsbadgetier", "charitydonation", ""]
    {
        assert!(heard(&notice(kind, "msg-param-months=3", "text")).is_none(), "{kind}");
    }
    assert!(heard(":tmi.twitch.tv USERNOTICE #channel4").is_none());
    let Some(ChatEvent::Raided { viewers: 12, .. }) = heard(&notice("raid", "msg-param-viewerCount=12", "")) else {
        panic!()
    };
    let Some(ChatEvent::Said(said)) = heard(&notice("announcement", "x=1", "오마르야 한마디!")) else {
        panic!()
    };
    assert_eq!(said.text.expose(), "오마르야 한마디!");
}

#[test]
fn a_shared_chat_counts_where_it_was_written() {
    assert!(heard(&line("source-room-id=8;source-id=s;bits=100", "홍차야")).is_none());
    let at_home = said(&line("source-room-id=7;source-id=s", "홍차야"));
    assert_eq!(at_home.event.as_str(), "s");
    assert!(heard(&notice("sharedchatnotice", "source-room-id=7;source-msg-id=sub", "")).is_none());
}

#[test]
fn commands_are_ours_or_nobodys() {
    assert_eq!(commanded(&line("x=1", "!more")), Command::More);
    assert_eq!(commanded(&line("x=1", "!lovelm pause")), Command::Moderate(Moderation::Pause));
    assert_eq!(commanded(&line("x=1", "!mod skip 3")), Command::Moderate(Moderation::Skip(Some(3))));
    let block = Command::Moderate(Moderation::Block(Whom::Named(RawText::new("민수"))));
    assert_eq!(commanded(&line("x=1", "!mod block @민수")), block);
    for other in ["!mod block", "!lovelm hours 7", "!mod 하하", "!mod all", "!mod all pause now"] {
        let heard = commanded(&line("x=1", other));
        let is_known = matches!(heard, Command::Moderate(Moderation::Help) | Command::ModerateAll(_));
        assert!(is_known, "{other}: {heard:?}");
    }
    assert_eq!(commanded(&line("x=1", "!privacy nonsense")), Command::Privacy(None));
    assert!(matches!(commanded(&line("x=1", "!ask 오마르 어떡해?")), Command::Ask { persona: Some(_), .. }));
    for other in ["!drop me", "!", "! more", "!!"] {
        assert!(heard(&line("x=1", other)).is_none(), "{other}");
    }
    assert!(matches!(commanded(&line("custom-reward-id=reward-1", "고백할까?")), Command::Ask { persona: None, .. }));
    assert_eq!(said(&line("custom-reward-id=reward-2", "고백할까?")).text.expose(), "고백할까?");
    assert_eq!(said(&line("x=1", "\u{1}ACTION 홍차야 안녕\u{1}")).text.expose(), "홍차야 안녕");
}

#[test]
fn moderation_is_deletion() {
    let Some(ChatEvent::Deleted(Deletion::Message { message, .. })) =
        heard("@login=x;target-msg-id=m-1 :tmi.twitch.tv CLEARMSG #channel1 :words")
    else {
        panic!()
    };
    assert_eq!(message.as_str(), "m-1");
    let Some(ChatEvent::Deleted(Deletion::Person { user, .. })) =
        heard("@ban-duration=150;target-user-id=42 :tmi.twitch.tv CLEARCHAT #channel1 :minsu")
    else {
        panic!()
    };
    assert_eq!(user.as_str(), "42");
    let all = heard(":tmi.twitch.tv CLEARCHAT #channel1");
    assert!(matches!(all, Some(ChatEvent::Deleted(Deletion::Everything { .. }))));
}

#[test]
fn a_whisper_calls_whom_it_is_for() {
    let message = said("@user-id=42;message-id=1;display-name=민수 :minsu!m@m WHISPER omar_bot :나 어떡하지?");
    assert_eq!((message.mentions, message.place.channel.as_str()), (vec![PersonaId::new("omar")], "@minsu"));
    assert!(heard(":minsu!m@m WHISPER somebody :hi").is_none());
    let event = |user: &str, nth: u32| {
        said(&format!("@user-id={user};message-id={nth} :minsu!m@m WHISPER omar_bot :나 어떡하지?")).event
    };
    assert_ne!(event("42", 1), event("43", 1), "everybody's whispers are counted anew");
    assert_ne!(event("42", 1), event("42", 2));
}

/// The lines of real shapes, where they are at hand, and the shapes of this file anywhere.
#[test]
fn every_shape_is_read_like_the_crate_reads_it() {
    let given = std::env::var("LOVELM_TEST_TWITCH_LINES").ok().and_then(|path| std::fs::read_to_string(path).ok());
    let own =
        [line("bits=5;a\\:b=c\\sd", "x : y"), notice("resub", "x=", "말"), "PING :tmi.twitch.tv".into()].join("\n");
    for text in [Some(own), given].into_iter().flatten() {
        for raw in text.lines() {
            let line = Line::parse(raw).unwrap_or_else(|| panic!("unread: {}", raw.len()));
            // A space at the end is too much for the crate, and would cost a connection.
            let Ok(theirs) = IRCMessage::parse(raw) else { continue };
            assert_eq!(line.command, theirs.command);
            for (name, value) in theirs.tags.0.iter().filter(|(_, value)| !value.is_empty()) {
                assert_eq!(line.tag(name).as_deref(), Some(value.as_str()), "{name}");
            }
            if let Some(text) = theirs.params.last().filter(|_| theirs.params.len() > 1) {
                assert_eq!(line.text, text);
            }
            let paid = ["bits", "pinned-chat-paid-amount"].iter().any(|tag| line.raw(tag).is_some());
            let home = line.raw("source-room-id").is_none() || line.raw("source-room-id") == line.raw("room-id");
            let event = translate(&line, &hearing(), DateTime::UNIX_EPOCH);
            if paid && home && line.command == "PRIVMSG" {
                assert!(matches!(event, Some(ChatEvent::Paid(..))), "a paid line is lost");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_line_breaks_the_ears(line in "(@[ -~가-힣]{0,40} )?(:[a-z!@]{0,10} )?(PRIVMSG|USERNOTICE|CLEARCHAT|\\PC{0,8}) ?#?\\PC{0,60}") {
        if let Some(parsed) = Line::parse(&line) {
            let _ = translate(&parsed, &hearing(), DateTime::UNIX_EPOCH);
        }
    }
}
