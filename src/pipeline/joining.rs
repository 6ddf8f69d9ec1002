//! What joins a call that waits, and who is answered when it begins.

use std::{sync::Arc, time::Duration};

use super::{Part, Pipeline, Rooms, job::Job};
use crate::{
    coalesce::{Asker, Gathered, GatheringId, Scope, Taken, Words},
    limits::Admitted,
    locale::Arg,
    privacy::{Private, Pseudonym},
    routing::Call,
    safety::{self, Crisis, Verdict},
    scheduler::{Claim, Dropped, Pick},
    text,
};

/// The longest part of a name that is said, in characters as people see them.
const LONGEST_NAME: usize = 32;

/// A call as it was said, and what waits until all that it causes is done.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub call: Arc<Call>,
    /// On the fleet's clock: what is taken back from then on is not answered.
    pub heard_at: Duration,
    pub part: Part,
}

/// A call that may go on, or one that may not.
pub(super) type Doors = Result<Private, (Crisis, Box<Call>)>;

impl Pipeline {
    /// The safety and the privacy door. Both read every word of a story: seconds for the longest ones, during which others are to
    /// be heard. `None` when they broke.
    pub(super) async fn doors(&self, call: Call) -> Option<Doors> {
        let rooms = Arc::clone(&self.0);
        let looked = tokio::task::spawn_blocking(move || match safety::look(call) {
            Verdict::Crisis(crisis, call) => Err((crisis, Box::new(call))),
            Verdict::Clear(checked) => Ok(rooms.door().pass(&checked, rooms.manners.language)),
        });
        looked
            .await
            .inspect_err(|error| tracing::error!(%error, "a message was lost at the safety and privacy doors"))
            .ok()
    }

    /// Adds what was said to a call of the same person that waits. Gives whether that is all there is to do: a crisis that
    /// shows in both together is answered here.
    pub(super) async fn follow(&self, said: &Said) -> bool {
        let (rooms, call) = (&self.0, &said.call);
        // What is answered elsewhere is said to nobody else.
        if call.payment.is_some() || call.message.callback.is_some() {
            return false;
        }
        let (message, now) = (&call.message, rooms.clock.elapsed());
        let who = rooms.keyring.pseudonym(message.place.platform, &message.author.user);
        let place = rooms.keyring.place(&message.place);
        let asked = (call.personas.as_slice(), call.question.chars());
        let growing = rooms.coalesce.with(|state, _| state.growing(now, &who, &place, asked));
        let Some(growing) = growing else { return false };
        let joined = joined(growing.said.iter().chain([said]));
        let looked = match joined {
            Some(joined) => tokio::task::spawn_blocking(move || safety::look(joined)).await,
            None => return false,
        };
        match looked {
            Ok(Verdict::Clear(_)) => {
                let words = rooms.words(said);
                let of = [Some(who.clone()), Some(place.clone()), words.message.clone()];
                if rooms.is_forgotten_since(said.heard_at, of) {
                    return true;
                }
                let grown = rooms.coalesce.with(|state, _| state.grow(now, growing.id, &who, words)).is_ok();
                if grown {
                    metrics::counter!("lovelm_joined_total", "reason" => "burst").increment(1);
                }
                grown
            }
            Ok(Verdict::Crisis(crisis, joined)) => {
                self.crisis(crisis, safety::whose(&joined), call).await;
                true
            }
            Err(error) => {
                tracing::error!(%error, "a message was lost at the safety door");
                true
            }
        }
    }

    /// Settles what a call says before it is answered: from here nothing joins it. `None` when it is not to be answered.
    pub(super) async fn begin(&self, mut claim: Claim<Job>) -> Option<Claim<Job>> {
        let rooms = &self.0;
        if claim.job().draft.is_some() {
            return Some(claim);
        }
        let Some(id) = claim.job().gathered.as_ref().map(|gathered| gathered.id()) else { return Some(claim) };
        let begun = rooms.coalesce.with(|state, _| state.begin(id));
        let Some(begun) = begun.filter(|begun| begun.call.call().who == claim.job().call.call().who) else {
            // Taken back at the last moment.
            self.drop_job(claim.settle(Duration::ZERO), Dropped::Cancelled).await;
            return None;
        };
        let job = claim.job_mut();
        job.call = Arc::clone(&begun.call);
        let Some(joined) = begun.reworded.as_deref().and_then(joined) else { return Some(claim) };
        rooms.note_first_of(&begun.messages, &joined);
        match self.doors(joined).await? {
            Ok(mut call) => {
                let asked = begun.call.call();
                (call.personas, call.kind) = (asked.personas.clone(), asked.kind);
                claim.job_mut().call = Arc::new(begun.call.reworded(call));
                Some(claim)
            }
            // What was left when a message was taken back says what all of it did not.
            Err((crisis, joined)) => {
                let job = claim.settle(Duration::ZERO);
                if job.sheet.spoil() {
                    self.crisis(crisis, safety::whose(&joined), &joined).await;
                }
                rooms.end(job).await;
                None
            }
        }
    }

    /// Lines an answer up again for the next of those who asked the same. It keeps the time that it waited.
    pub(super) async fn hand_on(&self, job: Job, to: Arc<Admitted>) {
        let person = self.0.person(&to.call().who).await;
        let mut job = job.handed_on(to, self.0.clock.elapsed());
        job.language = person.language.unwrap_or(job.language);
        job.tag = self.0.tag(job.call.call(), &person, job.language, job.asked_at).await;
        if let Err((job, turned)) = self.enqueue(job, person.is_fan).await {
            self.turn_away(&job, turned, false).await;
            self.0.end(job).await;
        }
    }

