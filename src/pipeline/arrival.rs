//! From the ear to the line, a door at a time.

use std::{sync::Arc, time::Duration};

use tracing::{Instrument as _, Span};

use super::{
    Part, Pipeline, Receipt, Rooms,
    announce::Row,
    job::{Job, Sheet},
    joining::Said,
    pending::Heard,
};
use crate::{
    chat::{Callback, ChatEvent, Language, Message, Payment, PersonaId, Platform},
    coalesce::Gathered,
    limits::{Admitted, Reason, Refusal},
    locale::Arg,
    privacy::Private,
    routing::{self, Call, Home, PlainLines},
    safety,
    scheduler::{Class, NewCall, Pick, Placed, Turned},
    store::{Deed, FanDeed},
    telemetry,
};

impl Pipeline {
    /// Hears an event, and brings what it calls for to the line. The receipt says when all of it is done.
    pub async fn hear(&self, event: ChatEvent) -> Receipt {
        let (part, _uncertain, mut receipt) = Receipt::hearing();
        let callback = callback(&event);
        // Boxed: the path is long, and so is what it keeps between its waits.
        Box::pin(self.walk(event, part)).await;
        if let Some((platform, callback)) = callback.filter(|_| receipt.is_over())
            && let Some(outbox) = self.0.outbox(platform)
        {
            // Whoever was heard in silence waits for nothing.
            outbox.dismiss(&callback).await;
        }
        receipt
    }

    async fn walk(&self, event: ChatEvent, part: Part) {
        self.0.floor.read.get_or_init(|| self.0.read_wanted()).await;
        match event {
            ChatEvent::Said(message) => {
                let span = telemetry::heard(message.place.platform);
                self.said(message, None, part).instrument(span).await;
            }
            ChatEvent::Paid(message, payment) => {
                let span = telemetry::heard(message.place.platform);
                Box::pin(self.paid(message, payment, part)).instrument(span).await;
            }
            ChatEvent::Command(invocation) => {
                let span = telemetry::heard(invocation.message.place.platform);
                Box::pin(self.command(invocation, part)).instrument(span).await;
            }
            ChatEvent::Raided { message, viewers } => {
                let span = telemetry::heard(message.place.platform);
                self.raided(&message, viewers).instrument(span).await;
            }
            ChatEvent::Deleted(deletion) => self.deleted(deletion).await,
            ChatEvent::Edited(message) => {
                let span = telemetry::heard(message.place.platform);
                self.edited(message, part).instrument(span).await;
            }
        }
    }

    /// A line of chat: silence, unless it calls a persona.
    pub(super) async fn said(&self, message: Message, payment: Option<Payment>, part: Part) {
        let home = self.home(&message);
        if let Some(call) = routing::route(message, payment, &self.0.cast().names, &home) {
            Box::pin(self.enter(call, part, self.0.clock.elapsed())).await;
        }
    }

