//! What one JSON object says beyond another.

use serde_json::{Map, Value};

/// An object of version 1 as `data` of a card.
pub(super) fn wrapped(data: Map<String, Value>) -> Map<String, Value> {
    Map::from_iter([("data".to_owned(), Value::Object(data))])
}

/// What `card` says that `ours` does not, or says otherwise.
pub(super) fn beyond(card: &Map<String, Value>, ours: &Map<String, Value>) -> Map<String, Value> {
    let mut kept = Map::new();
    for (key, value) in card {
        match (value, ours.get(key)) {
            (_, Some(same)) if value == same => {}
            (Value::Object(value), Some(Value::Object(ours))) => {
                let more = beyond(value, ours);
                if !more.is_empty() {
                    kept.insert(key.clone(), Value::Object(more));
                }
            }
            _ => {
                kept.insert(key.clone(), value.clone());
            }
        }
    }
    kept
}

/// `ours` with what was kept on top: the other half of [`beyond`].
pub(super) fn laid_over(mut ours: Map<String, Value>, kept: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in kept {
        match (ours.remove(&key), value) {
            (Some(Value::Object(inner)), Value::Object(value)) => {
                ours.insert(key, Value::Object(laid_over(inner, value)));
            }
            (_, value) => {
                ours.insert(key, value);
            }
        }
    }
    ours
}
