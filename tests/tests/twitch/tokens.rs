use lovelm_tests::{
    town::ANSWER,
    twitch::{BOTS, BY_HELIX, BY_IRC, Fault, Plan, Stream},
};

#[tokio::test]
async fn a_token_that_is_over_is_renewed_in_the_middle_of_a_stream() {
    let mut stream = Stream::open().await;
    stream.know(&["minsu"]).await;
    for (_, login) in BOTS {
        stream.twitch.with(|network, at| network.fault(at, login, Fault::TokenExpired));
    }
    stream.heard("streamer").await;
    stream.say("minsu", "@omar_bot are you still there?");
    assert_eq!(stream.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    let (refreshed, _) = stream.twitch.with(|network, _| network.token_traffic());
    assert!(refreshed >= 1, "renewed");
    stream.end().await;
}

#[tokio::test]
async fn helix_refuses_once_and_the_line_is_shown_once() {
    let mut stream = Stream::with(Plan { scopes: BY_HELIX.to_vec(), ..Plan::default() }).await;
    stream.know(&["minsu"]).await;
    stream.twitch.with(|network, _| network.expire("omar_bot"));
    stream.say("minsu", "@omar_bot are you still there?");
    assert_eq!(stream.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    assert_eq!(stream.twitch.with(|network, _| network.token_traffic().0), 1);
    assert_eq!(stream.still().await, [""; 0]);
    stream.end().await;
}

#[tokio::test]
async fn one_account_without_a_token_leaves_the_others_alone() {
    for scopes in [BY_IRC.to_vec(), BY_HELIX.to_vec()] {
        let mut stream = Stream::with(Plan { scopes, ..Plan::default() }).await;
        stream.know(&["minsu", "emma"]).await;
        stream.twitch.with(|network, at| {
            network.revoke("hongcha_bot");
            network.fault(at, "hongcha_bot", Fault::Reset)
        });
        stream.heard("streamer").await;
        for name in ["minsu", "emma"] {
            stream.say(name, "@omar_bot are you still there?");
            let heard = stream.lines(1).await;
            assert!(heard[0].starts_with(&format!("omar > {name}: {ANSWER}")), "{heard:?}");
        }
        stream.end().await;
    }
}
