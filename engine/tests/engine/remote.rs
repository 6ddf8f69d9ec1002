//! Servers that speak the OpenAI API, as they are and as they fail.

use std::{
    convert::Infallible,
    future::pending,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
    routing::{get, post},
};
use futures::{StreamExt as _, stream};
use lovelm::engine::{Engine, EngineConfig, EngineError, Finish, Prompt};
use lovelm_engine::{OpenError, Progress, open};
use serde_json::{Value, json};

use crate::fixture::{answer, greedy, prompt, within};

/// How the server behaves.
#[derive(Clone, Debug)]
enum Mood {
    Happy,
    /// Refuses what is not in the OpenAI API.
    Strict,
    Says(u16, Value),
    /// Accepts and never answers.
    Hangs,
    /// Answers one word, then nothing.
    HangsMidway,
    /// Answers one word, then closes.
    Cuts,
    /// One word, then an error.
    Breaks,
    Garbage,
}

struct Server {
    mood: Mood,
    asked: Mutex<Vec<(Option<String>, Value)>>,
    open: AtomicUsize,
}

/// Counts one open stream for as long as it lives.
struct Opened(Arc<Server>);

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn serve(mood: Mood) -> (SocketAddr, Arc<Server>) {
    let server = Arc::new(Server { mood, asked: Mutex::default(), open: AtomicUsize::new(0) });
    let models = || async { Json(json!({ "data": [{ "id": "solar", "max_model_len": 2048 }] })) };
    let router = Router::new().route("/v1/models", get(models)).route("/v1/chat/completions", post(complete));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = router.with_state(Arc::clone(&server));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, server)
}

async fn complete(State(server): State<Arc<Server>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let key = headers.get("authorization").map(|key| key.to_str().unwrap().to_owned());
    let strange = body.get("top_k").is_some();
    server.asked.lock().unwrap().push((key, body));
    let word = |text: &str| json!({ "choices": [{ "delta": { "content": text }, "finish_reason": null }] });
    let last = json!({ "choices": [{ "delta": {}, "finish_reason": "length" }], "usage": null });
    let usage = json!({ "choices": [], "usage": { "prompt_tokens": 70, "completion_tokens": 9, "prompt_tokens_details": { "cached_tokens": 5 } } });
    let (events, hang): (Vec<String>, bool) = match &server.mood {
        Mood::Strict if strange => {
            return (StatusCode::BAD_REQUEST, Json(json!({ "error": { "message": "unknown field top_k" } })))
                .into_response();
        }
        Mood::Happy | Mood::Strict => {
            let words = ["안", "녕", " there"].map(|text| word(text).to_string());
            (words.into_iter().chain([last.to_string(), usage.to_string(), "[DONE]".into()]).collect(), false)
        }
        Mood::Says(status, body) => {
            return (StatusCode::from_u16(*status).unwrap(), Json(body.clone())).into_response();
        }
        Mood::Hangs => pending().await,
        Mood::HangsMidway => (vec![word("so").to_string()], true),
        Mood::Cuts => (vec![word("so").to_string()], false),
        Mood::Breaks => {
            (vec![word("so").to_string(), json!({ "error": { "message": "out of memory" } }).to_string()], false)
        }
        Mood::Garbage => (vec!["<html>".into()], false),
    };
    server.open.fetch_add(1, Ordering::SeqCst);
    let opened = Opened(server);
    let events = stream::iter(events).map(|data| Ok::<_, Infallible>(Event::default().data(data)));
    let tail = stream::once(async move {
        if hang {
            pending::<()>().await;
        }
    })
    .filter_map(|()| async { None });
    let all = events.chain(tail).map(move |event| {
        let _ = &opened;
        event
    });
    Sse::new(all).into_response()
}

async fn engine(mood: Mood) -> (Arc<dyn Engine>, Arc<Server>) {
    let (address, server) = serve(mood).await;
    (connect(format!("http://{address}")).await, server)
}

fn config(model: String) -> EngineConfig {
    EngineConfig {
        model,
        key: Some("sesame".into()),
        stall_timeout: Duration::from_millis(300),
        connect_timeout: Duration::from_millis(300),
        ..EngineConfig::default()
    }
}

async fn connect(model: String) -> Arc<dyn Engine> {
    open(&config(model), std::path::Path::new("/nowhere"), Progress::Hidden).await.unwrap()
}

