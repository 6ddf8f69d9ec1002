use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Card, CardError, Draft};
use crate::{
    chat::{Language, PersonaId},
    persona::{Personas, file, load},
};

fn bundled() -> Personas {
    load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/personas"))).unwrap()
}

fn omar(language: Language) -> Card {
    Card::of(bundled().get(&PersonaId::new("omar")).unwrap(), language)
}

fn read(card: &Value) -> Card {
    Card::read(card.to_string().as_bytes()).unwrap()
}

fn value(card: &Card) -> Value {
    serde_json::from_str(&card.to_json()).unwrap()
}

/// What a draft that is a persona gives as the next card.
fn again(draft: &Draft, language: Language) -> Value {
    assert_eq!(draft.faults, []);
    value(&Card::of(&file::read(&draft.file, draft.text.as_bytes()).unwrap(), language))
}

#[test]
fn every_persona_goes_into_a_card_and_comes_back_the_same() {
    for persona in bundled().iter() {
        for language in Language::ALL {
            let card = Card::of(persona, language);
            let draft = Card::read(card.to_json().as_bytes()).unwrap().draft(None);
            assert_eq!(draft.faults, [], "{}", draft.text);
            assert_eq!(draft.file, Path::new(persona.id().as_str()).with_extension("toml"));
            assert_eq!(file::read(&draft.file, draft.text.as_bytes()).unwrap(), *persona);
        }
    }
}

#[test]
fn a_picture_carries_the_card_and_keeps_its_pixels() {
    let card = omar(Language::Ko);
    let plain = card.to_png(None, 0x2F_4A6D).unwrap();
    assert_eq!(Card::read(&plain).unwrap(), card);
    let other = omar(Language::Ja);
    let again = other.to_png(Some(&plain), 0).unwrap();
    assert_eq!(Card::read(&again).unwrap(), other, "the new card, and only that");
    let pixels = |bytes: &[u8]| {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes.to_vec())).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        pixels
    };
    assert_eq!(pixels(&plain), pixels(&again));
    assert_eq!(pixels(&plain)[..3], [0x2F, 0x4A, 0x6D]);
}

#[test]
fn what_we_do_not_know_is_kept_to_the_letter() {
    let mut card = value(&omar(Language::En));
    card["data"]["creator"] = json!("an editor");
    card["data"]["tags"] = json!(["dry", "건조"]);
    card["data"]["character_book"] = json!({ "entries": [{ "keys": ["a"], "content": "b", "extensions": {} }] });
    card["data"]["extensions"]["depth_prompt"] = json!({ "depth": 4, "prompt": null });
    card["data"]["first_mes"] = json!("Hello there, I am as human as you.");
    card["later"] = json!([1, null, { "x": 1.5 }]);
    let draft = read(&card).draft(None);
    assert_eq!(again(&draft, Language::En), card);
    assert!(!draft.text.contains("notice = \"Hello there"), "a greeting is no notice");
}

#[test]
fn what_an_editor_changes_reaches_the_persona() {
    let mut card = value(&omar(Language::En));
    card["data"]["name"] = json!("Omarion");
    card["data"]["description"] = json!("{{char}} weighs every story\r\nlike a judge, and says so.");
    let draft = read(&card).draft(Some("omarion"));
    assert_eq!(draft.faults, []);
    let persona = file::read(&draft.file, draft.text.as_bytes()).unwrap();
    let voice = persona.voice(Language::En);
    assert_eq!((persona.id().as_str(), voice.name.as_str()), ("omarion", "Omarion"));
    assert_eq!(voice.character, "Omarion weighs every story like a judge, and says so.");
    assert_eq!(voice.examples.len(), 6, "nothing else changed");
}

#[test]
fn a_strangers_card_is_a_draft_that_says_what_is_missing() {
    let dialogue =
        "<START>\n{{user}}: 헤어졌어\n달이: 오늘은 그냥 울어도 괜찮아, 내가 있을게.\n{{user}}: 응\n<START>\n";
    let two = json!({ "spec": "chara_card_v2", "spec_version": "2.0", "data": {
        "name": "달이 Dali", "description": "조용한 밤의 상담가. ".repeat(60), "mes_example": dialogue, "creator": "누군가",
    }});
    let draft = read(&two).draft(None);
    assert_eq!(draft.file, Path::new("dali.toml"));
    let keys: Vec<_> = draft.faults.iter().map(|fault| fault.key.as_str()).collect();
    for missing in ["order", "ko.notice", "ko.thanks", "en.character", "ja.examples", "ko.name"] {
        assert!(keys.contains(&missing), "{missing}: {keys:?}");
    }
    for fine in ["ko.character", "ko.examples[0].question", "card"] {
        assert!(!keys.contains(&fine), "{fine}: {keys:?}");
    }
    assert!(draft.text.contains("오늘은 그냥 울어도 괜찮아") && draft.text.contains("누군가"), "{}", draft.text);
    let one = json!({ "name": "Al", "personality": "kind" });
    assert_eq!(read(&one).draft(None).file, Path::new("al.toml"));
}

#[test]
fn what_is_no_card_is_refused_by_name() {
    let refused = |bytes: &[u8]| Card::read(bytes).unwrap_err().to_string();
    assert!(refused(b"").contains("neither"), "{}", refused(b""));
    assert!(refused(b"[1]").contains("an object"));
    assert!(refused(br#"{"spec":"chara_card_v3"}"#).contains("`data`"));
    assert!(refused(br#"{"data":{"name":" "}}"#).contains("`data.name`"));
    assert!(refused(b"\x89PNG\r\n\x1a\nrest").contains("no picture"));
    let bare = {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[0; 3]).unwrap();
        writer.finish().unwrap();
        bytes
    };
    assert!(matches!(Card::read(&bare), Err(CardError::NoCard)));
    assert!(matches!(Card::read(&vec![b' '; 17 << 20]), Err(CardError::TooLarge(_))));
    let whole = omar(Language::En).to_png(None, 0).unwrap();
    for length in 0..whole.len().min(4_000) {
        assert!(Card::read(&whole[..length]).is_err(), "cut at {length}");
    }
}

/// Any JSON.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-z_]{1,8}", inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_lost_whatever_a_card_says(key in "x_[a-z]{1,8}", here in anything(), there in anything(), deep in anything()) {
        // An empty object beside nothing says nothing.
        let mut card = value(&omar(Language::Ko));
        card[key.as_str()] = here;
        card["data"][key.as_str()] = there;
        card["data"]["extensions"][key.as_str()] = deep;
        let draft = read(&card).draft(None);
        prop_assert_eq!(again(&draft, Language::Ko), card);
    }

    #[test]
    fn no_card_breaks_the_reader(data in anything(), name in "\\PC{0,20}", example in "(\\{\\{(user|char)\\}\\}:? ?\\PC{0,9}\n?){0,5}") {
        let mut card = json!({ "data": data });
        if card["data"].is_object() {
            card["data"]["name"] = json!(name);
            card["data"]["mes_example"] = json!(example);
        }
        if let Ok(card) = Card::read(card.to_string().as_bytes()) {
            let draft = card.draft(None);
            prop_assert!(!draft.text.is_empty() && !draft.faults.is_empty());
        }
    }
}
