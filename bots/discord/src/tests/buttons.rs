use lovelm::{
    chat::{Address, Command, Language, MessageId, Offer, PersonaId, RawText, UserId},
    locale::Locale,
};
use proptest::prelude::*;
use serde_json::Value;

use super::support::roster;
use crate::{
    buttons::{Buttons, is_cancel, pressed},
    hear::place,
};

fn rows(offer: Offer) -> Value {
    let buttons = Buttons::new(&roster(), &Locale::new(), Language::Ko);
    let to = Address {
        place: place(11_u64),
        user: UserId::new("42"),
        name: RawText::default(),
        message: Some(MessageId::new("1234567890123456789")),
        callback: None,
    };
    serde_json::to_value(buttons.rows(offer, &PersonaId::new("omar"), &to)).unwrap()
}

fn ids(rows: &Value) -> Vec<String> {
    let buttons = rows.as_array().unwrap().iter().flat_map(|row| row["components"].as_array().unwrap());
    buttons.map(|button| button["custom_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_offered_can_be_pressed_and_says_all_there_is_to_know() {
    let asker = UserId::new("42");
    let cancel = ids(&rows(Offer::Cancel));
    assert!(cancel.len() == 1 && is_cancel(&cancel[0]) && cancel[0].len() <= 100);
    let stopped = Command::Cancel { message: MessageId::new("1234567890123456789"), asker: asker.clone() };
    assert_eq!(pressed(&cancel[0], &roster()), Some(stopped));
    let again: Vec<_> = ids(&rows(Offer::Again)).iter().map(|id| pressed(id, &roster()).unwrap()).collect();
    let another = Some(PersonaId::new("hongcha"));
    let expected = [
        Command::Again { persona: None, asker: asker.clone() },
        Command::Again { persona: another, asker: asker.clone() },
    ];
    assert_eq!(again, expected, "itself once more, and everybody else");
    assert_eq!(ids(&rows(Offer::Faces)).len(), 2, "a panel offers all its faces");
    assert_eq!(rows(Offer::Nothing), serde_json::json!([]));
    assert!(!is_cancel(&ids(&rows(Offer::Again))[0]));
}

#[test]
fn what_is_none_of_ours_means_nothing() {
    for id in ["", "cancel:1:2", "lovelm:2:again:42", "lovelm:1:ask:nobody:42", "lovelm:1:again", "lovelm:1:again:42:x"]
    {
        assert_eq!(pressed(id, &roster()), None, "{id}");
    }
}

proptest! {
    #[test]
    fn no_id_breaks_anything(id in "(lovelm:1:)?[a-z:0-9가-힣]{0,40}") {
        let _ = pressed(&id, &roster());
    }
}
