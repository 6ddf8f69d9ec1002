//! From the ear to the line, a door at a time.

use std::{sync::Arc, time::Duration};

use tracing::{Instrument as _, Span};

use super::{
    Part, Pipeline, Receipt, Rooms,
    job::{Job, Sheet},
};
use crate::{
    chat::{ChatEvent, Deletion, Language, Message, Payment, Platform},
    limits::{Admitted, Reason, Refusal},
    locale::Arg,
    privacy::Private,
    routing::{self, Call, Home, PlainLines},
    safety::{self, Verdict},
    scheduler::{Class, NewCall, Pick, Placed, Turned},
    store::{Deed, FanDeed},
    telemetry,
};

impl Pipeline {
    /// Hears an event, and brings what it calls for to the line. The receipt says when all of it is done.
    pub async fn hear(&self, event: ChatEvent) -> Receipt {
        let (part, receipt) = Receipt::new();
        // Boxed: the path is long, and so is what it keeps between its waits.
        Box::pin(self.walk(event, part)).await;
        receipt
    }

    async fn walk(&self, event: ChatEvent, part: Part) {
        match event {
            ChatEvent::Said(message) => {
                let span = telemetry::heard(message.place.platform);
                self.said(message, None, part).instrument(span).await;
            }
            ChatEvent::Paid(message, payment) => {
                let span = telemetry::heard(message.place.platform);
                self.paid(message, payment, part).instrument(span).await;
            }
            ChatEvent::Command(invocation) => {
                let span = telemetry::heard(invocation.message.place.platform);
                self.command(invocation, part).instrument(span).await;
            }
            ChatEvent::Deleted(deletion) => self.deleted(deletion).await,
        }
    }

    /// A line of chat: silence, unless it calls a persona.
    pub(super) async fn said(&self, message: Message, payment: Option<Payment>, part: Part) {
        let home = self.home(&message);
        if let Some(call) = routing::route(message, payment, self.roster(), &home) {
            self.enter(call, part).await;
        }
    }

    /// How calls are read where this message was written. The console answers every line.
    pub(super) fn home(&self, message: &Message) -> Home {
        let rooms = &self.0;
        let host = rooms.manners.host.clone();
        let plain = match message.place.platform {
            Platform::Console => {
                let who = rooms.keyring.pseudonym(message.place.platform, &message.author.user);
                let chosen = rooms.chosen.get(&(rooms.keyring.place(&message.place), who)).flatten();
                PlainLines::Answered(chosen.unwrap_or_else(|| host.clone()))
            }
            _ => PlainLines::Ignored,
        };
        Home { host, plain, name_calls: true }
    }

    /// The safety and the privacy door.
    pub(super) async fn enter(&self, call: Call, part: Part) {
        telemetry::routed(&Span::current(), call.kind.as_str(), &call.personas);
        // Both doors read every word of a story: seconds for the longest ones, during which others are to be heard.
        let rooms = Arc::clone(&self.0);
        let looked = tokio::task::spawn_blocking(move || match safety::look(call) {
            Verdict::Crisis(crisis, call) => Err((crisis, Box::new(call))),
            Verdict::Clear(checked) => Ok(rooms.door.pass(&checked, rooms.manners.language)),
        });
        match looked.await {
            // Boxed: what follows keeps much between its waits.
            Ok(Ok(call)) => Box::pin(self.admit(call, part)).await,
            Ok(Err((crisis, call))) => self.crisis(crisis, &call).await,
            Err(error) => tracing::error!(%error, "a message was lost at the safety and privacy doors"),
        }
    }

    /// Duplicates, greetings and limits.
    async fn admit(&self, call: Private, part: Part) {
        let rooms = &self.0;
        if !rooms.seen.note(call.event.clone(), |()| {}) {
            return;
        }
        let asked_at = rooms.clock.elapsed();
        if call.story.as_str().is_empty() {
            return self.greet(&call).await;
        }
        match rooms.limits.admit(call) {
            Ok(admitted) => self.line_up(Arc::new(admitted), asked_at, part).await,
            Err(refused) => self.refuse(&refused.call, refused.refusal).await,
        }
    }

