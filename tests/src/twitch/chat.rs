//! What a viewer writes: a line, and what hangs on it.

use super::wire::Tags;

/// A line of chat before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    pub(super) text: String,
    pub(super) tags: Tags,
    pub(super) reply_to: Option<String>,
    /// Tags that are left out.
    pub(super) missing: Vec<&'static str>,
}

impl Chat {
    pub fn said(text: &str) -> Self {
        Self { text: text.to_owned(), tags: Tags::default(), reply_to: None, missing: Vec::new() }
    }

    #[must_use]
    pub fn tag(mut self, name: &str, value: impl ToString) -> Self {
        self.tags = self.tags.set(name, value);
        self
    }

    /// As some clients of Twitch's send it.
    #[must_use]
    pub fn without(mut self, tag: &'static str) -> Self {
        self.missing.push(tag);
        self
    }

    /// Answers a line, named by its id.
    #[must_use]
    pub fn reply_to(mut self, id: &str) -> Self {
        self.reply_to = Some(id.to_owned());
        self
    }

    #[must_use]
    pub fn bits(self, bits: u64) -> Self {
        self.tag("bits", bits)
    }

    /// A Hype Chat of `amount / 10^exponent`.
    #[must_use]
    pub fn hype(self, amount: u64, exponent: u32, currency: &str) -> Self {
        self.tag("pinned-chat-paid-amount", amount)
            .tag("pinned-chat-paid-canonical-amount", amount)
            .tag("pinned-chat-paid-currency", currency)
            .tag("pinned-chat-paid-exponent", exponent)
            .tag("pinned-chat-paid-level", "ONE")
            .tag("pinned-chat-paid-is-system-message", 0)
    }

    /// `highlighted-message`, `gigantified-emote-message` or `animated-message`.
    #[must_use]
    pub fn power_up(self, kind: &str) -> Self {
        let chat = self.tag("msg-id", kind);
        if kind == "animated-message" { chat.tag("animation-id", "simmer") } else { chat }
    }

    /// Paid with channel points.
    #[must_use]
    pub fn reward(self, id: &str) -> Self {
        self.tag("custom-reward-id", id)
    }

    /// Said in another channel of a shared chat, as this one hears it.
    #[must_use]
    pub fn shared_from(self, room: &str, id: &str) -> Self {
        self.tag("source-room-id", room)
            .tag("source-id", id)
            .tag("source-badges", "")
            .tag("source-badge-info", "")
            .tag("source-only", 0)
    }

    /// `/me`.
    #[must_use]
    pub fn action(mut self) -> Self {
        self.text = format!("\u{1}ACTION {}\u{1}", self.text);
        self
    }
}
