//! Our stream against bare mistral.rs: same model, prompts and lengths, in turns within one run. Prints ratios, which
//! hold on a busy machine too.
//!
//! Goals: tokens/s 0.98 of bare or better; warm first token at most 0.2 of cold, with a persona prompt of 300 tokens.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

use std::{path::PathBuf, sync::Arc, time::Duration};

use lovelm::{
    clock::{Clock as _, SystemClock},
    engine::{Chunk, Engine, EngineConfig, Prompt, Request, Role, Sampling, Turn, Usage},
};
use lovelm_engine::{
    Progress,
    model::{Machine, Recipe, prepare},
    open,
};
use mistralrs::{GgufModelBuilder, Model, RequestBuilder, Response, SamplingParams, TextMessageRole, TokenSource};

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

/// Tokens and the time they took, first token apart.
#[derive(Clone, Copy, Default)]
struct Run {
    tokens: usize,
    first: Duration,
    decode: Duration,
}

impl Run {
    fn rate(self) -> f64 {
        f64::from(u32::try_from(self.tokens.saturating_sub(1)).unwrap_or(0)) / self.decode.as_secs_f64()
    }

    fn whole(self) -> f64 {
        f64::from(u32::try_from(self.tokens).unwrap_or(0)) / (self.first + self.decode).as_secs_f64()
    }
}

fn persona(name: &str) -> String {
    let rules = "You listen first and you never judge. You answer in plain words, you ask back when something is unclear, \
                 and you never promise what nobody can promise. You keep to what was asked. ";
    format!("You are {name}, a patient adviser in matters of the heart. {}", rules.repeat(7))
}

fn prompt(system: String, question: &str) -> Prompt {
    let turn = |role, text| Turn { role, text };
    Prompt { messages: vec![turn(Role::System, system), turn(Role::User, question.to_owned())], so_far: String::new() }
}

async fn ours(engine: &dyn Engine, system: String, question: &str) -> Usage {
    let sampling = Sampling { temperature: 0.0, repetition_penalty: 1.0, ..Sampling::default() };
    let request = Request { prompt: prompt(system, question), max_tokens: TOKENS, sampling };
    let mut stream = engine.start(request).await.expect("it starts");
    loop {
        if let Chunk::Done(usage) = stream.next().await.expect("it answers") {
            return usage;
        }
    }
}

async fn bare(model: &Model, system: String, question: &str) -> Run {
    let clock = SystemClock::default();
    let request = RequestBuilder::new()
        .add_message(TextMessageRole::System, system)
        .add_message(TextMessageRole::User, question)
        .set_sampling(SamplingParams { max_len: Some(TOKENS), ..SamplingParams::deterministic() });
    let mut stream = model.stream_chat_request(request).await.expect("it starts");
    let mut run = Run::default();
    while let Some(Response::Chunk(_)) = stream.next().await {
        if run.tokens == 0 {
            run.first = clock.elapsed();
        }
        run.tokens += 1;
        run.decode = clock.elapsed().saturating_sub(run.first);
    }
    run
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Peak memory of this process, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn cache() -> PathBuf {
    let given = |name: &str| std::env::var_os(name).map(PathBuf::from);
    given("LOVELM_CACHE_DIR")
        .or_else(|| given("XDG_CACHE_HOME").map(|cache| cache.join("lovelm")))
        .or_else(|| given("HOME").map(|home| home.join(".cache/lovelm")))
        .expect("a home")
}

async fn load_bare() -> Model {
    let prepared = prepare(&Recipe::default_model(), &cache(), &Machine, Progress::Stderr).expect("the model");
    GgufModelBuilder::new(prepared.tokenizer.display(), vec!["model.gguf"])
        .with_tok_model_id(prepared.tokenizer.display())
        .with_token_source(TokenSource::None)
        .with_force_cpu()
        .build()
        .await
        .expect("it loads")
}

/// First tokens with a persona that the engine has not seen, then with another question to the same.
async fn first_tokens(engine: &dyn Engine) {
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for name in ["Aster", "Birch", "Cedar"] {
        let first = ours(engine, persona(name), QUESTIONS[0]).await;
        let second = ours(engine, persona(name), QUESTIONS[1]).await;
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
    prepare(&Recipe::default_model(), &cache(), &Machine, Progress::Stderr).expect("the model");
    println!("prepare or check the model: {:.1} s", clock.elapsed().as_secs_f64());
    let before = clock.elapsed();
    let engine: Arc<dyn Engine> = open(&EngineConfig::default(), &cache(), Progress::Stderr).await.expect("the model");
    println!("open: {:.1} s", clock.elapsed().saturating_sub(before).as_secs_f64());
    first_tokens(&*engine).await;
    println!("peak memory with one model: {} MiB", peak());

    let model = load_bare().await;
    let (mut rates, mut wholes) = (Vec::new(), Vec::new());
    // Both know the persona before it counts.
    ours(&*engine, persona("Dahlia"), "Hello?").await;
    bare(&model, persona("Dahlia"), "Hello?").await;
    for question in QUESTIONS {
        let usage = ours(&*engine, persona("Dahlia"), question).await;
        let our = Run { tokens: usage.output_tokens, first: usage.first_token, decode: usage.decode };
        let their = bare(&model, persona("Dahlia"), question).await;
        println!(
            "  ours {:.1} tok/s ({} tokens), bare {:.1} tok/s ({} tokens)",
            our.rate(),
            our.tokens,
            their.rate(),
            their.tokens
        );
        rates.push(our.rate() / their.rate());
        wholes.push(our.whole() / their.whole());
    }
    println!("tokens/s, ours over bare: {:.3} (goal 0.98 or more)", median(rates));
    println!("whole answers, ours over bare: {:.3}", median(wholes));
}
