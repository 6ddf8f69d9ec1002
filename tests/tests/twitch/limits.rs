use std::time::Duration;

use lovelm::chat::SendError;
use lovelm_tests::twitch::{Modes, Plan, Refusal, Stream};

fn plain() -> Plan {
    Plan { moderators: false, ..Plan::default() }
}

#[tokio::test]
async fn a_crowd_around_one_persona_breaks_no_limit() {
    let mut stream = Stream::with(plain()).await;
    let crowd: Vec<String> = (0..8).map(|n| format!("viewer{n}")).collect();
    stream.know(&crowd.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for name in &crowd {
        stream.say(name, "@omar_bot what now?");
    }
    stream.lines(8).await;
    stream.end().await;
}

#[tokio::test]
async fn slow_mode_is_kept_to() {
    let mut stream = Stream::with(plain()).await;
    stream.know(&["minsu", "emma"]).await;
    stream.twitch.with(|network, at| network.set_modes(at, "streamer", Modes { slow: 3, ..Modes::default() }));
    stream.say("minsu", "@omar_bot what now?");
    stream.say("emma", "@omar_bot what now, then?");
    stream.lines(2).await;
    let times = stream.twitch.with(|network, _| network.shown().iter().map(|shown| shown.at).collect::<Vec<_>>());
    assert!(times[1].saturating_sub(times[0]) >= Duration::from_secs(3), "{times:?}");
    stream.end().await;
}

#[tokio::test]
async fn nothing_is_said_where_only_emotes_may_be() {
    let mut stream = Stream::with(plain()).await;
    stream.know(&["minsu"]).await;
    let emotes = Modes { emote_only: true, ..Modes::default() };
    stream.twitch.with(|network, at| network.set_modes(at, "streamer", emotes));
    tokio::time::sleep(Duration::from_secs(1)).await;
    stream.say("minsu", "@omar_bot what now?");
    stream.until("the answer is dropped", |stream| !stream.undelivered().is_empty()).await;
    stream.twitch.with(|network, at| network.set_modes(at, "streamer", Modes::default()));
    stream.say("minsu", "@omar_bot and now?");
    assert!(stream.lines(1).await[0].starts_with("omar > minsu: "));
    stream.undelivered();
    stream.end().await;
}

#[tokio::test]
async fn what_twitch_refuses_is_not_said_again_without_a_reason_to() {
    for refusal in [Refusal::Rejected, Refusal::RejectedMandatory, Refusal::Banned, Refusal::FollowersOnly(10)] {
        let mut stream = Stream::with(plain()).await;
        stream.know(&["minsu", "emma"]).await;
        stream.twitch.with(|network, _| network.plan("omar_bot", refusal));
        stream.say("minsu", "@omar_bot what now?");
        stream.until("the line is refused", |stream| stream.twitch.report().refused.contains_key(refusal.id())).await;
        stream.until("it is known", |stream| !stream.undelivered().is_empty()).await;
        stream.say("emma", "@shuhi_bot what now?");
        stream.until("another account answers", |stream| stream.shows("emma")).await;
        stream.idle().await;
        let heard = stream.unread();
        assert!(!heard.iter().any(|line| line.starts_with("omar > minsu: Breathe")), "{refusal:?}: {heard:?}");
        stream.undelivered();
        stream.end().await;
    }
}

#[tokio::test]
async fn what_twitch_asks_to_wait_for_is_said_later() {
    for refusal in [Refusal::RateLimit, Refusal::Duplicate, Refusal::SlowMode(2)] {
        let mut stream = Stream::with(plain()).await;
        stream.know(&["minsu"]).await;
        stream.twitch.with(|network, _| network.plan("omar_bot", refusal));
        stream.say("minsu", "@omar_bot what now?");
        let heard = stream.lines(1).await;
        assert!(heard[0].starts_with("omar > minsu: Breathe"), "{refusal:?}: {heard:?}");
        stream.idle().await;
        stream.forgive();
        stream.end().await;
    }
}

#[tokio::test]
async fn an_account_that_is_sent_out_does_not_knock_again() {
    let mut stream = Stream::with(plain()).await;
    stream.know(&["minsu", "emma"]).await;
    stream.twitch.with(|network, at| network.ban(at, "streamer", "omar_bot", None));
    for _ in 0..3 {
        stream.say("minsu", "@omar_bot are you there?");
    }
    stream.say("emma", "@shuhi_bot what now?");
    stream.until("another account answers", |stream| stream.shows("emma")).await;
    stream.idle().await;
    assert!(stream.undelivered().contains(&SendError::Gone));
    stream.unread();
    stream.end().await;
}
