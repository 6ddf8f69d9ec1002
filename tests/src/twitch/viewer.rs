//! Somebody with an account, as one channel sees them.

use super::wire::Tags;

/// A person or a bot, with the badges they wear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub login: String,
    pub display: String,
    /// Made of the login: the same name is the same account everywhere.
    pub id: String,
    badges: Vec<(String, String)>,
    months: u32,
}

impl Viewer {
    /// Somebody without a badge.
    pub fn named(login: &str) -> Self {
        let login = login.to_lowercase();
        Self { display: login.clone(), id: id_of(&login), login, badges: Vec::new(), months: 0 }
    }

    /// The name as it is shown, which may be in any script.
    #[must_use]
    pub fn shown_as(mut self, display: &str) -> Self {
        display.clone_into(&mut self.display);
        self
    }

    #[must_use]
    pub fn badge(mut self, set: &str, version: &str) -> Self {
        self.badges.push((set.to_owned(), version.to_owned()));
        self
    }

    #[must_use]
    pub fn broadcaster(self) -> Self {
        self.badge("broadcaster", "1")
    }

    #[must_use]
    pub fn moderator(self) -> Self {
        self.badge("moderator", "1")
    }

    #[must_use]
    pub fn vip(self) -> Self {
        self.badge("vip", "1")
    }

    #[must_use]
    pub fn subscriber(mut self, months: u32) -> Self {
        self.months = months;
        self.badge("subscriber", if months >= 12 { "12" } else { "0" })
    }

    pub fn wears(&self, set: &str) -> bool {
        self.badges.iter().any(|(worn, _)| worn == set)
    }

    /// `login!login@login.tmi.twitch.tv`.
    pub fn prefix(&self) -> String {
        format!("{0}!{0}@{0}.tmi.twitch.tv", self.login)
    }

    /// What every line of theirs carries.
    pub(super) fn tags(&self) -> Tags {
        let badges: Vec<_> = self.badges.iter().map(|(set, version)| format!("{set}/{version}")).collect();
        let info = if self.months > 0 { format!("subscriber/{}", self.months) } else { String::new() };
        let kind = if self.wears("moderator") { "mod" } else { "" };
        let tags = Tags::default()
            .set("badge-info", info)
            .set("badges", badges.join(","))
            .set("color", "#1E90FF")
            .set("display-name", &self.display)
            .set("mod", u8::from(self.wears("moderator")))
            .set("subscriber", u8::from(self.wears("subscriber")))
            .set("turbo", 0)
            .set("user-id", &self.id)
            .set("user-type", kind);
        if self.wears("vip") { tags.set("vip", 1) } else { tags }
    }
}

/// A number for a name, as long as Twitch's are (FNV-1a).
pub(super) fn id_of(login: &str) -> String {
    let hash = login
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (100_000_000 + hash % 900_000_000).to_string()
}
