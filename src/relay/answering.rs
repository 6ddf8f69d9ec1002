//! One answer in the making on a worker. All of it is kept until its gateway has settled it.

use std::{sync::Arc, time::Duration};

use futures::FutureExt as _;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use super::{
    Worker,
    letter::{Order, Piece},
    slot::Slot,
};
use crate::{
    engine::{Chunk, EngineError, Request, TokenStream, Usage},
    scheduler::Grant,
};

/// After a piece that could not be sent.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a whole answer is kept whose gateway says nothing of it. Its claim may end before.
const KEPT: Duration = Duration::from_mins(2);

pub(super) struct Answering {
    worker: Arc<Worker>,
    grant: Grant,
    stream: String,
    text: String,
    /// Bytes that were sent, and are not to be sent again unless asked for.
    sent: usize,
    end: Option<Result<Usage, EngineError>>,
    end_sent: bool,
}

/// What happened first.
enum Turn {
    Order(Option<Order>),
    Chunk(Result<Chunk, EngineError>),
    Again,
    Forgotten,
}

impl Answering {
    pub fn new(worker: Arc<Worker>, grant: Grant) -> Self {
        let stream = worker.post.pieces(&grant.gateway);
        Self { worker, grant, stream, text: String::new(), sent: 0, end: None, end_sent: false }
    }

    /// Waits for the prompt, and gives its answer as it comes. The slot is free when the engine has ended.
    pub async fn answer(mut self, mut orders: mpsc::Receiver<Order>, slot: Slot) {
        let (worker, fence) = (Arc::clone(&self.worker), self.grant.fence);
        match timeout(worker.prompt_timeout, orders.recv()).await {
            Ok(Some(Order::Answer { request, .. })) => {
                let started = self.start(request, &mut orders).await;
                if let Some(stream) = started {
                    self.go_on(stream, orders, slot).await;
                }
            }
            Ok(_) => {}
            Err(_) => {
                tracing::warn!("a gateway sends no prompt for its call");
                return worker.release(&self.grant).await;
            }
        }
        worker.let_go(fence);
    }

    /// `None` when nobody wants it any more. A fault of the engine is an answer like any other.
    async fn start(&mut self, request: Request, orders: &mut mpsc::Receiver<Order>) -> Option<Option<TokenStream>> {
        let worker = Arc::clone(&self.worker);
        let started = worker.engine.start(request);
        tokio::pin!(started);
        loop {
            tokio::select! {
                started = &mut started => {
                    return Some(started.map_err(|error| self.end = Some(Err(error))).ok());
                }
                order = orders.recv() => match order {
                    Some(Order::Answer { .. }) => {}
                    Some(Order::Stop { .. }) | None => return None,
                }
            }
        }
    }

    async fn go_on(&mut self, mut stream: Option<TokenStream>, mut orders: mpsc::Receiver<Order>, slot: Slot) {
        let mut slot = Some(slot).filter(|_| stream.is_some());
        loop {
            let is_behind = self.is_behind() && self.send().await.is_err();
            match self.turn(&mut stream, &mut orders, is_behind).await {
                Turn::Order(Some(Order::Answer { from, .. })) => {
                    self.sent = self.sent.min(from);
                    self.end_sent = false;
                }
                Turn::Order(Some(Order::Stop { .. }) | None) | Turn::Forgotten => return,
                Turn::Chunk(chunk) => {
                    self.write(chunk);
                    while self.end.is_none()
                        && let Some(chunk) = stream.as_mut().and_then(|stream| stream.next().now_or_never())
                    {
                        self.write(chunk);
                    }
                    if self.end.is_some() {
                        (stream, slot) = (None, None);
                    }
                }
                Turn::Again => {}
            }
            debug_assert_eq!(slot.is_some(), stream.is_some(), "a slot is held while the engine works");
        }
    }

    async fn turn(
        &self,
        stream: &mut Option<TokenStream>,
        orders: &mut mpsc::Receiver<Order>,
        is_behind: bool,
    ) -> Turn {
        let chunk = async {
            match stream {
                Some(stream) => stream.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            order = orders.recv() => Turn::Order(order),
            () = sleep(PAUSE), if is_behind => Turn::Again,
            chunk = chunk => Turn::Chunk(chunk),
            () = sleep(KEPT), if self.end.is_some() => Turn::Forgotten,
        }
    }

    fn write(&mut self, chunk: Result<Chunk, EngineError>) {
        match chunk {
            Ok(Chunk::Text(text)) => self.text.push_str(&text),
            Ok(Chunk::Done(usage)) => {
                self.worker.learn(&usage);
                self.end = Some(Ok(usage));
            }
            Err(error) => self.end = Some(Err(error)),
        }
    }

    fn is_behind(&self) -> bool {
        self.sent < self.text.len() || (self.end.is_some() && !self.end_sent)
    }

    /// Sends all that was not sent, in one piece.
    async fn send(&mut self) -> Result<(), super::RelayError> {
        let text = self.text.get(self.sent..).unwrap_or_default().to_owned();
        let piece = Piece { fence: self.grant.fence, at: self.sent, text, end: self.end.clone() };
        self.worker.post.send(&self.stream, &piece).await.inspect_err(|error| {
            tracing::warn!(%error, "a piece of an answer waits");
        })?;
        self.sent = self.text.len();
        self.end_sent = self.end.is_some();
        Ok(())
    }
}
