//! What a test sets up in the network, and what it looks at there.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use super::{
    channel::{Channel, Modes},
    network::{Account, Network, Shown},
    report::Report,
    rules::{Record, Refusal},
    tokens::Pair,
    viewer::Viewer,
};

impl Network {
    /// Opens an account, and gives a token for it.
    pub fn account(&mut self, at: Duration, login: &str, scopes: &[&str]) -> Pair {
        let account = Account {
            viewer: Viewer::named(login),
            record: Record::default(),
            failing: 0,
            unwhispered: VecDeque::new(),
        };
        self.accounts.insert(login.to_owned(), account);
        self.tokens.issue(at, login, scopes)
    }

    /// Another token for an account.
    pub fn token(&mut self, at: Duration, login: &str, scopes: &[&str]) -> Pair {
        self.tokens.issue(at, login, scopes)
    }

    /// Opens a channel.
    pub fn channel(&mut self, login: &str) {
        self.channels.insert(login.to_owned(), Channel::new(login));
    }

    /// The id of a channel, of a person or of an account.
    pub fn id_of(login: &str) -> String {
        super::viewer::id_of(login)
    }

    /// Makes an account a moderator of a channel.
    pub fn promote(&mut self, channel: &str, login: &str) {
        self.at_channel(channel).moderators.insert(login.to_owned());
    }

    /// Takes that back.
    pub fn demote(&mut self, channel: &str, login: &str) {
        self.at_channel(channel).moderators.remove(login);
    }

    /// Lets an account follow a channel.
    pub fn follow(&mut self, channel: &str, login: &str) {
        self.at_channel(channel).followers.insert(login.to_owned());
    }

    /// Closes a channel for good.
    pub fn suspend(&mut self, channel: &str) {
        self.at_channel(channel).suspended = true;
    }

    /// The next line of this account is refused like this.
    pub fn plan(&mut self, login: &str, refusal: Refusal) {
        if let Some(account) = self.accounts.get_mut(login) {
            account.record.planned.push_back(refusal);
        }
    }

    /// The next whispers of this account are refused with these statuses.
    pub fn refuse_whispers(&mut self, login: &str, statuses: &[u16]) {
        if let Some(account) = self.accounts.get_mut(login) {
            account.unwhispered.extend(statuses);
        }
    }

    /// Every access token of this account is over; its refresh token is not.
    pub fn expire(&mut self, login: &str) {
        self.tokens.expire(login);
    }

    /// Nothing that this account was given is worth anything any more.
    pub fn revoke(&mut self, login: &str) {
        self.tokens.revoke(login);
    }

    /// So many of the next renewals of tokens fail.
    pub fn fail_refreshes(&mut self, count: usize) {
        self.tokens.failing = count;
    }

    /// Renewals and validations of tokens so far.
    pub fn token_traffic(&self) -> (usize, usize) {
        (self.tokens.refreshed, self.tokens.validated)
    }

    /// What was noticed so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Every line of our accounts, as the channels show it, in order.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// Whispers of our accounts: from, to, text.
    pub fn whispers(&self) -> &[(String, String, String)] {
        &self.whispers
    }

    /// The modes of a channel.
    pub fn modes(&self, channel: &str) -> Modes {
        self.channels.get(channel).map_or(Modes::default(), |channel| channel.modes)
    }

    /// The accounts that hear a channel now.
    pub fn ears(&self, channel: &str) -> Vec<String> {
        let heard = self.links.values().filter(|link| !link.silent && link.joined.contains(channel));
        heard.filter_map(|link| link.login.clone()).collect()
    }

    /// The channels that a wire of this account hears.
    pub fn hears(&self, login: &str) -> BTreeSet<String> {
        let links = self.links.values().filter(|link| link.login.as_deref() == Some(login));
        links.flat_map(|link| link.joined.iter().cloned()).collect()
    }
}
