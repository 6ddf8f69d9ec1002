//! Takes posts, gives what became of them. Knows nothing of the gateway.

use std::{sync::atomic::Ordering, time::Duration};

use async_trait::async_trait;
use lovelm::{
    chat::{Alert, Callback, Edits, Manner, Outbox, Outgoing, Place, Platform, Post, Posted, SendError},
    locale::Arg,
};

use crate::{
    api::{Body, Call},
    voice::{Voice, is_end, lock},
    way::Route,
};

/// What a line may have besides its words: its asker's mention, or the name of a persona that has no account.
const HEAD: usize = 64;
/// Characters of a nonce: Discord's own rule.
const LONGEST_NONCE: usize = 25;

/// A change that is being made. Whatever becomes of it, the next may come after it.
struct UnderWay<'a> {
    voice: &'a Voice,
    seat: usize,
    channel: &'a str,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        lock(&self.voice.desk).done(self.seat, self.channel, self.voice.clock.elapsed());
    }
}

#[async_trait]
impl Outbox for Voice {
    fn manner(&self) -> Manner {
        let edits = Edits { every: self.limits.edit_every, most: self.limits.edits };
        Manner { max_chars: self.limits.message - HEAD, max_lines: self.limits.lines, edits: Some(edits) }
    }

    fn is_parallel(&self) -> bool {
        true
    }

    fn remembers(&self) -> Duration {
        self.limits.remembers
    }

    async fn send(&self, post: &Post) -> Result<Posted, SendError> {
        let line = self.lines.fetch_add(1, Ordering::Relaxed);
        self.say(post, format!("l{line}")).await
    }

    async fn send_once(&self, post: &Post, key: &str) -> Result<Posted, SendError> {
        self.say(post, key.chars().take(LONGEST_NONCE).collect()).await
    }

    async fn edit(&self, posted: &Posted, text: &Outgoing) -> Result<(), SendError> {
        let (way, id) = (self.way_back(posted)?, posted.id.as_str());
        let turn = lock(&self.desk).turn(way.seat, posted.place.channel.as_str(), id, self.clock.elapsed());
        if let Some(wait) = turn {
            return Err(SendError::Wait(wait));
        }
        let _under_way = UnderWay { voice: self, seat: way.seat, channel: posted.place.channel.as_str() };
        if way.callback().is_some_and(|callback| callback.private && self.clock.wall() >= callback.until) {
            return Err(SendError::Gone);
        }
        let body = self.body(text, &way);
        match self.change(&way, id, &body).await {
            // A change that was made twice is the same: it takes a turn again.
            Err(SendError::InDoubt) => return Err(SendError::Wait(self.limits.edit_every)),
            done => done?,
        }
        if is_end(text.offer()) {
            lock(&self.ways).done(id);
        }
        Ok(())
    }

    async fn withdraw(&self, posted: &Posted) {
        let (Ok(way), Ok(message)) = (self.way_back(posted), posted.id.as_str().parse()) else { return };
        let (api, application) = (&self.account(&way).api, self.application(&way));
        let call = match &way.route {
            Route::Channel { channel, .. } => Call::delete(*channel, message),
            Route::Promised(callback) => Call::delete_original(application, callback.token.as_str()),
            Route::Following(callback) => Call::delete_follow_up(application, callback.token.as_str(), message),
        };
        if api.call_patiently(&call).await.is_err() {
            tracing::warn!("a line that stood for an answer could not be taken back");
        }
        lock(&self.ways).forget(posted.id.as_str());
    }

    async fn dismiss(&self, callback: &Callback) {
        let seat = self.personas.iter().position(|persona| *persona == callback.persona);
        if let Some(seat) = seat.filter(|_| lock(&self.callbacks).claim(callback.token.as_str())) {
            self.delete_original(seat, callback).await;
        }
    }

    async fn settled(&self, posted: &Posted) {
        let Some(way) = lock(&self.ways).forget(posted.id.as_str()) else { return };
        let Some(message) = way.to.message.as_ref().filter(|_| way.is_done) else { return };
        let (account, application) = (self.account(&way), self.application(&way));
        let Some(entitlement) = account.patrons(|patrons| patrons.redeem(message.as_str())) else { return };
        if account.api.call_patiently(&Call::consume(application, entitlement)).await.is_err() {
            tracing::error!("an answer that was paid for could not be marked as given");
        }
    }

    async fn whisper(&self, post: &Post) -> Result<(), SendError> {
        self.send(post).await.map(drop)
    }

    async fn alert(&self, alert: &Alert) -> Result<(), SendError> {
        let Some(to) = &alert.to else {
            tracing::warn!(class = alert.class, "somebody on Discord may need help: moderators, look at the channel");
            return Ok(());
        };
        let channel = to.channel.as_str().parse().ok().filter(|id: &u64| *id > 0).ok_or(SendError::Gone)?;
        let args = [("class", Arg::from(alert.class)), ("place", Arg::from(shown(&alert.place)))];
        let body = Body::new(self.locale.say(self.language, "discord-alert", &args), Vec::new());
        let nonce = format!("a{}", self.lines.fetch_add(1, Ordering::Relaxed));
        self.accounts[0].api.call_surely(&Call::create(channel, &body.once(nonce))).await?;
        Ok(())
    }
}

/// A place as moderators can go there: only here a channel is live.
fn shown(place: &Place) -> String {
    match place.platform {
        Platform::Discord => format!("<#{}>", place.channel.as_str()),
        platform => format!("{platform} {}", place.channel.as_str()),
    }
}
