use proptest::prelude::*;

use crate::reply::Polish;

fn polish() -> Polish {
    Polish::new(vec!["홍차".to_owned(), "Hongcha".to_owned()], "남자친구가 생일을 잊었어. 어떡해?")
}

fn polished(raw: &str) -> String {
    let mut polish = polish();
    polish.push(raw);
    polish.finish();
    polish.text().to_owned()
}

#[test]
fn what_is_no_answer_goes() {
    let cases = [
        ("<think>음… 뭐라고 하지</think>\n\n괜찮아요.", "괜찮아요."),
        ("<THINK>a</Think>b", "b"),
        ("a <think>no\n<b> </thin", "a"),
        ("<think>never closed", ""),
        ("</think>\n네.", "네."),
        ("네.<|im_end|>\n<|im_start|>user\n고마워<|im_end|>", "네."),
        ("네.<|endoftext|>더", "네."),
        ("네.</s>더", "네."),
        ("네.<｜end▁of▁sentence｜>더", "네."),
        ("네.<|eom_id|> 그래요", "네. 그래요"),
        ("<|im_start|>assistant\n네.", "네."),
        ("<s>[/INST] 네.", "네."),
        ("assistant\n네.", "네."),
        ("Assistant: 네.", "네."),
        ("홍차: 네.", "네."),
        ("**홍차:** 네.", "네."),
        ("**홍차** : 네.", "네."),
        ("hongcha： 네.", "네."),
        ("홍차:\n홍차: 네.\n홍차: 그래요.", "네.\n그래요."),
        ("네.\nUser: 고마워\n홍차: 천만에요", "네."),
        ("네.\n사용자: 고마워", "네."),
        ("네.\nuser\n고마워", "네."),
        ("남자친구가 생일을 잊었어. 어떡해?\n\n먼저 물어봐요.", "먼저 물어봐요."),
        (" \r\n\n 네.  \r\n\r\n\r\n\r\n  - 그래요 \n ", "네.\n\n  - 그래요"),
        ("", ""),
    ];
    for (raw, expected) in cases {
        assert_eq!(polished(raw), expected, "{raw:?}");
    }
}

#[test]
fn what_only_looks_like_it_stays() {
    for text in [
        "홍차 한 잔 해요.",
        "홍차는 따뜻해요: 그렇죠?",
        "3 < 4 > 2, I <3 you",
        "[in the end] x",
        "assistant는 영어예요.",
        "My user: nobody",
        "The <b>answer</b>",
        "<thinker>",
        "**중요**: 먼저 물어봐요",
        "<|not a tag|>",
        "남자친구가 생일을 잊었어. 어떡하죠",
        "I <",
        "홍차",
        "네 <|<|<|<|",
    ] {
        assert_eq!(polished(text).trim_end_matches("<|"), text.trim_end_matches("<|"), "{text:?}");
    }
}

#[test]
fn what_may_become_a_tag_or_a_label_is_not_shown_before_it_is_known() {
    let mut polish = polish();
    for (chunk, shown) in
        [("홍", ""), ("차", ""), (": 안", "안"), ("녕 <thi", "안녕"), ("s>", "안녕 <this>"), ("\nUs", "안녕 <this>")]
    {
        polish.push(chunk);
        assert_eq!(polish.text(), shown, "{chunk}");
    }
    polish.push("er: hi");
    assert!(polish.is_over());
    polish.finish();
    assert_eq!(polish.text(), "안녕 <this>");
    assert_eq!(polish.raw(), "홍차: 안녕 <this>\nUser: hi");
}

#[test]
fn a_hostile_answer_takes_no_time() {
    for piece in ["<", "<|", "<think", "</", "\n홍차", "**", "[", "<|a", "\n"] {
        polished(&piece.repeat(100_000 / piece.len()));
        polished(&format!("<think>{}", piece.repeat(100_000 / piece.len())));
    }
}

fn raw() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<think>",
            "</think>",
            "<|im_end|>",
            "<|im_start|>",
            "<|",
            "|>",
            "<",
            ">",
            "</",
            "assistant",
            "user",
            "홍차",
            ":",
            "：",
            "\n",
            "\r\n",
            " ",
            "**",
            "[INST]",
            "[",
            "네",
            "👩‍❤️‍👨",
            "어떡해?",
            "남자친구가 생일을 잊었어. 어떡해?",
            "<｜",
            "end",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_chunks_make_no_difference_and_the_text_only_grows(raw in raw(), sizes in prop::collection::vec(1usize..4, 1..80)) {
        let whole = polished(&raw);
        let mut polish = polish();
        let mut sizes = sizes.into_iter().cycle();
        let mut rest: Vec<char> = raw.chars().collect();
        let mut before = String::new();
        while !rest.is_empty() {
            let size = sizes.next().unwrap().min(rest.len());
            polish.push(&rest.drain(..size).collect::<String>());
            prop_assert!(polish.text().starts_with(&before));
            prop_assert!(whole.starts_with(polish.text()), "{:?} before {:?}", polish.text(), whole);
            before = polish.text().to_owned();
        }
        polish.finish();
        prop_assert!(polish.is_over());
        prop_assert_eq!(polish.text(), &whole);
        prop_assert_eq!(polish.raw(), &raw);
        prop_assert_eq!(whole.trim(), &whole);
        prop_assert!(!whole.contains("<|im_end|>") && !whole.contains("<think>"));
    }
}
