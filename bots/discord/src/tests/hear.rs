use lovelm::chat::{ChatEvent, PaymentKind, PersonaId, Standing};
use proptest::prelude::*;
use serde_json::json;
use serenity::model::channel::Message as Written;

use super::support::{HONGCHA, OMAR, hearing, read, user, written};
use crate::hear::{self, Guild, Guilds};

fn message(id: u64, content: &str, change: impl FnOnce(&mut serde_json::Value)) -> Written {
    let mut value = written(id, content);
    change(&mut value);
    read(value)
}

fn mentioning(id: u64, content: &str) -> Written {
    message(id, content, |value| value["mentions"] = json!([user(OMAR, "omar_bot")]))
}

fn omar() -> PersonaId {
    PersonaId::new("omar")
}

#[test]
fn a_mention_is_for_whoever_is_mentioned_and_reads_as_its_persona() {
    let written = mentioning(1, "<@201> <@!202>아 나 <@55>랑 헤어졌어");
    assert!(hear::is_for_us(&written, &hearing(), None));
    let said = hear::said(&written, &hearing(), Standing::default(), None);
    assert_eq!(said.text.expose(), "@omar @hongcha아 나 <@55>랑 헤어졌어");
    assert_eq!(said.mentions, [omar(), PersonaId::new("hongcha")]);
    assert_eq!((said.event.as_str(), said.place.channel.as_str()), ("1", "11"));
    assert_eq!(said.author.name.expose(), "minsu");
}

#[test]
fn what_is_to_nobody_of_ours_is_not_heard() {
    let to_hongcha = message(1, "<@202> hi", |value| value["mentions"] = json!([user(HONGCHA, "hongcha_bot")]));
    assert!(!hear::is_for_us(&to_hongcha, &hearing(), None), "her own ears hear that");
    let plain = message(2, "omar, hi", |_| {});
    assert!(!hear::is_for_us(&plain, &hearing(), None));
    let mut all = hearing();
    all.message_content = true;
    assert!(hear::is_for_us(&plain, &all, None), "with the intent everything is heard");
    assert!(hear::is_for_us(&plain, &hearing(), Some(&omar())), "in our thread as well");
}

#[test]
fn bots_webhooks_and_empty_lines_are_never_heard() {
    let mut all = hearing();
    all.message_content = true;
    let bot = message(1, "<@201> hi", |value| value["author"]["bot"] = json!(true));
    let hook = message(2, "<@201> hi", |value| value["webhook_id"] = json!("77"));
    let empty = mentioning(3, "");
    let pinned = message(4, "<@201>", |value| value["type"] = json!(6));
    for written in [bot, hook, empty, pinned] {
        assert!(!hear::is_for_us(&written, &all, Some(&omar())));
    }
}

#[test]
fn a_direct_message_is_to_whoever_gets_it() {
    let written = message(1, "나 좀 도와줘", |value| {
        value.as_object_mut().unwrap().remove("guild_id");
        value.as_object_mut().unwrap().remove("member");
    });
    assert!(hear::is_for_us(&written, &hearing(), None));
    assert_eq!(hear::said(&written, &hearing(), Standing::default(), None).mentions, [omar()]);
}

#[test]
fn a_reply_to_us_quotes_what_it_answers() {
    let mut parent = written(1, "바로 연락해 봐");
    parent["author"] = user(OMAR, "omar_bot");
    let reply = message(2, "무서워", |value| {
        value["type"] = json!(19);
        value["mentions"] = json!([user(OMAR, "omar_bot")]);
        value["message_reference"] = json!({ "channel_id": "11", "message_id": "1", "guild_id": "10" });
        value["referenced_message"] = parent;
    });
    assert!(hear::is_for_us(&reply, &hearing(), None));
    let said = hear::said(&reply, &hearing(), Standing::default(), None);
    assert_eq!((said.reply_to, said.mentions.len()), (Some(omar()), 0));
    assert_eq!(said.context[0].speaker, Some(omar()));
    assert_eq!(said.context[0].text.expose(), "바로 연락해 봐");
}

