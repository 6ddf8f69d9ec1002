use chrono::TimeDelta;

use crate::{
    chat::Language,
    clock::{Clock, SystemClock},
    safety::{Audience, Crisis, Whose, card, cards_checked_on},
};

fn all() -> impl Iterator<Item = (Crisis, Whose, Language, Audience, &'static str)> {
    Crisis::ALL.into_iter().flat_map(|crisis| {
        Language::ALL.into_iter().flat_map(move |language| {
            let whose = [Whose::Own, Whose::SomeoneElse];
            whose.into_iter().flat_map(move |whose| {
                [Audience::Public, Audience::Private]
                    .into_iter()
                    .map(move |audience| (crisis, whose, language, audience, card(crisis, whose, language, audience)))
            })
        })
    })
}

#[test]
fn somebody_checked_the_numbers_of_late() {
    let (_, checked_on) = cards_checked_on();
    let age = SystemClock::default().wall().date_naive() - checked_on;
    assert!(age <= TimeDelta::days(180), "check the numbers of cards.toml, then set its date; last done {checked_on}");
}

#[test]
fn every_card_asks_once_gives_a_number_and_says_what_we_are() {
    for (crisis, whose, language, audience, text) in all() {
        let what = format!("{crisis} {whose:?} {language} {audience:?}");
        assert_eq!(text.matches(['?', '？']).count(), 1, "{what} asks one question");
        assert!(text.contains(|c: char| c.is_ascii_digit()), "{what} gives a number");
        let ai = match language {
            Language::Ko => "저는 AI라서 대신 신고할 수 없어요.",
            Language::En => "I am an AI and cannot report for you.",
            Language::Ja => "私はAIなので、代わりに通報することはできません。",
        };
        assert!(text.ends_with(ai), "{what} says what we are");
        assert!(text.chars().count() <= 480, "{what} fits a chat line");
        assert!(!text.contains(['\n', '\r', '*', '_', '`', '#', '<', '>', '[', ']']), "{what} needs no escaping");
    }
}

#[test]
fn a_public_card_is_short_and_names_no_topic() {
    let topics = [
        "자살",
        "자해",
        "죽",
        "폭력",
        "스토킹",
        "성폭",
        "촬영",
        "사진",
        "미성년",
        "거식",
        "폭식",
        "suicid",
        "kill",
        "die",
        "violen",
        "abus",
        "assault",
        "rape",
        "nude",
        "picture",
        "minor",
        "eating",
        "food",
        "自殺",
        "死",
        "暴",
        "写真",
        "盗撮",
        "性",
        "未成年",
        "食",
    ];
    for (crisis, _, language, audience, text) in all() {
        if audience == Audience::Public {
            assert!(text.chars().count() <= 200, "{crisis} {language}");
            assert!(!topics.iter().any(|topic| text.to_lowercase().contains(topic)), "{crisis} {language}");
        }
    }
}

#[test]
fn the_numbers_are_those_of_the_place() {
    let has = |crisis, language, number: &str| {
        for whose in [Whose::Own, Whose::SomeoneElse] {
            for audience in [Audience::Private, Audience::Public] {
                assert!(card(crisis, whose, language, audience).contains(number), "{crisis} {language} {number}");
            }
        }
    };
    has(Crisis::Suicide, Language::Ko, "109");
    has(Crisis::Suicide, Language::En, "988");
    has(Crisis::Suicide, Language::Ja, "0120-279-338");
    for crisis in [Crisis::PartnerViolence, Crisis::SexualViolence, Crisis::IntimateImages] {
        has(crisis, Language::Ko, "1366");
    }
    has(Crisis::PartnerViolence, Language::En, "1-800-799-7233");
    has(Crisis::Minor, Language::Ko, "1388");
    has(Crisis::Violence, Language::Ko, "112");
}
