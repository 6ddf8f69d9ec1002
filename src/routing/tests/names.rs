use unicode_normalization::{IsNormalized, is_nfc_quick};

use super::*;

fn of(names: &[&str]) -> Names {
    let call = |name: &&str| CallName { persona: id("p"), name: (*name).to_owned() };
    Names::of(&Roster { personas: Vec::new(), names: names.iter().map(call).collect() })
}

#[test]
fn names_are_found_wherever_they_stand_and_in_either_case() {
    for text in ["홍차", "a홍차b", "OMAR", "xOmAr", "오마르", "..シュヒ", "hello @kimdal", "kImDaL"] {
        assert!(names().occur_in(text), "{text}");
    }
    for text in ["", "o", "om", "oma", "홍", "차홍", "오마", "마르", "シュ", "a text of nobody", "ㅋㅋㅋㅋㅋ"]
    {
        assert!(!names().occur_in(text), "{text}");
    }
}

#[test]
fn names_of_any_length_and_alphabet_are_found() {
    for (name, text) in
        [("X", "ab x"), ("ab", "cAB"), ("é", "caf\u{c9}"), ("Ωk", "a ωK"), ("ǆ", "\u{1c5}"), ("가", "나가")]
    {
        assert!(of(&[name]).occur_in(&text.nfc().collect::<String>()), "{name}: {text}");
    }
    assert!(!of(&["ab", ""]).occur_in("a b"));
    assert!(!of(&[]).occur_in("anybody?"));
}

#[test]
fn more_names_than_bits_are_all_found() {
    let many: Vec<_> = (0..200).map(|nth| format!("name{nth:03}x")).collect();
    let all = of(&many.iter().map(String::as_str).collect::<Vec<_>>());
    for name in &many {
        assert!(all.occur_in(&format!("hey {name}")), "{name}");
    }
    assert!(!all.occur_in("hey name200x, name00x"));
}

#[test]
fn the_longest_name_at_a_place_comes_first() {
    let call = |persona: &str, name: &str| CallName { persona: id(persona), name: name.to_owned() };
    let twins = Roster { personas: Vec::new(), names: vec![call("short", "Kim"), call("long", "Kimdal")] };
    let found = Names::of(&twins);
    let at = |text| found.at(text, 1).into_iter().map(|(length, who)| (length, who.as_str())).collect::<Vec<_>>();
    assert_eq!(at("@kimdal"), [(6, "long"), (3, "short")]);
    assert_eq!(at("@kimono"), [(3, "short")]);
    assert_eq!(at("@ki"), []);
}

#[test]
fn what_needs_no_look_at_the_tables_of_unicode_is_in_nfc() {
    for sign in ('\0'..=char::MAX).filter(|sign| is_whole(*sign)) {
        assert_eq!(is_nfc_quick([sign].into_iter()), IsNormalized::Yes, "{sign:?}");
    }
}

proptest! {
    /// What the tables pass over holds no name: the same as trying every name at every letter.
    #[test]
    fn the_tables_miss_nothing(text in super::properties::chat()) {
        let text: String = text.nfc().collect();
        let tried = text.char_indices().any(|(at, _)| {
            let all = roster();
            let mut words = all.personas.iter().map(PersonaId::as_str).chain(all.names.iter().map(|call| call.name.as_str()));
            words.any(|name| crate::routing::names::starts_with(&text[at..], name).is_some())
        });
        prop_assert_eq!(names().occur_in(&text), tried);
    }
}
