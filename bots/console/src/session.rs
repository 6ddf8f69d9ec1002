//! Takes a typed line, gives what it means. Pure. Knows nothing of who answers.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, Utc};
use lovelm::chat::{
    ChannelId, ChatEvent, Command, CommandError, EventId, Invocation, Message, MessageId, Payment, PaymentKind, Place,
    Platform, RawText, Roster, Standing, UserId,
};

/// Viewers whose standing is remembered.
const MOST_VIEWERS: usize = 1000;
const LONGEST_NAME: usize = 40;
const MOST_BITS: u64 = 1_000_000;

/// What a line means.
pub(crate) enum Step {
    Hear(Box<ChatEvent>),
    Say(Sentence),
    Quit,
    Nothing,
}

/// A sentence of ours: its key in the locale files and its variables.
pub(crate) type Sentence = (&'static str, Vec<(&'static str, String)>);

/// Who is speaking, and how they stand.
pub struct Session {
    roster: Roster,
    /// Makes the ids of this run's events differ from every other's.
    run: String,
    events: u64,
    viewer: String,
    standings: HashMap<String, Standing>,
}

impl Session {
    /// `run` differs from one run to the next; `viewer` speaks until `/as` says otherwise.
    #[must_use]
    pub fn new(run: impl Into<String>, viewer: impl Into<String>, roster: Roster) -> Self {
        Self { roster, run: run.into(), events: 0, viewer: viewer.into(), standings: HashMap::new() }
    }

    pub(crate) fn speak_as(&mut self, viewer: &str) {
        viewer.clone_into(&mut self.viewer);
    }

    pub(crate) fn read(&mut self, line: &str, at: DateTime<Utc>) -> Step {
        let line = line.trim();
        if line.is_empty() {
            return Step::Nothing;
        }
        let Some(command) = line.strip_prefix('/') else {
            return Step::Hear(Box::new(ChatEvent::Said(self.message(line, at))));
        };
        let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        match name.to_lowercase().as_str() {
            "quit" | "exit" => Step::Quit,
            "help" => Step::Say(("console-help", vec![])),
            "as" => self.change_viewer(rest.trim()),
            "bits" => self.pay(rest.trim(), at),
            "sub" => self.stand("console-supporter", |standing| &mut standing.supporter),
            "mod" if rest.trim().is_empty() => self.stand("console-moderator", |standing| &mut standing.moderator),
            _ => self.command(command, rest.trim(), at),
        }
    }

    fn command(&mut self, line: &str, words: &str, at: DateTime<Utc>) -> Step {
        match Command::parse(line, &self.roster) {
            Ok(command) => {
                let message = self.message(words, at);
                Step::Hear(Box::new(ChatEvent::Command(Invocation { message, command })))
            }
            Err(error) => Step::Say(self.fault(error)),
        }
    }

    fn fault(&self, error: CommandError) -> Sentence {
        match error {
            CommandError::Unknown(command) => ("unknown-command", vec![("command", format!("/{}", short(&command)))]),
            CommandError::UnknownPersona(name) => {
                let known: Vec<&str> = self.roster.personas.iter().map(lovelm::chat::PersonaId::as_str).collect();
                ("unknown-persona", vec![("name", short(&name)), ("known", known.join(", "))])
            }
            CommandError::MissingText(command) => {
                ("missing-text", vec![("mark", "/".to_owned()), ("command", command.to_owned())])
            }
            CommandError::BadArgument { given, expected } => {
                ("bad-argument", vec![("given", short(&given)), ("expected", expected.to_owned())])
            }
        }
    }

    fn change_viewer(&mut self, name: &str) -> Step {
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Step::Say(("console-as-usage", vec![]));
        }
        self.speak_as(name);
        Step::Say(("console-speaking-as", vec![("name", name.to_owned())]))
    }

    /// `100 words` or `100`.
    fn pay(&mut self, rest: &str, at: DateTime<Utc>) -> Step {
        let (amount, words) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let Some(units) = amount.parse().ok().filter(|units| (1..=MOST_BITS).contains(units)) else {
            return Step::Say(("console-bits-usage", vec![]));
        };
        let payment = Payment { kind: PaymentKind::Bits, units, cents: units };
        Step::Hear(Box::new(ChatEvent::Paid(self.message(words.trim(), at), payment)))
    }

    fn stand(&mut self, key: &'static str, which: impl Fn(&mut Standing) -> &mut bool) -> Step {
        if self.standings.len() >= MOST_VIEWERS {
            self.standings.clear();
        }
        let standing = which(self.standings.entry(self.viewer.clone()).or_default());
        *standing = !*standing;
        let state = if *standing { "on" } else { "off" };
        Step::Say((key, vec![("name", self.viewer.clone()), ("state", state.to_owned())]))
    }

    fn message(&mut self, text: &str, at: DateTime<Utc>) -> Message {
        self.events += 1;
        let id = format!("{}-{}", self.run, self.events);
        let place = Place { platform: Platform::Console, channel: ChannelId::new("terminal") };
        let user = UserId::new(self.viewer.as_str());
        let mut message = Message::said(EventId::new(id.as_str()), place, user, RawText::new(text), at);
        message.id = Some(MessageId::new(id));
        message.author.name = RawText::new(self.viewer.as_str());
        message.author.standing = self.standings.get(&self.viewer).copied().unwrap_or_default();
        message
    }
}

/// A word of the viewer's, as much of it as a sentence should repeat.
fn short(word: &str) -> String {
    word.chars().take(LONGEST_NAME).collect()
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("events", &self.events).finish_non_exhaustive()
    }
}
