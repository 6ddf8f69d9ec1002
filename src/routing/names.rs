//! Takes the names of a roster, gives where they stand in a text. Knows nothing of what makes a name a call.
//!
//! Asked of every line of every channel, and most lines hold no name: three tables, of the bytes that names begin with, say so
//! of a place in a few instructions.

use std::{cmp::Reverse, fmt};

use crate::chat::{PersonaId, Roster};

/// Bytes of a name's beginning that are looked at before the name is.
const BYTES: usize = 3;

/// For each byte of a beginning and each value of it, the names that may have it there: a bit each, shared beyond 64.
type Beginnings = [[u64; 256]; BYTES];

/// The names of a fleet's personas, ready to be found.
#[derive(Clone)]
pub struct Names {
    names: Vec<(String, PersonaId)>,
    begins: Box<Beginnings>,
}

impl Names {
    /// The ids and names of a roster.
    #[must_use]
    pub fn of(roster: &Roster) -> Self {
        let ids = roster.personas.iter().map(|persona| (persona.as_str().to_owned(), persona.clone()));
        let names = roster.names.iter().map(|call| (call.name.clone(), call.persona.clone()));
        let names: Vec<_> = ids.chain(names).filter(|(name, _)| !name.is_empty()).collect();
        let mut begins = Box::new([[0; 256]; BYTES]);
        for (index, (name, _)) in names.iter().enumerate() {
            mark(&mut begins, name, 1 << (index % 64));
        }
        Self { names, begins }
    }

    /// Whether a name stands anywhere in a text, whatever is around it.
    pub(super) fn occur_in(&self, text: &str) -> bool {
        (0..text.len()).any(|at| self.may_stand(text.as_bytes(), at) && self.stand_at(text, at))
    }

    /// The personas whose names a text has at this byte, and the names' lengths there, the longest first.
    pub(super) fn at(&self, text: &str, at: usize) -> Vec<(usize, &PersonaId)> {
        if !self.may_stand(text.as_bytes(), at) {
            return Vec::new();
        }
        let mut found: Vec<_> = self.standing(&text[at..]).collect();
        found.sort_by_key(|(length, _)| Reverse(*length));
        found
    }

    fn stand_at(&self, text: &str, at: usize) -> bool {
        text.is_char_boundary(at) && self.standing(&text[at..]).next().is_some()
    }

    fn standing<'a>(&'a self, text: &str) -> impl Iterator<Item = (usize, &'a PersonaId)> {
        self.names.iter().filter_map(|(name, persona)| Some((starts_with(text, name)?, persona)))
    }

    fn may_stand(&self, bytes: &[u8], at: usize) -> bool {
        let [first, second, third] = &*self.begins;
        // Behind the end stands what only a shorter name can do without.
        let byte = |at: usize| usize::from(bytes.get(at).copied().unwrap_or_default());
        first[byte(at)] & second[byte(at + 1)] & third[byte(at + 2)] != 0
    }
}

/// Notes the bytes with which a name may begin, in either case. In NFC no sign stands for an ASCII letter but itself; of other
/// letters with two cases any byte will do, and the name itself is looked at.
fn mark(begins: &mut Beginnings, name: &str, bit: u64) {
    let mut offset = 0;
    for letter in name.chars() {
        let mut buffer = [0; 4];
        for byte in letter.encode_utf8(&mut buffer).bytes() {
            let Some(values) = begins.get_mut(offset).filter(|_| letter.is_ascii() || !is_cased(letter)) else {
                return mark_all(begins, offset, bit);
            };
            for value in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()] {
                values[usize::from(value)] |= bit;
            }
            offset += 1;
        }
    }
    mark_all(begins, offset, bit);
}

/// Whatever stands from there on.
fn mark_all(begins: &mut Beginnings, from: usize, bit: u64) {
    for values in begins.iter_mut().skip(from) {
        for value in values {
            *value |= bit;
        }
    }
}

fn is_cased(letter: char) -> bool {
    !letter.to_lowercase().eq([letter]) || !letter.to_uppercase().eq([letter])
}

/// The bytes of `text` that are `start` in either case.
pub(super) fn starts_with(text: &str, start: &str) -> Option<usize> {
    let mut letters = text.chars();
    for wanted in start.chars() {
        let letter = letters.next()?;
        let same = if letter.is_ascii() && wanted.is_ascii() {
            letter.eq_ignore_ascii_case(&wanted)
        } else {
            letter == wanted || letter.to_lowercase().eq(wanted.to_lowercase())
        };
        if !same {
            return None;
        }
    }
    Some(text.len() - letters.as_str().len())
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").field("names", &self.names).finish_non_exhaustive()
    }
}
