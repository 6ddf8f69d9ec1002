//! The tokens by which accounts are known, as Twitch's authorisation server gives and takes them.

use std::{collections::HashMap, time::Duration};

/// How long an access token of a person lasts.
const LIFE: Duration = Duration::from_hours(4);

/// A token and what renews it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub access: String,
    pub refresh: String,
}

/// What a token allows, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) login: String,
    pub(super) scopes: Vec<String>,
    pub(super) until: Duration,
}

/// All tokens that are known.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    access: HashMap<String, Grant>,
    /// A refresh token is used up by its use: the answer brings another.
    refresh: HashMap<String, Grant>,
    issued: usize,
    /// Renewals that fail, whatever they bring.
    pub(super) failing: usize,
    pub(super) refreshed: usize,
    pub(super) validated: usize,
}

impl Tokens {
    pub(super) fn issue(&mut self, at: Duration, login: &str, scopes: &[&str]) -> Pair {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.give(Grant { login: login.to_owned(), scopes, until: at + LIFE })
    }

    fn give(&mut self, grant: Grant) -> Pair {
        self.issued += 1;
        let pair = Pair {
            access: format!("access{:04}{}", self.issued, grant.login),
            refresh: format!("refresh{:04}{}", self.issued, grant.login),
        };
        self.access.insert(pair.access.clone(), grant.clone());
        self.refresh.insert(pair.refresh.clone(), grant);
        pair
    }

    /// What a token still allows.
    pub(super) fn grant(&self, at: Duration, access: &str) -> Option<&Grant> {
        self.access.get(access).filter(|grant| at < grant.until)
    }

    /// Ends every access token of an account; what renews them stays.
    pub(super) fn expire(&mut self, login: &str) {
        self.access.retain(|_, grant| grant.login != login);
    }

    /// Ends everything that an account was ever given.
    pub(super) fn revoke(&mut self, login: &str) {
        self.expire(login);
        self.refresh.retain(|_, grant| grant.login != login);
    }

    /// A new pair for an old refresh token.
    pub(super) fn renew(&mut self, at: Duration, refresh: &str) -> Option<(Pair, Grant)> {
        if self.failing > 0 {
            self.failing -= 1;
            return None;
        }
        let old = self.refresh.remove(refresh)?;
        self.refreshed += 1;
        let grant = Grant { until: at + LIFE, ..old };
        Some((self.give(grant.clone()), grant))
    }
}
