//! Holds the arrows of the architecture, by reading the sources: who may name whom.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What every room may name.
const COMMON: [&str; 4] = ["chat", "clock", "locale", "text"];

/// The rooms in path order, and the other rooms that each may name: the one whose type it is handed, and those whose types
/// that one carries.
const ROOMS: [(&str, &[&str]); 17] = [
    ("routing", &[]),
    ("safety", &["routing"]),
    ("privacy", &["routing", "safety"]),
    ("moderation", &["privacy"]),
    ("limits", &["privacy"]),
    ("coalesce", &["limits", "privacy", "routing"]),
    ("scheduler", &["limits", "link", "privacy"]),
    ("persona", &["engine"]),
    ("context", &["engine", "persona", "privacy"]),
    ("engine", &[]),
    ("relay", &["engine", "link", "privacy", "scheduler"]),
    ("reply", &["engine"]),
    ("store", &["moderation", "privacy"]),
    // Around the path: what a section of the configuration belongs to, and the log's own settings.
    ("config", &["coalesce", "context", "engine", "limits", "link", "moderation", "scheduler"]),
    ("link", &[]),
    ("telemetry", &["config"]),
    // Knows every room.
    ("pipeline", &["*"]),
];

/// The vocabulary knows nothing but itself. The way out takes only text that `reply` made; its documentation says so.
const VOCABULARY: [(&str, &[&str]); 4] = [("chat", &[]), ("clock", &[]), ("locale", &["chat"]), ("text", &["chat"])];

/// Where the raw text of a person may be read: before the privacy door, and where it comes from.
const READS_RAW_TEXT: [&str; 7] =
    ["src/chat", "src/routing", "src/safety", "src/privacy", "src/arrows.rs", "bots", "tests"];

/// A source file without its comments: documentation may name anything.
struct Source {
    /// From the workspace's root, with `/`.
    path: String,
    code: String,
}

impl Source {
    /// `src/routing/names.rs` is of the room `routing`.
    fn room(&self) -> Option<&str> {
        let path = self.path.strip_prefix("src/")?;
        path.split(['/', '.']).next()
    }

    /// Tests may set up what their room is handed, by whatever door makes it.
    fn is_test(&self) -> bool {
        self.path.contains("tests") || self.path.starts_with("src/arrows")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join(folder), &mut files);
    files.sort();
    files.iter().map(|file| source(file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn source(file: &Path) -> Source {
    let text = fs::read_to_string(file).expect("readable");
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let path = file.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
    Source { path, code: code.collect::<Vec<_>>().join("\n") }
}

/// The rooms that a file of the library names: `crate::room`, also inside the braces of a `use`.
fn named_rooms(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for behind in code.split("crate::").skip(1) {
        match behind.strip_prefix('{') {
            Some(list) => rooms.extend(heads(list)),
            None => rooms.extend(word(behind)),
        }
    }
    rooms
}

/// The first word of each item in a `use` list, up to its closing brace.
fn heads(list: &str) -> Vec<String> {
    let (mut depth, mut heads, mut item) = (0, Vec::new(), String::new());
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.extend(word(&std::mem::take(&mut item))),
            _ if depth == 0 => item.push(c),
            _ => {}
        }
    }
    heads.extend(word(&item));
    heads
}

fn word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    Some(word).filter(|word| !word.is_empty())
}

fn allowed(room: &str) -> Option<BTreeSet<&str>> {
    let vocabulary = VOCABULARY.iter().find(|(name, _)| *name == room).map(|(_, may)| may.to_vec());
    let on_the_path = ROOMS.iter().find(|(name, _)| *name == room).map(|(_, may)| [COMMON.as_slice(), may].concat());
    let mut may: BTreeSet<_> = vocabulary.or(on_the_path)?.into_iter().collect();
    may.extend(ROOMS.iter().map(|(name, _)| *name).filter(|name| *name == room));
    may.extend(COMMON.into_iter().filter(|name| *name == room));
    Some(may)
}