async fn fails(mood: Mood) -> EngineError {
    let (engine, _) = engine(mood).await;
    answer(&*engine, greedy(prompt("Be kind.", "My name is Wilhelmina Quux."), 20)).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_streams_with_the_server_s_own_count() {
    let (engine, server) = engine(Mood::Happy).await;
    let profile = engine.profile();
    assert_eq!((profile.slots, profile.context, profile.can_continue), (4, 2048, false));
    let (text, usage) = answer(&*engine, greedy(prompt("Be kind.", "Hello?"), 20)).await.unwrap();
    assert_eq!(text, "안녕 there");
    assert_eq!((usage.prompt_tokens, usage.cached_tokens, usage.output_tokens), (70, 5, 9));
    assert_eq!(usage.finish, Finish::Length);
    let (key, body) = server.asked.lock().unwrap()[0].clone();
    assert_eq!(key.as_deref(), Some("Bearer sesame"));
    assert_eq!((&body["model"], &body["max_tokens"], &body["stream"]), (&json!("solar"), &json!(20), &json!(true)));
    assert_eq!(body["messages"][1], json!({ "role": "user", "content": "Hello?" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guess_of_tokens_is_corrected() {
    let (engine, _) = engine(Mood::Happy).await;
    let asked = prompt("Be kind.", "Hello?");
    let before = engine.count(&asked);
    for _ in 0..20 {
        answer(&*engine, greedy(asked.clone(), 20)).await.unwrap();
    }
    let after = engine.count(&asked);
    assert!(before < 30 && after > 45 && after <= 71, "{before} before, {after} after, 70 counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_server_gets_only_what_it_knows() {
    let (engine, server) = engine(Mood::Strict).await;
    for _ in 0..2 {
        answer(&*engine, greedy(prompt("Be kind.", "Hello?"), 20)).await.unwrap();
    }
    assert_eq!(server.asked.lock().unwrap().len(), 3, "asked twice once, then known");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_say_why_but_never_what_was_asked() {
    let complaint = json!({ "error": { "message": "context length exceeded" } });
    let error = fails(Mood::Says(400, complaint)).await;
    assert!(matches!(&error, EngineError::Rejected(why) if why.contains("context length exceeded")), "{error}");
    let quoting = json!({ "error": { "message": "bad prompt: My name is Wilhelmina Quux." } });
    let error = fails(Mood::Says(422, quoting)).await;
    assert!(
        matches!(&error, EngineError::Rejected(why) if why.contains("422") && !why.contains("Wilhelmina")),
        "{error}"
    );
    let endless = json!({ "error": { "message": "x".repeat(100_000) } });
    assert!(fails(Mood::Says(400, endless)).await.to_string().len() < 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_pass_is_not_the_request_s_fault() {
    for status in [401, 403, 404, 429, 500, 503] {
        let error = fails(Mood::Says(status, json!({}))).await;
        assert!(matches!(&error, EngineError::Unavailable(why) if why.contains(&status.to_string())), "{error}");
    }
    for mood in [Mood::Cuts, Mood::Breaks, Mood::Garbage] {
        let error = fails(mood.clone()).await;
        assert!(matches!(error, EngineError::Unavailable(_)), "{mood:?}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_is_left() {
    for mood in [Mood::Hangs, Mood::HangsMidway] {
        assert_eq!(fails(mood).await, EngineError::Stalled(Duration::from_millis(300)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_reader_closes_the_connection() {
    let (address, server) = serve(Mood::HangsMidway).await;
    let patient = EngineConfig { stall_timeout: Duration::from_mins(1), ..config(format!("http://{address}/v1/")) };
    let engine = open(&patient, std::path::Path::new("/nowhere"), Progress::Hidden).await.unwrap();
    let mut stream = engine.start(greedy(prompt("Be kind.", "Hello?"), 20)).await.unwrap();
    within(stream.next()).await.unwrap();
    assert_eq!(server.open.load(Ordering::SeqCst), 1);
    drop(stream);
    within(async {
        while server.open.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_answered_at_once() {
    let (engine, _) = engine(Mood::Happy).await;
    let asked = || answer(&*engine, greedy(prompt("Be kind.", "Hello?"), 20));
    let all = tokio::join!(asked(), asked(), asked(), asked());
    assert!([all.0, all.1, all.2, all.3].iter().all(Result::is_ok));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_only_warned_of() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let engine = connect(format!("http://{free}")).await;
    let error = answer(&*engine, greedy(prompt("Be kind.", "Hello?"), 20)).await.unwrap_err();
    assert!(matches!(&error, EngineError::Unavailable(why) if why.contains("no connection")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_refused_at_the_door_stops_the_start() {
    let router = Router::new().fallback(|| async { StatusCode::UNAUTHORIZED });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let opened = open(&config(format!("http://{address}")), std::path::Path::new("/nowhere"), Progress::Hidden).await;
    let error = opened.err().unwrap();
    assert!(matches!(error, OpenError::Setting { .. }) && error.to_string().contains("LOVELM_ENGINE_KEY"), "{error}");
    assert!(!error.to_string().contains("sesame"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_never_continues() {
    let (engine, _) = engine(Mood::Happy).await;
    let cut = Prompt { so_far: "Well".into(), ..prompt("Be kind.", "Hello?") };
    assert!(matches!(engine.start(greedy(cut, 20)).await, Err(EngineError::Rejected(_))));
}
