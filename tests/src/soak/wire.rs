//! What the child and the platform tell each other: one JSON object a line.

use lovelm::chat::Platform;
use serde::{Deserialize, Serialize};

/// From the platform.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Down {
    /// Somebody wrote, and paid so many cents. Comes again until it is acknowledged.
    Said { event: u64, platform: Platform, user: u64, cents: u64, text: String },
    /// A line is shown.
    Posted { post: u64, id: String },
}

/// From the child.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Up {
    /// The event is in good hands.
    Heard { event: u64 },
    /// A line for whoever wrote this event.
    Post { post: u64, event: u64, platform: Platform, answer: bool, text: String, key: Option<String> },
}

/// As a line.
pub fn line<T: Serialize>(message: &T) -> String {
    serde_json::to_string(message).expect("it can be written") + "\n"
}
