use std::time::Duration;

use lovelm_tests::twitch::{Chat, Event, Stream, Told, Viewer};

fn cheer(stream: &Stream, who: &str, bits: u64, text: &str) -> Told {
    stream.chat(&Viewer::named(who), &Chat::said(text).bits(bits))
}

#[tokio::test]
async fn five_hundred_bits_go_before_thirty_that_wait() {
    let mut stream = Stream::open().await;
    let crowd: Vec<String> = (0..30).map(|n| format!("viewer{n}")).collect();
    stream.know(&crowd.iter().map(String::as_str).collect::<Vec<_>>()).await;
    stream.know(&["emma", "first"]).await;
    stream.engine.hold();
    stream.say("first", "@omar_bot am I early?");
    stream.until("the first answer began", |stream| stream.engine.running() == 1).await;
    for name in &crowd {
        stream.say(name, "@omar_bot should I wait?");
    }
    cheer(&stream, "emma", 500, "Cheer500 @omar_bot should I pay?");
    assert!(stream.lines(1).await[0].contains("500"), "thanked");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(stream.database.number("select count(*) from pending where state = 'waiting'").await, 1);
    stream.engine.release();
    let heard = stream.lines(32).await;
    let answers: Vec<_> = heard.iter().filter(|line| line.contains("Breathe first")).collect();
    assert_eq!(answers.len(), 32, "{heard:?}");
    let paid = answers.iter().position(|line| line.contains("> emma"));
    assert!(paid.is_some_and(|place| place <= 1), "{heard:?}");
    assert!(stream.engine.requests().iter().all(|request| !format!("{request:?}").contains("Cheer500")));
    assert_eq!(stream.database.number("select count(*) from pending").await, 0);
    assert_eq!(stream.database.number("select sum(cents)::bigint from ledger").await, 500);
    stream.end().await;
}

#[tokio::test]
async fn bits_subs_gifts_and_raids_are_thanked_for_in_one_line_each() {
    let mut stream = Stream::open().await;
    cheer(&stream, "emma", 100, "Cheer100");
    let thanks = stream.lines(1).await;
    assert!(thanks[0].contains("100") && thanks[0].contains("emma"), "{thanks:?}");
    stream.announce("minsu", &Event::sub(1));
    assert!(stream.lines(1).await[0].contains("minsu"));
    stream.announce("jiwoo", &Event::raid("jiwoo", 42));
    let welcome = stream.lines(1).await;
    assert!(welcome[0].contains("42"), "{welcome:?}");
    stream.twitch.with(|network, at| network.shower(at, "streamer", &Viewer::named("hana"), 20));
    let thanks = stream.lines(1).await;
    assert!(thanks[0].contains("20"), "{thanks:?}");
    assert_eq!(stream.still().await, [""; 0], "one line each");
    assert_eq!(stream.database.number("select count(*) from ledger").await, 3);
    assert_eq!(stream.database.number("select units from ledger where kind = 'gift'").await, 20);
    stream.end().await;
}

#[tokio::test]
async fn typed_bits_are_not_paid_and_paid_ones_count_whatever_is_missing_around_them() {
    let mut stream = Stream::open().await;
    stream.know(&["emma", "minsu"]).await;
    stream.say("minsu", "Cheer100 nobody pays here");
    assert_eq!(stream.still().await, [""; 0]);
    assert_eq!(stream.database.number("select count(*) from ledger").await, 0);
    // Without a display name, a room's id or a time.
    for missing in ["display-name", "tmi-sent-ts", "badges", "emotes", "color"] {
        stream.chat(&Viewer::named("emma"), &Chat::said("Cheer10").bits(10).without(missing));
    }
    stream.chat(&Viewer::named("emma"), &Chat::said("Cheer10").bits(10).tag("emotes", "25:4-0"));
    stream.chat(&Viewer::named("emma"), &Chat::said("Cheer10").bits(10).tag("flags", "x".repeat(8000)));
    let heard = stream.still().await;
    assert_eq!(heard.len(), 7, "{heard:?}");
    assert_eq!(stream.database.number("select sum(cents)::bigint from ledger").await, 70);
    stream.end().await;
}