    /// Somebody called and said nothing else.
    async fn greet(&self, call: &Private) {
        let rooms = &self.0;
        let speaker = call.personas.first().unwrap_or(&rooms.manners.host);
        let language = rooms.person(&call.who).await.language.unwrap_or(call.language);
        if let Some(payment) = call.payment {
            let deed = FanDeed { persona: speaker.clone(), deed: Deed::Supported };
            rooms.count_support(&call.belonging(deed)).await;
            rooms.thank(&call.address, speaker, payment, language).await;
        }
        rooms.tell(&call.address, speaker, language, "empty-question", &[]).await;
    }

    /// A place in line for every persona that is called. What was paid for is committed before anything is said.
    async fn line_up(&self, call: Arc<Admitted>, asked_at: Duration, part: Part) {
        let rooms = &self.0;
        let person = rooms.person(&call.call().who).await;
        let language = person.language.unwrap_or(call.call().language);
        let (sheet, mut before, mut jobs) = (Sheet::new(), None, Vec::new());
        for persona in call.call().personas.iter().cloned() {
            let mut job = Job::new(Arc::clone(&call), persona, Arc::clone(&sheet), Span::current(), part.clone());
            (job.language, job.asked_at) = (language, asked_at);
            if job.is_paid() && !self.accept(&mut job).await {
                continue;
            }
            let (turn, done) = Receipt::new();
            (job.turn, job.before) = (Some(turn), before.replace(done));
            jobs.push(job);
        }
        let Some(first) = jobs.first() else { return };
        rooms.introduce(call.call(), &person, language).await;
        if let Some(payment) = call.call().payment {
            let deed = FanDeed { persona: first.persona.clone(), deed: Deed::Supported };
            rooms.count_support(&call.call().belonging(deed)).await;
            rooms.thank(&call.call().address, &first.persona, payment, language).await;
        }
        let mut refused = false;
        for (index, job) in jobs.into_iter().enumerate() {
            match self.enqueue(job, person.is_fan).await {
                // One place is enough for all personas of a call, and so is one refusal.
                Ok(placed) if index == 0 => rooms.tell_place(&call, language, &placed).await,
                Ok(_) => {}
                Err((job, turned)) => {
                    self.turn_away(&job, turned, refused).await;
                    refused = true;
                    rooms.end(job).await;
                }
            }
        }
        rooms.close_sheet(call.call(), sheet, asked_at).await;
    }

    /// Puts one job into the line, and remembers by what it can be found there.
    pub(super) async fn enqueue(&self, mut job: Job, is_fan: bool) -> Result<Placed, (Job, Turned)> {
        let rooms = &self.0;
        let call = rooms.new_call(&mut job, is_fan);
        let (asker, persona, asked_at) = (Arc::clone(&job.call), job.persona.clone(), job.asked_at);
        if asker.call().personas.first() == Some(&persona) {
            telemetry::classified(&job.span, call.class.as_str());
        }
        let placed = rooms.scheduler.enqueue(call, job).await?;
        rooms.awaited.note(placed.ticket, |awaited| *awaited = Some(persona));
        let to = &asker.call().address;
        if let Some(message) = rooms.message_of(to) {
            rooms.tickets.note(message, |tickets| tickets.push(placed.ticket));
        }
        if rooms.is_forgotten(asker.call(), asked_at) {
            rooms.scheduler.cancel(Pick::Ticket(placed.ticket)).await;
        }
        Ok(placed)
    }

    /// Says why there is no place in line. Whoever paid is told in any case: their call ends here.
    pub(super) async fn turn_away(&self, job: &Job, turned: Turned, told: bool) {
        let rooms = &self.0;
        let to = &job.call.call().address;
        if job.is_paid() {
            // A shutdown keeps the row: the next start answers it.
            let stopping = turned == Turned::Closed;
            if !stopping {
                rooms.close_paid(job).await;
            }
            let key = if stopping { "stopping-paid" } else { "expired-paid" };
            return rooms.tell(to, &job.persona, job.language, key, &[]).await;
        }
        if told {
            return;
        }
        let (key, wait) = match turned {
            Turned::Full => ("refused-line-full", None),
            Turned::TooLong => ("refused-too-long", None),
            Turned::EnoughWaiting => ("refused-enough-waiting", None),
            Turned::JustHadYourTurn { retry_after } => ("refused-just-had-turn", Some(retry_after)),
            Turned::ManyNewcomers { retry_after } => ("refused-newcomers", Some(retry_after)),
            Turned::Closed => ("refused-stopping", None),
        };
        let args: Vec<_> = wait.map(|wait| ("wait", wait.into())).into_iter().collect();
        rooms.tell(to, &job.persona, job.language, key, &args).await;
    }

