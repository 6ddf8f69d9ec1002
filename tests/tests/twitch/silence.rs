use lovelm_tests::twitch::{BOTS, Chat, Event, Stream, Viewer, shapes};

/// What a chat says that calls nobody.
const CHATTER: [&str; 8] = [
    "ㅋㅋㅋㅋㅋㅋ 이게 되네",
    "홍차나무 예쁘다",
    "오마르크스 재밌네",
    "LUL what a play",
    "omarion is on tonight",
    "!so someone",
    "!discord",
    "@viewer12 hello there",
];

#[tokio::test]
async fn a_thousand_lines_without_a_call_cause_nothing() {
    let mut stream = Stream::open().await;
    for nth in 0..1000 {
        stream.say(&format!("viewer{}", nth % 50), CHATTER[nth % CHATTER.len()]);
    }
    assert_eq!(stream.still().await, [""; 0]);
    assert_eq!(stream.engine.requests().len(), 1, "the last question alone");
    assert_eq!(stream.twitch.with(|network, _| network.shown().len()), 1);
    stream.end().await;
}

#[tokio::test]
async fn bots_our_own_accounts_and_sisters_are_never_answered() {
    let mut stream = Stream::open().await;
    for bot in ["nightbot", "omar_bot", "shuhi_bot", "hongcha_bot"] {
        stream.say(bot, "@omar_bot are you there?");
        stream.say(bot, "홍차야 안녕?");
        stream.say(bot, "!ask omar are you there?");
    }
    stream.chat(&Viewer::named("somebot").badge("bot-badge", "1"), &Chat::said("@omar_bot hello, bot here"));
    assert_eq!(stream.still().await, [""; 0]);
    stream.end().await;
}

#[tokio::test]
async fn what_concerns_nobody_is_let_be() {
    let mut stream = Stream::open().await;
    for id in ["bitsbadgetier", "ritual", "rewardgift", "unraid", "modiversary", "onedayitexists"] {
        stream.announce("emma", &Event::other(id));
    }
    stream.announce("emma", &Event::watch_streak(7));
    stream.announce("emma", &Event::charity(500));
    stream.announce("emma", &Event::announcement("BLUE", "tonight we talk about the sea"));
    assert_eq!(stream.still().await, [""; 0]);
    stream.end().await;
}

#[tokio::test]
async fn lines_of_every_shape_are_survived() {
    let mut stream = Stream::open().await;
    let (_, ear) = BOTS.into_iter().find(|(_, login)| stream.hears(login)).expect("somebody hears the channel");
    for line in shapes::lines(300, 0) {
        stream.twitch.with(|network, _| network.raw(ear, format!("{line}\r\n").as_bytes()));
    }
    assert!(!stream.still().await.is_empty(), "there were calls among them");
    stream.forgive();
    stream.end().await;
}
