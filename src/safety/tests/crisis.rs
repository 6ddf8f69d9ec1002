use chrono::DateTime;
use proptest::prelude::*;

use crate::{
    chat::{ChannelId, EventId, Message, PersonaId, Place, Platform, Quoted, RawText, UserId},
    routing::{Call, CallKind},
    safety::{Crisis, Fault, Guard, Verdict, Whose, crisis, look, look_at_answer, whose},
};

fn call(question: &str, context: &[(Option<&str>, &str)]) -> Call {
    let quoted = |(speaker, text): &(Option<&str>, &str)| Quoted {
        speaker: speaker.map(PersonaId::new),
        text: RawText::new(*text),
    };
    let place = Place { platform: Platform::Console, channel: ChannelId::new("c") };
    let text = RawText::new(format!("홍차야 {question}"));
    let mut message = Message::said(EventId::new("e"), place, UserId::new("u"), text, DateTime::UNIX_EPOCH);
    message.author.name = RawText::new("자살하고싶다");
    message.context = context.iter().map(quoted).collect();
    let personas = vec![PersonaId::new("hongcha")];
    Call { message, personas, kind: CallKind::Name, question: RawText::new(question), payment: None }
}

fn class(call: Call) -> Option<Crisis> {
    match look(call) {
        Verdict::Clear(_) => None,
        Verdict::Crisis(crisis, _) => Some(crisis),
    }
}

#[test]
fn a_call_in_crisis_leaves_the_path_and_another_goes_on() {
    assert_eq!(class(call("죽고 싶어", &[])), Some(Crisis::Suicide));
    let Verdict::Clear(checked) = look(call("고백할까?", &[])) else { panic!("a clean call goes on") };
    assert_eq!(checked.call().question.expose(), "고백할까?");
}

#[test]
fn names_and_personas_are_not_looked_at_but_people_above_are() {
    assert_eq!(class(call("오늘 날씨 좋다", &[(Some("omar"), "죽고 싶다는 말은 무겁지요")])), None);
    let about_another = call("이거 보고 뭐라고 말해 줄까?", &[(None, "나 그냥 죽고 싶어")]);
    assert_eq!(whose(&about_another), Whose::SomeoneElse);
    assert_eq!(class(about_another), Some(Crisis::Suicide));
}

#[test]
fn somebody_elses_crisis_is_told_from_ones_own() {
    for (text, expected) in [
        ("나 죽고 싶어", Whose::Own),
        ("친구가 죽고 싶대", Whose::SomeoneElse),
        ("남친이 헤어지면 자살하겠다고 해", Whose::SomeoneElse),
        ("남자친구가 나를 때려", Whose::Own),
        ("I want to die", Whose::Own),
        ("my friend wants to die", Whose::SomeoneElse),
        ("死にたい", Whose::Own),
        ("友達が死にたいと言ってる", Whose::SomeoneElse),
    ] {
        assert_eq!(whose(&call(text, &[])), expected, "{text}");
    }
}

#[test]
fn disguises_do_not_hide() {
    for text in [
        "자\u{200b}살하고 싶어",
        "ㅈㅏㅅㅏㄹ하고 싶다",
        "자.살",
        "자-살 하고싶다",
        "자 살 하 고 싶 다",
        "죽고싶어어어어어",
        "죽고\u{3164}싶어",
        "죽고\n싶어",
        "Ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "I WANT TO DIE",
        "i w\u{200d}ant to d\u{ad}ie",
        "su1c1d3",
        "s.u.i.c.i.d.e",
        "k1ll mys3lf",
        "𝐤𝐢𝐥𝐥 𝐦𝐲𝐬𝐞𝐥𝐟",
        "ｼﾆﾀｲ",
        "死\u{200b}にたい",
    ] {
        assert_eq!(crisis(text), Some(Crisis::Suicide), "{text}");
        let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(text).collect();
        assert_eq!(crisis(&decomposed), Some(Crisis::Suicide), "{text}, decomposed");
    }
}

#[test]
fn a_figure_of_speech_does_not_hide_what_stands_beside_it() {
    assert_eq!(crisis("배고파 죽겠다"), None);
    assert_eq!(crisis("배고파 죽겠는데 사실은 진짜로 죽고 싶어"), Some(Crisis::Suicide));
    assert_eq!(crisis("that dress is to die for. anyway i want to kill myself"), Some(Crisis::Suicide));
}

#[test]
fn a_song_is_a_song_until_the_writer_says_so_too() {
    assert_eq!(crisis("그 노래 가사에 죽고 싶다는 말이 나와"), None);
    assert_eq!(crisis("그 노래 가사에 죽고 싶다는 말이 나와. 나도 죽고 싶어"), Some(Crisis::Suicide));
}

#[test]
fn the_gravest_class_goes_first() {
    assert_eq!(crisis("남친이 때려서 죽고 싶어"), Some(Crisis::Suicide));
    assert_eq!(crisis("남친이 때리고 먹토도 해"), Some(Crisis::PartnerViolence));
}

#[test]
fn an_answer_may_neither_incite_nor_swear_nor_leak() {
    assert_eq!(look_at_answer("그럼 그냥 죽어버려"), Some(Crisis::Suicide));
    assert_eq!(look_at_answer("You should kill yourself."), Some(Crisis::Suicide));
    assert_eq!(look_at_answer("먼저 사과해 보는 건 어때요?"), None);
    let guard = Guard::keeping("", "bcdfghjklm");
    assert_eq!(guard.check("천천히 말을 걸어 봐요."), None);
    assert_eq!(guard.check("bcdfghjklm 입니다"), Some(Fault::Leak));
    assert_eq!(guard.check("씨발 뭐래"), Some(Fault::Profanity));
    assert_eq!(guard.check("나가 죽어라"), Some(Fault::Crisis(Crisis::Suicide)));
}

#[test]
fn odd_texts_are_read_without_harm() {
    for text in ["", " ", "\0", "\r\n\r\n", "👩‍❤️‍👨👩‍❤️‍👨", "...", "'", "ㅋㅋㅋㅋ", "\u{301}\u{301}"]
    {
        assert_eq!(crisis(text), None, "{text:?}");
    }
    let long = "오늘 데이트는 정말 즐거웠어 ".repeat(2500);
    assert_eq!(crisis(&long), None);
    assert_eq!(crisis(&format!("{long}그런데 죽고 싶어")), Some(Crisis::Suicide));
}

#[test]
fn classes_have_the_names_of_the_protocol() {
    let names = Crisis::ALL.map(Crisis::as_str);
    let expected = ["suicide", "partner_violence", "intimate_images", "sexual_violence", "minor", "violence", "eating"];
    assert_eq!(names, expected);
    assert!(Crisis::ALL.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_can_be_looked_at(text in "[가-힣ㄱ-ㅣa-z0-9ぁ-ん死.!? \n\u{200b}👍]{0,60}") {
        let _ = (crisis(&text), look_at_answer(&text), crate::safety::profanity(&text));
    }

    #[test]
    fn surroundings_do_not_hide_a_crisis(before in "[가나다라 ]{0,20}", after in "[가나다라 ]{0,20}") {
        let text = format!("{before}. 죽고 싶어. {after}");
        prop_assert_eq!(crisis(&text), Some(Crisis::Suicide));
    }
}