    /// Says why not, once.
    async fn refuse(&self, call: &Private, refusal: Refusal) {
        if !refusal.tell {
            return;
        }
        let rooms = &self.0;
        let speaker = call.personas.first().unwrap_or(&rooms.manners.host);
        let language = rooms.person(&call.who).await.language.unwrap_or(call.language);
        let name = ("persona", Arg::from(rooms.name(speaker, language)));
        let (key, args) = match refusal.reason {
            Reason::PersonTooFast { retry_after } => ("refused-too-fast", vec![("wait", retry_after.into())]),
            Reason::ChannelBusy { retry_after } => ("refused-place-busy", vec![("wait", retry_after.into())]),
            Reason::PersonaBusy { retry_after } => ("refused-persona-busy", vec![name, ("wait", retry_after.into())]),
            Reason::DailyCap { .. } => ("refused-daily-cap", Vec::new()),
        };
        rooms.tell(&call.address, speaker, language, key, &args).await;
    }

    /// What is deleted on the platform is dropped from the line and from what is kept.
    async fn deleted(&self, deletion: Deletion) {
        let rooms = &self.0;
        let result = match deletion {
            Deletion::Message { place, message } => {
                rooms.forget_later(rooms.keyring.message(&place, &message));
                let tickets = rooms.tickets.get(&rooms.keyring.message(&place, &message)).unwrap_or_default();
                for ticket in tickets {
                    rooms.scheduler.cancel(Pick::Ticket(ticket)).await;
                }
                rooms.store.forget_message(&rooms.keyring.messages(&place, &message)).await
            }
            Deletion::Person { place, user } => {
                let (who, at) = (rooms.keyring.pseudonym(place.platform, &user), rooms.keyring.place(&place));
                rooms.forget_later(who.clone());
                rooms.scheduler.cancel(Pick::PersonAt { person: (&who).into(), place: (&at).into() }).await;
                let places = rooms.keyring.places(&place);
                rooms.store.forget_in_place(&places, &rooms.keyring.pseudonyms(place.platform, &user)).await
            }
            Deletion::Everything { place } => {
                let at = rooms.keyring.place(&place);
                rooms.forget_later(at.clone());
                rooms.scheduler.cancel(Pick::Place((&at).into())).await;
                rooms.store.forget_place(&rooms.keyring.places(&place)).await
            }
        };
        if let Err(error) = result {
            tracing::error!(%error, "what was deleted on a platform is still kept; the sweep takes it within a day");
        }
    }
}

impl Rooms {
    /// Tells a place in line when the wait is long.
    async fn tell_place(&self, call: &Admitted, language: Language, placed: &Placed) {
        let call = call.call();
        if placed.expected_wait <= self.manners.tell_after {
            return;
        }
        let speaker = call.personas.first().unwrap_or(&self.manners.host);
        let args = [("ahead", placed.ahead.into()), ("wait", placed.expected_wait.into())];
        self.tell(&call.address, speaker, language, "line-place", &args).await;
    }

    /// What the scheduler is asked for.
    fn new_call(&self, job: &mut Job, is_fan: bool) -> NewCall {
        let (whole, resume) = self.estimate(job);
        job.estimate = whole;
        let mut new = NewCall::of(&job.call, whole);
        new.resume = self.engine.profile().can_continue.then_some(resume);
        if is_fan && new.class == Class::Free {
            new.class = Class::Fan;
        }
        new.deadline = self.manners.deadlines.on(job.call.call().address.place.platform);
        new
    }
}
