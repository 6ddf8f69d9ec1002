//! Takes what moderators want in their places, gives whether somebody is heard in one at a time. Knows nothing of what
//! is asked there, of tables or of platforms.
//!
//! The whole fleet is a place as well: what is wanted there holds everywhere beside what is wanted in a place. Places and people
//! come under every live key, the newest first; what is wanted is found under any of them.

mod config;
mod copies;
mod hours;
mod pace;
mod rule;
mod rules;
#[cfg(test)]
mod tests;

pub use self::{
    config::{CopiesConfig, ModerationConfig},
    copies::Copies,
    hours::{is_within, left},
    pace::{Pace, TooMuch},
    rule::{Edit, Rule, Tone},
    rules::{Change, Hearing, Rules, Scene},
};
