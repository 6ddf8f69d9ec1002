//! Takes what connections report and what is to be said, tells every account where to listen and what to say. Owns the state of
//! both; never waits for anybody.

mod guests;

use std::{collections::HashMap, sync::Arc, time::Duration};

use lovelm::{chat::SendError, clock::Clock};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
};

use self::guests::Guests;
use crate::{
    account::Keeper,
    connection::{Report, Signal},
    desk::{Desk, Line, Ticket, Verdict},
    ears::Ears,
    hear::Hearing,
    helix::{Helix, SAYS, Said},
    outbox::Order,
    settings::Settings,
};

/// How long a line by the API may take: its own patience, and a little.
const BY_HELIX: Duration = Duration::from_secs(12);
/// How often cheermotes are asked for again.
const CHEERMOTES_EVERY: Duration = Duration::from_hours(24);
/// How often every account's token is looked at, used or not.
const TOKENS_EVERY: Duration = Duration::from_hours(1);
/// Whispers and questions of our own under way. Beyond, whoever whispers is asked to wait.
const MOST_ASIDES: usize = 256;
/// What the hub looks at when nothing happens.
const IDLE: Duration = Duration::from_mins(10);

/// What a hub is joined from.
pub(crate) struct Parts {
    pub keepers: Vec<Arc<Keeper>>,
    /// A way to each account's connection.
    pub wires: Vec<mpsc::Sender<String>>,
    pub helix: Helix,
    pub hearing: watch::Sender<Arc<Hearing>>,
    pub clock: Arc<dyn Clock>,
    pub reported: mpsc::Receiver<Report>,
    pub ordered: mpsc::Receiver<Order>,
}

/// The loop between connections and whoever speaks.
pub(crate) struct Hub {
    parts: Parts,
    ears: Ears,
    desk: Desk,
    verdicts: HashMap<Ticket, oneshot::Sender<Verdict>>,
    /// Accounts that may say lines by the API.
    by_helix: Vec<bool>,
    said: JoinSet<(Ticket, Line, Said)>,
    /// Whatever goes on beside.
    asides: JoinSet<()>,
    guests: Guests,
    cheermotes: Option<Duration>,
    tokens: Duration,
}

impl Hub {
    pub(crate) fn new(settings: &Settings, parts: Parts) -> Self {
        let (seats, guests) = (parts.keepers.len(), Guests::of(settings));
        let channels = guests.channels();
        if channels.len() > seats * settings.limits.most_channels {
            tracing::warn!("there are more channels than these accounts may hear; some are not heard");
        }
        Self {
            ears: Ears::new(&channels, seats, &settings.limits),
            desk: Desk::new(seats, &settings.limits),
            verdicts: HashMap::new(),
            by_helix: vec![false; seats],
            said: JoinSet::new(),
            asides: JoinSet::new(),
            guests,
            cheermotes: None,
            tokens: parts.clock.elapsed(),
            parts,
        }
    }

    /// Runs until it is dropped.
    pub(crate) async fn run(mut self) {
        let clock = Arc::clone(&self.parts.clock);
        loop {
            let wake = self.turn(clock.elapsed());
            tokio::select! {
                Some(report) = self.parts.reported.recv() => self.report(report, clock.elapsed()),
                Some(order) = self.parts.ordered.recv() => self.order(order, clock.elapsed()),
                Some(Ok((ticket, line, said))) = self.said.join_next() => self.settle(ticket, &line, said, clock.elapsed()),
                Some(_) = self.asides.join_next() => {}
                () = clock.until(wake) => {}
            }
        }
    }

    /// Does everything that can be done now, and says when there is more.
    fn turn(&mut self, now: Duration) -> Duration {
        for (seat, channel) in self.ears.act(now) {
            self.wire(seat, format!("JOIN #{channel}"));
        }
        let verdicts = &self.verdicts;
        self.desk.forget(|ticket| verdicts.get(&ticket).is_none_or(oneshot::Sender::is_closed));
        while let Some((ticket, line)) = self.desk.next(now) {
            self.utter(ticket, line, now);
        }
        for (ticket, verdict) in self.desk.verdicts() {
            if let Some(waiting) = self.verdicts.remove(&ticket) {
                let _ = waiting.send(verdict);
            }
        }
        self.verdicts.retain(|_, waiting| !waiting.is_closed());
        metrics::gauge!("lovelm_twitch_channels_heard").set(u32::try_from(self.ears.open()).unwrap_or(u32::MAX));
        self.ask_cheermotes(now);
        self.look_at_tokens(now);
        let next = [self.ears.next(), self.desk.when(now), Some(now + IDLE)];
        next.into_iter().flatten().min().unwrap_or(now).max(now + Duration::from_millis(1))
    }

    /// Says a line, by the API where this account may and the room is known.
    fn utter(&mut self, ticket: Ticket, line: Line, now: Duration) {
        let room = self.desk.room_id(&line.channel).filter(|_| self.by_helix[line.seat]);
        let Some(room) = room.map(str::to_owned) else { return self.by_irc(ticket, &line) };
        self.desk.allow(ticket, now + BY_HELIX);
        let (helix, keeper) = (self.parts.helix.clone(), Arc::clone(&self.parts.keepers[line.seat]));
        self.said.spawn(async move {
            let said = helix.say(&keeper, &room, line.text.as_str(), line.reply.as_ref()).await;
            (ticket, line, said)
        });
    }

