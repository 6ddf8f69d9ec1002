//! Takes one request, gives the server's answer as it comes. Dropping the reader closes the connection.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use eventsource_stream::Eventsource as _;
use futures::{Stream, StreamExt as _};
use lovelm::{
    clock::Clock as _,
    engine::{Chunk, EngineError, Finish, Request, Usage},
};
use reqwest::{Response, StatusCode};
use tokio::{sync::mpsc, time::timeout};

use super::{
    Shared,
    wire::{self, Completion},
};
use crate::error::one_line;

type Out = mpsc::Sender<Result<Chunk, EngineError>>;

/// What of a server's complaint is passed on, in characters.
const COMPLAINT: usize = 200;
/// This many characters in a row from the prompt are a quotation.
const QUOTATION: usize = 10;

pub async fn drive(shared: Arc<Shared>, request: Request, out: Out) {
    let outcome = tokio::select! {
        () = out.closed() => return,
        outcome = answer(&shared, &request, &out) => outcome,
    };
    let _ = out.send(outcome.map(Chunk::Done)).await;
}

async fn answer(shared: &Shared, request: &Request, out: &Out) -> Result<Usage, EngineError> {
    let begun = shared.clock.elapsed();
    let response = post(shared, request).await?;
    let mut answer = Answer { shared, begun, first: None, last: begun, chunks: 0, finish: None, usage: None };
    answer.read(response.bytes_stream().eventsource(), out).await?;
    if let Some(usage) = answer.usage {
        shared.estimate.learn(&request.prompt, usage.prompt_tokens);
    }
    Ok(answer.usage(request))
}

/// Sends the request; once more without what a strict server does not know.
async fn post(shared: &Shared, request: &Request) -> Result<Response, EngineError> {
    let strict = shared.is_strict();
    let response = send(shared, request, strict).await?;
    if response.status() != StatusCode::BAD_REQUEST || strict {
        return accepted(response, request).await;
    }
    let plain = send(shared, request, true).await?;
    if plain.status().is_success() {
        shared.strict.store(true, Ordering::Relaxed);
    }
    accepted(plain, request).await
}

async fn send(shared: &Shared, request: &Request, strict: bool) -> Result<Response, EngineError> {
    let body = Completion::new(&shared.model, request, strict);
    let sent = timeout(shared.stall, shared.client.post(shared.completions.clone()).json(&body).send()).await;
    match sent {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(unavailable(&error)),
        Err(_) => Err(EngineError::Stalled(shared.stall)),
    }
}

async fn accepted(response: Response, request: &Request) -> Result<Response, EngineError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let complaint = match timeout(Duration::from_secs(5), response.text()).await {
        Ok(Ok(body)) => complaint(&body, request),
        _ => String::new(),
    };
    Err(match status {
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
            EngineError::Rejected(format!("the server says {status}{complaint}"))
        }
        // Not the request's fault: it may be tried again when the operator has seen to it.
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            EngineError::Unavailable(format!("the server refuses the key in LOVELM_ENGINE_KEY ({status})"))
        }
        _ => EngineError::Unavailable(format!("the server says {status}{complaint}")),
    })
}

/// The server's own words, if they do not quote the prompt: errors are logged, prompts are not.
fn complaint(body: &str, request: &Request) -> String {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(body) else { return String::new() };
    let words = ["/error/message", "/message", "/detail", "/error"];
    let Some(words) = words.iter().find_map(|at| json.pointer(at).and_then(serde_json::Value::as_str)) else {
        return String::new();
    };
    let words: Vec<char> = words.chars().take(COMPLAINT).collect();
    let quotes = words
        .windows(QUOTATION)
        .map(String::from_iter)
        .any(|part| request.prompt.messages.iter().any(|turn| turn.text.contains(&part)));
    if quotes { String::new() } else { format!(": {}", one_line(String::from_iter(words))) }
}

fn unavailable(error: &reqwest::Error) -> EngineError {
    EngineError::Unavailable(if error.is_connect() {
        "no connection to the server".into()
    } else {
        "the connection to the server broke".into()
    })
}

struct Answer<'s> {
    shared: &'s Shared,
    begun: Duration,
    first: Option<Duration>,
    last: Duration,
    chunks: usize,
    finish: Option<Finish>,
    usage: Option<wire::Usage>,
}

impl Answer<'_> {
    /// Reads to the end mark. The count of tokens comes after the reason to finish, where it comes at all.
    async fn read<S, E>(&mut self, events: S, out: &Out) -> Result<(), EngineError>
    where
        S: Stream<Item = Result<eventsource_stream::Event, E>>,
    {
        let cut = || EngineError::Unavailable("the server cut its answer off".into());
        let mut events = std::pin::pin!(events);
        loop {
            let next = timeout(self.shared.stall, events.next()).await;
            match next.map_err(|_| EngineError::Stalled(self.shared.stall))? {
                Some(Ok(event)) if event.data.trim() == "[DONE]" => break,
                Some(Ok(event)) => self.event(&event.data, out).await?,
                Some(Err(_)) if self.finish.is_none() => return Err(cut()),
                Some(Err(_)) | None => break,
            }
        }
        if self.finish.is_some() { Ok(()) } else { Err(cut()) }
    }

    async fn event(&mut self, data: &str, out: &Out) -> Result<(), EngineError> {
        let strange = |_| EngineError::Unavailable("the server sent something else than the OpenAI API".into());
        let event: wire::Event = serde_json::from_str(data).map_err(strange)?;
        if event.error.is_some() {
            return Err(EngineError::Unavailable("the server reports an error in the middle of its answer".into()));
        }
        self.usage = event.usage.or(self.usage);
        let Some(choice) = event.choices.into_iter().next() else { return Ok(()) };
        if let Some(text) = choice.delta.content.filter(|text| !text.is_empty()) {
            self.chunks += 1;
            self.last = self.shared.clock.elapsed();
            self.first.get_or_insert(self.last);
            // A reader that is gone is noticed in `drive`.
            let _ = out.send(Ok(Chunk::Text(text))).await;
        }
        self.finish =
            choice.finish_reason.map(|why| if why == "length" { Finish::Length } else { Finish::Stop }).or(self.finish);
        Ok(())
    }

    fn usage(&self, request: &Request) -> Usage {
        let first = self.first.unwrap_or(self.last);
        let told = self.usage;
        Usage {
            prompt_tokens: told
                .map_or_else(|| self.shared.estimate.tokens(&request.prompt), |usage| usage.prompt_tokens),
            cached_tokens: told
                .and_then(|usage| usage.prompt_tokens_details)
                .and_then(|d| d.cached_tokens)
                .unwrap_or(0),
            output_tokens: told.map_or(self.chunks, |usage| usage.completion_tokens),
            first_token: first.saturating_sub(self.begun),
            decode: self.last.saturating_sub(first),
            finish: self.finish.unwrap_or(Finish::Stop),
        }
    }
}
