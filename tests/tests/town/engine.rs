use std::time::Duration;

use lovelm::{chat::ChatEvent, engine::EngineError};
use lovelm_tests::{
    scripted::Fault,
    town::{ANSWER, Plan, Town, calm, saying},
};

#[tokio::test]
async fn an_engine_that_fails_before_the_first_word_is_tried_again() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    let troubles = [
        Fault::Refuse(EngineError::Unavailable("gone".into())),
        Fault::Break(0, EngineError::Unavailable("gone".into())),
    ];
    for trouble in troubles {
        town.engine.fault(trouble.clone());
        assert_eq!(town.say("minsu", "@omar what now?").await, [format!("omar > minsu: {ANSWER}")], "{trouble:?}");
    }
    assert_eq!(town.engine.requests().len(), 4);
    town.engine.fault(Fault::Refuse(EngineError::Stalled(Duration::from_mins(2))));
    let asked = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    town.later("it is looked after and asked again", |town| town.square.unread() > 0).await;
    town.done(asked).await;
    assert_eq!(town.square.read(), [format!("omar > minsu: {ANSWER}")]);
    town.end().await;
}

#[tokio::test]
async fn an_engine_that_never_comes_back_and_one_that_refuses_end_with_the_personas_words() {
    let mut config = calm();
    config.engine.outage.tries = 2;
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["minsu"]).await;
    let sorry = ["(notice) omar > minsu: I cannot answer now. The engine is down. Ask again in a few minutes."];
    for _ in 0..2 {
        town.engine.fault(Fault::Refuse(EngineError::Unavailable("gone".into())));
    }
    assert_eq!(town.say("minsu", "@omar what now?").await, sorry);
    town.engine.fault(Fault::Refuse(EngineError::Rejected("too long".into())));
    assert_eq!(town.say("minsu", "@omar what now?").await, sorry);
    assert_eq!(town.engine.requests().len(), 3, "what is refused is not tried again");
    assert_eq!(town.database.number("select count(*) from recent").await, 0, "no answer, nothing kept");
    town.end().await;
}

#[tokio::test]
async fn an_engine_that_breaks_off_in_the_middle_ends_kindly() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.engine.fault(Fault::Break(5, EngineError::Unavailable("gone".into())));
    let message = town.message_on(lovelm::chat::Platform::Discord, "minsu", "@omar what now?");
    let heard = town.tell(ChatEvent::Said(message)).await;
    let [begun, sorry] = heard.as_slice() else { panic!("{heard:?}") };
    let begun = begun.strip_prefix("omar > minsu: ").expect("an answer");
    assert!(!begun.is_empty() && ANSWER.starts_with(begun), "{begun}");
    assert_eq!(
        sorry,
        "(notice) omar > minsu: Something went wrong in the middle, so this answer stays short. I'm sorry."
    );
    town.end().await;
}

#[tokio::test]
async fn an_answer_of_nothing_and_an_answer_of_thoughts_are_apologised_for() {
    for nothing in ["", "   \n ", "<think>what would they like to hear", "\u{200b}\u{200d}"] {
        let town = Town::with(Plan { engine: saying(move |_| nothing.to_owned()), ..Plan::default() }).await;
        town.know(&["minsu"]).await;
        let heard = town.say("minsu", "@omar what now?").await;
        assert_eq!(heard.len(), 1, "{nothing:?}: {heard:?}");
        assert!(heard[0].starts_with("(notice) omar > minsu: "), "{nothing:?}: {heard:?}");
        town.end().await;
    }
}

#[tokio::test]
async fn an_answer_that_speaks_of_a_crisis_is_not_shown_and_the_card_is() {
    let town =
        Town::with(Plan { engine: saying(|_| "You should just kill yourself.".to_owned()), ..Plan::default() }).await;
    town.know(&["minsu"]).await;
    let heard = town.say("minsu", "@omar what now?").await;
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard[0].starts_with("(crisis) omar > minsu: Thank you for telling me."), "{heard:?}");
    assert!(heard[1].starts_with("(alert) "), "{heard:?}");
    assert!(!heard.concat().contains("kill yourself"), "{heard:?}");
    assert_eq!(town.database.number("select count(*) from recent").await, 0);
    town.end().await;
}

#[tokio::test]
async fn what_was_said_before_is_known_to_the_next_answer_of_the_same_persona() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.say("minsu", "@omar my cat is called Nabi").await;
    town.say("minsu", "@omar what was it called?").await;
    let prompt = &town.engine.requests()[1].prompt;
    let said: Vec<_> = prompt.messages.iter().map(|turn| turn.text.as_str()).collect();
    assert!(said.concat().contains("my cat is called"), "{said:?}");
    assert!(said.contains(&ANSWER), "{said:?}");
    town.say("minsu", "@shuhi and you?").await;
    let said = town.engine.requests()[2].prompt.messages.iter().map(|turn| turn.text.clone()).collect::<String>();
    assert!(!said.contains("my cat is called"), "another persona was not told");
    town.end().await;
}
