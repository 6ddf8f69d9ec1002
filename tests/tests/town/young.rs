use std::time::Duration;

use lovelm::chat::{ChatEvent, Platform};
use lovelm_tests::town::{ANSWER, Plan, Town, saying};

const NOTICE: &str = "(notice) omar > minsu: I am Omar, an AI character. Not a person. You make the decisions.";

/// What the model was told last.
fn asked(town: &Town) -> String {
    let requests = town.engine.requests();
    requests.last().and_then(|request| request.prompt.messages.last()).map(|turn| turn.text.clone()).unwrap_or_default()
}

#[tokio::test]
async fn whoever_says_to_be_under_18_is_told_of_the_ai_every_hour_and_answered_as_such() {
    let town = Town::open().await;
    let answer = format!("omar > minsu: {ANSWER}");
    let asks =
        async |question: &str| town.tell(ChatEvent::Said(town.message_on(Platform::Discord, "minsu", question))).await;
    let first = asks("@omar I'm 16 and I like a girl. Do I tell her?").await;
    assert_eq!(first, [NOTICE, answer.as_str()], "nobody asks the young for consent");
    assert!(asked(&town).starts_with("[The writer is under 18"), "{}", asked(&town));
    assert_eq!(town.database.number("select count(*) from person where age_band = 'under_18'").await, 1);
    town.clock.advance(Duration::from_mins(59));
    assert_eq!(asks("@omar and now?").await, [answer.as_str()]);
    assert!(asked(&town).starts_with("[The writer is under 18"), "it is remembered");
    town.clock.advance(Duration::from_mins(2));
    assert_eq!(asks("@omar I'm 25 and bored. And now?").await, [NOTICE, answer.as_str()]);
    assert!(asked(&town).starts_with("[The writer is under 18"), "the lowest age stands");
    town.end().await;
}

#[tokio::test]
async fn on_every_platform_the_young_are_told_hourly() {
    let town = Town::open().await;
    for (platform, name) in [(Platform::Console, "emma"), (Platform::Twitch, "juno")] {
        let asks = async |question: &str| town.tell(ChatEvent::Said(town.message_on(platform, name, question))).await;
        let tells =
            |heard: &[String]| heard.iter().any(|line| line.contains("AI character") || line.contains("(AI answer)"));
        assert!(tells(&asks("@omar I'm 15, how do I ask her out?").await), "{platform}");
        assert!(!tells(&asks("@omar and then?").await), "{platform}");
        town.clock.advance(Duration::from_mins(61));
        assert!(tells(&asks("@omar and then?").await), "{platform}");
    }
    town.end().await;
}

#[tokio::test]
async fn of_a_child_nothing_is_kept_but_the_age_band() {
    let town = Town::open().await;
    let asks =
        async |question: &str| town.tell(ChatEvent::Said(town.message_on(Platform::Discord, "minsu", question))).await;
    town.command("minsu", "privacy on").await;
    assert!(!asks("@omar my best friend ignores me").await.is_empty());
    assert!(town.database.number("select count(*) from recent").await > 0);
    assert!(!asks("@omar I'm 12, does she hate me?").await.is_empty());
    assert!(!asks("@omar are you sure?").await.is_empty());
    for kept in [
        "select count(*) from recent",
        "select count(*) from consultation",
        "select count(*) from fan_count",
        "select count(*) from pending",
    ] {
        assert_eq!(town.database.number(kept).await, 0, "{kept}");
    }
    let alone =
        "select count(*) from person where age_band = 'under_14' and language is null and not consent_consultation";
    assert_eq!(town.database.number(alone).await, 1);
    town.end().await;
}

#[tokio::test]
async fn what_is_for_adults_is_not_said_to_the_young() {
    let engine = saying(|_| "Book a hotel and talk about sex.".to_owned());
    let town = Town::with(Plan { engine, ..Plan::default() }).await;
    town.know(&["minsu", "emma"]).await;
    let heard = town.say("minsu", "@omar I'm 17, how do I get closer to him?").await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].contains("something I don't say"), "{heard:?}");
    let heard = town.say("emma", "@omar how do I get closer to him?").await;
    assert_eq!(heard, ["omar > emma: Book a hotel and talk about sex."]);
    town.end().await;
}
