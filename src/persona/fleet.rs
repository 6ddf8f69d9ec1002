//! The personas of a fleet, read from one folder.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use super::{Fault, Persona, file};
use crate::chat::{CallName, PersonaId, Roster};

/// The personas of this fleet, in the order in which a panel speaks. Never empty; ids, places and names are unique.
#[derive(Clone, Debug, PartialEq)]
pub struct Personas(Vec<Persona>);

impl Personas {
    #[must_use]
    pub fn get(&self, id: &PersonaId) -> Option<&Persona> {
        self.0.iter().find(|persona| persona.id() == id)
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Persona> {
        self.0.iter()
    }

    /// By which names the personas are called, in any language: 홍차 is understood in an English line too.
    #[must_use]
    pub fn roster(&self) -> Roster {
        let mut names: Vec<CallName> = Vec::new();
        for (persona, name) in self.0.iter().flat_map(names_of) {
            if names.iter().all(|known| known.name != name) {
                names.push(CallName { persona: persona.id().clone(), name: name.to_owned() });
            }
        }
        Roster { personas: self.0.iter().map(|persona| persona.id().clone()).collect(), names }
    }
}

fn names_of(persona: &Persona) -> impl Iterator<Item = (&Persona, &str)> {
    persona.voices().flat_map(|(_, voice)| voice.names()).map(move |name| (persona, name))
}

/// Reads every `*.toml` in `folder`; anything else there is left alone.
///
/// # Errors
/// Every fault of every file; never an empty list.
pub fn load(folder: &Path) -> Result<Personas, Vec<Fault>> {
    let files = persona_files(folder).map_err(|problem| vec![of_file(folder, problem)])?;
    let (mut personas, mut faults) = (Vec::new(), Vec::new());
    for file in files {
        match fs::read(&file) {
            Ok(bytes) => match file::read(&file, &bytes) {
                Ok(persona) => personas.push((file, persona)),
                Err(found) => faults.extend(found),
            },
            Err(error) => faults.push(of_file(&file, format!("cannot be read: {error}"))),
        }
    }
    faults.extend(clashes(&personas));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut personas: Vec<Persona> = personas.into_iter().map(|(_, persona)| persona).collect();
    personas.sort_by_key(Persona::order);
    Ok(Personas(personas))
}

fn persona_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |error: std::io::Error| format!("the persona folder cannot be read: {error}");
    let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(unreadable)?.collect();
    let paths = entries.map_err(unreadable)?.into_iter().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    files.sort();
    if files.is_empty() { Err("the persona folder holds no *.toml file".to_owned()) } else { Ok(files) }
}

/// What two files both claim: a place in the panel, or a name. The later file is at fault.
fn clashes(personas: &[(PathBuf, Persona)]) -> Vec<Fault> {
    let (mut faults, mut places, mut names) = (Vec::new(), HashMap::new(), HashMap::new());
    for (_, persona) in personas {
        names.insert(persona.id().as_str().to_lowercase(), persona.id());
    }
    for (file, persona) in personas {
        if let Some(other) = places.insert(persona.order(), persona.id()) {
            let problem = format!("{} is the place of {other}", persona.order());
            faults.push(Fault { key: "order".to_owned(), ..of_file(file, problem) });
        }
        for (key, name) in keyed_names(persona) {
            let owner = *names.entry(name.to_lowercase()).or_insert(persona.id());
            if owner != persona.id() {
                faults.push(Fault { key, ..of_file(file, format!("`{name}` is a name of {owner}")) });
            }
        }
    }
    faults
}

fn keyed_names(persona: &Persona) -> impl Iterator<Item = (String, &str)> {
    persona.voices().flat_map(|(language, voice)| {
        voice.names().enumerate().map(move |(index, name)| match index {
            0 => (format!("{language}.name"), name),
            _ => (format!("{language}.nicknames[{}]", index - 1), name),
        })
    })
}

fn of_file(file: &Path, problem: String) -> Fault {
    Fault { file: file.to_owned(), key: String::new(), problem, hint: None }
}
