//! The path of an answer, from the pool to its text, against bare mistral.rs: same model, prompts and lengths, one slot each, in
//! turns within one run. Prints ratios, which hold on a busy machine too.
//!
//! Goals: tokens/s 0.98 of bare or better; warm first token at most 0.2 of cold, with a persona prompt of 300 tokens.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

mod bare;
mod fleet;
mod persona;

use bare::{Run, median};
use lovelm::{
    clock::{Clock as _, SystemClock},
    engine::{Engine, Usage},
};
use lovelm_engine::{
    Progress,
    model::{Machine, Recipe, prepare},
};

const ROUNDS: usize = 8;
const TOKENS: usize = 64;
const QUESTIONS: [&str; ROUNDS] = [
    "Tell me a long story about the sea.",
    "Describe a city at night in detail.",
    "Explain how bread is made, step by step.",
    "Tell me everything about cats.",
    "Describe a walk through a forest.",
    "Tell me a long story about a king.",
    "Explain how a bicycle works, in detail.",
    "Describe the life of a farmer.",
];
/// What mistral.rs remembers by default.
const PREFIXES: Option<usize> = Some(16);

fn rate(run: Run) -> f64 {
    f64::from(u32::try_from(run.tokens.saturating_sub(1)).unwrap_or(0)) / run.decode.as_secs_f64()
}

fn whole(run: Run) -> f64 {
    f64::from(u32::try_from(run.tokens).unwrap_or(0)) / (run.first + run.decode).as_secs_f64()
}

async fn ours(engine: &dyn Engine, system: &str, question: &str) -> Usage {
    fleet::read(fleet::start(engine, system, question, TOKENS).await).await
}

/// Peak memory of this process, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// First tokens with a persona that the engine has not seen, then with another question to the same.
async fn first_tokens(engine: &dyn Engine) {
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for name in ["Aster", "Birch", "Cedar"] {
        let first = ours(engine, &persona::prompt(name), QUESTIONS[0]).await;
        let second = ours(engine, &persona::prompt(name), QUESTIONS[1]).await;
        println!(
            "  {name}: {} tokens, cold {:?}, warm {:?} ({} cached)",
            first.prompt_tokens, first.first_token, second.first_token, second.cached_tokens
        );
        cold.push(first.first_token.as_secs_f64());
        warm.push(second.first_token.as_secs_f64());
    }
    let ratio = median(warm) / median(cold);
    println!("first token, warm over cold: {ratio:.3} (goal 0.2 or less)");
}

#[tokio::main]
async fn main() {
    let clock = SystemClock::default();
    prepare(&Recipe::default_model(), &bare::cache(), &Machine, Progress::Stderr).expect("the model");
    println!("prepare or check the model: {:.1} s", clock.elapsed().as_secs_f64());
    let before = clock.elapsed();
    let engine = fleet::engine().await;
    println!("open: {:.1} s", clock.elapsed().saturating_sub(before).as_secs_f64());
    first_tokens(&*engine).await;
    println!("peak memory with one model: {} MiB", peak());

    let model = bare::load(PREFIXES).await;
    let (mut rates, mut wholes) = (Vec::new(), Vec::new());
    // Both know the persona before it counts.
    let dahlia = persona::prompt("Dahlia");
    ours(&*engine, &dahlia, "Hello?").await;
    bare::ask(&model, &dahlia, "Hello?", TOKENS).await;
    for question in QUESTIONS {
        let usage = ours(&*engine, &dahlia, question).await;
        let our = Run { tokens: usage.output_tokens, first: usage.first_token, decode: usage.decode };
        let their = bare::ask(&model, &dahlia, question, TOKENS).await;
        println!(
            "  ours {:.1} tok/s ({} tokens), bare {:.1} tok/s ({} tokens)",
            rate(our),
            our.tokens,
            rate(their),
            their.tokens
        );
        rates.push(rate(our) / rate(their));
        wholes.push(whole(our) / whole(their));
    }
    println!("tokens/s, ours over bare: {:.3} (goal 0.98 or more)", median(rates));
    println!("whole answers, ours over bare: {:.3}", median(wholes));
}
