//! A day of chat, as an operator writes it down.

use std::{fs, path::Path, time::Duration};

use serde::Deserialize;

use crate::scheduler::Class;

/// The scenarios that need no file: their names and their text.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("evening", include_str!("../../../deploy/scenarios/evening.toml")),
    ("flood", include_str!("../../../deploy/scenarios/flood.toml")),
    ("raid", include_str!("../../../deploy/scenarios/raid.toml")),
    ("day", include_str!("../../../deploy/scenarios/day.toml")),
];

/// The most calls that are simulated: what comes beyond would take minutes.
const MOST_CALLS: f64 = 2_000_000.0;
const LONGEST: Duration = Duration::from_hours(24 * 7);

/// A day of chat.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The name of a built-in one, else the file.
    #[serde(skip)]
    pub name: String,
    #[serde(default = "first_seed")]
    pub seed: u64,
    /// How long people ask.
    #[serde(with = "humantime_serde")]
    pub length: Duration,
    #[serde(default)]
    pub engine: Speed,
    /// Each crowd's day is its own: another crowd beside it changes nothing in what it asks.
    #[serde(rename = "crowd")]
    pub crowds: Vec<Crowd>,
}

/// What the engine can do. Persona prompts are in its prefix cache, all else is not.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speed {
    /// Engine time of a prompt token that is not cached (a).
    #[serde(with = "humantime_serde")]
    pub prompt_token: Duration,
    /// Engine time of a token of the answer (b), whatever else runs.
    #[serde(with = "humantime_serde")]
    pub output_token: Duration,
    pub slots: usize,
    pub can_continue: bool,
}

impl Default for Speed {
    fn default() -> Self {
        let (prompt_token, output_token) = (Duration::from_millis(15), Duration::from_millis(30));
        Self { prompt_token, output_token, slots: 1, can_continue: true }
    }
}

impl Speed {
    /// Engine time of reading so many tokens.
    #[must_use]
    pub fn prefill(&self, tokens: u32) -> Duration {
        self.prompt_token * tokens
    }

    /// Engine time from the first token, which comes with the prefill, to the last.
    #[must_use]
    pub fn decode(&self, tokens: u32) -> Duration {
        self.output_token * tokens.saturating_sub(1)
    }
}

/// People of one class who ask at random, each as likely as the other.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crowd {
    pub class: Class,
    pub people: u32,
    /// Calls of the whole crowd.
    pub per_minute: f64,
    /// Whether all of them have never been here before.
    #[serde(default)]
    pub newcomers: bool,
    /// The shortest and the longest question, in tokens.
    #[serde(default = "questions")]
    pub question: (u32, u32),
    /// The shortest and the longest answer, in tokens.
    #[serde(default = "answers")]
    pub answer: (u32, u32),
    /// The least and the most that is paid for a call, in hundredths of a US dollar.
    #[serde(default = "amounts")]
    pub cents: (u64, u64),
    /// When an answer is worth nothing any more. Without it: what is configured for Twitch.
    #[serde(default, with = "humantime_serde")]
    pub deadline: Option<Duration>,
    /// When the crowd begins to ask.
    #[serde(default, with = "humantime_serde")]
    pub from: Duration,
    /// When it stops. Without it: at the end.
    #[serde(default, with = "humantime_serde")]
    pub to: Option<Duration>,
}

fn first_seed() -> u64 {
    7
}

fn questions() -> (u32, u32) {
    (15, 45)
}

fn answers() -> (u32, u32) {
    (30, 90)
}

fn amounts() -> (u64, u64) {
    (100, 100)
}

impl Crowd {
    /// How long it asks, within a scenario of this length.
    #[must_use]
    pub fn asks_for(&self, length: Duration) -> Duration {
        self.to.unwrap_or(length).min(length).saturating_sub(self.from)
    }

    /// Calls to expect of it.
    #[must_use]
    pub fn calls(&self, length: Duration) -> f64 {
        self.per_minute / 60.0 * self.asks_for(length).as_secs_f64()
    }
}

/// Why there is nothing to simulate: one line that names what and where.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    #[error("no scenario `{0}`: there are evening, flood, raid and day, or name a file that ends in .toml")]
    Unknown(String),
    #[error("{file}: cannot be read: {error}")]
    Read { file: String, error: std::io::Error },
    #[error("{file}{place}: {reason}")]
    Toml { file: String, place: String, reason: String },
    #[error("{file}: {key} {must}")]
    Number { file: String, key: String, must: &'static str },
}

