//! What Discord acts on in a text, and whom a message may ping: <https://discord.com/developers/docs/resources/message>.

use serde_json::Value;

/// What the field `allowed_mentions` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the field's own")]
pub(super) struct Allowed {
    /// Whether it was there.
    pub(super) given: bool,
    everybody: bool,
    all_users: bool,
    roles: bool,
    pub(super) users: Vec<u64>,
    pub(super) replied: bool,
}

impl Allowed {
    pub(super) fn read(body: &Value) -> Self {
        let Some(given) = body["allowed_mentions"].as_object() else {
            // What Discord does with a message that says nothing.
            return Self { all_users: true, roles: true, everybody: true, replied: true, ..Self::default() };
        };
        let list = |name: &str| given.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let parsed = |name: &str| list("parse").iter().any(|kind| kind == name);
        Self {
            given: true,
            everybody: parsed("everyone"),
            all_users: parsed("users"),
            roles: parsed("roles") || !list("roles").is_empty(),
            users: list("users").iter().filter_map(id).collect(),
            replied: given.get("replied_user").and_then(Value::as_bool).unwrap_or_default(),
        }
    }

    /// Whether somebody else than `asker` could be pinged.
    pub(super) fn wide(&self, asker: Option<u64>) -> bool {
        self.everybody || self.all_users || self.roles || self.users.iter().any(|user| Some(*user) != asker)
    }

    /// Whom a text pings.
    pub(super) fn pings(&self, text: &str, replied_to: Option<u64>) -> Vec<u64> {
        let named = mentioned(text).into_iter().filter(|user| self.all_users || self.users.contains(user));
        let mut pinged: Vec<_> = named.chain(replied_to.filter(|_| self.replied)).collect();
        pinged.sort_unstable();
        pinged.dedup();
        pinged
    }

    pub(super) fn pings_everybody(&self, text: &str) -> bool {
        self.everybody && ["@everyone", "@here"].iter().any(|word| text.contains(word))
    }
}

/// An id in JSON.
pub(super) fn id(value: &Value) -> Option<u64> {
    value.as_str().and_then(|text| text.parse().ok()).or_else(|| value.as_u64())
}

/// Everybody that a text names as `<@id>`.
pub(super) fn mentioned(text: &str) -> Vec<u64> {
    let rests = text.match_indices("<@").map(|(at, _)| text[at + 2..].trim_start_matches('!'));
    let mut found = Vec::new();
    for rest in rests {
        if let Some(id) = rest.split_once('>').and_then(|(id, _)| id.parse().ok())
            && !found.contains(&id)
        {
            found.push(id);
        }
    }
    found
}

/// The first thing in a text that Discord acts on. Naming one of `allowed` is none.
pub(super) fn live(text: &str, allowed: &[u64]) -> Option<&'static str> {
    let plain = ["@everyone", "@here", "](http", "](<http", "discord.gg/", "discord.com/invite/"];
    let lower = text.to_lowercase();
    if let Some(found) = plain.into_iter().find(|word| lower.contains(word)) {
        return Some(found);
    }
    if mentioned(text).iter().any(|user| !allowed.contains(user)) {
        return Some("<@");
    }
    ["<@&", "<#", "</", "<id:", "<t:", "<:", "<a:"].into_iter().find(|opening| {
        text.match_indices(opening).any(|(at, _)| {
            let inner = text[at + opening.len()..].split_once('>').map_or("", |(inner, _)| inner);
            let end = inner.rsplit(':').next().unwrap_or_default();
            !inner.is_empty() && !inner.contains(char::is_whitespace) && ends_in_a_number(opening, end)
        })
    })
}

fn ends_in_a_number(opening: &str, end: &str) -> bool {
    opening == "<id:" || opening == "<t:" || (!end.is_empty() && end.chars().all(|c| c.is_ascii_digit()))
}
