//! What an answer that nobody reads does to those behind it: the gaps between their tokens while it lies there unread, over
//! their gaps while it is read. Prints a ratio, which holds on a busy machine too.
//!
//! Goal: 1.05 or less. Bare mistral.rs awaits the reader inside its step: behind such an answer it gives nothing at all.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

mod bare;
mod fleet;

use std::time::Duration;

use bare::median;
use lovelm::{
    clock::{Clock as _, SystemClock},
    engine::{Chunk, Engine, TokenStream},
};

const ROUNDS: usize = 6;
const OTHERS: usize = 3;
const TOKENS: usize = 48;
/// The longest answer a persona gives, as good as.
const UNREAD: usize = 96;

const SYSTEM: &str = "You are a patient adviser in matters of the heart. Answer in plain words.";

/// How long bare mistral.rs is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads an answer, and gives the gaps between its texts in seconds.
async fn gaps(mut stream: TokenStream) -> Vec<f64> {
    let clock = SystemClock::default();
    let (mut last, mut gaps) = (None, Vec::new());
    loop {
        match stream.next().await.expect("it answers") {
            Chunk::Text(_) => {
                let now = clock.elapsed();
                gaps.extend(last.replace(now).map(|last| now.saturating_sub(last).as_secs_f64()));
            }
            Chunk::Done(_) => return gaps,
        }
    }
}

/// The mean gap of some answers behind one that is read, or not.
async fn behind(engine: &dyn Engine, read: bool, round: usize) -> f64 {
    let one = fleet::start(engine, SYSTEM, "Tell me a long story about the sea.", UNREAD).await;
    let unread = if read {
        fleet::read(one).await;
        None
    } else {
        Some(one)
    };
    let mut all = Vec::new();
    for other in 0..OTHERS {
        let question = format!("Tell me story number {} about a king.", round * OTHERS + other);
        all.extend(gaps(fleet::start(engine, SYSTEM, &question, TOKENS).await).await);
    }
    drop(unread);
    all.iter().sum::<f64>() / f64::from(u32::try_from(all.len()).unwrap_or(u32::MAX))
}

/// Whether bare mistral.rs gives a token behind an answer that nobody reads.
async fn bare_goes_on() -> bool {
    let model = bare::load(None).await;
    let request = mistralrs::RequestBuilder::new()
        .add_message(mistralrs::TextMessageRole::User, "Tell me a long story about the sea.")
        .set_sampling(mistralrs::SamplingParams {
            max_len: Some(UNREAD),
            ..mistralrs::SamplingParams::deterministic()
        });
    let unread = model.stream_chat_request(request).await.expect("it starts");
    let other = tokio::time::timeout(PATIENCE, bare::ask(&model, SYSTEM, "Hello?", 1)).await;
    drop(unread);
    other.is_ok_and(|run| run.tokens > 0)
}

#[tokio::main]
async fn main() {
    let engine = fleet::engine().await;
    behind(&*engine, true, 0).await;
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        // Which comes first changes, so that what the machine does besides evens out.
        let (read, unread) = if round % 2 == 0 {
            let read = behind(&*engine, true, round).await;
            (read, behind(&*engine, false, round).await)
        } else {
            let unread = behind(&*engine, false, round).await;
            (behind(&*engine, true, round).await, unread)
        };
        println!(
            "  mean gap {:.1} ms behind an answer that is read, {:.1} ms behind one that is not",
            read * 1e3,
            unread * 1e3
        );
        ratios.push(unread / read);
    }
    println!("token gap, unread over read: {:.3} (goal 1.05 or less)", median(ratios));
    let bare = if bare_goes_on().await { "goes on" } else { "gives nothing" };
    println!("bare mistral.rs, behind an answer that nobody reads for {} s: {bare}", PATIENCE.as_secs());
}
