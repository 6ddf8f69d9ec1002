//! What must not lie in a configuration file: read from the environment, or from files that it names.

use std::{collections::BTreeMap, path::Path};

use figment::value::{Dict, Value};
use secrecy::SecretString;

use super::{Environment, Fault, Faults};
use crate::text;

/// The names that carry a secret. A trailing `_` takes any ending: one for each persona, or further engine.
const NAMES: [&str; 9] = [
    "DATABASE_URL",
    "REDIS_URL",
    "LOVELM_ENGINE_KEY",
    "LOVELM_ENGINE_KEY_",
    "LOVELM_DISCORD_TOKEN_",
    "LOVELM_TWITCH_TOKEN_",
    "LOVELM_TWITCH_REFRESH_",
    "LOVELM_TWITCH_CLIENT_ID",
    "LOVELM_TWITCH_CLIENT_SECRET",
];

/// Keys that nobody may write into the file, by their endings. A bare `token` is one too, but a `prompt_token` is not.
const FORBIDDEN_KEYS: [&str; 8] =
    ["key", "password", "secret", "access_token", "refresh_token", "bot_token", "database_url", "redis_url"];

/// A secret is a line, not a document.
const LONGEST: usize = 16 * 1024;

/// The secrets of a process, by the names of their variables. Prints nothing of them.
#[derive(Debug, Default)]
pub struct Secrets(BTreeMap<String, SecretString>);

impl Secrets {
    /// The secret called `name`, if it was given directly or through `name_FILE`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.0.get(name)
    }

    /// Every secret whose name begins with `prefix`, and what its name ends in, in lower case: a persona's id.
    pub fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (String, &'a SecretString)> {
        self.0.iter().filter_map(move |(name, secret)| Some((name.strip_prefix(prefix)?.to_lowercase(), secret)))
    }

    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.into_iter()
    }

    /// Whether a variable is a secret of ours or names the file of one.
    pub(super) fn knows(variable: &str) -> bool {
        let name = variable.strip_suffix("_FILE").unwrap_or(variable);
        let matches = |known: &&str| {
            name == *known || (known.ends_with('_') && name.len() > known.len() && name.starts_with(*known))
        };
        NAMES.iter().any(matches)
    }

    pub(super) fn read(environment: &Environment) -> Result<Self, Faults> {
        let general = ["DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE"];
        let general = general.into_iter().filter_map(|name| Some((name, environment.get(name)?)));
        let (mut secrets, mut faults) = (Self::default(), Vec::new());
        for (variable, value) in environment.ours().chain(general).filter(|(variable, _)| Self::knows(variable)) {
            let (name, secret) = match variable.strip_suffix("_FILE") {
                None => (variable, Ok(SecretString::from(value))),
                Some(name) if environment.get(name).is_some() => {
                    (name, Err(Fault::at(variable, "", format!("{name} is set as well; set one of the two"))))
                }
                Some(name) => (name, from_file(variable, Path::new(value))),
            };
            match secret {
                Ok(secret) => drop(secrets.0.insert(name.to_owned(), secret)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(secrets) } else { Err(Faults(faults)) }
    }
}

fn from_file(variable: &str, path: &Path) -> Result<SecretString, Fault> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Fault::at(variable, "", format!("{shown} cannot be read: {error}")))?;
    match text.trim() {
        "" => Err(Fault::at(variable, "", format!("{shown} is empty"))),
        secret if secret.len() > LONGEST || secret.contains(char::is_whitespace) => {
            Err(Fault::at(variable, "", format!("{shown} holds more than one word; it should hold the secret alone")))
        }
        secret => Ok(SecretString::from(secret)),
    }
}

/// Secrets that somebody wrote into the file. They are taken out of the tree and never shown.
pub(super) fn misplaced(file: &str, tree: &mut Dict) -> Vec<Fault> {
    let mut faults = Vec::new();
    take_out(file, "", tree, &mut faults);
    faults
}

fn take_out(file: &str, above: &str, tree: &mut Dict, faults: &mut Vec<Fault>) {
    tree.retain(|key, value| {
        let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        if is_secret(key, value) {
            let problem =
                format!("a secret does not belong into this file; set {}, or the same with _FILE", variable(&path));
            faults.push(Fault::at(file, path, problem));
            return false;
        }
        if let Value::Dict(_, below) = value {
            take_out(file, &path, below, faults);
        }
        true
    });
}

/// The variable that is meant by somebody who writes a secret under this key.
fn variable(path: &str) -> String {
    let named = path.rsplit('.').next().unwrap_or(path).to_uppercase();
    let placed = format!("LOVELM_{}", path.to_uppercase().replace('.', "_"));
    match text::nearest(&named, &NAMES).or_else(|| text::nearest(&placed, &NAMES)) {
        Some(name) if name.ends_with('_') => format!("{name}PERSONA"),
        Some(name) => name.to_owned(),
        None => "its variable (deploy/.env.example)".to_owned(),
    }
}

/// By its key, or as an address with a password in it.
fn is_secret(key: &str, value: &Value) -> bool {
    let key = key.to_lowercase();
    let ends_in =
        |forbidden| key.strip_suffix(forbidden).is_some_and(|head: &str| head.is_empty() || head.ends_with('_'));
    let by_key = key == "token" || FORBIDDEN_KEYS.into_iter().any(ends_in);
    by_key || value.as_str().is_some_and(has_password)
}

fn has_password(text: &str) -> bool {
    let authority = text.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let user_info = authority.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
    user_info.is_some_and(|user| user.contains(':'))
}
