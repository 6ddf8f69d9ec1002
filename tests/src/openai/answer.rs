//! One request and its answer.

use std::{io, sync::Arc};

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::{Asked, Behaviour, Shared, lock, wire};
use crate::speech::pieces;

type Line = Result<String, io::Error>;

pub(super) async fn models(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if !authorised(&shared, &headers) {
        return wire::refusal(401, None);
    }
    Json(json!({ "object": "list", "data": [{ "id": "scripted", "object": "model" }] })).into_response()
}

pub(super) async fn chat(State(shared): State<Arc<Shared>>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let asked = Asked { body, authorization };
    lock(&shared.asked).push(asked.clone());
    if !authorised(&shared, &headers) {
        return wire::refusal(401, None);
    }
    let behaviour = lock(&shared.planned).pop_front().unwrap_or(Behaviour::Answer);
    match behaviour {
        Behaviour::Refuse(status, retry_after) => wire::refusal(status, retry_after),
        _ if asked.body["stream"] == true => stream(shared, &asked, behaviour),
        Behaviour::Answer => in_one(&shared, &asked),
        _ => wire::refusal(501, None),
    }
}

fn authorised(shared: &Shared, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    shared.key.as_ref().is_none_or(|key| given == Some(&format!("Bearer {key}")))
}

/// An answer and its numbers.
struct Answer {
    model: Value,
    pieces: Vec<String>,
    finish: &'static str,
    usage: Value,
}

impl Answer {
    fn to(asked: &Asked, shared: &Shared) -> Self {
        let mut pieces = pieces(&(shared.script)(asked));
        let most = ["max_completion_tokens", "max_tokens"].iter().find_map(|key| asked.body[*key].as_u64());
        let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        let finish = if pieces.len() > most { "length" } else { "stop" };
        pieces.truncate(most);
        let prompt: usize = asked.body["messages"].as_array().map_or(0, |messages| messages.iter().map(length).sum());
        let usage = wire::usage(prompt, pieces.len());
        Self { model: asked.body["model"].clone(), pieces, finish, usage }
    }
}

fn length(message: &Value) -> usize {
    message["content"].as_str().map_or(0, |text| pieces(text).len())
}

fn in_one(shared: &Shared, asked: &Asked) -> Response {
    let answer = Answer::to(asked, shared);
    Json(wire::whole(&answer.model, &answer.pieces.concat(), answer.finish, &answer.usage)).into_response()
}

fn stream(shared: Arc<Shared>, asked: &Asked, behaviour: Behaviour) -> Response {
    let answer = Answer::to(asked, &shared);
    let with_usage = asked.body["stream_options"]["include_usage"] == true;
    let (sender, lines) = mpsc::channel(1);
    tokio::spawn(async move {
        if speak(&shared, &answer, with_usage, behaviour, &sender).await.is_none() {
            shared.left.send_modify(|left| *left += 1);
        }
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(ReceiverStream::new(lines))).into_response()
}

/// `None` when the client went away.
async fn speak(
    shared: &Shared,
    answer: &Answer,
    with_usage: bool,
    behaviour: Behaviour,
    sender: &mpsc::Sender<Line>,
) -> Option<()> {
    let said = match behaviour {
        Behaviour::Hang => return wait(sender).await,
        Behaviour::Garbage => return say(sender, "data: {\"choices\":\n\n".into()).await,
        Behaviour::Stall(pieces) | Behaviour::Cut(pieces) => pieces,
        Behaviour::Answer | Behaviour::Refuse(..) => usize::MAX,
    };
    say(sender, wire::event(&wire::opening(&answer.model))).await?;
    for piece in answer.pieces.iter().take(said) {
        tokio::select! {
            () = sender.closed() => return None,
            () = tokio::time::sleep(shared.pace) => {}
        }
        say(sender, wire::event(&wire::piece(&answer.model, piece))).await?;
    }
    match behaviour {
        Behaviour::Stall(_) => return wait(sender).await,
        Behaviour::Cut(_) => return sender.send(Err(io::ErrorKind::ConnectionAborted.into())).await.ok(),
        _ => {}
    }
    say(sender, wire::event(&wire::closing(&answer.model, answer.finish))).await?;
    if with_usage {
        say(sender, wire::event(&wire::spent(&answer.model, &answer.usage))).await?;
    }
    say(sender, wire::DONE.into()).await
}

async fn say(sender: &mpsc::Sender<Line>, line: String) -> Option<()> {
    sender.send(Ok(line)).await.ok()
}

async fn wait(sender: &mpsc::Sender<Line>) -> Option<()> {
    sender.closed().await;
    None
}
