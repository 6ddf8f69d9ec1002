//! Who speaks, as the persona files say, and how the files are read again while the fleet runs.

use std::sync::{Arc, PoisonError, RwLock};

use super::{Pipeline, Rooms, job::Job};
use crate::{
    chat::{PersonaId, Roster},
    persona::{Persona, Personas},
    privacy::{Door, Keyring},
    routing::Names,
};

/// The personas of a moment, with all that follows from their files.
#[derive(Debug)]
pub(super) struct Cast {
    pub personas: Personas,
    pub roster: Roster,
    /// The roster's names, as routing looks for them.
    pub names: Names,
    pub door: Door,
}

/// The cast of now.
#[derive(Debug)]
pub(super) struct Stage(RwLock<Arc<Cast>>);

/// Why other personas cannot take the place of those that run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecastError {
    #[error("{0} is new: every persona has an account of its own, so one more needs a restart")]
    New(PersonaId),
    #[error("{0} is gone: taking a persona off needs a restart")]
    Gone(PersonaId),
}

impl Cast {
    pub fn new(personas: Personas, keyring: Arc<Keyring>) -> Self {
        let roster = personas.roster();
        let door = Door::new(keyring, roster.names.iter().map(|call| call.name.as_str()));
        Self { names: Names::of(&roster), personas, roster, door }
    }

    pub fn get(&self, persona: &PersonaId) -> Option<&Persona> {
        self.personas.get(persona)
    }
}

impl Stage {
    pub fn new(cast: Cast) -> Self {
        Self(RwLock::new(Arc::new(cast)))
    }

    fn now(&self) -> Arc<Cast> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, cast: Cast) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(cast);
    }
}

impl Pipeline {
    /// The names of this fleet's personas, as of now.
    #[must_use]
    pub fn roster(&self) -> Roster {
        self.0.cast().roster.clone()
    }

    /// Lets personas whose files were read again speak from the next answer on. What is being written ends as it began.
    ///
    /// # Errors
    /// When these are not the personas that run, by their ids. Then nothing changes.
    pub fn recast(&self, personas: Personas) -> Result<(), RecastError> {
        let rooms = &self.0;
        let now = rooms.cast();
        if let Some(new) = personas.iter().find(|persona| now.get(persona.id()).is_none()) {
            return Err(RecastError::New(new.id().clone()));
        }
        if let Some(gone) = now.personas.iter().find(|persona| personas.get(persona.id()).is_none()) {
            return Err(RecastError::Gone(gone.id().clone()));
        }
        rooms.stage.set(Cast::new(personas, Arc::clone(&rooms.keyring)));
        // What an engine keeps of the prompts before serves nobody any more.
        rooms.pace(super::pace::Pace::forget_prompts);
        Ok(())
    }
}

impl Rooms {
    /// The cast of now. Whoever needs it twice for one thing holds on to it.
    pub(super) fn cast(&self) -> Arc<Cast> {
        self.stage.now()
    }

    /// The door of now.
    pub(super) fn door(&self) -> Door {
        self.stage.now().door.clone()
    }

    /// The cast that writes an answer: that of its first word, to its last.
    pub(super) fn cast_of(&self, job: &Job) -> Arc<Cast> {
        job.cast.get_or_init(|| self.cast()).clone()
    }
}
