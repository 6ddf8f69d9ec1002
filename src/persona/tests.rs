use std::{fs, path::Path};

use proptest::prelude::*;

use super::{Fault, Personas, load};
use crate::chat::{Language, PersonaId, Platform};

const HONGCHA: &str = include_str!("../../personas/hongcha.toml");
const OMAR: &str = include_str!("../../personas/omar.toml");

fn bundled() -> Personas {
    load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/personas"))).unwrap()
}

/// Loads a folder of these files.
fn folder(files: &[(&str, &[u8])]) -> Result<Personas, Vec<Fault>> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    load(folder.path())
}

/// The faults of 홍차's file with one piece of it replaced, as `key: problem; hint`.
fn faults_with(from: &str, to: &str) -> Vec<String> {
    assert!(HONGCHA.contains(from), "the file has no `{from}`");
    faults_of(HONGCHA.replacen(from, to, 1).as_bytes())
}

fn faults_of(bytes: &[u8]) -> Vec<String> {
    let faults = folder(&[("hongcha.toml", bytes)]).unwrap_err();
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    for line in &lines {
        assert!(!line.contains('\n') && line.contains("hongcha.toml: "), "{line}");
    }
    lines.iter().map(|line| line.split_once("hongcha.toml: ").unwrap().1.to_owned()).collect()
}

#[test]
fn the_four_speak_in_panel_order() {
    let personas = bundled();
    let ids: Vec<_> = personas.iter().map(|persona| persona.id().as_str()).collect();
    assert_eq!(ids, ["hongcha", "omar", "kimdal", "shuhi"]);
    assert!(personas.get(&PersonaId::new("kimdal")).is_some());
    assert!(personas.get(&PersonaId::new("nobody")).is_none());
}

#[test]
fn every_name_in_every_language_calls_its_persona() {
    let personas = bundled();
    let roster = personas.roster();
    for (name, id) in
        [("홍차", "hongcha"), ("오마르", "omar"), ("キムダル", "kimdal"), ("shuhi", "shuhi"), ("OMAR", "omar")]
    {
        assert_eq!(roster.find(name).map(PersonaId::as_str), Some(id), "{name}");
    }
    for persona in personas.iter() {
        for name in persona.voices().flat_map(|(_, voice)| voice.names()) {
            assert_eq!(roster.find(name), Some(persona.id()), "{name}");
        }
    }
}

#[test]
fn no_two_personas_share_a_text() {
    let personas = bundled();
    let mut seen = std::collections::HashSet::new();
    for (_, voice) in personas.iter().flat_map(|persona| persona.voices().collect::<Vec<_>>()) {
        let answers = voice.examples.iter().map(|example| &example.answer);
        for text in answers.chain([&voice.character, &voice.speech, &voice.notice, &voice.trouble]) {
            assert!(seen.insert(text.clone()), "said twice: {text}");
        }
    }
}

#[test]
fn every_persona_says_in_its_examples_that_it_is_an_ai() {
    for persona in bundled().iter() {
        for (language, voice) in persona.voices() {
            let seen_by_a_small_model = voice.examples.iter().take(4);
            assert!(
                seen_by_a_small_model.map(|example| &example.answer).any(|answer| answer.contains("AI")),
                "{persona:?} in {language}",
                persona = persona.id()
            );
        }
    }
}

#[test]
fn examples_keep_to_the_tightest_budget() {
    for persona in bundled().iter() {
        let budget = persona.budget(Platform::Twitch);
        for answer in persona.voices().flat_map(|(_, voice)| &voice.examples).map(|example| &example.answer) {
            assert!(answer.chars().count() <= budget.max_chars, "{answer}");
        }
    }
}

#[test]
fn speech_levels_hold_in_every_korean_answer() {
    let personas = bundled();
    let answers = |id: &str| -> Vec<String> {
        let voice = personas.get(&PersonaId::new(id)).unwrap().voice(Language::Ko);
        voice.examples.iter().map(|example| example.answer.clone()).collect()
    };
    let polite = |answer: &String| ["요.", "요,", "요?", "죠."].iter().any(|ending| answer.contains(ending));
    let formal = |answer: &String| ["니다.", "시오.", "니까?"].iter().any(|ending| answer.contains(ending));
    assert!(answers("hongcha").iter().all(|answer| polite(answer) && !formal(answer)));
    assert!(answers("omar").iter().all(|answer| formal(answer) && !polite(answer)));
    assert!(answers("kimdal").iter().all(|answer| !polite(answer) && !formal(answer) && !answer.contains('!')));
    assert!(answers("shuhi").iter().all(|answer| !polite(answer) && !formal(answer) && answer.contains('!')));
}

