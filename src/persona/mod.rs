//! Takes a folder of persona files, gives the characters of this fleet. Knows nothing of prompts, models or chat.

pub mod card;
mod character;
mod check;
mod fault;
mod file;
mod fleet;
#[cfg(test)]
mod tests;

pub use character::{Budget, Example, Persona, Voice};
pub use fault::Fault;
pub use fleet::{Personas, load};
