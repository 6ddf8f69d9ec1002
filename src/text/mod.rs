//! Takes text, gives views of it to match against, its language, and the particles that fit a word. Knows nothing of chat
//! or of what is looked for.

mod grapheme;
mod hangul;
mod josa;
mod language;
mod nearest;
mod normal;
mod sentence;
mod view;

pub use grapheme::{floor_grapheme, truncate_graphemes};
pub use josa::{Final, Particle, fit, last_sound};
pub use language::{Detected, detect};
pub use nearest::nearest;
pub use normal::{clean, compatible, normalize};
pub use sentence::{finished_sentences, first_sentences};
pub use view::Normal;

#[cfg(test)]
mod tests;
