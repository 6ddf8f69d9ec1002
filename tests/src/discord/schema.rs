//! Takes a JSON value and says where it differs from Discord's own description of its REST API. Knows nothing of what a
//! request does.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::DateTime;
use serde::Deserialize;
use serde_json::{Map, Value};

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let mut document: Document = serde_json::from_str(include_str!("openapi.json")).expect("the document is JSON");
    for operation in OF_THE_PAGES {
        let responses = BTreeMap::from([("200".to_owned(), serde_json::json!({ "type": "array" }))]);
        document.paths.insert(operation.to_owned(), Operation { request: None, responses });
    }
    document
});

/// What Discord's pages explain and its document leaves out: lists.
const OF_THE_PAGES: [&str; 1] = ["GET /applications/{application_id}/skus"];

/// An integer to the document, a text to the pages that explain it. Discord takes both.
const TAKEN_AS_TEXT: &str = ".default_member_permissions: is not of type";

/// What the document says, reduced to what is checked.
#[derive(Debug, Deserialize)]
pub struct Document {
    paths: BTreeMap<String, Operation>,
    schemas: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    request: Option<Value>,
    responses: BTreeMap<String, Value>,
}

/// An operation of the document, and what stands in the path's braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Such as `GET /channels/{channel_id}`.
    pub operation: &'static str,
    pub params: Vec<String>,
}

/// The document that all is held to.
pub fn document() -> &'static Document {
    &DOCUMENT
}

impl Document {
    /// The operation of a request. Words go before braces: `@original` is no message's id.
    pub fn find(&'static self, method: &str, path: &str) -> Option<Found> {
        let fits = |key: &'static String| {
            let (known, template) = key.split_once(' ')?;
            let params = (known == method).then(|| params(template, path))??;
            Some(Found { operation: key, params })
        };
        self.paths.keys().filter_map(fits).min_by_key(|found| found.params.len())
    }

    /// What is wrong with a request's body.
    pub fn request(&self, operation: &str, body: &Value) -> Vec<String> {
        match self.paths.get(operation).and_then(|operation| operation.request.as_ref()) {
            Some(schema) => {
                let mut faults = self.faults(schema, body);
                faults.retain(|fault| !fault.contains(TAKEN_AS_TEXT));
                faults
            }
            None if body.is_null() => Vec::new(),
            None => vec!["a body where none belongs".to_owned()],
        }
    }

    /// What is wrong with an answer.
    pub fn response(&self, operation: &str, status: u16, body: &Value) -> Vec<String> {
        let Some(operation) = self.paths.get(operation) else { return vec!["no such operation".to_owned()] };
        let exact = operation.responses.get(&status.to_string());
        match exact.or_else(|| operation.responses.get(&format!("{}XX", status / 100))) {
            Some(schema) if schema.as_object().is_some_and(Map::is_empty) => {
                if body.is_null() {
                    Vec::new()
                } else {
                    vec!["a body where none belongs".to_owned()]
                }
            }
            Some(schema) => self.faults(schema, body),
            None => vec![format!("no answer has the status {status}")],
        }
    }

    /// What is wrong with a value that has a schema of its own.
    pub fn named(&self, schema: &str, value: &Value) -> Vec<String> {
        self.faults(&serde_json::json!({ "$ref": schema }), value)
    }

    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(schema, value, "$", &mut faults);
        faults
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        if let Some(name) = schema["$ref"].as_str() {
            match self.schemas.get(name) {
                Some(schema) => self.check(schema, value, at, faults),
                None => faults.push(format!("{at}: no schema {name}")),
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.check(part, value, at, faults);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(branches) = schema[key].as_array() {
                self.any(branches, value, at, faults);
            }
        }
        if let Some(expected) = schema.get("const")
            && expected != value
        {
            faults.push(format!("{at}: is not {expected}"));
        }
        if !typed(&schema["type"], value) {
            return faults.push(format!("{at}: is not of type {}", schema["type"]));
        }
        bounds(schema, value, at, faults);
        self.parts(schema, value, at, faults);
    }

    /// The value fits one of them, or the faults of the one that it fits best count.
    fn any(&self, branches: &[Value], value: &Value, at: &str, faults: &mut Vec<String>) {
        let tried = branches.iter().map(|branch| {
            let mut faults = Vec::new();
            self.check(branch, value, at, &mut faults);
            faults
        });
        faults.extend(tried.min_by_key(Vec::len).unwrap_or_default());
    }

    fn parts(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        if let Some(object) = value.as_object() {
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !object.contains_key(name) {
                    faults.push(format!("{at}: has no {name}"));
                }
            }
            for (name, part) in object {
                let known = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"));
                if let Some(schema) = known.filter(|schema| schema.is_object()) {
                    self.check(schema, part, &format!("{at}.{name}"), faults);
                }
            }
        }
        for (nth, part) in value.as_array().into_iter().flatten().enumerate() {
            self.check(&schema["items"], part, &format!("{at}[{nth}]"), faults);
        }
    }
}

fn params(template: &str, path: &str) -> Option<Vec<String>> {
    let (known, given): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let fits = |(known, given): (&&str, &&str)| known == given || (known.starts_with('{') && !given.is_empty());
    let all = known.len() == given.len() && known.iter().zip(&given).all(fits);
    let braces = known.iter().zip(given).filter(|(known, _)| known.starts_with('{'));
    all.then(|| braces.map(|(_, given)| given.to_owned()).collect())
}

fn typed(expected: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    match expected {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}

fn bounds(schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let measured = match value {
        Value::String(text) => Some((text.chars().count(), "Length")),
        Value::Array(items) => Some((items.len(), "Items")),
        _ => None,
    };
    if let Some((size, what)) = measured {
        let limit = |side: &str| schema[format!("{side}{what}")].as_u64().and_then(|most| usize::try_from(most).ok());
        if limit("min").is_some_and(|least| size < least) || limit("max").is_some_and(|most| size > most) {
            faults.push(format!("{at}: {size} is out of bounds"));
        }
    }
    if let Some(number) = value.as_f64() {
        let below = schema["minimum"].as_f64().is_some_and(|least| number < least);
        if below || schema["maximum"].as_f64().is_some_and(|most| number > most) {
            faults.push(format!("{at}: {number} is out of bounds"));
        }
    }
    let Some(text) = value.as_str() else { return };
    let well_formed = match schema["format"].as_str() {
        Some("snowflake") => text.parse::<u64>().is_ok_and(|id| id.to_string() == text),
        Some("date-time") => DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    };
    if !well_formed {
        faults.push(format!("{at}: is no {}", schema["format"]));
    }
    let listed = schema["enum"].as_array();
    if listed.is_some_and(|listed| !listed.contains(value)) {
        faults.push(format!("{at}: is none of the known values"));
    }
}
