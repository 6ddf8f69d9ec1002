//! What moderators may do in their place: silence, a pause, a skip. Lost with a restart, like the line itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Pipeline, REMEMBERED, Rooms, job::Job, lately::Lately, rights::Caller, tell::mark};
use crate::{
    chat::{Lane, Message, Moderation},
    locale::Arg,
    privacy::{Private, Pseudonym},
    scheduler::{Class, Pick, TicketId},
};

/// What moderators want in their places, and what is being answered there.
#[derive(Debug)]
pub(super) struct Floor {
    wishes: Lately<Pseudonym, Wish>,
    answering: Arc<Mutex<Vec<UnderWay>>>,
}

#[derive(Debug)]
struct UnderWay {
    ticket: TicketId,
    place: Pseudonym,
    is_skipped: bool,
}

/// How much is said in a place. A crisis is answered in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wish {
    #[default]
    Open,
    /// Answers, and nothing else.
    Quiet,
    /// Nothing.
    Paused,
}

/// An answer is being written while this lives.
pub(super) struct Answering {
    ticket: TicketId,
    answering: Arc<Mutex<Vec<UnderWay>>>,
}

impl Default for Floor {
    fn default() -> Self {
        Self { wishes: Lately::new(REMEMBERED), answering: Arc::default() }
    }
}

impl Floor {
    pub(super) fn is_paused(&self, place: &Pseudonym) -> bool {
        self.wish(place) == Wish::Paused
    }

    /// Whether nothing but answers is said.
    pub(super) fn is_hushed(&self, place: &Pseudonym) -> bool {
        self.wish(place) != Wish::Open
    }

    pub(super) fn begin(&self, ticket: TicketId, place: Pseudonym) -> Answering {
        lock(&self.answering).push(UnderWay { ticket, place, is_skipped: false });
        Answering { ticket, answering: Arc::clone(&self.answering) }
    }

    fn wish(&self, place: &Pseudonym) -> Wish {
        self.wishes.get(place).unwrap_or_default()
    }

    fn set(&self, place: Pseudonym, wish: Wish) {
        self.wishes.note(place, |known| *known = wish);
    }

    /// Marks what is being answered in a place as not wanted by anybody there.
    fn skip(&self, place: &Pseudonym) -> Vec<TicketId> {
        let mut answering = lock(&self.answering);
        let here = answering.iter_mut().filter(|one| one.place == *place);
        here.map(|one| {
            one.is_skipped = true;
            one.ticket
        })
        .collect()
    }
}

impl Answering {
    /// Whether a moderator stopped it, for all who wait for it.
    pub(super) fn is_skipped(&self) -> bool {
        lock(&self.answering).iter().any(|one| one.ticket == self.ticket && one.is_skipped)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        lock(&self.answering).retain(|one| one.ticket != self.ticket);
    }
}

fn lock(answering: &Mutex<Vec<UnderWay>>) -> MutexGuard<'_, Vec<UnderWay>> {
    answering.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pipeline {
    /// Does what a moderator wants, and says so. From anybody else it is not heard.
    pub(super) async fn moderate(&self, message: &Message, wish: Moderation) {
        let rooms = &self.0;
        if !message.author.standing.moderator || !rooms.is_new(message) {
            return;
        }
        let caller = self.caller(message).await;
        let place = rooms.keyring.place(&caller.to.place);
        let said = match wish {
            Moderation::Pause => rooms.wish(&caller, place, Wish::Paused),
            Moderation::Quiet => rooms.wish(&caller, place, Wish::Quiet),
            Moderation::Resume => rooms.wish(&caller, place, Wish::Open),
            Moderation::Skip => {
                let mut stopped = 0;
                for ticket in rooms.floor.skip(&place) {
                    stopped += rooms.scheduler.cancel(Pick::Ticket(ticket)).await;
                }
                rooms.locale.say(caller.language, "mod-skipped", &[("count", Arg::from(stopped))])
            }
            Moderation::Status => {
                let line = rooms.scheduler.line().await;
                let args = [
                    ("state", Arg::from(rooms.floor.wish(&place).as_str())),
                    ("count", Arg::from(line.waiting.iter().sum::<usize>())),
                    ("running", Arg::from(line.running)),
                ];
                rooms.locale.say(caller.language, "mod-status", &args)
            }
        };
        // Not as a notice: those are what may be hushed.
        rooms.say(&caller.to, &caller.speaker, &said, Lane::Answer).await;
    }
}

impl Rooms {
    fn wish(&self, caller: &Caller, place: Pseudonym, wish: Wish) -> String {
        self.floor.set(place, wish);
        let args = [("state", Arg::from(wish.as_str())), ("mark", mark(caller.to.place.platform))];
        self.locale.say(caller.language, "mod-changed", &args)
    }

    /// A call in a place that is paused: nothing is said to it, unless it was paid for.
    pub(super) async fn turn_from_pause(&self, call: &Private) {
        metrics::counter!("lovelm_refused_total", "class" => Class::of(call).as_str(), "reason" => "paused")
            .increment(1);
        if call.is_paid() {
            let speaker = call.personas.first().unwrap_or(&self.manners.host);
            let language = self.person(&call.who).await.language.unwrap_or(call.language);
            let sentence = self.locale.say(language, "paused-paid", &[]);
            self.say(&call.address, speaker, &sentence, Lane::Answer).await;
        }
    }

    /// A call that waited when its place was paused.
    pub(super) async fn drop_paused(&self, mut job: Job) {
        if let Some(draft) = job.draft.take() {
            // What was shown before the cut stays.
            draft.cancel().await;
        }
        metrics::counter!("lovelm_dropped_total", "class" => job.class.as_str(), "reason" => "paused").increment(1);
        // Nothing joins what is about to end.
        let _ = self.next_asker(&job);
        if job.is_paid() {
            let sentence = self.locale.say(job.language, "paused-paid", &[]);
            self.last_line(&job, &sentence, Lane::Answer).await;
        }
        self.close_paid(&job).await;
        self.end(job).await;
    }
}

impl Wish {
    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Quiet => "quiet",
            Self::Paused => "paused",
        }
    }
}
