//! Reads one persona file strictly, and finds all of its faults in one go.

use std::path::Path;

use figment::{
    error::{Error, Kind},
    providers::{Format, Toml},
    value::{Dict, Value},
};

use super::{
    Fault, Persona,
    character::Sheet,
    check,
    fault::{Faults, known_keys},
};
use crate::chat::PersonaId;

/// Reads the bytes of `file`.
///
/// # Errors
/// Every fault of the file; never an empty list.
pub(super) fn read(file: &Path, bytes: &[u8]) -> Result<Persona, Vec<Fault>> {
    let mut faults = Faults::of(file);
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    check::id(stem, &mut faults);
    let sheet = parse(bytes, &mut faults);
    if let Some(sheet) = &sheet {
        check::sheet(sheet, &mut faults);
    }
    faults.into_result(Persona::new(PersonaId::new(stem), sheet.unwrap_or_default()))
}

/// Takes a broken key out and tries again, so that one fault does not hide the next. Every key has a default, which
/// [`check::sheet`] calls missing.
fn parse(bytes: &[u8], faults: &mut Faults) -> Option<Sheet> {
    let mut values = match table(bytes) {
        Ok(table) => Value::from(table),
        Err(problem) => {
            faults.add("", problem, None);
            return None;
        }
    };
    loop {
        match values.deserialize::<Sheet>() {
            Ok(sheet) => return Some(sheet),
            Err(error) => {
                let (problem, hint) = describe(&error);
                faults.add(&dotted(&error.path), problem, hint);
                faults.settle(dotted(take_out(&mut values, &error.path)?));
            }
        }
    }
}

fn table(bytes: &[u8]) -> Result<Dict, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("is not UTF-8 at byte {}", error.valid_up_to()))?;
    Toml::from_str(text).map_err(|error| on_one_line(&error.to_string()))
}

/// The first line of a TOML error says where, the last one what; between them it draws the place.
fn on_one_line(error: &str) -> String {
    let mut lines = error.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    lines.next_back().map_or_else(|| first.to_owned(), |last| format!("{first}: {last}"))
}

fn describe(error: &Error) -> (String, Option<String>) {
    match &error.kind {
        Kind::UnknownField(key, known) => ("unknown key".to_owned(), Some(known_keys(key, known))),
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
            (format!("expected {}, found {found}", in_words(expected)), None)
        }
        kind => (kind.to_string(), None),
    }
}

/// What serde expects, in TOML's words.
fn in_words(expected: &str) -> &str {
    match expected {
        "u32" | "usize" => "a whole number, 0 or more",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        _ if expected.starts_with("struct ") => "a table",
        _ => expected,
    }
}

/// Removes the nearest table entry on the way to `path`, and gives the way to it. `None` when there is nothing to remove.
fn take_out<'p>(values: &mut Value, path: &'p [String]) -> Option<&'p [String]> {
    let (last, parents) = path.split_last()?;
    match at(values, parents)? {
        Value::Dict(_, table) => table.remove(last).map(|_| path),
        _ => take_out(values, parents),
    }
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Dict(_, table) => table.get_mut(step),
        Value::Array(_, list) => list.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// `["ko", "examples", "2", "answer"]` is `ko.examples[2].answer`.
fn dotted(path: &[String]) -> String {
    path.iter().fold(String::new(), |key, step| match step.parse::<usize>() {
        Ok(index) if !key.is_empty() => format!("{key}[{index}]"),
        _ if key.is_empty() => step.clone(),
        _ => format!("{key}.{step}"),
    })
}
