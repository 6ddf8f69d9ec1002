use super::*;

/// Letters and marks of every kind that chat is made of, names and their pieces among them.
pub(super) fn chat() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "홍차",
            "오마르",
            "김달",
            "슈히",
            "omar",
            "Kimdal",
            "シュヒ",
            "@",
            "＠",
            "야",
            "아",
            "님",
            "한테",
            "이",
            "는",
            "さん",
            "ちゃん",
            "に",
            " ",
            "\n",
            ",",
            "?",
            ":",
            "> ",
            "hey ",
            "안녕",
            "ㅋㅋ",
            "👩‍❤️‍👨",
            "❤️",
            "\u{200d}",
            "\u{301}",
            "ᄒ",
            "ᅩ",
            "ᆼ",
            "\0",
            "\r\n",
            "https://",
            "_",
            ".",
            "1",
            "漢",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[가-힣]{1,3}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn calls_nobody(line: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(called(line), Vec::<String>::new(), "{}", line);
    Ok(())
}

proptest! {
    #[test]
    fn routing_never_panics_and_calls_each_persona_at_most_once(text in chat(), by_name in any::<bool>(), money in any::<bool>()) {
        let home = Home { name_calls: by_name, plain: PlainLines::Answered(id("omar")), ..home() };
        let payment = money.then(|| bits(1));
        if let Some(call) = route(message(&text), payment, &names(), &home) {
            let mut once = call.personas.clone();
            once.sort();
            once.dedup();
            prop_assert!(!call.personas.is_empty());
            prop_assert_eq!(once.len(), call.personas.len());
            prop_assert!(call.question.expose().chars().count() <= text.nfc().count());
            prop_assert_eq!(call.question.expose().trim(), call.question.expose());
        }
    }

    #[test]
    fn decomposed_text_is_routed_as_composed_text(text in chat()) {
        let composed: String = text.nfc().collect();
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(called(&composed), called(&decomposed));
    }

    #[test]
    fn a_name_inside_a_hangul_word_never_calls(before in "[가-힣]{0,3}", name in prop::sample::select(vec!["홍차", "오마르", "김달", "슈히"]), after in "[가-힣]{1,4}") {
        // 잎 is neither the beginning of an ending nor a title.
        let word = format!("{before}잎{name}{after}");
        calls_nobody(&format!("어제 {word} 봤어"))?;
        calls_nobody(&word)?;
        calls_nobody(&format!("{name}잎{after}"))?;
    }

    #[test]
    fn a_name_inside_a_latin_word_never_calls(before in "[a-z]{1,4}", after in "[a-z]{1,4}") {
        calls_nobody(&format!("{before}omar"))?;
        calls_nobody(&format!("omar{after}"))?;
        calls_nobody(&format!("@omar{after}"))?;
        calls_nobody(&format!("@omar_{after}"))?;
    }

    #[test]
    fn a_vocative_calls_wherever_it_stands(before in "([가-힣]{1,4}요|[a-z]{1,5}|ㅠㅠ|😭|[0-9]{1,3}일)", after in "( [가-힣]{1,4}|[!?~ㅠㅋ,]|\\n.{0,5})?") {
        let line = format!("{before} 김달아{after}");
        prop_assert_eq!(called(&line), ["kimdal"]);
        let line = format!("{before} 홍차님{after}");
        prop_assert_eq!(called(&line), ["hongcha"]);
    }
}
