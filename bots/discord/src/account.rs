//! A persona's account: who it is on Discord, and what is said to it.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use lovelm::chat::PersonaId;
use serde::Deserialize;

use crate::{
    api::{Api, Call, Failed},
    hear::Patrons,
};

/// An account and its way to the API.
pub(crate) struct Account {
    pub persona: PersonaId,
    pub api: Api,
    /// Who bought what of its application.
    patrons: Mutex<Patrons>,
}

/// Who an account is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Identity {
    #[serde(deserialize_with = "snowflake")]
    pub id: u64,
    pub username: String,
}

/// Its application.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Application {
    #[serde(deserialize_with = "snowflake")]
    pub id: u64,
    #[serde(default)]
    pub flags: u64,
}

/// The gateway, as Discord wants it used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Gateway {
    pub url: String,
    pub shards: u32,
}

/// Why an account is not on Discord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The token is not accepted.
    Token,
    /// Discord does not answer, or not so that it could be understood.
    Unreached,
}

/// Who of those that write are our own accounts, as far as that is known.
#[derive(Debug, Default)]
pub(crate) struct Accounts(RwLock<HashMap<u64, PersonaId>>);

impl Accounts {
    pub(crate) fn introduce(&self, id: u64, persona: PersonaId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(id, persona);
    }

    pub(crate) fn persona(&self, id: impl Into<u64>) -> Option<PersonaId> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id.into()).cloned()
    }

    pub(crate) fn id_of(&self, persona: &PersonaId) -> Option<u64> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(_, known)| *known == persona).map(|(id, _)| *id)
    }
}

impl Account {
    pub(crate) fn new(persona: PersonaId, api: Api) -> Arc<Self> {
        Arc::new(Self { persona, api, patrons: Mutex::default() })
    }

    pub(crate) async fn identity(&self) -> Result<Identity, Trouble> {
        Ok(self.api.call_patiently(&Call::me()).await?.read()?)
    }

    pub(crate) async fn application(&self) -> Result<Application, Trouble> {
        Ok(self.api.call_patiently(&Call::application()).await?.read()?)
    }

    pub(crate) async fn gateway(&self) -> Result<Gateway, Trouble> {
        Ok(self.api.call_patiently(&Call::gateway()).await?.read()?)
    }

    pub(crate) fn patrons<T>(&self, look: impl FnOnce(&mut Patrons) -> T) -> T {
        look(&mut self.patrons.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl From<Failed> for Trouble {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused { status: 401, .. } => Self::Token,
            _ => Self::Unreached,
        }
    }
}

/// What its operator can do about it.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "its token is not accepted: get a new one in the developer portal (Bot, Reset Token)",
            Self::Unreached => "Discord (discord.api_url) cannot be asked",
        })
    }
}

/// An id, which Discord writes as text.
fn snowflake<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}
