//! What Twitch tells a whole channel: subscriptions, gifts, raids and the like, each with the tags that belong to it.
//! Shapes: <https://dev.twitch.tv/docs/chat/irc/#usernotice-tags>.

use super::{viewer::id_of, wire::Tags};

/// A USERNOTICE before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub(super) id: &'static str,
    pub(super) tags: Tags,
    pub(super) said: String,
    pub(super) words: Option<String>,
}

/// What a subscription is called by its price.
const PLANS: [&str; 4] = ["Prime", "1000", "2000", "3000"];

impl Event {
    fn new(id: &'static str, said: &str) -> Self {
        Self { id, tags: Tags::default(), said: said.to_owned(), words: None }
    }

    fn param(mut self, name: &str, value: impl ToString) -> Self {
        self.tags = self.tags.set(&format!("msg-param-{name}"), value);
        self
    }

    /// With something written by whom it is about.
    #[must_use]
    pub fn saying(mut self, words: &str) -> Self {
        self.words = Some(words.to_owned());
        self
    }

    #[must_use]
    pub fn tag(mut self, name: &str, value: impl ToString) -> Self {
        self.tags = self.tags.set(name, value);
        self
    }

    /// `tier` 0 is Prime.
    pub fn sub(tier: usize) -> Self {
        Self::new("sub", "subscribed.").plan(tier).param("cumulative-months", 1).param("months", 0)
    }

    pub fn resub(tier: usize, months: u32) -> Self {
        let event = Self::new("resub", "subscribed again.").plan(tier);
        event.param("cumulative-months", months).param("months", 0).param("should-share-streak", 0)
    }

    /// One gift to somebody; `of` is the mass gift that it belongs to.
    pub fn gift(tier: usize, to: &str, of: Option<&str>) -> Self {
        Self::new("subgift", "gifted a sub.").plan(tier).to(to, of).param("sender-count", 5)
    }

    pub fn anonymous_gift(tier: usize, to: &str) -> Self {
        Self::new("anonsubgift", "An anonymous user gifted a sub.").plan(tier).to(to, None)
    }

    /// The head of a mass gift.
    pub fn mass_gift(tier: usize, gifts: u64, id: &str) -> Self {
        Self::new("submysterygift", "is gifting subs to the community!").plan(tier).mass(gifts, id)
    }

    pub fn anonymous_mass_gift(tier: usize, gifts: u64, id: &str) -> Self {
        Self::new("anonsubmysterygift", "An anonymous user is gifting subs!").plan(tier).mass(gifts, id)
    }

    /// Goes on by themselves with what somebody gave.
    pub fn gift_upgrade(from: &str) -> Self {
        let event = Self::new("giftpaidupgrade", "is continuing the gift sub they got!");
        event.param("sender-login", from).param("sender-name", from)
    }

    pub fn anonymous_gift_upgrade() -> Self {
        Self::new("anongiftpaidupgrade", "is continuing the gift sub they got from an anonymous user!")
    }

    pub fn prime_upgrade(tier: usize) -> Self {
        Self::new("primepaidupgrade", "converted from a Prime sub.").param("sub-plan", PLANS[tier % PLANS.len()])
    }

    /// Passes a gift on; to somebody, or to the community.
    pub fn pay_forward(from: &str, to: Option<&str>) -> Self {
        let id = if to.is_some() { "standardpayforward" } else { "communitypayforward" };
        let event = Self::new(id, "is paying forward the gift they got!").param("prior-gifter-user-name", from);
        let event = event.param("prior-gifter-id", id_of(from)).param("prior-gifter-anonymous", false);
        match to {
            Some(to) => event.param("recipient-id", id_of(to)).param("recipient-user-name", to),
            None => event,
        }
    }

    pub fn raid(from: &str, viewers: u64) -> Self {
        let event = Self::new("raid", "raiders have joined!").param("viewerCount", viewers);
        event.param("displayName", from).param("login", from).param("profileImageURL", "https://example.org/a.png")
    }

    pub fn announcement(color: &str, words: &str) -> Self {
        Self::new("announcement", "").param("color", color).saying(words)
    }

    pub fn watch_streak(streams: u64) -> Self {
        let event = Self::new("viewermilestone", "watched several streams in a row!");
        event.param("category", "watch-streak").param("value", streams).param("copoReward", 450)
    }

    pub fn charity(amount: u64) -> Self {
        let event = Self::new("charitydonation", "Donated to support a charity").param("charity-name", "A charity");
        event.param("donation-amount", amount).param("donation-currency", "USD").param("exponent", 2)
    }

    /// Any other, by its name: nothing in it concerns anybody.
    pub fn other(id: &'static str) -> Self {
        match id {
            "bitsbadgetier" => Self::new(id, "earned a new tier of Bits Badge!").param("threshold", 1000),
            "ritual" => Self::new(id, "is new here.").param("ritual-name", "new_chatter"),
            "rewardgift" => Self::new(id, "gifted rewards.").param("domain", "pride").param("trigger-amount", 5),
            "midnightsquid" => Self::new(id, "Cheered.").param("amount", 100).param("currency", "USD"),
            _ => Self::new(id, "Something happened."),
        }
    }

    /// The same as a channel of a shared chat hears it that is not its source.
    #[must_use]
    pub fn shared_from(mut self, room: &str, id: &str) -> Self {
        self.tags = self.tags.set("source-room-id", room).set("source-id", id).set("source-msg-id", self.id);
        self.tags = self.tags.set("source-badges", "").set("source-badge-info", "");
        self.id = "sharedchatnotice";
        self
    }

    fn plan(self, tier: usize) -> Self {
        self.param("sub-plan", PLANS[tier % PLANS.len()]).param("sub-plan-name", "Channel Subscription")
    }

    fn to(self, recipient: &str, of: Option<&str>) -> Self {
        let event = self.param("recipient-id", id_of(recipient)).param("recipient-user-name", recipient);
        let event = event.param("recipient-display-name", recipient).param("months", 1).param("gift-months", 1);
        match of {
            Some(id) => event.param("community-gift-id", id).param("origin-id", id),
            None => event.param("origin-id", "da 39 a3 ee"),
        }
    }

    fn mass(self, gifts: u64, id: &str) -> Self {
        self.param("mass-gift-count", gifts).param("community-gift-id", id).param("origin-id", id)
    }
}