#[tokio::test]
async fn a_hype_chat_a_reward_and_gifts_of_nobody_count() {
    let rewards = vec!["92af127c-7326-4483-a52b-b0da0be61c01".to_owned()];
    let mut stream = Stream::with(lovelm_tests::twitch::Plan { rewards, ..Default::default() }).await;
    stream.know(&["emma"]).await;
    stream.chat(&Viewer::named("emma"), &Chat::said("should I text my ex?").hype(500, 2, "USD"));
    let heard = stream.lines(2).await;
    assert!(heard.iter().any(|line| line.starts_with("hongcha > emma: Breathe")), "the host answers: {heard:?}");
    stream.chat(&Viewer::named("emma"), &Chat::said("and now?").reward("92af127c-7326-4483-a52b-b0da0be61c01"));
    assert!(stream.lines(1).await[0].starts_with("hongcha > emma: Breathe"));
    stream.chat(&Viewer::named("emma"), &Chat::said("and now?").reward("another"));
    stream.announce("ananonymousgifter", &Event::anonymous_mass_gift(1, 5, "e8f1"));
    for nth in 0..5 {
        stream.announce("ananonymousgifter", &Event::gift(1, &format!("lucky{nth}"), Some("e8f1")));
    }
    let thanks = stream.still().await;
    assert_eq!(thanks.len(), 1, "{thanks:?}");
    let kinds = stream.database.texts("select kind || ' ' || units from ledger order by 1").await;
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    assert!(kinds.contains(&"gift 5".to_owned()), "{kinds:?}");
    stream.end().await;
}

#[tokio::test]
async fn what_is_shared_from_another_channel_is_heard_there() {
    let mut stream = Stream::open().await;
    stream.know(&["emma"]).await;
    let room = lovelm_tests::twitch::Network::id_of("streamer");
    stream.chat(&Viewer::named("emma"), &Chat::said("@omar_bot hello?").shared_from("424242", "abc"));
    stream.chat(&Viewer::named("emma"), &Chat::said("Cheer100").bits(100).shared_from("424242", "abd"));
    stream.announce("emma", &Event::sub(1).shared_from("424242", "abe"));
    assert_eq!(stream.still().await, [""; 0]);
    assert_eq!(stream.database.number("select count(*) from ledger").await, 0);
    stream.chat(&Viewer::named("emma"), &Chat::said("@omar_bot hello there, what now?").shared_from(&room, "abf"));
    assert_eq!(stream.lines(1).await.len(), 1);
    stream.end().await;
}

#[tokio::test]
async fn what_bots_and_sisters_pay_is_booked_and_nothing_else() {
    let mut stream = Stream::open().await;
    for (nth, bot) in ["nightbot", "omar_bot", "shuhi_bot"].into_iter().enumerate() {
        let bits = 10_u64.pow(u32::try_from(nth).unwrap_or_default());
        cheer(&stream, bot, bits, "Cheer1");
        cheer(&stream, bot, bits, "Cheer1 @omar_bot @hongcha_bot are you there?");
        stream.announce(bot, &Event::sub(1));
        stream.announce(bot, &Event::raid(bot, 42));
    }
    assert_eq!(stream.still().await, [""; 0], "no thanks, no answer, no welcome");
    assert_eq!(stream.engine.requests().len(), 1, "the sentinel's alone");
    assert_eq!(stream.database.number("select sum(cents)::bigint from ledger where kind = 'bits'").await, 222);
    assert_eq!(stream.database.number("select count(*) from ledger where kind = 'sub'").await, 3);
    assert_eq!(stream.database.number("select count(*) from pending").await, 0);
    stream.end().await;
}
