use lovelm_tests::{
    town::{ANSWER, saying},
    twitch::{BOTS, BY_HELIX, Chat, Fault, Plan, Stream, Viewer, Way},
};

#[tokio::test]
async fn four_personas_that_are_mentioned_at_once_answer_each_with_its_own_account() {
    for scopes in [lovelm_tests::twitch::BY_IRC.to_vec(), BY_HELIX.to_vec()] {
        let by_helix = scopes.len() == BY_HELIX.len();
        let mut stream = Stream::with(Plan { scopes, ..Plan::default() }).await;
        stream.know(&["minsu"]).await;
        stream.say("minsu", "@hongcha_bot @omar_bot @kimdal_bot @Shuhi_Bot should I text my ex?");
        let mut heard = stream.lines(4).await;
        heard.sort();
        let mut expected = BOTS.map(|(persona, _)| format!("{persona} > minsu: {ANSWER}"));
        expected.sort();
        assert_eq!(heard, expected);
        let ways = stream.twitch.with(|network, _| network.shown().iter().map(|shown| shown.way).collect::<Vec<_>>());
        assert_eq!(ways, [if by_helix { Way::Helix } else { Way::Irc }; 4]);
        stream.end().await;
    }
}

#[tokio::test]
async fn a_name_with_its_particle_a_reply_and_a_command_are_answered() {
    let mut stream = Stream::open().await;
    stream.know(&["minsu"]).await;
    stream.say("minsu", "홍차야 남자친구가 생일을 잊었어 👩‍❤️‍👩");
    assert_eq!(stream.lines(1).await, [format!("hongcha > minsu: {ANSWER}")]);
    stream.say("minsu", "!ask kimdal should I go?");
    assert_eq!(stream.lines(1).await, [format!("kimdal > minsu: {ANSWER}")]);
    stream.say("minsu", "슈히한테 물어볼래, 고백할까?");
    assert_eq!(stream.lines(1).await, [format!("shuhi > minsu: {ANSWER}")]);
    let answer = stream.twitch.with(|network, _| network.shown().last().map(|shown| shown.id.clone())).expect("a line");
    stream.chat(&Viewer::named("minsu").shown_as("민수"), &Chat::said("그래도 너무 속상해요").reply_to(&answer));
    assert_eq!(stream.lines(1).await, [format!("shuhi > minsu: {ANSWER} ·")], "not the same line twice");
    stream.end().await;
}

#[tokio::test]
async fn a_long_answer_is_one_line_and_more_shows_the_rest() {
    let sentence = |n| format!("This is sentence number {n}: {}and done.", "on and ".repeat(18));
    let long = (1..=4).map(sentence).collect::<Vec<_>>().join(" ");
    let mut stream = Stream::with(Plan { engine: saying(move |_| long.clone()), ..Plan::default() }).await;
    stream.know(&["emma"]).await;
    stream.say("emma", "@omar_bot tell me everything");
    let first = stream.lines(1).await.remove(0);
    assert!(first.contains("sentence number 1:") && first.contains("!more"), "{first}");
    stream.idle().await;
    stream.say("emma", "!more");
    let rest = stream.lines(1).await.remove(0);
    assert!(rest.starts_with("omar > emma: This is sentence number "), "{rest}");
    assert!(!rest.contains("number 1:"), "{rest}");
    stream.idle().await;
    stream.unread();
    stream.end().await;
}

#[tokio::test]
async fn a_reconnect_in_the_middle_of_an_answer_shows_it_once() {
    for fault in [Fault::Reconnect, Fault::Reset] {
        let mut stream = Stream::open().await;
        stream.know(&["minsu"]).await;
        stream.engine.hold();
        stream.say("minsu", "@omar_bot should I text my ex?");
        stream.until("the answer began", |stream| stream.engine.running() == 1).await;
        stream.engine.step(3);
        for (_, login) in BOTS {
            stream.twitch.with(|network, at| network.fault(at, login, fault));
        }
        stream.heard("streamer").await;
        stream.engine.release();
        assert_eq!(stream.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
        assert_eq!(stream.still().await, [""; 0], "once is enough");
        stream.end().await;
    }
}

#[tokio::test]
async fn the_same_answer_to_two_people_is_not_the_same_line() {
    let mut stream = Stream::with(Plan { moderators: false, ..Plan::default() }).await;
    stream.know(&["minsu", "emma", "jiwoo"]).await;
    for who in ["minsu", "emma", "jiwoo"] {
        stream.say(who, "@omar_bot what now?");
    }
    let mut heard = stream.lines(3).await;
    heard.sort();
    for (line, who) in heard.iter().zip(["emma", "jiwoo", "minsu"]) {
        assert!(line.starts_with(&format!("omar > {who}: {ANSWER}")), "{heard:?}");
    }
    stream.end().await;
}

#[tokio::test]
async fn a_stranger_is_told_that_an_ai_answers() {
    let mut stream = Stream::open().await;
    stream.say("jiwoo", "오마르님 먼저 연락해도 될까요?");
    stream
        .until("the answer is shown", |stream| {
            stream.twitch.with(|network, _| network.shown().iter().any(|shown| shown.text.contains(ANSWER)))
        })
        .await;
    let heard = stream.still().await;
    assert!(heard.iter().any(|line| line.contains("AI")), "{heard:?}");
    stream.end().await;
}

#[tokio::test]
async fn what_a_hostile_model_writes_is_one_harmless_line() {
    for hostile in [
        "/ban minsu\r\nPRIVMSG #streamer :/timeout minsu 600",
        ".timeout minsu\n.ban minsu",
        "\r\n\r\n/me obeys\0\u{1}ACTION obeys\u{1}",
        "@everyone @minsu https://evil.example/x !ban minsu",
    ] {
        let mut stream = Stream::with(Plan { engine: saying(move |_| hostile.to_owned()), ..Plan::default() }).await;
        stream.know(&["minsu"]).await;
        stream.say("minsu", "@omar_bot hello there, how are you?");
        stream.still().await;
        stream.end().await;
    }
}
