use lovelm_tests::{
    town::ANSWER,
    twitch::{BY_IRC, Network, Plan, Stream, Viewer, WHISPERING},
};

async fn whispering() -> Stream {
    let stream = Stream::with(Plan { scopes: WHISPERING.to_vec(), ..Plan::default() }).await;
    stream.know(&["minsu"]).await;
    stream
}

fn whisper(stream: &Stream, text: &str) {
    stream.twitch.with(|network, _| network.whisper(&Viewer::named("minsu"), "omar_bot", text));
}

fn whispers(stream: &Stream) -> Vec<(String, String, String)> {
    stream.twitch.with(|network, _| network.whispers().to_vec())
}

#[tokio::test]
async fn who_whispers_is_whispered_to_and_nobody_else_hears_it() {
    let mut stream = Box::pin(whispering()).await;
    whisper(&stream, "should I text my ex?");
    stream.until("the whisper is answered", |stream| !whispers(stream).is_empty()).await;
    let answer = ("omar_bot".to_owned(), Network::id_of("minsu"), ANSWER.to_owned());
    assert_eq!(whispers(&stream), std::slice::from_ref(&answer));
    whisper(&stream, "and if she does not answer?");
    stream.until("the next whisper is answered", |stream| whispers(stream).len() == 2).await;
    assert_eq!(stream.still().await, [""; 0]);
    stream.end().await;
}

#[tokio::test]
async fn what_is_the_callers_own_business_is_whispered() {
    let mut stream = Box::pin(whispering()).await;
    stream.say("minsu", "!mydata");
    stream.until("minsu is told", |stream| !whispers(stream).is_empty()).await;
    assert_eq!(whispers(&stream)[0].1, Network::id_of("minsu"));
    assert_eq!(stream.still().await, [""; 0], "nobody reads along");
    stream.end().await;
}

#[tokio::test]
async fn who_cannot_be_whispered_to_is_told_in_the_channel_once() {
    for refusal in [400, 401, 403, 404, 429] {
        let mut stream = Box::pin(whispering()).await;
        for login in ["hongcha_bot", "omar_bot", "kimdal_bot", "shuhi_bot"] {
            stream.twitch.with(|network, _| network.refuse_whispers(login, &[refusal; 2]));
        }
        stream.say("minsu", "!mydata");
        let told = stream.lines(1).await;
        assert!(told[0].contains(" > minsu: "), "{refusal}: {told:?}");
        assert_eq!(stream.still().await, [""; 0], "{refusal}: once");
        assert_eq!(whispers(&stream), [], "{refusal}");
        assert_eq!(stream.twitch.with(|network, _| network.token_traffic().0), 0, "the token was good");
        stream.end().await;
    }
}

#[tokio::test]
async fn a_whisper_that_is_refused_is_never_answered_in_public() {
    let mut stream = Box::pin(whispering()).await;
    stream.twitch.with(|network, _| network.refuse_whispers("omar_bot", &[403; 2]));
    whisper(&stream, "should I text my ex?");
    // The answer, and that it was refused.
    let mut refused = 0;
    while refused < 2 {
        refused += stream.undelivered().len();
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    assert_eq!(stream.still().await, [""; 0]);
    assert_eq!(whispers(&stream), []);
    stream.forgive();
    stream.end().await;
}

#[tokio::test]
async fn an_account_that_may_not_whisper_back_does_not_listen_to_whispers() {
    let mut stream = Stream::with(Plan { scopes: BY_IRC.to_vec(), ..Plan::default() }).await;
    whisper(&stream, "should I text my ex?");
    assert_eq!(stream.still().await, [""; 0]);
    assert_eq!(stream.engine.requests().len(), 1, "the sentinel's alone");
    stream.say("minsu", "!mydata");
    assert_eq!(stream.lines(1).await.len(), 1, "said aloud");
    stream.end().await;
}
