use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::*;
use crate::chat::Consent;

/// Key, and the variables in its text: read by eye's rules, not by the parser that formats.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn source(language: Language) -> &'static str {
    match language {
        Language::Ko => include_str!("../../locales/ko.ftl"),
        Language::En => include_str!("../../locales/en.ftl"),
        Language::Ja => include_str!("../../locales/ja.ftl"),
    }
}

fn messages(language: Language) -> Messages {
    let mut messages = Messages::new();
    let mut current = String::new();
    for line in source(language).lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            line.split_once(" =").expect("key = text").0.clone_into(&mut current);
            assert!(messages.insert(current.clone(), BTreeSet::new()).is_none(), "{current} twice in {language}");
        }
        for variable in line.split('$').skip(1) {
            let name = variable.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            messages.get_mut(&current).expect("a message").insert(name);
        }
    }
    messages
}

/// A value that any variable of this name takes.
fn sample(name: &str) -> Vec<Arg<'static>> {
    match name {
        "wait" => [0, 1, 70, 9000].map(|s| Arg::Wait(Duration::from_secs(s))).to_vec(),
        "n" | "ahead" | "count" | "personas" | "others" | "running" | "slots" | "load" => {
            [0, 1, 2, 4, 1000].map(Arg::Count).to_vec()
        }
        "consultation" | "fandom" => vec![true.into(), false.into()],
        "consent" => [Some(Consent::Consultation), Some(Consent::Fandom), None].map(Arg::from).to_vec(),
        "kind" => ["bits", "hype_chat", "sub", "gift", "boost", "premium"].map(Arg::from).to_vec(),
        "class" => ["suicide", "partner_violence", "intimate_images", "sexual_violence", "minor", "violence", "eating"]
            .map(Arg::from)
            .to_vec(),
        "mark" => ["/", "!"].map(Arg::from).to_vec(),
        "language" => Language::ALL.map(Arg::from).to_vec(),
        _ => vec!["홍차".into()],
    }
}

#[test]
fn the_languages_have_the_same_keys_and_variables() {
    let korean = messages(Language::Ko);
    assert!(korean.len() > 60);
    for language in [Language::En, Language::Ja] {
        assert_eq!(korean, messages(language), "{language}");
    }
}

#[test]
fn every_sentence_can_be_said_in_one_line_of_chat() {
    let locale = Locale::new();
    for language in Language::ALL {
        for (key, variables) in messages(language) {
            for nth in 0..7 {
                let args: Vec<_> = variables
                    .iter()
                    .map(|name| (name.as_str(), sample(name)))
                    .map(|(name, samples)| (name, samples[nth % samples.len()].clone()))
                    .collect();
                let said = locale.try_say(language, &key, &args).expect("every variable is given");
                assert!((1..=480).contains(&said.chars().count()), "{key} in {language}: {said}");
                assert!(!said.contains(['\n', '{', '}', '\u{2068}', '\u{2069}']), "{key} in {language}: {said}");
            }
        }
    }
}

#[test]
fn korean_and_japanese_are_written_in_their_own_scripts() {
    let locale = Locale::new();
    assert_eq!(locale.say(Language::Ko, "empty-question", &[]), "듣고 있어요. 어떤 고민이 있으세요?");
    assert_eq!(locale.say(Language::Ja, "empty-question", &[]), "聞いています。どんなお悩みですか？");
    assert_eq!(locale.say(Language::En, "empty-question", &[]), "I'm listening. What is on your mind?");
}

#[test]
fn the_place_in_line_counts_and_says_the_wait() {
    let locale = Locale::new();
    let say = |language, ahead: u64, wait| {
        locale.say(language, "line-place", &[("ahead", ahead.into()), ("wait", Duration::from_secs(wait).into())])
    };
    assert_eq!(say(Language::En, 0, 7), "You are next. Your answer comes in about 10 seconds.");
    assert_eq!(say(Language::En, 1, 60), "One question is ahead of you. Your answer comes in about a minute.");
    assert_eq!(say(Language::Ko, 3, 61), "앞에 질문이 3개 있어요. 약 2분 뒤에 답해 드릴게요.");
    assert_eq!(say(Language::Ja, 12, 7200), "前に質問が12件あります。約2時間後にお答えします。");
}

#[test]
fn a_switch_a_consent_and_a_language_choose_their_words() {
    let locale = Locale::new();
    let changed = |consent: Option<Consent>| locale.say(Language::En, "privacy-on", &[("consent", consent.into())]);
    assert_eq!(changed(Some(Consent::Fandom)), "From now on I count what you do as a fan, without your name.");
    assert!(changed(None).starts_with("From now on conversations and fan counts are kept"));
    let args = [("consultation", true.into()), ("fandom", false.into()), ("mark", "!".into())];
    let status = locale.say(Language::En, "privacy-status", &args);
    assert!(status.contains("without names yes, fan counts no."), "{status}");
    let alert = |language| locale.say(language, "console-alert", &[("class", "minor".into())]);
    assert!(alert(Language::Ko).ends_with(": 위험에 놓인 청소년"));
    assert!(alert(Language::En).ends_with(": a young person at risk"));
    let other = locale.say(Language::Ko, "other-language", &[("language", Language::En.into())]);
    assert_eq!(other, "제가 쓰는 모델이 아직 한국어를 잘 쓰지 못해서, 영어로 답할게요.");
}

#[test]
fn waits_are_rounded_up_and_never_overflow() {
    let rounded = |millis| arg::rounded(Duration::from_millis(millis));
    assert_eq!(rounded(0), ("about-seconds", 5));
    assert_eq!(rounded(5_001), ("about-seconds", 10));
    assert_eq!(rounded(55_000), ("about-seconds", 55));
    assert_eq!(rounded(55_001), ("about-minutes", 1));
    assert_eq!(rounded(3_540_000), ("about-minutes", 59));
    assert_eq!(rounded(3_540_001), ("about-hours", 1));
    assert_eq!(arg::rounded(Duration::MAX).0, "about-hours");
}

#[test]
fn what_people_typed_is_put_in_as_it_is() {
    let locale = Locale::new();
    for typed in ["{ $mark }", "홍\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}차", "", "}", "\"", "a\0b", "-term"] {
        let said = locale.say(Language::Ko, "console-speaking-as", &[("name", typed.into())]);
        assert_eq!(said, format!("이제 {typed}님으로 말해요."));
    }
}

#[test]
#[should_panic(expected = "no message `no-such-key` in ja")]
fn an_unknown_key_is_a_bug() {
    let _ = Locale::new().say(Language::Ja, "no-such-key", &[]);
}

#[test]
#[should_panic(expected = "`line-place` in en")]
fn a_missing_variable_is_a_bug() {
    let _ = Locale::new().say(Language::En, "line-place", &[("ahead", Arg::Count(2))]);
}

#[test]
fn a_locale_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&Locale::new());
}
