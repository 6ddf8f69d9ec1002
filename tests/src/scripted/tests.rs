use lovelm::engine::{Sampling, Turn};

use super::*;

fn request(question: &str, max_tokens: usize) -> Request {
    let turn = |role, text: &str| Turn { role, text: text.into() };
    let messages = vec![turn(Role::System, "Be kind."), turn(Role::User, question)];
    Request { prompt: Prompt { messages, so_far: String::new() }, max_tokens, sampling: Sampling::default() }
}

async fn read(mut stream: TokenStream) -> (String, Result<Usage, EngineError>) {
    let mut text = String::new();
    loop {
        match stream.next().await {
            Ok(Chunk::Text(piece)) => text.push_str(&piece),
            Ok(Chunk::Done(usage)) => return (text, Ok(usage)),
            Err(error) => return (text, Err(error)),
        }
    }
}

/// Waits until something is so; the test's runner is the limit.
async fn until(so: impl Fn() -> bool) {
    while !so() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn it_repeats_the_question_and_counts() {
    let engine = ScriptedEngine::default();
    let (text, usage) = read(engine.start(request("그가 답장을 안 해요", 100)).await.expect("taken")).await;
    assert_eq!(text, "I hear you: 그가 답장을 안 해요");
    let usage = usage.expect("an end");
    assert_eq!((usage.finish, usage.output_tokens), (Finish::Stop, pieces(&text).len()));
    assert_eq!(usage.prompt_tokens, engine.count(&engine.requests()[0].prompt));
    assert_eq!((engine.running(), engine.cancelled(), engine.most_running()), (0, 0, 1));
}

#[tokio::test]
async fn it_stops_at_the_longest_answer_and_continues_behind_it() {
    let engine = ScriptedEngine::default();
    let mut request = request("so it goes", 4);
    let (begun, usage) = read(engine.start(request.clone()).await.expect("taken")).await;
    assert_eq!(usage.expect("an end").finish, Finish::Length);
    request.prompt.so_far.clone_from(&begun);
    request.max_tokens = 100;
    let (rest, _) = read(engine.start(request).await.expect("taken")).await;
    assert_eq!(begun + &rest, "I hear you: so it goes");
}

#[tokio::test]
async fn it_can_be_held_stepped_and_left() {
    let engine = ScriptedEngine::default().with_slots(2);
    engine.hold();
    let mut first = engine.start(request("one", 100)).await.expect("taken");
    let second = engine.start(request("two", 100)).await.expect("taken");
    until(|| engine.most_running() == 2).await;
    drop(second);
    until(|| engine.cancelled() == 1).await;
    engine.step(1);
    assert_eq!(first.next().await, Ok(Chunk::Text("I ".into())));
    assert_eq!(engine.running(), 1);
    engine.release();
    assert_eq!(read(first).await.0, "hear you: one");
}

#[tokio::test]
async fn faults_come_in_order_and_once() {
    let engine = ScriptedEngine::default();
    let down = EngineError::Unavailable("down".into());
    engine.fault(Fault::Refuse(down.clone()));
    engine.fault(Fault::Break(2, down.clone()));
    assert_eq!(engine.start(request("a", 9)).await.expect_err("refused"), down);
    assert_eq!(read(engine.start(request("a", 9)).await.expect("taken")).await, ("I hear".into(), Err(down)));
    assert!(read(engine.start(request("a", 9)).await.expect("taken")).await.1.is_ok());
    assert_eq!(engine.requests().len(), 3);
}