    fn by_irc(&mut self, ticket: Ticket, line: &Line) {
        if !self.wire(line.seat, line.text.privmsg(&line.channel, line.reply.as_ref())) {
            // It never left.
            self.desk.landed(ticket, Err(SendError::Wait(Duration::from_secs(1))));
        }
    }

    fn settle(&mut self, ticket: Ticket, line: &Line, said: Said, now: Duration) {
        match said {
            Said::Shown(id) => self.desk.landed(ticket, Ok(id)),
            Said::Dropped(reason) => {
                self.desk.refused(line.seat, &line.channel, &reason, now);
                // A reason that is not known refuses this text.
                self.desk.landed(ticket, Err(SendError::Refused("dropped".to_owned())));
            }
            Said::InDoubt => self.desk.landed(ticket, Err(SendError::InDoubt)),
            Said::NotHere => {
                self.desk.allow(ticket, now + Duration::from_secs(5));
                self.by_irc(ticket, line);
            }
        }
    }

    fn order(&mut self, order: Order, now: Duration) {
        let Order { line, whisper, verdict } = order;
        let Some(whisper) = whisper else {
            if !self.ears.know(&line.channel) {
                // Sent away meanwhile.
                let _ = verdict.send(Err(SendError::Gone));
                return;
            }
            let ticket = self.desk.push(line, now);
            self.verdicts.insert(ticket, verdict);
            return;
        };
        if self.asides.len() >= MOST_ASIDES {
            let _ = verdict.send(Err(SendError::Wait(Duration::from_secs(1))));
            return;
        }
        let (helix, keeper) = (self.parts.helix.clone(), Arc::clone(&self.parts.keepers[line.seat]));
        self.asides.spawn(async move {
            let done = helix.whisper(&keeper, &whisper, line.text.as_str()).await;
            let _ = verdict.send(done.map(|()| None));
        });
    }

    fn report(&mut self, report: Report, now: Duration) {
        match report {
            Report::Up(seat, pass) => {
                self.by_helix[seat] = pass.identity.is_some_and(|identity| identity.allows(SAYS));
                self.ears.up(seat, now);
                self.desk.connected(seat, true);
            }
            Report::Down(seat) => {
                self.ears.down(seat);
                self.desk.connected(seat, false);
            }
            Report::Signal(seat, signal) => self.signal(seat, signal, now),
        }
    }

    fn signal(&mut self, seat: usize, signal: Signal, now: Duration) {
        match signal {
            Signal::Joined(channel) => self.ears.joined(seat, &channel),
            Signal::Room(channel, mode) => {
                self.ears.joined(seat, &channel);
                let id = mode.id.clone();
                if self.desk.room(&channel, mode) {
                    self.learn_cheermotes(seat, id);
                }
            }
            Signal::Standing { channel, privileged, line } => {
                self.desk.standing(seat, &channel, privileged);
                // Without a line's id it is the echo of a JOIN.
                if line.is_some() {
                    self.desk.shown(seat, &channel, line);
                }
            }
            Signal::Heard { channel, speaker, line } => {
                if let Some(speaks) = self.parts.keepers.iter().position(|keeper| keeper.persona == speaker) {
                    self.desk.shown(speaks, &channel, line);
                }
            }
            Signal::Invited(invitation) => self.invited(seat, invitation, now),
            Signal::Notice { channel, id } => {
                if matches!(id.as_str(), "msg_banned" | "msg_channel_suspended" | "tos_ban" | "msg_room_not_found") {
                    self.ears.barred(seat, &channel, now);
                }
                self.desk.refused(seat, &channel, &id, now);
            }
        }
    }

    /// Whether the line is on its way to the connection.
    fn wire(&self, seat: usize, line: String) -> bool {
        self.parts.wires[seat].try_send(line).is_ok()
    }

    /// The cheermotes that work everywhere, once a day.
    fn ask_cheermotes(&mut self, now: Duration) {
        let due = self.cheermotes.is_none_or(|asked| now >= asked + CHEERMOTES_EVERY);
        if let (true, Some(seat)) = (due, self.by_helix.iter().position(|able| *able)) {
            self.cheermotes = Some(now);
            self.learn_cheermotes(seat, None);
        }
    }

    /// A connection that stands asks for no token: this does.
    fn look_at_tokens(&mut self, now: Duration) {
        if now < self.tokens + TOKENS_EVERY {
            return;
        }
        self.tokens = now;
        for keeper in self.parts.keepers.iter().map(Arc::clone) {
            self.asides.spawn(async move {
                if let Err(trouble) = keeper.pass().await {
                    tracing::error!(persona = %keeper.persona, %trouble, "an account will not be on Twitch for long");
                }
            });
        }
    }

    fn learn_cheermotes(&mut self, seat: usize, room: Option<String>) {
        let (helix, keeper) = (self.parts.helix.clone(), Arc::clone(&self.parts.keepers[seat]));
        let hearing = self.parts.hearing.clone();
        self.asides.spawn(async move {
            let Some(prefixes) = helix.cheermotes(&keeper, room.as_deref()).await else { return };
            hearing.send_modify(|hearing| {
                Arc::make_mut(hearing).cheermotes.extend(prefixes.iter().map(String::as_str));
            });
        });
    }
}
