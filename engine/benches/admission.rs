//! Our admission against none: eight viewers ask at once, with answers of mixed length. Behind the scheduler they are answered
//! one after the other; without it, all are handed to mistral.rs at once. Prints tokens a second of all of them together, as a
//! ratio, which holds on a busy machine too.
//!
//! Goal: 4 or better on a CPU.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

mod bare;
mod fleet;

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
use mistralrs::Model;

const SYSTEM: &str = "You are a patient adviser in matters of the heart. Answer in plain words.";

/// A question, and how long its answer may be.
const CALLS: [(&str, usize); 8] = [
    ("Should I text my ex?", 8),
    ("My boyfriend forgot my birthday. I waited all day, and he did not say a word. Should I be angry?", 36),
    ("How do I say sorry?", 16),
    ("He never answers at night, only in the morning, and then he says that he was asleep. Do I believe him?", 28),
    ("Is it over?", 12),
    (
        "We have been together for three years and she still does not want me to meet her parents. What does that mean?",
        32,
    ),
    ("How do I ask her out?", 20),
    ("My best friend likes the same person as I do, and neither of us dares to speak of it. What now?", 24),
];

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
        tokens += fleet::read(fleet::start(engine, SYSTEM, question, most).await).await.output_tokens;
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

/// Handed to mistral.rs all at once. Without its prefix cache, with which answers of different length come out wrong.
async fn all_at_once(model: &Arc<Model>) -> f64 {
    let clock = SystemClock::default();
    let asked = CALLS.map(|(question, most)| {
        let model = Arc::clone(model);
        tokio::spawn(async move { bare::ask(&model, SYSTEM, question, most).await.tokens })
    });
    let mut tokens = 0;
    for answer in asked {
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
    let model = Arc::new(bare::load(None).await);
    // Both have answered once, and ours knows the beginning of the prompts, as a fleet does.
    fleet::read(fleet::start(&*engine, SYSTEM, "Hello?", 4).await).await;
    fleet::read(fleet::start(&*engine, SYSTEM, "Hi there.", 4).await).await;
    bare::ask(&model, SYSTEM, "Hello?", 4).await;
    let mut in_line = Vec::new();
    in_line.push(through_the_line(&*engine).await);
    let straight = all_at_once(&model).await;
    for _ in 0..2 {
        in_line.push(through_the_line(&*engine).await);
    }
    println!("in line {in_line:.1?} tok/s, all at once {straight:.1} tok/s");
    println!("tokens/s, in line over all at once: {:.2} (goal 4 or more)", bare::median(in_line) / straight);
}
