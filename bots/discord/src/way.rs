//! Takes a post, gives by which way it goes out. Knows nothing of what became of it.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};
use lovelm::chat::{Address, Callback, PersonaId, Post, SendError};

/// Lines whose way is remembered while they may change. The oldest is forgotten first: it is then found in its channel.
const REMEMBERED: usize = 4_096;

/// By which way a line went, and whom it is for.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// The account that speaks.
    pub seat: usize,
    pub route: Route,
    pub speaker: PersonaId,
    pub to: Address,
    /// Whether it is an answer that is as it will be.
    pub is_done: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// A message in the channel. It says whom it is for, where it answers none.
    Channel { channel: u64, mention: Option<u64> },
    /// In the place that was promised.
    Promised(Callback),
    /// Behind what stands there.
    Following(Callback),
}

impl Way {
    /// The way of a post. `seats` are the personas that have accounts.
    pub(crate) fn of(post: &Post, seats: &[PersonaId], now: DateTime<Utc>) -> Result<Self, SendError> {
        let seat_of = |persona: &PersonaId| seats.iter().position(|seat| seat == persona);
        let own = seat_of(&post.speaker);
        let open = post.to.callback.as_ref().filter(|callback| now < callback.until);
        let by_callback = open.and_then(|callback| {
            let seat = seat_of(&callback.persona)?;
            (callback.private || own.is_none_or(|own| own == seat)).then(|| (seat, callback.clone()))
        });
        let (seat, route) = match by_callback {
            Some((seat, callback)) => (seat, Route::Promised(callback)),
            // Nobody else may see it.
            None if post.to.is_private() => return Err(SendError::Gone),
            None => (own.unwrap_or(0), channel(&post.to)?),
        };
        Ok(Self { seat, route, speaker: post.speaker.clone(), to: post.to.clone(), is_done: false })
    }

    /// The way through the account that was asked, where the speaker's own may not write.
    pub(crate) fn around(&self, seats: &[PersonaId], now: DateTime<Utc>) -> Option<Self> {
        let callback =
            self.to.callback.as_ref().filter(|callback| now < callback.until && self.callback().is_none())?;
        let seat = seats.iter().position(|seat| *seat == callback.persona)?;
        Some(Self { seat, route: Route::Promised(callback.clone()), ..self.clone() })
    }

    /// The callback by which it goes, if by one.
    pub(crate) fn callback(&self) -> Option<&Callback> {
        match &self.route {
            Route::Promised(callback) | Route::Following(callback) => Some(callback),
            Route::Channel { .. } => None,
        }
    }
}

fn channel(to: &Address) -> Result<Route, SendError> {
    let channel = to.place.channel.as_str().parse().ok().filter(|id| *id > 0).ok_or(SendError::Gone)?;
    // The name that an interaction goes by is no message that could be answered.
    let mention = to.callback.is_some().then(|| to.user.as_str().parse().ok()).flatten();
    Ok(Route::Channel { channel, mention })
}

/// The ways of lines that may still change, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    known: HashMap<String, Way>,
    order: VecDeque<String>,
}

impl Ways {
    pub(crate) fn note(&mut self, id: &str, way: Way) {
        if self.known.insert(id.to_owned(), way).is_none() {
            self.order.push_back(id.to_owned());
        }
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }

    /// The line is as it will be.
    pub(crate) fn done(&mut self, id: &str) {
        if let Some(way) = self.known.get_mut(id) {
            way.is_done = true;
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<Way> {
        self.known.get(id).cloned()
    }

    pub(crate) fn forget(&mut self, id: &str) -> Option<Way> {
        let way = self.known.remove(id)?;
        self.order.retain(|known| known != id);
        Some(way)
    }
}