    /// Whether a line of chat calls a persona: whoever shares a chat with others need not ask about the rest.
    #[must_use]
    pub fn calls(&self, message: &Message) -> bool {
        routing::route(message.clone(), None, &self.0.cast().names, &self.home(message)).is_some()
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

    /// Every event once; what goes on with a call that waits joins it, the rest passes the safety and the privacy door.
    pub(super) async fn enter(&self, call: Call, part: Part, heard_at: Duration) {
        let rooms = &self.0;
        telemetry::routed(&Span::current(), call.kind.as_str(), &call.personas);
        if !rooms.is_new(&call.message) {
            return;
        }
        rooms.note_name(&call.message);
        rooms.bring_over(call.message.place.platform, &call.message.author.user).await;
        let said = Said { call: Arc::new(call), heard_at, part };
        // Boxed: what follows keeps much between its waits.
        if Box::pin(self.follow(&said)).await {
            return;
        }
        match self.doors(Call::clone(&said.call)).await {
            Some(Ok(call)) => Box::pin(self.admit(call, said)).await,
            Some(Err((crisis, call))) => self.crisis(crisis, safety::whose(&call), &call).await,
            None => {}
        }
    }

    /// Greetings, limits, and the same question of somebody else.
    async fn admit(&self, call: Private, said: Said) {
        let (rooms, asked_at) = (&self.0, said.heard_at);
        if let Some(hearing) = rooms.unheard(&call) {
            return rooms.turn_unheard(&call, hearing).await;
        }
        let is_raid = rooms.is_raid(&call);
        // From here to where others can join it nothing waits. What was paid for is ended in the line.
        if call.payment.is_none() && rooms.is_forgotten(&call, asked_at) {
            return;
        }
        if call.story.as_str().is_empty() {
            return self.greet(&call).await;
        }
        if let Err(refusal) = rooms.within_rule(&call) {
            return self.refuse(&call, refusal).await;
        }
        let same = rooms.coalesce.with(|state, _| state.same(&call));
        if is_raid && same.is_none() {
            return rooms.hold_copy(&call).await;
        }
        let admitted = if same.is_some() { rooms.limits.admit_joining(call) } else { rooms.limits.admit(call) };
        let (mut call, mut words) = match admitted {
            Ok(admitted) => (Arc::new(admitted), rooms.words(&said)),
            Err(refused) => return self.refuse(&refused.call, refused.refusal).await,
        };
        if let Some(id) = same {
            match rooms.coalesce.with(|state, _| state.join(id, call, words)) {
                Ok(()) => return metrics::counter!("lovelm_joined_total", "reason" => "same_question").increment(1),
                Err(back) => (call, words) = back,
            }
        }
        let gathered = rooms.gather(&call, words);
        self.line_up(call, gathered, asked_at, said.part).await;
    }

    /// Somebody called and said nothing else.
    async fn greet(&self, call: &Private) {
        let rooms = &self.0;
        if call.payment.is_none() {
            let from = (call.address.place.platform, call.standing);
            if let Err(refusal) = rooms.limits.admit_command(&call.who, &call.place, from) {
                return self.refuse(call, refusal).await;
            }
        }
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
    async fn line_up(
        &self,
        call: Arc<Admitted>,
        gathered: Option<Arc<Gathered<Said>>>,
        asked_at: Duration,
        part: Part,
    ) {
        let (uncertain, span) = (part.uncertain(), Span::current());
        let heard = Heard { call, gathered, asked_at, part, uncertain, span };
        if heard.call.call().is_paid() {
            return self.commit(heard).await;
        }
        let personas = heard.call.call().personas.iter().map(|persona| (persona.clone(), None)).collect();
        Box::pin(self.stand(heard, personas)).await;
    }

    /// A place in line for these personas, with their rows where the call was paid for.
    pub(super) async fn stand(&self, heard: Heard, personas: Vec<(PersonaId, Option<Arc<Row>>)>) {
        let rooms = &self.0;
        let Heard { call, gathered, asked_at, part, uncertain, span } = heard;
        drop(uncertain);
        let person = rooms.note_age(call.call(), rooms.person(&call.call().who).await).await;
        let language = person.language.unwrap_or(call.call().language);
        let (sheet, mut before, mut jobs) = (Sheet::new(), None, Vec::new());
        for (persona, row) in personas {
            let mut job = Job::new(Arc::clone(&call), persona, Arc::clone(&sheet), span.clone(), part.clone());
            (job.language, job.asked_at, job.row, job.age) = (language, asked_at, row, person.age());
            job.gathered.clone_from(&gathered);
            let (turn, done) = Receipt::new();
            (job.turn, job.before) = (Some(turn), before.replace(done));
            jobs.push(job);
        }
        let Some(first) = jobs.first().map(|job| job.persona.clone()) else { return };
        for job in jobs.iter_mut().filter(|job| !rooms.turns_away(job)) {
            rooms.open_early(job);
        }
        jobs[0].tag = rooms.tag(call.call(), &person, language, asked_at).await;
        let (away, jobs): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| rooms.turns_away(job));
        let mut taken = Vec::new();
        for job in jobs {
            taken.push(self.enqueue(job, person.is_fan).await);
        }
        // Behind that: a thank-you may wait for its platform, and nobody is to go before whoever paid meanwhile.
        if let Some(payment) = call.call().payment {
            rooms.thank(&call.call().address, &first, payment, language).await;
            let deed = FanDeed { persona: first, deed: Deed::Supported };
            rooms.count_support(&call.call().belonging(deed)).await;
        }
        let mut refused = false;
        for job in away {
            rooms.let_go(job).await;
        }
        for (index, taken) in taken.into_iter().enumerate() {
            match taken {
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
        job.class = call.class;
        if job.number == 0 {
            job.number = rooms.floor.number(&job.call.call().place);
        }
        let gathered = job.gathered.clone();
        let (asker, persona, asked_at) = (Arc::clone(&job.call), job.persona.clone(), job.asked_at);
        if asker.call().personas.first() == Some(&persona) {
            telemetry::classified(&job.span, call.class.as_str());
        }
        let labels =
            [("class", call.class.as_str().to_owned()), ("platform", asker.call().address.place.platform.to_string())];
        let placed = rooms.scheduler.enqueue(call, job).await?;
        metrics::counter!("lovelm_accepted_total", &labels).increment(1);
        rooms.measure_line().await;
        rooms.awaited.note(placed.ticket, |awaited| *awaited = Some(persona));
        // It may have been taken back while it was on its way.
        let wanted = if let Some(gathered) = gathered {
            let who = asker.call().who.clone();
            rooms.lines.note(gathered.id(), |tickets| tickets.push((placed.ticket, who)));
            rooms.is_wanted(&gathered, &asker.call().who)
        } else {
            if let Some(message) = rooms.message_of(&asker.call().address) {
                rooms.tickets.note(message, |tickets| tickets.push(placed.ticket));
            }
            !rooms.is_forgotten(asker.call(), asked_at)
        };
        if !wanted {
            rooms.scheduler.cancel(Pick::Ticket(placed.ticket)).await;
        }
        Ok(placed)
    }

    /// Says why there is no place in line, and to all who joined meanwhile. Whoever paid is told in any case: their call ends
    /// here.
    pub(super) async fn turn_away(&self, job: &Job, turned: Turned, told: bool) {
        let rooms = &self.0;
        // Nothing joins what is about to end; whoever asked the same until now is told with it.
        let _ = rooms.next_asker(job);
        let (class, reason) = (job.class.as_str(), turned.as_str());
        metrics::counter!("lovelm_refused_total", "class" => class, "reason" => reason).increment(1);
        let to = &job.call.call().address;
        if job.is_paid() {
            // A shutdown keeps the row: the next start answers it.
            if turned == Turned::Closed {
                return rooms.tell(to, &job.persona, job.language, "stopping-paid", &[]).await;
            }
            rooms.last_sentence(job, "expired-paid").await;
            return rooms.close_paid(job).await;
        }
        let call = job.call.call();
        let waits_for_a_word = call.address.callback.is_some();
        if told || !(waits_for_a_word || rooms.limits.tells(&call.who, &call.place, reason)) {
            return rooms.tell_others(job).await;
        }
        let (key, wait) = match turned {
            Turned::Full => ("refused-line-full", None),
            Turned::TooLong => ("refused-too-long", None),
            Turned::EnoughWaiting => ("refused-enough-waiting", None),
            Turned::JustHadYourTurn { retry_after } => ("refused-just-had-turn", Some(retry_after)),
            Turned::ManyNewcomers { retry_after } => ("refused-newcomers", Some(retry_after)),
            Turned::Closed => ("refused-stopping", None),
            Turned::Away => ("engine-trouble", None),
        };
        let args: Vec<_> = wait.map(|wait| ("wait", wait.into())).into_iter().collect();
        rooms.tell(to, &job.persona, job.language, key, &args).await;
        rooms.tell_others(job).await;
    }

    /// Says why not, once.
    async fn refuse(&self, call: &Private, refusal: Refusal) {
        let (class, reason) = (Class::of(call).as_str(), refusal.reason.as_str());
        metrics::counter!("lovelm_refused_total", "class" => class, "reason" => reason).increment(1);
        if !refusal.tell && call.address.callback.is_none() {
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
}

/// Where whoever caused an event waits for a word.
fn callback(event: &ChatEvent) -> Option<(Platform, Callback)> {
    let message = match event {
        ChatEvent::Said(message) | ChatEvent::Paid(message, _) => message,
        ChatEvent::Command(invocation) => &invocation.message,
        ChatEvent::Raided { .. } | ChatEvent::Deleted(_) | ChatEvent::Edited(_) => return None,
    };
    Some((message.place.platform, message.callback.clone()?))
}

impl Rooms {
    /// Whether this event was not heard before: platforms deliver some twice.
    pub(super) fn is_new(&self, message: &Message) -> bool {
        self.seen.note(self.keyring.event(message.place.platform, &message.event), |()| {})
    }

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
        // Both count from when it was first heard, in whichever line that was.
        new.waited = job.waited + self.clock.elapsed().saturating_sub(job.asked_at);
        let deadline = self.manners.deadlines.on(job.call.call().address.place.platform);
        new.deadline = deadline.map(|deadline| deadline.saturating_sub(new.waited));
        new
    }
}
