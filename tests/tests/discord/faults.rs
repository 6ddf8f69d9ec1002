use std::time::Duration;

use lovelm_tests::{
    discord::{BOTS, Evening, Fault, Network, Person, Scope, Trouble, permission},
    town::ANSWER,
};

#[tokio::test]
async fn an_answer_in_doubt_is_shown_once() {
    for trouble in
        [Trouble::Ambiguous(502), Trouble::Ambiguous(504), Trouble::Cut, Trouble::Refused(500), Trouble::Refused(503)]
    {
        let mut evening = Evening::open().await;
        evening.know(&["minsu"]).await;
        evening
            .discord
            .with(|network, _| network.plan("omar", "POST /channels/{channel_id}/messages", trouble.clone()));
        evening.ask("minsu", "omar", "should I text my ex?");
        assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")], "{trouble:?}");
        assert_eq!(evening.still().await, [""; 0]);
        evening.end().await;
    }
}

#[tokio::test]
async fn a_change_that_fails_is_made_again() {
    for trouble in [Trouble::Ambiguous(502), Trouble::Refused(500), Trouble::Cut] {
        let mut evening = Evening::open().await;
        evening.know(&["minsu"]).await;
        evening.discord.with(|network, _| network.plan("omar", "PATCH /channels/", trouble.clone()));
        evening.ask("minsu", "omar", "should I text my ex?");
        assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")], "{trouble:?}");
        evening.end().await;
    }
}

#[tokio::test]
async fn whoever_is_asked_to_wait_waits() {
    for as_discord in [false, true] {
        let plan = lovelm_tests::discord::Plan { as_discord, ..lovelm_tests::discord::Plan::default() };
        let mut evening = Evening::with(plan).await;
        evening.know(&["minsu"]).await;
        for scope in [Scope::User, Scope::Shared, Scope::Global] {
            let limited = Trouble::Limited { scope, wait: Duration::from_secs(2) };
            evening.discord.with(|network, _| {
                network.plan("omar", "POST /channels/{channel_id}/messages", limited.clone());
                network.plan("omar", "PATCH /channels/", limited);
            });
            evening.ask("minsu", "omar", "should I text my ex?");
            assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")], "{scope:?}");
        }
        evening.end().await;
    }
}

#[tokio::test]
async fn ten_questions_in_a_row_keep_to_the_bucket() {
    let mut evening = Evening::open().await;
    let names: Vec<String> = (0..10).map(|nth| format!("viewer{nth}")).collect();
    evening.know(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for name in &names {
        evening.ask(name, "omar", "should I wait?");
    }
    let mut heard = evening.lines(10).await;
    heard.sort();
    let mut expected: Vec<_> = names.iter().map(|name| format!("omar > {name}: {ANSWER}")).collect();
    expected.sort();
    assert_eq!(heard, expected);
    evening.end().await;
}

#[tokio::test]
async fn a_bot_without_a_token_or_a_permission_leaves_the_others_alone() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.discord.with(|network, at| {
        network.deny("lounge", "hongcha", permission::SEND_MESSAGES);
        network.fault(at, "kimdal", Fault::Close(4004));
        network.revoke("kimdal");
    });
    evening.ask("minsu", "hongcha", "can you speak?");
    evening.ask("minsu", "kimdal", "are you there?");
    evening.ask("minsu", "omar", "and you?");
    assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    evening.discord.with(|network, _| network.allow("lounge", "hongcha"));
    evening.ask("minsu", "hongcha", "can you speak now?");
    assert_eq!(evening.lines(1).await, [format!("hongcha > minsu: {ANSWER}")]);
    assert!(!evening.discord.with(|network, _| network.connected("kimdal")));
    evening.end().await;
}

#[tokio::test]
async fn a_mention_of_the_last_minutes_is_answered_after_a_restart() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu", "emma"]).await;
    // So that the channel is one that is known.
    evening.ask("emma", "omar", "hello?");
    evening.lines(1).await;
    evening.discord.with(|network, at| {
        for bot in BOTS {
            network.fault(at, bot, Fault::Silence);
        }
    });
    evening.ask("minsu", "omar", "nobody hears this");
    evening.restart().await;
    assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")]);
    evening.restart().await;
    assert_eq!(evening.still().await, [""; 0], "nothing is answered twice");
    evening.end().await;
}

#[tokio::test]
async fn a_session_ends_where_discord_says_so() {
    for code in lovelm_tests::discord::FATAL {
        let mut evening = Evening::open().await;
        evening.discord.with(|network, at| network.fault(at, "shuhi", Fault::Close(code)));
        tokio::time::sleep(Duration::from_secs(2)).await;
        evening.know(&["minsu"]).await;
        evening.ask("minsu", "omar", "are the others well?");
        assert_eq!(evening.lines(1).await, [format!("omar > minsu: {ANSWER}")], "{code}");
        let gone = |network: &Network| !network.connected("shuhi");
        evening.discord.until("it is gone", gone).await;
        evening.end().await;
    }
}

#[tokio::test]
async fn a_command_is_acknowledged_while_everything_else_is_slow() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    evening.engine.hold();
    let asked: Vec<_> = BOTS
        .iter()
        .map(|bot| evening.slash(&Person::named("minsu"), bot, "ask", &[("question", "are you there?".into())]))
        .collect();
    let acknowledged =
        |network: &Network| asked.iter().all(|id| network.interaction(*id).is_some_and(|i| i.acknowledged.is_some()));
    evening.discord.until("all are acknowledged", acknowledged).await;
    evening.engine.release();
    for id in asked {
        assert!(evening.answered(id).await.iter().any(|line| line.contains(ANSWER)));
    }
    evening.unread();
    evening.end().await;
}
