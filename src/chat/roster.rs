//! By which names the personas are called.

use super::PersonaId;

/// One name of a persona, as a person would type it: `홍차`, `오마르`, `kimdal`, `シュヒ`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallName {
    pub persona: PersonaId,
    pub name: String,
}

/// The personas of this fleet, in the order in which a panel speaks, and their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    pub personas: Vec<PersonaId>,
    pub names: Vec<CallName>,
}

impl Roster {
    /// The persona with this id or name; Latin letters in either case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&PersonaId> {
        let wanted = name.to_lowercase();
        let by_id = self.personas.iter().find(|id| id.as_str() == wanted);
        by_id.or_else(|| self.names.iter().find(|call| call.name.to_lowercase() == wanted).map(|call| &call.persona))
    }
}