#[test]
fn a_changed_message_is_an_event_of_its_own() {
    let written =
        message(7, "<@201> 새 말", |value| value["edited_timestamp"] = json!("2026-11-22T12:01:00.000000+00:00"));
    let said = hear::said(&written, &hearing(), Standing::default(), None);
    let ChatEvent::Edited(message) = hear::changed(said, &written) else { panic!("an edit") };
    assert_ne!(message.event.as_str(), "7");
    assert_eq!(message.id.unwrap().as_str(), "7");
}

#[test]
fn a_boost_is_a_payment_of_its_booster_and_its_words_are_none() {
    for (kind, content, units) in [(8, "", 1), (10, "3", 3), (11, "<@201> hi", 1)] {
        let written = message(1, content, |value| value["type"] = json!(kind));
        let Some(ChatEvent::Paid(message, payment)) = hear::boosted(&written, &hearing()) else { panic!("a boost") };
        assert_eq!((payment.kind, payment.units, payment.cents), (PaymentKind::Boost, units, 499 * units));
        assert!(message.text.is_blank() && message.mentions.is_empty());
    }
    assert!(hear::boosted(&mentioning(1, "<@201> hi"), &hearing()).is_none());
}

fn guild(roles: &serde_json::Value) -> Guild {
    read(json!({ "id": "10", "owner_id": "1", "roles": roles, "channels": [], "threads": [
        { "id": "91", "owner_id": OMAR.to_string(), "last_message_id": null }, { "id": "92", "owner_id": "5" },
    ] }))
}

#[test]
fn moderators_are_known_by_their_roles_and_boosters_by_their_membership() {
    let mut guilds = Guilds::default();
    let roles = json!([{ "id": "31", "permissions": "8192" }, { "id": "32", "permissions": "1024" }]);
    guilds.learn(&guild(&roles), &hearing().accounts);
    let with = |role: &str, since: Option<&str>| {
        message(1, "x", |value| {
            value["member"]["roles"] = json!([role]);
            value["member"]["premium_since"] = json!(since);
        })
    };
    assert!(guilds.standing(&with("31", None)).moderator);
    let booster = guilds.standing(&with("32", Some("2026-01-01T00:00:00.000000+00:00")));
    assert_eq!(booster, Standing { moderator: false, supporter: true });
    guilds.role(10, &read(json!({ "id": "32", "permissions": "8" })));
    assert!(guilds.standing(&with("32", None)).moderator);
    guilds.lose_role(10, 31);
    assert!(!guilds.standing(&with("31", None)).moderator);
    let owner = message(1, "x", |value| value["author"]["id"] = json!("1"));
    assert!(guilds.standing(&owner).moderator);
    assert_eq!((guilds.begun_by(91), guilds.begun_by(92)), (Some(&omar()), None));
    guilds.lose(10);
    assert!(guilds.begun_by(91).is_none() && !guilds.standing(&owner).moderator);
}

#[test]
fn what_was_asked_while_nobody_listened_is_found_once() {
    let answer = |id: u64, to: u64, cancel: bool| {
        let mut value = written(id, "answer");
        value["author"] = user(OMAR, "omar_bot");
        value["author"]["bot"] = json!(true);
        value["message_reference"] = json!({ "channel_id": "11", "message_id": to.to_string() });
        if cancel {
            let button =
                json!({ "type": 2, "style": 2, "label": "x", "custom_id": format!("lovelm:1:cancel:{to}:42") });
            value["components"] = json!([{ "type": 1, "components": [button] }]);
        }
        read(value)
    };
    let lately = [
        mentioning(1, "<@201> one"),
        mentioning(2, "<@201> two"),
        answer(3, 1, false),
        answer(4, 2, true),
        mentioning(5, "<@201> three"),
        message(6, "to nobody", |_| {}),
    ];
    let (open, unfinished) = hear::unanswered(&lately, &hearing());
    assert_eq!(open.iter().map(|written| written.id.get()).collect::<Vec<_>>(), [2, 5]);
    assert_eq!(unfinished.iter().map(|written| written.id.get()).collect::<Vec<_>>(), [4]);
}

proptest! {
    #[test]
    fn no_words_break_the_ears(content in "(<@!?[0-9]{0,20}>?|[가-힣]{0,3}|<|@|>|\r\n|.){0,20}") {
        let said = hear::said(&message(1, &content, |_| {}), &hearing(), Standing::default(), None);
        prop_assert!(!said.text.expose().contains("<@201>"));
    }
}
