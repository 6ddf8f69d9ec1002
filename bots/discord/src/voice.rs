//! Takes a post and a way, brings it there: created, changed, in the place of what was promised, or behind it. Knows nothing of turns.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use lovelm::{
    chat::{Callback, Lane, Language, MessageId, Offer, Outgoing, PersonaId, Post, Posted, SendError},
    clock::Clock,
    config::DiscordLimits,
    locale::Locale,
};
use serde::Deserialize;
use serenity::model::id::UserId;

use crate::{
    account::Account,
    api::{Body, Call, Failed},
    buttons::Buttons,
    callbacks::Callbacks,
    desk::Desk,
    way::{Route, Way, Ways},
};

/// Discord as a way out. Each persona speaks with its own account; one without an account speaks with the first.
pub(crate) struct Voice {
    pub(crate) accounts: Vec<Arc<Account>>,
    pub(crate) personas: Vec<PersonaId>,
    /// The application of each account, once it is known.
    pub(crate) applications: Vec<AtomicU64>,
    pub(crate) limits: DiscordLimits,
    pub(crate) buttons: Buttons,
    pub(crate) locale: Arc<Locale>,
    pub(crate) language: Language,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) desk: Mutex<Desk>,
    pub(crate) ways: Mutex<Ways>,
    pub(crate) callbacks: Mutex<Callbacks>,
    /// Counts lines that have no key of their own.
    pub(crate) lines: AtomicU64,
}

#[derive(Deserialize)]
struct Created {
    id: String,
}

/// What a voice is made of.
pub(crate) struct Parts {
    pub accounts: Vec<Arc<Account>>,
    pub limits: DiscordLimits,
    pub buttons: Buttons,
    pub locale: Arc<Locale>,
    pub language: Language,
    pub clock: Arc<dyn Clock>,
}

