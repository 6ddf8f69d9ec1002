//! Who is on Discord: people and bots, by names that tests give them.

use std::time::Duration;

/// The personas that have a bot, in the order of a panel.
pub const BOTS: [&str; 4] = ["hongcha", "omar", "kimdal", "shuhi"];

/// The id of whatever a test calls by this name: a person, a bot, a channel or a guild. Always the same.
pub fn id_of(name: &str) -> u64 {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    // Of eighteen digits, as ids of accounts some years old are.
    (hash >> 7) | (1 << 58)
}

/// How a name is mentioned in a text.
pub fn mention(name: &str) -> String {
    format!("<@{}>", id_of(name))
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: u64,
    pub name: String,
    /// The name that is shown.
    pub display: String,
    pub bot: bool,
    /// Has the moderators' role in every guild.
    pub moderator: bool,
    /// Since when they boost.
    pub boosting_since: Option<Duration>,
    /// The language of their client, such as `ko`.
    pub locale: String,
}

impl Person {
    /// Somebody without any standing.
    pub fn named(name: &str) -> Self {
        Self {
            id: id_of(name),
            name: name.to_owned(),
            display: name.to_owned(),
            bot: false,
            moderator: false,
            boosting_since: None,
            locale: "en-US".to_owned(),
        }
    }

    #[must_use]
    pub fn shown_as(mut self, display: &str) -> Self {
        display.clone_into(&mut self.display);
        self
    }

    #[must_use]
    pub fn bot(mut self) -> Self {
        self.bot = true;
        self
    }

    #[must_use]
    pub fn moderator(mut self) -> Self {
        self.moderator = true;
        self
    }

    #[must_use]
    pub fn boosting(mut self, since: Duration) -> Self {
        self.boosting_since = Some(since);
        self
    }

    #[must_use]
    pub fn speaking(mut self, locale: &str) -> Self {
        locale.clone_into(&mut self.locale);
        self
    }
}
