use std::time::Duration;

use lovelm_tests::{
    town::ANSWER,
    twitch::{Chat, Stream, Viewer},
};

fn moderator() -> Viewer {
    Viewer::named("jiwoo").moderator()
}

fn order(stream: &Stream, words: &str) {
    stream.chat(&moderator(), &Chat::said(&format!("!lovelm {words}")));
}

#[tokio::test]
async fn what_a_moderator_takes_away_is_not_answered_and_not_kept() {
    let mut stream = Stream::open().await;
    stream.know(&["minsu", "emma"]).await;
    stream.say("emma", "@omar_bot a question that stays");
    stream.lines(1).await;
    let answered = stream.say("minsu", "@omar_bot a question that goes");
    stream.lines(1).await;
    stream.idle().await;
    let recent = "select count(*) from recent";
    assert_eq!(stream.database.number(recent).await, 2);
    stream.twitch.with(|network, at| network.delete(at, "streamer", "minsu", &answered.id));
    assert_eq!(stream.still().await, [""; 0]);
    assert_eq!(stream.database.number(recent).await, 2, "one is gone, and the sentinel's is new");

    stream.engine.hold();
    let asked = stream.say("minsu", "@omar_bot a secret");
    stream.until("the answer began", |stream| stream.engine.running() == 1).await;
    stream.twitch.with(|network, at| network.delete(at, "streamer", "minsu", &asked.id));
    stream.until("the answer is stopped", |stream| stream.engine.cancelled() == 1).await;
    stream.engine.release();
    assert_eq!(stream.still().await, [""; 0]);
    stream.end().await;
}

#[tokio::test]
async fn a_ban_stops_what_runs_and_what_waits() {
    for seconds in [Some(600), None] {
        let mut stream = Stream::open().await;
        stream.know(&["minsu", "emma"]).await;
        stream.engine.hold();
        stream.say("minsu", "@omar_bot a secret");
        stream.until("the answer began", |stream| stream.engine.running() == 1).await;
        stream.say("minsu", "@shuhi_bot and another");
        stream.say("emma", "@kimdal_bot should I go?");
        stream.until("three are heard", |stream| stream.under_way() == 3).await;
        stream.twitch.with(|network, at| network.ban(at, "streamer", "minsu", seconds));
        stream.until("what runs is stopped", |stream| stream.engine.cancelled() == 1).await;
        stream.engine.release();
        stream.until("emma is answered", |stream| stream.shows("emma")).await;
        let heard = stream.still().await;
        assert_eq!(heard, [format!("kimdal > emma: {ANSWER}")], "who is sent out is not spoken to");
        stream.end().await;
    }
}

#[tokio::test]
async fn a_cleared_chat_is_forgotten() {
    let mut stream = Stream::open().await;
    stream.know(&["minsu"]).await;
    stream.say("minsu", "@omar_bot a secret");
    stream.lines(1).await;
    stream.idle().await;
    stream.twitch.with(|network, at| network.clear(at, "streamer"));
    // Who asks in the same moment is forgotten as well.
    tokio::time::sleep(Duration::from_millis(500)).await;
    stream.still().await;
    assert_eq!(stream.database.number("select count(*) from recent").await, 1, "the sentinel's alone");
    stream.end().await;
}

#[tokio::test]
async fn moderators_pause_and_resume_and_viewers_do_not() {
    let mut stream = Stream::open().await;
    stream.know(&["minsu", "jiwoo", "sentinel"]).await;
    stream.chat(&Viewer::named("minsu"), &Chat::said("!lovelm pause"));
    stream.say("minsu", "@omar_bot are you paused?");
    assert!(stream.lines(1).await.iter().any(|line| line.contains(ANSWER)), "only moderators pause");
    order(&stream, "pause");
    assert_eq!(stream.lines(1).await.len(), 1, "a moderator is told");
    stream.say("minsu", "@omar_bot and now?");
    order(&stream, "status");
    let heard = stream.lines(1).await;
    assert!(!heard.iter().any(|line| line.contains(ANSWER)), "{heard:?}");
    stream.idle().await;
    order(&stream, "resume");
    stream.lines(1).await;
    stream.say("minsu", "@shuhi_bot and now?");
    assert!(stream.lines(1).await.iter().any(|line| line.starts_with("shuhi > minsu: Breathe")));
    stream.end().await;
}

#[tokio::test]
async fn moderators_skip_what_is_being_answered_and_see_what_waits() {
    let mut stream = Stream::open().await;
    stream.know(&["minsu", "emma", "jiwoo"]).await;
    stream.engine.hold();
    stream.say("minsu", "@omar_bot tell me everything");
    stream.until("the answer began", |stream| stream.engine.running() == 1).await;
    stream.say("emma", "@shuhi_bot should I go?");
    stream.until("two are heard", |stream| stream.under_way() == 2).await;
    order(&stream, "queue");
    // Something else may have been on its way before.
    while !stream.lines(1).await[0].contains(char::is_numeric) {}
    order(&stream, "skip");
    stream.until("the answer is skipped", |stream| stream.engine.cancelled() == 1).await;
    stream.engine.release();
    stream.until("emma is answered", |stream| stream.shows("emma")).await;
    let heard = stream.still().await;
    assert!(!heard.iter().any(|line| line.contains("> minsu: Breathe")), "{heard:?}");
    stream.end().await;
}

#[tokio::test]
async fn a_quiet_channel_hears_answers_and_nothing_else() {
    let mut stream = Stream::open().await;
    stream.know(&["minsu", "emma", "jiwoo"]).await;
    order(&stream, "quiet");
    stream.still().await;
    stream.chat(&Viewer::named("emma"), &Chat::said("Cheer100").bits(100));
    assert_eq!(stream.still().await, [""; 0], "no thanks");
    stream.say("minsu", "@omar_bot still there?");
    assert!(stream.lines(1).await[0].starts_with("omar > minsu: Breathe"));
    order(&stream, "resume");
    stream.still().await;
    stream.chat(&Viewer::named("emma"), &Chat::said("Cheer100").bits(100));
    assert_eq!(stream.lines(1).await.len(), 1);
    stream.end().await;
}
