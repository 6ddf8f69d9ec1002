use lovelm::{chat::Language, locale::Locale};
use serde_json::Value;

use crate::commands::{LONGEST_STORY, declared, form};

/// Every name, every description and every choice that is declared anywhere in this.
fn walk(value: &Value, depth: usize, check: &mut dyn FnMut(&Value, usize)) {
    check(value, depth);
    for option in value["options"].as_array().into_iter().flatten() {
        walk(option, depth + 1, check);
    }
}

fn words<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    let localized = value[format!("{key}_localizations")].as_object();
    let localized = localized.into_iter().flat_map(|all| all.values());
    std::iter::once(&value[key]).chain(localized).filter_map(Value::as_str).collect()
}

#[test]
fn every_command_is_named_in_every_language_within_discords_rules() {
    let all = declared(&Locale::new());
    let mut seen = 0;
    for command in all.as_array().unwrap() {
        let in_menu = command["type"] == 3;
        walk(command, 0, &mut |value, _| {
            seen += 1;
            let names = words(value, "name");
            assert_eq!(names.len(), 5, "the default, ko, ja and both kinds of en: {value}");
            assert_eq!(value["name"], value["name_localizations"]["en-US"], "the file says what the code says");
            for name in names {
                let chars = name.chars().count();
                assert!((1..=32).contains(&chars), "{name}");
                let is_plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
                assert!(in_menu || (name.chars().all(is_plain) && name.to_lowercase() == name), "{name}");
            }
            if !in_menu {
                let texts = words(value, "description");
                assert_eq!(texts.len(), 5, "{value}");
                assert!(texts.iter().all(|text| (1..=100).contains(&text.chars().count())), "{texts:?}");
            }
            for choice in value["choices"].as_array().into_iter().flatten() {
                assert!(words(choice, "name").iter().all(|name| (1..=100).contains(&name.chars().count())));
            }
        });
        assert!(command.to_string().chars().count() < 8_000 * 2, "within Discord's length of a command");
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn moderators_commands_are_for_moderators_and_required_options_come_first() {
    let all = declared(&Locale::new());
    let moderators = all.as_array().unwrap().iter().find(|command| command["name"] == "mod").unwrap();
    assert_eq!(moderators["default_member_permissions"], "8192");
    assert_eq!(moderators["contexts"], serde_json::json!([0]));
    for command in all.as_array().unwrap() {
        walk(command, 0, &mut |value, _| {
            let required = value["options"].as_array().into_iter().flatten().map(|option| option["required"] == true);
            let required: Vec<_> = required.collect();
            assert!(required.windows(2).all(|pair| pair[0] || !pair[1]), "{value}");
        });
    }
}

#[test]
fn a_story_has_room_and_its_form_fits() {
    for language in Language::ALL {
        let form = form(&Locale::new(), language, "hongcha");
        let field = &form["components"][0]["components"][0];
        assert_eq!(field["max_length"], LONGEST_STORY);
        assert!(form["title"].as_str().unwrap().chars().count() <= 45);
        assert!(field["label"].as_str().unwrap().chars().count() <= 45);
        assert!(field["placeholder"].as_str().unwrap().chars().count() <= 100);
        assert_eq!(form["custom_id"], "story:hongcha");
    }
}
