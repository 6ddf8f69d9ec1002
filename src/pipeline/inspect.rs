//! What the bots would make of a line, without making it.

use chrono::DateTime;
use serde::Serialize;

use crate::{
    chat::{ChannelId, Command, EventId, Message, PersonaId, Place, Platform, RawText, Roster, UserId},
    privacy::{Kind, Scrubber, Span},
    routing::{self, Home, Names, PlainLines},
    safety,
    text::{self, Detected},
};

/// Looks at lines with the doors of the path, and opens nothing else.
#[derive(Debug)]
pub struct Inspector {
    names: Names,
    roster: Roster,
    home: Home,
    scrubber: Scrubber,
}

/// What was found in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// `ko`, `en`, `ja`, or `other`.
    pub language: &'static str,
    /// Who would answer, in order.
    pub personas: Vec<String>,
    /// What a model would read.
    pub scrubbed: String,
    /// Where something personal stood, in characters of the line.
    pub spans: Vec<Found>,
    /// The kinds of it, each once, in the order of the line.
    pub kinds: Vec<Kind>,
    /// The class of a crisis.
    pub crisis: Option<&'static str>,
    pub profanity: bool,
}

/// One personal thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

impl Inspector {
    /// For lines written where nobody answers plain ones.
    #[must_use]
    pub fn new(roster: Roster, host: PersonaId) -> Self {
        let scrubber = Scrubber::keeping(roster.names.iter().map(|call| call.name.as_str()));
        Self {
            home: Home { host, plain: PlainLines::Ignored, name_calls: true },
            names: Names::of(&roster),
            roster,
            scrubber,
        }
    }

    /// Looks at one line. Any text is good, the empty one included.
    #[must_use]
    pub fn inspect(&self, line: &str) -> Inspection {
        let scrubbing = self.scrubber.scrub(line, &[]);
        let spans: Vec<_> = scrubbing
            .spans
            .iter()
            .map(|Span { kind, start, end }| Found { kind: *kind, start: *start, end: *end })
            .collect();
        let mut kinds = Vec::new();
        for found in &spans {
            if !kinds.contains(&found.kind) {
                kinds.push(found.kind);
            }
        }
        Inspection {
            language: text::detect(line).map_or("other", Detected::as_str),
            personas: self.called(line).iter().map(ToString::to_string).collect(),
            scrubbed: scrubbing.story.as_str().to_owned(),
            spans,
            kinds,
            crisis: safety::crisis(line).map(safety::Crisis::as_str),
            profanity: safety::profanity(line),
        }
    }

    fn called(&self, line: &str) -> Vec<PersonaId> {
        let message = message(line);
        let command =
            line.trim_start().strip_prefix(['/', '!']).and_then(|line| Command::parse(line, &self.roster).ok());
        let call = match command {
            Some(Command::Panel { text }) => routing::panel(message, &text, &self.roster),
            Some(Command::Ask { persona, text }) => routing::ask(message, persona, &text, &self.home),
            Some(_) => None,
            None => routing::route(message, None, &self.names, &self.home),
        };
        call.map_or_else(Vec::new, |call| call.personas)
    }
}

fn message(line: &str) -> Message {
    let place = Place { platform: Platform::Console, channel: ChannelId::new("line") };
    Message::said(EventId::new("line"), place, UserId::new("line"), RawText::new(line), DateTime::UNIX_EPOCH)
}