    /// A message is gone: its words are no more asked. Gives whether a call that can be joined held them.
    pub(super) async fn take_back(&self, message: &Pseudonym) -> bool {
        let rooms = &self.0;
        match rooms.coalesce.with(|state, _| state.take_back(message)) {
            Taken::Unknown => return false,
            Taken::Less => {}
            Taken::Left(Asker { call, .. }) => {
                let call = call.call();
                let speaker = call.personas.first().unwrap_or(&rooms.manners.host);
                rooms.tell(&call.address, speaker, call.language, "cancelled", &[]).await;
            }
            Taken::First(id, asker) => rooms.cancel_of(id, asker.who()).await,
        }
        true
    }

    /// A crisis takes along what its writer asked a moment before in the same place: no persona chats on about it.
    pub(super) async fn take_along(&self, who: &Pseudonym, place: &Pseudonym) {
        let rooms = &self.0;
        let first = rooms.coalesce.with(|state, _| state.take_person(who, Scope::WaitingAt(place), true));
        for id in first {
            rooms.cancel_of(id, who).await;
        }
    }
}

impl Rooms {
    /// A call of its own that others may join. What was paid for is not, nor what is answered elsewhere than in its place.
    pub(super) fn gather(&self, call: &Arc<Admitted>, words: Words<Said>) -> Option<Arc<Gathered<Said>>> {
        if call.call().payment.is_some() || call.call().address.callback.is_some() {
            return None;
        }
        let id = self.coalesce.with(|state, now| state.open(now, Arc::clone(call), words))?;
        Some(self.coalesce.hold(id))
    }

    /// What somebody said, as it waits in a call that can be joined.
    pub(super) fn words(&self, said: &Said) -> Words<Said> {
        let message = &said.call.message;
        Words {
            message: message.id.as_ref().map(|id| self.keyring.message(&message.place, id)),
            chars: said.call.question.chars(),
            said: said.clone(),
        }
    }

    /// Who is to be answered instead of a job's asker, who asks no more. Nothing joins the call after this.
    pub(super) fn next_asker(&self, job: &Job) -> Option<Arc<Admitted>> {
        let id = job.gathered.as_ref()?.id();
        self.coalesce.with(|state, _| state.next(id, &job.call.call().who))
    }

    /// Whether this person is still the one to be answered.
    pub(super) fn is_wanted(&self, gathered: &Gathered<Said>, who: &Pseudonym) -> bool {
        let first = self.coalesce.with(|state, _| state.first(gathered.id()));
        first.is_some_and(|first| first.call().who == *who)
    }

    /// Whether others wait for the same answer.
    pub(super) fn is_shared(&self, job: &Job) -> bool {
        job.gathered.as_ref().is_some_and(|gathered| self.coalesce.with(|state, _| state.is_shared(gathered.id())))
    }

    /// Those besides the asker of a job for whom its answer is too.
    pub(super) fn served_with(&self, job: &Job) -> Vec<Arc<Admitted>> {
        let Some(gathered) = &job.gathered else { return Vec::new() };
        self.coalesce.with(|state, _| state.besides(gathered.id(), &job.call.call().who))
    }

    /// Whether the asker of a job is to be told that nothing comes: once, whatever number of personas was asked.
    pub(super) fn tells_end(&self, job: &Job) -> bool {
        let Some(gathered) = &job.gathered else { return true };
        self.coalesce.with(|state, _| state.tells_end(gathered.id(), &job.call.call().who))
    }

    /// Says, once, that what was just said is said to all who asked the same.
    pub(super) async fn tell_others(&self, job: &Job) {
        // Nobody is named beside the card of a crisis.
        let Some(gathered) = job.gathered.as_ref().filter(|_| !job.sheet.is_spoilt()) else { return };
        let others = self.coalesce.with(|state, _| state.others(gathered.id(), &job.call.call().who));
        if others.is_empty() {
            return;
        }
        let names: Vec<_> = others
            .iter()
            .filter_map(|call| safety::sayable(&call.call().address.name))
            .map(|name| text::truncate_graphemes(name, LONGEST_NAME))
            .take(self.manners.coalesce.most_named)
            .collect();
        let to = &job.call.call().address;
        let count = Arg::from(others.len());
        if names.is_empty() {
            return self.tell(to, &job.persona, job.language, "same-question-count", &[("count", count)]).await;
        }
        let args = [("names", Arg::from(names.join(", "))), ("others", Arg::from(others.len() - names.len()))];
        self.tell(to, &job.persona, job.language, "same-question", &args).await;
    }

    /// Cancels what waits or runs of a call for somebody who asks no more.
    async fn cancel_of(&self, id: GatheringId, who: &Pseudonym) {
        for (ticket, asker) in self.lines.get(&id).unwrap_or_default() {
            if asker == *who {
                self.scheduler.cancel(Pick::Ticket(ticket)).await;
            }
        }
    }

    /// What is kept of an answer is kept under the first message: whoever deletes a later one means it too.
    fn note_first_of(&self, messages: &[Pseudonym], joined: &Call) {
        let message = &joined.message;
        let Some(first) = message.id.as_ref().map(|id| self.keyring.messages(&message.place, id)) else { return };
        for later in messages.iter().skip(1) {
            self.first_of.note(later.clone(), |known| known.clone_from(&first));
        }
    }
}

/// All that somebody said, as one call.
fn joined<'a>(said: impl IntoIterator<Item = &'a Said>) -> Option<Call> {
    let mut said = said.into_iter().map(|said| said.call.as_ref());
    let first = said.next()?.clone();
    Some(first.joined(&said.collect::<Vec<_>>()))
}