#[test]
fn thanks_wrap_around_and_name_the_amount() {
    let personas = bundled();
    let voice = personas.iter().next().unwrap().voice(Language::En);
    assert_eq!(voice.thank(0, "100 bits"), "Thank you for the 100 bits. The tea is a little warmer for it.");
    assert_eq!(voice.thank(voice.thanks.len(), "a sub"), voice.thank(0, "a sub"));
    assert!(!voice.thank(usize::MAX, "1 month").contains('{'));
}

#[test]
fn no_korean_particle_hangs_on_an_amount() {
    for persona in bundled().iter() {
        for line in &persona.voice(Language::Ko).thanks {
            let behind = line.split("{amount}").skip(1).filter_map(|rest| rest.chars().next());
            assert!(behind.into_iter().all(|letter| !letter.is_alphabetic()), "{line}");
        }
    }
}

#[test]
fn the_readme_shows_every_key() {
    let readme = include_str!("../../personas/README.md");
    let example = readme.split("```toml").nth(1).unwrap().split("```").next().unwrap();
    let faults = faults_of(example.as_bytes());
    let left_out = |fault: &String| ["ko", "ja", "en.examples: has 1,"].iter().any(|key| fault.starts_with(key));
    assert!(faults.iter().all(left_out), "{faults:#?}");
    for section in ["[sampling]", "[budget]", "[en]"] {
        let keys = |text: &str| -> Vec<String> {
            let lines = text.split(section).nth(1).unwrap().split("\n[").next().unwrap().lines();
            let keys = lines.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned());
            keys.filter(|key| key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')).collect()
        };
        assert_eq!(keys(example), keys(HONGCHA), "{section}");
    }
}

#[test]
fn colours_are_numbers() {
    assert_eq!(bundled().iter().next().unwrap().colour(), 0x00B5_523B);
}

#[test]
fn an_unknown_key_is_told_with_the_nearest_known_one() {
    assert_eq!(
        faults_with("speech =", "speach ="),
        ["ko.speach: unknown key; did you mean `speech`?", "ko.speech: is missing or empty"]
    );
    assert_eq!(
        faults_with("order = 1", "order = 1\nzodiac = \"leo\""),
        ["zodiac: unknown key; known here: order, emoji, colour, card, sampling, budget, ko, en, ja"]
    );
    let faults = faults_with("{ question = \"Should I", "{ qestion = \"Should I");
    assert_eq!(faults[0], "en.examples[2].qestion: unknown key; did you mean `question`?");
}

#[test]
fn a_wrong_type_is_told_once() {
    assert_eq!(
        faults_with("order = 1", "order = \"first\""),
        ["order: expected a whole number, 0 or more, found string \"first\""]
    );
    assert_eq!(
        faults_with("max_tokens = 200", "max_tokens = -1"),
        ["budget.console.max_tokens: expected a whole number, 0 or more, found signed int `-1`"]
    );
    assert_eq!(
        faults_with("temperature = 0.4", "temperature = [0.6]"),
        ["sampling.temperature: expected a number, found sequence"]
    );
    assert_eq!(faults_with("\"다그치기\"", "7"), ["ko.never[0]: expected a string, found signed int `7`"]);
}

#[test]
fn all_faults_of_a_file_are_found_in_one_go() {
    let broken = HONGCHA
        .replacen("order = 1", "order = 0", 1)
        .replacen("temperature = 0.4", "temperature = nan", 1)
        .replacen("top_p = 0.9", "top_p = 1.5", 1)
        .replacen("max_chars = 380", "max_chars = 0", 1)
        .replacen("name = \"Hongcha\"", "name = \"Hong Cha\"", 1)
        .replacen("colour = \"#B5523B\"", "colour = \"red\"", 1)
        .replacen("emoji", "emojy", 1);
    let faults = faults_of(broken.as_bytes());
    let keys: Vec<&str> = faults.iter().map(|fault| fault.split_once(": ").unwrap().0).collect();
    assert_eq!(
        keys,
        [
            "emojy",
            "order",
            "emoji",
            "colour",
            "sampling.temperature",
            "sampling.top_p",
            "budget.twitch.max_chars",
            "en.name"
        ]
    );
}

#[test]
fn too_few_examples_are_told() {
    let (before, last) = HONGCHA.split_once("    { question = \"After a fight").unwrap();
    let without = format!("{before}{}", last.split_once('\n').unwrap().1);
    assert_eq!(faults_of(without.as_bytes()), ["en.examples: has 5, must have 6 to 16"]);
}

