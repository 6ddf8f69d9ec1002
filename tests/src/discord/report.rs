//! What a bot did that Discord does not allow, or that we do not allow a bot, counted for a test to read.

use std::{collections::BTreeMap, time::Duration};

/// Something that a well-behaved bot never does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Breach {
    /// Two edits of one channel within 1.5 s.
    EditRate,
    /// More than 8 edits of one message.
    TooManyEdits,
    /// A call while Discord had asked to wait.
    InsideRetryAfter,
    /// A message made or changed without saying whom it may ping.
    MentionsMissing,
    /// A message that may ping somebody else than whom it answers.
    MentionsWide,
    /// Something in a text that Discord acts on: a mention, an invite, a masked link.
    LiveText,
    /// More than 2,000 characters.
    TooLong,
    /// A message that answers the same twice, in the same words.
    DoublePost,
    /// An interaction that nobody acknowledged within 3 s.
    MissedAcknowledgement,
    /// An interaction acknowledged twice.
    AcknowledgedTwice,
    /// A kind of acknowledgement that does not belong to the interaction.
    WrongAcknowledgement,
    /// An interaction's token used after its 15 minutes.
    LateToken,
    /// A request that Discord's own document does not allow.
    Shape(String),
    /// A request to an address that does not exist.
    UnknownRoute(String),
    /// A session begun within 5 s of the last.
    IdentifyRate,
    /// A session begun while another could be resumed.
    NeedlessIdentify,
    /// Connected again after a close code that forbids it.
    AfterFatal,
    /// More than 120 payloads in a minute on one connection.
    GatewayRate,
    /// A payload over 4,096 bytes, or one that is none.
    BadPayload,
    /// No heartbeat for three intervals.
    NoHeartbeat,
    /// Intents that no bot of ours has a use for.
    Presences,
}

/// A breach, who committed it and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    pub at: Duration,
    pub bot: String,
    /// A channel, a route or nothing.
    pub place: String,
    pub breach: Breach,
}

/// All that was noticed so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub breaches: Vec<Committed>,
    /// Answers of the simulator itself that the document does not allow.
    pub misshapen: Vec<String>,
    /// Sessions begun, by bot.
    pub identifies: BTreeMap<String, usize>,
    /// Sessions resumed, by bot.
    pub resumes: BTreeMap<String, usize>,
    /// How long each acknowledged interaction waited.
    pub acknowledged: Vec<Duration>,
    /// Interactions that were shown to a bot.
    pub interactions: usize,
    /// Answers by status.
    pub statuses: BTreeMap<u16, usize>,
    /// 401, 403 and 429 within the last 10 minutes.
    pub invalid: usize,
    /// Messages accepted whose answer was lost.
    pub ambiguous: usize,
    /// Messages that an earlier nonce stood for.
    pub recognised: usize,
    /// Events delivered twice.
    pub duplicated: usize,
}

impl Report {
    pub(super) fn breach(&mut self, at: Duration, bot: &str, place: &str, breach: Breach) {
        let (bot, place) = (bot.to_owned(), place.to_owned());
        self.breaches.push(Committed { at, bot, place, breach });
    }

    /// How often each breach was committed.
    pub fn counts(&self) -> BTreeMap<Breach, usize> {
        self.breaches.iter().fold(BTreeMap::new(), |mut counts, committed| {
            *counts.entry(committed.breach.clone()).or_default() += 1;
            counts
        })
    }
}
