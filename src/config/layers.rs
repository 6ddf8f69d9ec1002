//! One layer over another: the file, then the environment.

use std::collections::BTreeMap;

use figment::{
    Provider,
    error::Kind,
    providers::{Format, Toml},
    value::{Dict, Value},
};

use super::{
    Config, Environment, Fault, Faults,
    environment::{CONFIG_VARIABLE, NAMED, PREFIX},
    fault,
    secrets::{self, Secrets},
};

/// Which variable set which key.
type Origins = BTreeMap<Vec<String>, String>;

/// The settings of the file under those of the environment. `name` is the file's, for faults.
pub(super) fn merge(name: &str, toml: &str, environment: &Environment) -> Result<Config, Faults> {
    let mut tree = parse(name, toml)?;
    let mut faults = secrets::misplaced(name, &mut tree);
    let (origins, strangers) = overlay(&mut tree, environment);
    faults.extend(strangers);
    let (config, wrong) = deserialize(tree);
    faults.extend(wrong.into_iter().map(|(path, problem)| locate(name, &path, problem, &origins)));
    match config {
        Some(config) if faults.is_empty() => Ok(config),
        _ => Err(Faults(faults)),
    }
}

/// The configuration of a tree, and what is wrong in it, by path. A fault hides those behind it: each is noted, its key taken
/// away, and the rest looked at again.
fn deserialize(mut tree: Dict) -> (Option<Config>, Vec<(Vec<String>, String)>) {
    let mut wrong = Vec::new();
    loop {
        match Value::from(tree.clone()).deserialize::<Config>() {
            Ok(config) => {
                wrong.extend(config.check().into_iter().map(|(key, problem)| (split(&key, "."), problem)));
                return (Some(config), wrong);
            }
            Err(error) => {
                let path = path_of(&error);
                wrong.push((path.clone(), describe(&error)));
                if !remove(&mut tree, &path) {
                    return (None, wrong);
                }
            }
        }
    }
}

fn parse(name: &str, toml: &str) -> Result<Dict, Faults> {
    let profiles = Toml::string(toml).data().map_err(|error| Fault::at(name, "", without_excerpt(&error)))?;
    Ok(profiles.into_values().next().unwrap_or_default())
}

/// The parser's message without the line it quotes: that line may hold a secret.
fn without_excerpt(error: &figment::Error) -> String {
    let message = error.kind.to_string();
    message.lines().filter(|line| !line.contains('|')).collect::<Vec<_>>().join(" ")
}

/// Puts the environment's settings over the tree; also gives faults for names of ours that set nothing.
fn overlay(tree: &mut Dict, environment: &Environment) -> (Origins, Vec<Fault>) {
    let (mut origins, mut faults) = (Origins::new(), Vec::new());
    for (variable, text) in environment.ours() {
        let named = NAMED.iter().find(|(name, _)| *name == variable);
        let (path, value) = match (named, variable[PREFIX.len()..].split_once("__")) {
            (Some((_, key)), _) => (split(key, "."), Value::from(text)),
            (None, Some((section, key))) => (split(&format!("{section}__{key}").to_lowercase(), "__"), typed(text)),
            (None, None) if variable == CONFIG_VARIABLE || Secrets::knows(variable) => continue,
            (None, None) => {
                let known = NAMED.iter().map(|(name, _)| *name).chain([CONFIG_VARIABLE]).chain(Secrets::names());
                faults.push(Fault::at(variable, "", fault::unknown("variable", variable, known)));
                continue;
            }
        };
        insert(tree, &path, value);
        origins.insert(path, variable.to_owned());
    }
    (origins, faults)
}

fn split(key: &str, by: &str) -> Vec<String> {
    key.split(by).map(str::to_owned).collect()
}

/// A number, a truth value or a list where the text is one, else text.
fn typed(text: &str) -> Value {
    text.parse().unwrap_or_else(|never: std::convert::Infallible| match never {})
}

fn insert(tree: &mut Dict, path: &[String], value: Value) {
    let [first, rest @ ..] = path else { return };
    if rest.is_empty() {
        tree.insert(first.clone(), value);
        return;
    }
    let below = tree.entry(first.clone()).or_insert_with(|| Value::from(Dict::new()));
    if !matches!(below, Value::Dict(..)) {
        *below = Value::from(Dict::new());
    }
    if let Value::Dict(_, below) = below {
        insert(below, rest, value);
    }
}

fn remove(tree: &mut Dict, path: &[String]) -> bool {
    match path {
        [] => false,
        [last] => tree.remove(last).is_some(),
        [first, rest @ ..] => match tree.get_mut(first) {
            Some(Value::Dict(_, below)) => remove(below, rest),
            // The fault lies inside a list: the list goes.
            Some(_) => tree.remove(first).is_some(),
            None => false,
        },
    }
}

/// Where the fault is. For an unknown key the parser names only the table around it.
fn path_of(error: &figment::Error) -> Vec<String> {
    let mut path = error.path.clone();
    if let Kind::UnknownField(key, _) = &error.kind
        && path.last() != Some(key)
    {
        path.push(key.clone());
    }
    path
}

fn describe(error: &figment::Error) -> String {
    match &error.kind {
        Kind::UnknownField(key, known) => fault::unknown("key", key, known.iter().copied()),
        Kind::UnknownVariant(value, known) => fault::unknown("value", value, known.iter().copied()),
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
            format!("expected {}, found {}", plainly(expected), plainly(&found.to_string()))
        }
        kind => kind.to_string(),
    }
}

fn locate(file: &str, path: &[String], problem: String, origins: &Origins) -> Fault {
    let source = origins.get(path).map_or(file, String::as_str);
    Fault::at(source, path.join("."), problem)
}

/// The parser's words for types in an operator's.
fn plainly(words: &str) -> String {
    match words {
        "a duration" => "a duration such as \"1m 30s\"".into(),
        table if table.starts_with("struct ") || table == "map" => "a table".into(),
        "sequence" => "a list".into(),
        _ => words.replace("unsigned int", "number").replace("signed int", "number").replace("float", "number"),
    }
}
