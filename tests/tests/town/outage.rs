//! Engines that fail, one of several and all at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use lovelm::{
    chat::{ChatEvent, Platform},
    engine::{Engine, EngineError, Profile, Prompt, Request, TokenStream},
};
use lovelm_tests::{
    scripted::{Fault, ScriptedEngine},
    town::{ANSWER, Plan, Town, answers, calm, saying},
};

const SORRY: &str = "I cannot answer now. The engine is down. Ask again in a few minutes.";

fn gone() -> EngineError {
    EngineError::Unavailable("gone".into())
}

/// The next requests fail.
fn fails(engine: &ScriptedEngine, times: usize) {
    for _ in 0..times {
        engine.fault(Fault::Refuse(gone()));
    }
}

fn beside(other: &ScriptedEngine) -> Vec<(&'static str, Arc<dyn Engine>)> {
    vec![("other", Arc::new(other.clone()) as Arc<dyn Engine>)]
}

#[tokio::test]
async fn an_engine_that_dies_is_gone_round_and_nobody_notices() {
    let other = saying(|_| ANSWER.to_owned());
    let town = Town::with(Plan { also: beside(&other), ..Plan::default() }).await;
    town.know(&["minsu", "emma"]).await;
    fails(&town.engine, 1000);
    for _ in 0..20 {
        assert_eq!(town.say("minsu", "@omar what now?").await, [format!("omar > minsu: {ANSWER}")]);
    }
    let paid = town.tell(town.paid("emma", "@omar what now?", Town::bits(200))).await;
    assert_eq!(answers(paid), [format!("omar > emma: {ANSWER}")]);
    assert_eq!(town.engine.requests().len(), 3, "it is asked no more behind three failures in a row");
    assert_eq!(other.requests().len(), 21);
    town.end().await;
}

#[tokio::test]
async fn two_engines_answer_at_once_and_one_that_dies_in_the_middle_takes_only_its_own_with_it() {
    let other = saying(|_| ANSWER.to_owned());
    let town = Town::with(Plan { also: beside(&other), ..Plan::default() }).await;
    town.know(&["minsu", "emma"]).await;
    town.engine.hold();
    other.hold();
    town.engine.fault(Fault::Break(3, gone()));
    let free = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    // The first engine breaks off what it is given first.
    town.until("the free one is being answered", |town| town.engine.running() == 1).await;
    let paid = town.hear(town.paid("emma", "@shuhi what now?", Town::bits(200))).await;
    // One of the two slots is kept for who pays.
    town.until("both answer", |town| town.engine.running() == 1 && other.running() == 1).await;
    town.engine.release();
    other.release();
    town.done(free).await;
    town.done(paid).await;
    let heard = town.square.read();
    assert_eq!(answers(heard.clone()), [format!("shuhi > emma: {ANSWER}")], "{heard:?}");
    let cut = "(notice) omar > minsu: Something went wrong in the middle, so this answer stays short. I'm sorry.";
    let whole = format!("(notice) omar > minsu: {SORRY}");
    assert!(heard.iter().any(|line| line == cut || *line == whole), "{heard:?}");
    town.end().await;
}

#[tokio::test]
async fn while_all_engines_are_away_who_paid_waits_and_the_others_are_told_once() {
    let town = Town::open().await;
    town.know(&["minsu", "emma", "jisu"]).await;
    fails(&town.engine, 4);
    let minsu = town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await;
    town.until("it failed", |town| town.engine.requests().len() == 3).await;
    let emma = town.hear(town.paid("emma", "@omar what now?", Town::bits(200))).await;
    let jisu = town.hear(ChatEvent::Said(town.message("jisu", "@omar what now?"))).await;
    assert_eq!(town.square.read(), ["(notice) omar > emma: 200 bits received. Thank you."], "nobody is told at once");

    // A question of our own finds it away, once more; after that nobody but who paid waits any longer.
    town.later("it was looked after", |town| town.engine.requests().len() == 4).await;
    town.engine.hold();
    town.clock.advance(Duration::from_secs(5));
    town.done(minsu).await;
    town.done(jisu).await;
    let mut told = town.square.read();
    told.sort();
    assert_eq!(told, [format!("(notice) omar > jisu: {SORRY}"), format!("(notice) omar > minsu: {SORRY}")]);
    assert_eq!(town.say("minsu", "@omar hello?").await, [""; 0], "once in a minute");
    town.clock.advance(Duration::from_mins(1));
    let asked = town.engine.requests().len();
    assert_eq!(town.command("minsu", "panel hello?").await, [format!("(notice) hongcha > minsu: {}", hongcha())]);
    assert_eq!(town.database.number("select count(*) from pending where state = 'waiting'").await, 1);

    town.engine.release();
    town.later("it is back", |town| town.square.unread() > 0).await;
    town.done(emma).await;
    assert_eq!(town.square.read(), [format!("omar > emma: {ANSWER}")]);
    assert!(town.engine.requests().len() <= asked + 3, "a question of ours, and the answer");
    assert_eq!(town.say("minsu", "@omar and now?").await, [format!("omar > minsu: {ANSWER}")]);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

fn hongcha() -> &'static str {
    "The kettle is not listening to me just now. Could you ask me again in a little while?"
}