impl Voice {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { accounts, limits, buttons, locale, language, clock } = parts;
        Self {
            personas: accounts.iter().map(|account| account.persona.clone()).collect(),
            applications: accounts.iter().map(|_| AtomicU64::new(0)).collect(),
            desk: Mutex::new(Desk::new(limits.edit_every)),
            ways: Mutex::default(),
            callbacks: Mutex::default(),
            lines: AtomicU64::new(clock.wall().timestamp_micros().unsigned_abs()),
            accounts,
            limits,
            buttons,
            locale,
            language,
            clock,
        }
    }

    /// An account's application is known.
    pub(crate) fn introduce(&self, seat: usize, application: u64) {
        self.applications[seat].store(application, Ordering::Release);
    }

    /// A button was pressed whose message stays as it is.
    pub(crate) fn keep_as_it_is(&self, token: &str) {
        lock(&self.callbacks).close(token);
    }

    /// The account that was asked answers beside others.
    pub(crate) fn keep_promised(&self, token: &str) {
        lock(&self.callbacks).keep(token);
    }

    pub(crate) async fn say(&self, post: &Post, nonce: String) -> Result<Posted, SendError> {
        let mut way = Way::of(post, &self.personas, self.clock.wall())?;
        let id = match self.go(post, &mut way, &nonce).await {
            Err(SendError::Gone) => {
                way = way.around(&self.personas, self.clock.wall()).ok_or(SendError::Gone)?;
                self.go(post, &mut way, &nonce).await?
            }
            done => done?,
        };
        self.forgo(&way).await;
        let offer = post.text.offer();
        way.is_done = is_end(offer);
        if offer != Offer::Nothing || post.lane == Lane::Answer {
            lock(&self.ways).note(&id, way);
        }
        Ok(Posted { place: post.to.place.clone(), speaker: post.speaker.clone(), id: MessageId::new(id) })
    }

    async fn go(&self, post: &Post, way: &mut Way, nonce: &str) -> Result<String, SendError> {
        match way.callback().cloned() {
            Some(callback) => self.answer(&callback, post, way, nonce).await,
            None => self.create(post, way, nonce).await,
        }
    }

    async fn create(&self, post: &Post, way: &Way, nonce: &str) -> Result<String, SendError> {
        let Route::Channel { channel, mention } = way.route else { return Err(SendError::Gone) };
        let asked = post.to.message.as_ref().filter(|_| mention.is_none());
        let answers = post.follows.as_ref().or(asked).and_then(|message| message.as_str().parse().ok());
        let body = self.body(&post.text, way).answering(answers, post.follows.is_none()).once(nonce.to_owned());
        let reply = self.account(way).api.call_surely(&Call::create(channel, &body)).await?;
        Ok(reply.read::<Created>()?.id)
    }

    /// In the place that was promised, or behind what stands there. A notice behind an answer is for the asker alone.
    async fn answer(&self, callback: &Callback, post: &Post, way: &mut Way, key: &str) -> Result<String, SendError> {
        let (api, application, token) = (&self.account(way).api, self.application(way), callback.token.as_str());
        let body = self.body(&post.text, way);
        if lock(&self.callbacks).is_doubted(token, key) {
            return Err(SendError::InDoubt);
        }
        if lock(&self.callbacks).claim(token) {
            let done = api.call_surely(&Call::edit_original(application, token, &body)).await;
            // What may stand there is the same again.
            if matches!(done, Err(Failed::Wait(_) | Failed::Unreached | Failed::Unsure)) {
                lock(&self.callbacks).release(token);
            }
            return Ok(done?.read::<Created>()?.id);
        }
        way.route = Route::Following(callback.clone());
        let hidden = callback.private || post.lane == Lane::Notice;
        let done = api.call(&Call::follow_up(application, token, &body.hidden(hidden))).await;
        if matches!(done, Err(Failed::Unsure)) {
            lock(&self.callbacks).doubt(token, key);
        }
        Ok(done?.read::<Created>()?.id)
    }

    /// What was promised by one account and came from another is promised no longer.
    async fn forgo(&self, way: &Way) {
        let Some(callback) = way.to.callback.as_ref().filter(|_| way.callback().is_none()) else { return };
        let seat = self.personas.iter().position(|persona| *persona == callback.persona);
        let Some(seat) = seat.filter(|seat| *seat != way.seat) else { return };
        if lock(&self.callbacks).dismiss(callback.token.as_str()) {
            self.delete_original(seat, callback).await;
        }
    }

    pub(crate) async fn delete_original(&self, seat: usize, callback: &Callback) {
        let application = self.applications[seat].load(Ordering::Acquire);
        if application > 0 && self.clock.wall() < callback.until {
            let call = Call::delete_original(application, callback.token.as_str());
            let _ = self.accounts[seat].api.call_surely(&call).await;
        }
    }

    pub(crate) async fn change(&self, way: &Way, id: &str, body: &Body) -> Result<(), SendError> {
        let message: u64 = id.parse().map_err(|_| SendError::Gone)?;
        let (api, application) = (&self.account(way).api, self.application(way));
        let channel = way.to.place.channel.as_str().parse().unwrap_or(0);
        match &way.route {
            Route::Channel { channel, .. } => api.call(&Call::edit(*channel, message, body)).await?,
            // What everybody sees is a message like others, once its callback is over.
            Route::Promised(callback) | Route::Following(callback)
                if channel > 0 && !callback.private && self.clock.wall() >= callback.until =>
            {
                api.call(&Call::edit(channel, message, body)).await?
            }
            Route::Promised(callback) => {
                api.call(&Call::edit_original(application, callback.token.as_str(), body)).await?
            }
            Route::Following(callback) => {
                api.call(&Call::edit_follow_up(application, callback.token.as_str(), message, body)).await?
            }
        };
        Ok(())
    }

    /// A line as it is shown on its way.
    pub(crate) fn body(&self, text: &Outgoing, way: &Way) -> Body {
        let mention = match way.route {
            Route::Channel { mention, .. } => mention.filter(|user| *user > 0),
            _ => None,
        };
        let named = self.account(way).persona != way.speaker;
        let head = match mention {
            _ if named => format!("**{}** ", self.buttons.face(&way.speaker)),
            Some(user) => format!("<@{user}> "),
            None => String::new(),
        };
        let rows = self.buttons.rows(text.offer(), &way.speaker, &way.to);
        Body::new(head + text.as_str(), rows).mentioning(mention.filter(|_| !named).map(UserId::new))
    }

    pub(crate) fn account(&self, way: &Way) -> &Account {
        &self.accounts[way.seat]
    }

    pub(crate) fn application(&self, way: &Way) -> u64 {
        // An id is never nothing; before it is known nothing was asked by a callback.
        self.applications[way.seat].load(Ordering::Acquire).max(1)
    }

    /// A way to a line that was forgotten: its channel.
    pub(crate) fn way_back(&self, posted: &Posted) -> Result<Way, SendError> {
        let known = lock(&self.ways).get(posted.id.as_str());
        let to = lovelm::chat::Address {
            place: posted.place.clone(),
            user: lovelm::chat::UserId::new(""),
            name: lovelm::chat::RawText::default(),
            message: None,
            callback: None,
        };
        let channel = posted.place.channel.as_str().parse().map_err(|_| SendError::Gone);
        known.map_or_else(
            || {
                let seat = self.personas.iter().position(|persona| *persona == posted.speaker).unwrap_or(0);
                let route = Route::Channel { channel: channel?, mention: None };
                Ok(Way { seat, route, speaker: posted.speaker.clone(), to, is_done: false })
            },
            Ok,
        )
    }
}

/// Whether what is offered stands at the end of an answer.
pub(crate) fn is_end(offer: Offer) -> bool {
    matches!(offer, Offer::Again | Offer::Faces)
}

/// Holds nothing between waits.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Voice").field("personas", &self.personas).finish_non_exhaustive()
    }
}
