//! A search for many needles at once in whatever bytes there are.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

/// By so many bytes at its beginning a needle is found; none is shorter.
const HEAD: usize = 6;

/// Something that is to be found nowhere.
#[derive(Clone, Debug)]
pub(super) struct Needle {
    pub kind: &'static str,
    pub text: String,
}

/// The needles, made ready, and what was found so far.
pub(super) struct Scan {
    needles: Vec<Needle>,
    /// Needles by how they begin.
    heads: HashMap<[u8; HEAD], Vec<usize>>,
    /// Which three bytes begin any.
    begins: Vec<bool>,
    /// Bytes looked at, by place.
    pub bytes: BTreeMap<&'static str, usize>,
    /// Hits by place and kind.
    pub hits: BTreeMap<(&'static str, &'static str), usize>,
}

impl Scan {
    pub fn of(needles: Vec<Needle>) -> Self {
        let (mut heads, mut begins) = (HashMap::<_, Vec<usize>>::new(), vec![false; 1 << 24]);
        for (number, needle) in needles.iter().enumerate() {
            let bytes = needle.text.as_bytes();
            let head: [u8; HEAD] = bytes[..HEAD].try_into().expect("long enough");
            heads.entry(head).or_default().push(number);
            begins[three(bytes)] = true;
        }
        Self { needles, heads, begins, bytes: BTreeMap::new(), hits: BTreeMap::new() }
    }

    pub fn len(&self) -> usize {
        self.needles.len()
    }

    /// Looks at these bytes.
    pub fn look(&mut self, place: &'static str, bytes: &[u8]) {
        *self.bytes.entry(place).or_default() += bytes.len();
        for at in 0..bytes.len().saturating_sub(HEAD - 1) {
            if !self.begins[three(&bytes[at..])] {
                continue;
            }
            let head: &[u8; HEAD] = bytes[at..at + HEAD].try_into().expect("as long");
            for number in self.heads.get(head).into_iter().flatten() {
                let needle = &self.needles[*number];
                if bytes[at..].starts_with(needle.text.as_bytes()) && stands_alone(bytes, at, needle.text.len()) {
                    *self.hits.entry((place, needle.kind)).or_default() += 1;
                }
            }
        }
    }

    /// Looks at these bytes, and at what stands in them as hexadecimal digits behind `\x`.
    pub fn look_also_at_bytea(&mut self, place: &'static str, text: &[u8]) {
        self.look(place, text);
        let mut rest = text;
        while let Some(at) = rest.windows(2).position(|two| two == b"\\x") {
            rest = &rest[at + 2..];
            let digits = rest.iter().take_while(|digit| digit.is_ascii_hexdigit()).count();
            let pairs = rest[..digits].chunks_exact(2);
            let bytes: Vec<u8> =
                pairs.filter_map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()).collect();
            self.look(place, &bytes);
            rest = &rest[digits..];
        }
    }

    /// Looks at every file below a folder.
    pub fn look_below(&mut self, place: &'static str, folder: &Path) {
        for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                self.look_below(place, &path);
            } else if path.is_file() {
                // A file may go while it is looked for.
                self.look(place, &fs::read(&path).unwrap_or_default());
            }
        }
    }
}

fn three(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 16 | usize::from(bytes[1]) << 8 | usize::from(bytes[2])
}

/// A number inside a longer run of digits and letters is chance: a hash in hexadecimal holds many.
fn stands_alone(bytes: &[u8], at: usize, length: usize) -> bool {
    if !bytes[at..at + length].iter().all(u8::is_ascii_digit) {
        return true;
    }
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let behind = bytes.get(at + length).copied();
    ![before, behind].into_iter().flatten().any(|byte| byte.is_ascii_alphanumeric())
}