#[tokio::test]
async fn who_paid_and_waits_in_vain_is_apologised_to_at_the_deadline() {
    let mut config = calm();
    config.scheduler.deadline.twitch = Duration::from_secs(90);
    let town = Town::with(Plan { config, ..Plan::default() }).await;
    town.know(&["emma"]).await;
    fails(&town.engine, 10_000);
    let emma = town.hear(town.paid("emma", "@omar what now?", Town::bits(200))).await;
    town.later("an apology", |town| town.square.unread() > 1).await;
    town.done(emma).await;
    let told = town.square.read();
    assert!(told[1].starts_with("(notice) omar > emma: You supported us, and still"), "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    let asked = town.engine.requests().len();
    assert!((5..20).contains(&asked), "three tries and some questions of ours, not {asked}");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn a_hundred_wait_for_an_engine_and_it_is_back_with_one_question_and_then_step_by_step() {
    let mut config = calm();
    config.engine.outage.patience = Duration::from_hours(1);
    config.scheduler.most_waiting_each = 1000;
    config.scheduler.deadline.twitch = Duration::from_hours(9);
    let engine = saying(|_| ANSWER.to_owned()).with_slots(8);
    let town = Town::with(Plan { config, engine, ..Plan::default() }).await;
    let people: Vec<String> = (0..10).map(|n| format!("viewer{n}")).collect();
    town.know(&people.iter().map(String::as_str).collect::<Vec<_>>()).await;
    fails(&town.engine, 12);
    let mut receipts = Vec::new();
    for name in people.iter().cycle().take(100) {
        receipts.push(town.hear(ChatEvent::Said(town.message(name, "@omar should I wait?"))).await);
    }
    town.until("it failed", |town| town.engine.requests().len() >= 3 && town.engine.running() == 0).await;
    let failed = town.engine.requests().len();
    town.idle().await;
    assert_eq!(town.engine.requests().len(), failed, "the line stands still");
    town.engine.hold();
    // What is left of the faults meets our own questions.
    town.later("our question is under way", |town| town.engine.running() == 1).await;
    town.idle().await;
    assert_eq!(town.engine.running(), 1, "one question, however many wait");
    town.engine.step(1);
    let began = town.engine.most_running();
    town.until("the first answer", |town| town.engine.running() == 1 && !asked_by_us(town)).await;
    town.idle().await;
    assert_eq!((town.engine.running(), began), (1, town.engine.most_running()), "then one answer");
    town.engine.release();
    for receipt in receipts {
        town.done(receipt).await;
    }
    let heard = answers(town.square.read());
    assert_eq!(heard.len(), 100);
    town.end().await;
}

/// Whether the last request was no person's.
fn asked_by_us(town: &Town) -> bool {
    town.engine.requests().last().is_some_and(|request| request.prompt.messages.len() == 1)
}

#[tokio::test]
async fn nobody_without_a_deadline_waits_for_an_engine_for_ever() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    fails(&town.engine, 10_000);
    let line = town.message_on(Platform::Console, "minsu", "what now?");
    let said = town.hear(ChatEvent::Said(line)).await;
    let line = town.message_on(Platform::Console, "emma", "and for money?");
    let paid = town.hear(ChatEvent::Paid(line, Town::bits(100))).await;
    town.later("both are told", |town| town.square.unread() > 2).await;
    town.done(said).await;
    town.done(paid).await;
    let told = town.square.read();
    assert_eq!(told.iter().filter(|line| line.contains(hongcha())).count(), 2, "{told:?}");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

/// An engine whose tokeniser breaks on whole prompts while it is told to.
struct Brittle {
    inner: ScriptedEngine,
    breaks: Arc<AtomicBool>,
}

#[async_trait]
impl Engine for Brittle {
    fn profile(&self) -> &Profile {
        self.inner.profile()
    }

    fn count(&self, prompt: &Prompt) -> usize {
        assert!(!self.breaks.load(Ordering::SeqCst) || prompt.messages.len() == 1, "it breaks");
        self.inner.count(prompt)
    }

    async fn start(&self, request: Request) -> Result<TokenStream, EngineError> {
        self.inner.start(request).await
    }
}

#[tokio::test]
async fn an_answer_that_breaks_tells_its_asker_and_closes_what_was_paid() {
    let breaks = Arc::new(AtomicBool::new(true));
    let brittle = Brittle { inner: saying(|_| ANSWER.to_owned()), breaks: Arc::clone(&breaks) };
    let also: Vec<(&'static str, Arc<dyn Engine>)> = vec![("brittle", Arc::new(brittle))];
    let town = Town::with(Plan { also, ..Plan::default() }).await;
    town.know(&["minsu", "emma"]).await;
    let sorry = |who: &str| format!("(notice) omar > {who}: {SORRY}");
    assert_eq!(town.say("minsu", "@omar what now?").await, [sorry("minsu")]);
    let heard = town.tell(town.paid("emma", "@omar what now?", Town::bits(200))).await;
    assert_eq!(heard, ["(notice) omar > emma: 200 bits received. Thank you.".to_owned(), sorry("emma")]);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    breaks.store(false, Ordering::SeqCst);
    assert_eq!(
        town.say("minsu", "@omar what now?").await,
        [format!("omar > minsu: {ANSWER}")],
        "its slot is free again"
    );
    town.end().await;
}