#[test]
fn texts_are_one_line_within_bounds() {
    let told = |to: &str| faults_with("\"Gentle, polite, plain words. No slang.\"", to);
    assert_eq!(told("\"\""), ["en.speech: is missing or empty"]);
    assert_eq!(told("\" \""), ["en.speech: is missing or empty"]);
    assert_eq!(told("\"Gentle\\nand polite\""), ["en.speech: must be one line without control characters"]);
    assert_eq!(told("\"Gentle\\u0000\""), ["en.speech: must be one line without control characters"]);
    assert_eq!(told("\"Gentle \""), ["en.speech: begins or ends with white space"]);
    assert_eq!(told(&format!("\"{}\"", "가".repeat(161))), ["en.speech: has 161 characters, must have 5 to 160"]);
    assert_eq!(
        told("\"Thanks for {amount}\""),
        ["en.speech: holds a brace; only {amount}, and only in thanks, stands for something"]
    );
}

#[test]
fn the_notice_must_say_ai() {
    assert_eq!(
        faults_with("I am Hongcha, an AI character, not a person.", "I am Hongcha."),
        ["en.notice: does not say AI; people are told that this is an AI"]
    );
}

#[test]
fn an_empty_file_lacks_everything_but_sampling() {
    let faults = faults_of(b"");
    assert!(faults.iter().any(|fault| fault.starts_with("ja.examples: has 0")));
    assert!(faults.iter().all(|fault| !fault.starts_with("sampling")));
}

#[test]
fn broken_toml_says_where() {
    let faults = faults_of(b"order = 1\nemoji = \n");
    assert_eq!(faults.len(), 1);
    assert!(faults[0].contains("line 2"), "{}", faults[0]);
}

#[test]
fn bytes_that_are_no_text_are_told() {
    assert_eq!(faults_of(b"order = 1 # \xff\xfe"), ["is not UTF-8 at byte 12"]);
}

#[test]
fn a_missing_or_empty_folder_is_told() {
    let missing = load(Path::new("/nonexistent/personas")).unwrap_err();
    assert!(missing[0].to_string().starts_with("/nonexistent/personas: the persona folder cannot be read"));
    let empty = folder(&[("notes.txt", b"order = 1"), ("README.md", b"")]).unwrap_err();
    assert_eq!(empty[0].problem, "the persona folder holds no *.toml file");
}

#[test]
fn an_unreadable_file_is_told_beside_the_others() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("broken.toml")).unwrap();
    fs::write(folder.path().join("hongcha.toml"), HONGCHA.replacen("order = 1", "order = 0", 1)).unwrap();
    let faults: Vec<String> = load(folder.path()).unwrap_err().iter().map(Fault::to_string).collect();
    assert_eq!(faults.len(), 2);
    assert!(faults[0].contains("broken.toml: cannot be read"), "{}", faults[0]);
    assert!(faults[1].contains("hongcha.toml: order: is missing or 0"), "{}", faults[1]);
}

#[test]
fn a_file_name_must_be_an_id() {
    for name in ["Hong Cha.toml", "홍차.toml", "1st.toml", "HONGCHA.toml"] {
        let faults = folder(&[(name, HONGCHA.as_bytes())]).unwrap_err();
        assert_eq!(faults[0].problem, "the file's name is no persona id", "{name}");
    }
}

#[test]
fn two_personas_cannot_share_a_place_or_a_name() {
    let rival = OMAR.replacen("order = 2", "order = 1", 1).replacen("\"Omarino\"", "\"HONGCHI\"", 1);
    let faults = folder(&[("hongcha.toml", HONGCHA.as_bytes()), ("omar.toml", rival.as_bytes())]).unwrap_err();
    let told: Vec<_> = faults.iter().map(|fault| (fault.key.as_str(), fault.problem.as_str())).collect();
    assert_eq!(told, [("order", "1 is the place of hongcha"), ("en.nicknames[0]", "`HONGCHI` is a name of hongcha")]);
    let named_like_an_id = HONGCHA.replacen("\"Hongchi\"", "\"Omar\"", 1);
    let faults = folder(&[("hongcha.toml", named_like_an_id.as_bytes()), ("omar.toml", OMAR.as_bytes())]).unwrap_err();
    assert_eq!(faults[0].problem, "`Omar` is a name of omar");
}

proptest! {
    #[test]
    fn no_file_panics_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!faults_of(&bytes).is_empty());
    }

    #[test]
    fn no_value_anywhere_panics_the_reader(key in 0..11usize, value in prop_oneof![
        Just("7"), Just("-1"), Just("0.5"), Just("\"\""), Just("[]"), Just("{}"), Just("[[1]]"), Just("{ ko = [1] }"), Just("1979-05-27")
    ]) {
        let keys = ["order", "emoji", "colour", "sampling", "budget", "ko", "ko.name", "en.examples", "ja.always",
            "budget.twitch", "sampling.top_k"];
        let file = format!("{} = {value}", keys[key]);
        prop_assert!(!faults_of(file.as_bytes()).is_empty());
    }
}