fn is_room(name: &str) -> bool {
    ROOMS.iter().any(|(room, _)| *room == name) || COMMON.contains(&name)
}

#[test]
fn every_room_of_the_library_is_on_the_list() {
    let named = source(&root().join("src/lib.rs"));
    let rooms: BTreeSet<_> = named.code.split("pub mod ").skip(1).filter_map(word).collect();
    let listed = ROOMS.iter().map(|(room, _)| *room).chain(COMMON).map(str::to_owned).collect();
    assert_eq!(rooms, listed);
}

#[test]
fn rooms_name_only_what_they_are_handed() {
    let mut looked_at = 0;
    for source in sources("src").iter().filter(|source| !source.is_test()) {
        let Some(may) = source.room().and_then(allowed).filter(|may| !may.contains("*")) else { continue };
        looked_at += 1;
        for named in named_rooms(&source.code).iter().filter(|named| is_room(named)) {
            assert!(may.contains(named.as_str()), "{} names the room {named}", source.path);
        }
    }
    assert!(looked_at > 20, "the sources were found");
}

#[test]
fn only_the_engine_knows_a_model_library() {
    for source in ["src", "bots", "tests"].into_iter().flat_map(sources).filter(|source| !source.is_test()) {
        for library in ["mistralrs", "candle_core", "candle_nn", "tokenizers"] {
            assert!(!source.code.contains(&format!("{library}::")), "{} names {library}", source.path);
        }
    }
}

#[test]
fn raw_text_is_read_before_the_privacy_door_only() {
    for source in ["src", "bots", "engine", "tests"].into_iter().flat_map(sources).filter(|source| !source.is_test()) {
        let may = READS_RAW_TEXT.iter().any(|place| source.path.starts_with(place));
        assert!(may || !source.code.contains(".expose()"), "{} reads raw text", source.path);
    }
}

#[test]
fn no_crate_points_up_the_path() {
    let fleet = ["lovelm", "lovelm-console", "lovelm-discord", "lovelm-twitch", "lovelm-overlay", "lovelm-engine"];
    for (package, may) in [
        (".", &[] as &[&str]),
        ("engine", &["lovelm"]),
        ("bots/console", &["lovelm"]),
        ("bots/discord", &["lovelm"]),
        ("bots/twitch", &["lovelm"]),
        ("bots/overlay", &["lovelm"]),
        ("bots/fleet", &fleet),
    ] {
        let Ok(manifest) = fs::read_to_string(root().join(package).join("Cargo.toml")) else { continue };
        for ours in dependencies(&manifest) {
            assert!(may.contains(&ours.as_str()), "{package} depends on {ours}");
        }
    }
}

/// The crates of ours that a manifest depends on, but for its tests.
fn dependencies(manifest: &str) -> Vec<String> {
    let sections = manifest.split("\n[").filter(|section| section.starts_with("dependencies]"));
    let keys = sections.flat_map(str::lines).filter_map(|line| line.split(['.', '=', ' ']).next());
    keys.filter(|key| key.starts_with("lovelm")).map(str::to_owned).collect()
}

#[test]
fn every_sentence_that_is_said_by_its_key_exists() {
    let keys = include_str!("../locales/en.ftl");
    for source in ["src", "bots"].into_iter().flat_map(sources).filter(|source| !source.is_test()) {
        for call in source.code.split(".say(").skip(1) {
            let arguments = call.split(';').next().unwrap_or_default();
            let Some(key) = arguments.split('"').nth(1) else { continue };
            if !key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
                continue;
            }
            assert!(keys.contains(&format!("\n{key} =")), "{} says {key}, which is in no locale file", source.path);
        }
    }
}

#[test]
fn use_lists_are_read_to_their_end() {
    let code = "use crate::{\n    chat::{Language, id::{self, A}},\n    privacy::Private, clock,\n};\nfn f() { crate::reply::x() }";
    let rooms = ["chat", "privacy", "clock", "reply"].map(str::to_owned);
    assert_eq!(named_rooms(code), rooms.into());
}
