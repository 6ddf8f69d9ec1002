use std::time::Duration;

use lovelm_tests::{
    town::ANSWER,
    twitch::{Stream, Viewer},
};

/// Channels that are there, and in which nobody listens.
async fn with_channels(names: &[&str]) -> Stream {
    let stream = Stream::open().await;
    stream.twitch.with(|network, _| names.iter().for_each(|name| network.channel(name)));
    stream.know(&["minsu", "emma"]).await;
    stream
}

fn ears(stream: &Stream, channel: &str) -> usize {
    stream.twitch.with(|network, _| network.ears(channel).len())
}

#[tokio::test]
async fn a_streamer_invites_the_bots_and_sends_them_away() {
    let mut stream = with_channels(&["jiwoo"]).await;
    stream.say("jiwoo", "!lovelm join");
    let told = stream.lines(1).await;
    assert!(told[0].contains(" > jiwoo: We are on our way to jiwoo"), "{told:?}");
    stream.heard("jiwoo").await;
    stream.say_in("jiwoo", &Viewer::named("minsu"), "@omar_bot hello there, what now?");
    assert!(stream.lines(1).await[0].starts_with(&format!("#jiwoo omar > minsu: {ANSWER}")));
    // Their next wish is heard a little later: nobody makes the bots talk by changing their mind.
    stream.say_in("jiwoo", &Viewer::named("jiwoo").broadcaster(), "!lovelm leave");
    assert_eq!(stream.still().await, [""; 0]);
    assert_eq!(ears(&stream, "jiwoo"), 1);
    stream.end().await;
}

#[tokio::test]
async fn nobody_invites_the_bots_to_somebody_elses_channel() {
    let mut stream = with_channels(&["jiwoo", "nightbot"]).await;
    stream.say("minsu", "!lovelm join jiwoo");
    stream.say("minsu", "!lovelm leave streamer");
    stream.say("minsu", "!lovelm leave");
    stream.say("nightbot", "!lovelm join");
    stream
        .chat(&Viewer::named("jiwoo"), &lovelm_tests::twitch::Chat::said("!lovelm join").shared_from("424242", "abc"));
    assert_eq!(stream.still().await, [""; 0]);
    assert_eq!((ears(&stream, "jiwoo"), ears(&stream, "nightbot"), ears(&stream, "streamer")), (0, 0, 1));
    stream.end().await;
}

#[tokio::test]
async fn no_more_than_may_be_invited_come() {
    let mut stream = with_channels(&["one", "two", "three"]).await;
    for name in ["one", "two", "three"] {
        stream.say(name, &format!("!lovelm join #{name}"));
        let told = stream.lines(1).await;
        assert_eq!(told[0].contains("We are on our way"), name != "three", "{told:?}");
    }
    for _ in 0..20 {
        stream.say("three", "!lovelm join");
    }
    assert_eq!(stream.still().await, [""; 0], "told once");
    assert_eq!(ears(&stream, "three"), 0);
    stream.end().await;
}

#[tokio::test]
async fn a_moderator_sends_the_bots_away_and_what_waits_there_goes() {
    let mut stream = with_channels(&[]).await;
    stream.engine.hold();
    stream.say("minsu", "@omar_bot should I text my ex?");
    stream.until("the answer began", |stream| stream.engine.running() == 1).await;
    stream.chat(&Viewer::named("emma").moderator(), &lovelm_tests::twitch::Chat::said("!lovelm leave"));
    let told = stream.lines(1).await;
    assert!(told[0].contains(" > emma: We are leaving streamer"), "{told:?}");
    stream.until("nobody listens", |stream| ears(stream, "streamer") == 0).await;
    stream.engine.release();
    stream.idle().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!stream.shows("minsu"), "nothing more is said there");
    stream.forgive();
    stream.end().await;
}
