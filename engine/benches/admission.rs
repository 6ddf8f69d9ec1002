//! Our admission against none: eight viewers ask four personas at once, with questions and answers of different length. Behind the
//! scheduler they are answered one after the other; without it, all are handed to mistral.rs at once. Prints tokens a second of all
//! of them together, from the first call to the end of the last answer, as a ratio, which holds on a busy machine too.
//!
//! Both have the persona prompts of 300 tokens that a fleet has, for they are what counts: an answer that mistral.rs sets aside for
//! one of another length is prefilled again from its beginning. Ours has the personas in its prefix cache, as a fleet at work has.
//! mistral.rs is asked without its cache, since with it and several lengths at once its answers are wrong; how fast it would have
//! been all the same is printed beside.
//!
//! Goal: 4 or better on a CPU.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

mod bare;
mod fleet;
mod persona;

use std::{sync::Arc, time::Duration};

use lovelm::{
    chat::{ChannelId, EventId, Language, Message, PersonaId, Place, Platform, RawText, UserId},
    clock::{Clock, SystemClock},
    engine::Engine,
    limits::{Limits, LimitsConfig},
    privacy::{Door, Keyring},
    routing::{self, Home, PlainLines},
    safety::{self, Verdict},
    scheduler::{NewCall, Next, Scheduler, SchedulerConfig},
};

/// What mistral.rs remembers by default.
const PREFIXES: usize = 16;
const PERSONAS: [&str; 4] = ["Aster", "Birch", "Cedar", "Dahlia"];

/// A question, and how long its answer may be. Of each persona two.
const CALLS: [(&str, usize); 8] = [
    ("Should I text my ex?", 24),
    ("My boyfriend forgot my birthday. I waited all day, and he did not say a word. Should I be angry?", 96),
    ("How do I say sorry?", 40),
    ("He never answers at night, only in the morning, and then he says that he was asleep. Do I believe him?", 72),
    ("Is it over?", 32),
    (
        "We have been together for three years and she still does not want me to meet her parents. What does that mean?",
        88,
    ),
    ("How do I ask her out?", 56),
    ("My best friend likes the same person as I do, and neither of us dares to speak of it. What now?", 64),
];

fn system(viewer: usize) -> String {
    persona::prompt(PERSONAS[viewer % PERSONAS.len()])
}

/// Answered through the fleet's own line, which has one slot.
async fn through_the_line(engine: &dyn Engine) -> f64 {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let scheduler = Scheduler::start(&SchedulerConfig::default(), engine.profile().slots, Arc::clone(&clock));
    let limits = Limits::new(&LimitsConfig::default(), Arc::clone(&clock));
    let door = Door::new(Arc::new(Keyring::ephemeral().expect("keys")), []);
    let began = clock.elapsed();
    for viewer in 0..CALLS.len() {
        scheduler.enqueue(call(&door, &limits, clock.as_ref(), viewer), viewer).await.expect("room for eight");
    }
    let mut tokens = 0;
    for _ in CALLS {
        let Some(Next::Run(claim)) = scheduler.next().await else { panic!("a call was dropped") };
        let (question, most) = CALLS[*claim.job()];
        let since = clock.elapsed();
        tokens += fleet::read(fleet::start(engine, &system(*claim.job()), question, most).await).await.output_tokens;
        claim.settle(clock.elapsed().saturating_sub(since));
    }
    rate(tokens, clock.elapsed().saturating_sub(began))
}

/// A viewer's call, through every door before the line.
fn call(door: &Door, limits: &Limits, clock: &dyn Clock, viewer: usize) -> NewCall {
    let place = Place { platform: Platform::Console, channel: ChannelId::new("bench") };
    let text = RawText::new(CALLS[viewer].0);
    let (event, user) = (EventId::new(viewer.to_string()), UserId::new(viewer.to_string()));
    let message = Message::said(event, place, user, text.clone(), clock.wall());
    let persona = PersonaId::new("omar");
    let home = Home { host: persona.clone(), plain: PlainLines::Ignored, name_calls: false };
    let asked = routing::ask(message, Some(persona), &text, &home).expect("a call");
    let Verdict::Clear(checked) = safety::look(asked) else { panic!("a question without danger") };
    let admitted = limits.admit(door.pass(&checked, Language::En)).expect("the console is not limited");
    NewCall::of(&admitted, Duration::from_secs(1))
}

/// Handed to mistral.rs all at once.
async fn all_at_once(prefixes: Option<usize>) -> f64 {
    let model = Arc::new(bare::load(prefixes).await);
    bare::ask(&model, &system(0), "Hello?", 4).await;
    let clock = SystemClock::default();
    let asked = (0..CALLS.len()).map(|viewer| {
        let model = Arc::clone(&model);
        let (question, most) = CALLS[viewer];
        tokio::spawn(async move { bare::ask(&model, &system(viewer), question, most).await.tokens })
    });
    let mut tokens = 0;
    for answer in asked.collect::<Vec<_>>() {
        tokens += answer.await.expect("it answers");
    }
    rate(tokens, clock.elapsed())
}

fn rate(tokens: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(tokens).unwrap_or(0)) / took.as_secs_f64()
}

#[tokio::main]
async fn main() {
    let engine = fleet::engine().await;
    // As a fleet at work: every persona has answered before, twice, so that its beginning is known.
    for viewer in 0..PERSONAS.len() {
        for hello in ["Hello?", "Hi there."] {
            fleet::read(fleet::start(&*engine, &system(viewer), hello, 4).await).await;
        }
    }
    let mut in_line = Vec::new();
    in_line.push(through_the_line(&*engine).await);
    let straight = all_at_once(None).await;
    in_line.push(through_the_line(&*engine).await);
    let cached = all_at_once(Some(PREFIXES)).await;
    in_line.push(through_the_line(&*engine).await);
    println!(
        "in line {in_line:.1?} tok/s, all at once {straight:.1} tok/s, with a cache (and wrong) {cached:.1} tok/s"
    );
    println!("tokens/s, in line over all at once: {:.2} (goal 4 or more)", bare::median(in_line) / straight);
}