impl Scenario {
    /// The built-in scenario of this name, or the one in this file.
    ///
    /// # Errors
    /// See [`ScenarioError`].
    pub fn open(name: &str) -> Result<Self, ScenarioError> {
        if let Some((_, text)) = BUILT_IN.into_iter().find(|(known, _)| *known == name) {
            return Self::parse(name, text);
        }
        let is_file = Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
        if !is_file {
            return Err(ScenarioError::Unknown(name.to_owned()));
        }
        let text = fs::read_to_string(name).map_err(|error| ScenarioError::Read { file: name.to_owned(), error })?;
        Self::parse(name, &text)
    }

    /// Reads a scenario; `name` is what faults call it.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line or its key.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScenarioError> {
        let mut scenario: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = line.map_or_else(String::new, |line| format!(" line {line}"));
            ScenarioError::Toml { file: name.to_owned(), place, reason: error.message().replace('\n', ", ") }
        })?;
        name.clone_into(&mut scenario.name);
        scenario.check()?;
        Ok(scenario)
    }

    /// What the crowds ask for over what the engine can do, on average.
    #[must_use]
    pub fn load(&self) -> f64 {
        let middle = |(least, most): (u32, u32)| u32::midpoint(least, most);
        let answer =
            |crowd: &Crowd| self.engine.prefill(middle(crowd.question)) + self.engine.decode(middle(crowd.answer));
        let work = self.crowds.iter().map(|crowd| crowd.calls(self.length) * answer(crowd).as_secs_f64());
        work.sum::<f64>() / self.capacity().as_secs_f64()
    }

    /// The engine time that there is.
    #[must_use]
    pub fn capacity(&self) -> Duration {
        self.length * u32::try_from(self.engine.slots).unwrap_or(u32::MAX)
    }

    fn check(&self) -> Result<(), ScenarioError> {
        let speed = |time: Duration| (Duration::from_micros(1)..=Duration::from_secs(1)).contains(&time);
        let calls: f64 = self.crowds.iter().map(|crowd| crowd.calls(self.length)).sum();
        let rules = [
            (!self.length.is_zero() && self.length <= LONGEST, "length", "must be above 0 s and at most 7 days"),
            (speed(self.engine.prompt_token), "engine.prompt_token", "must be 1 us to 1 s"),
            (speed(self.engine.output_token), "engine.output_token", "must be 1 us to 1 s"),
            ((1..=1024).contains(&self.engine.slots), "engine.slots", "must be 1 to 1024"),
            ((1..=64).contains(&self.crowds.len()), "crowd", "must be there 1 to 64 times"),
        ];
        self.hold(&rules, "")?;
        for (index, crowd) in self.crowds.iter().enumerate() {
            let rules = crowd.rules(self.length);
            self.hold(&rules, &format!("crowd {} ({}): ", index + 1, crowd.class.as_str()))?;
        }
        // Last: it is made of the numbers above.
        self.hold(&[(calls <= MOST_CALLS, "crowd.per_minute", "make more than 2 million calls in all")], "")
    }

    fn hold(&self, rules: &[(bool, &str, &'static str)], of: &str) -> Result<(), ScenarioError> {
        let broken = rules.iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, key, must)| {
            Err(ScenarioError::Number { file: self.name.clone(), key: format!("{of}{key}"), must })
        })
    }
}

impl Crowd {
    fn rules(&self, length: Duration) -> [(bool, &'static str, &'static str); 8] {
        let range = |(least, most): (u32, u32), limit| 1 <= least && least <= most && most <= limit;
        let to = self.to.unwrap_or(length);
        let deadline = self.deadline.is_none_or(|deadline| !deadline.is_zero() && deadline <= LONGEST);
        [
            ((1..=1_000_000).contains(&self.people), "people", "must be 1 to 1000000"),
            ((0.001..=1e6).contains(&self.per_minute), "per_minute", "must be 0.001 to 1000000"),
            (range(self.question, 32_768), "question", "must be two numbers of 1 to 32768, the lesser first"),
            (range(self.answer, 8_192), "answer", "must be two numbers of 1 to 8192, the lesser first"),
            (self.cents.0 <= self.cents.1, "cents", "must be two numbers, the lesser first"),
            (deadline, "deadline", "must be above 0 s and at most 7 days"),
            (self.from < to, "from", "must lie before `to` and the end"),
            (to <= length, "to", "must not lie behind the end"),
        ]
    }
}
