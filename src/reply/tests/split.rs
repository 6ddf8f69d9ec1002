use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::support::frame;
use crate::{
    chat::{Manner, Outgoing, Platform},
    reply::{Frame, cut, neutral},
};

#[test]
fn cuts_at_the_best_place_within_the_limit() {
    let cases = [
        ("먼저 물어봐요. 그 다음에 화내요. 늦지 않아요", 20, "먼저 물어봐요. 그 다음에 화내요.", "늦지 않아요"),
        ("First ask him, then decide what to do", 20, "First ask him,", "then decide what to do"),
        ("하나둘셋 넷다섯여섯 일곱여덟", 9, "하나둘셋", "넷다섯여섯 일곱여덟"),
        ("가나다라마바사", 3, "가나다", "라마바사"),
        ("そうだね。でも、どうかな", 6, "そうだね。", "でも、どうかな"),
        ("그래? 뭐!? 진짜ㅋㅋ 대박", 12, "그래? 뭐!? 진짜ㅋㅋ", "대박"),
        ("\"네.\" 그래요", 6, "\"네.\"", "그래요"),
        ("하나\n\n둘 셋", 5, "하나", "둘 셋"),
        ("1.5배 더", 4, "1.5배", "더"),
        ("짧아요", 9, "짧아요", ""),
        ("ab", 0, "a", "b"),
        ("  ", 5, "", ""),
        ("", 5, "", ""),
    ];
    for (text, most, head, rest) in cases {
        assert_eq!(cut(text, most), (head, rest), "{text:?} at {most}");
    }
}

#[test]
fn a_grapheme_stays_whole_unless_it_alone_is_too_long() {
    let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
    assert_eq!(cut(&format!("ab{family}"), 5), ("ab", family));
    assert_eq!(cut(family, 3), ("👩\u{200d}👩", "\u{200d}👧\u{200d}👦"));
    let syllable = "\u{1100}\u{1161}\u{11a8}";
    assert_eq!(cut(&syllable.repeat(2), 5), (syllable, syllable));
}

#[test]
fn lines_end_where_the_platform_does_and_the_rest_waits() {
    let text = "하나예요. 둘이에요. 셋이에요. 넷이에요.";
    let laid = frame(12, 2, None).lay_out(text);
    assert_eq!(
        laid.lines.iter().map(Outgoing::as_str).collect::<Vec<_>>(),
        ["하나예요. 둘이에요.", "셋이에요. 넷이에요."]
    );
    assert_eq!(laid.rest, None);
    let laid = frame(12, 1, None).lay_out(text);
    assert_eq!(laid.rest.as_deref(), Some("셋이에요. 넷이에요."));
}

#[test]
fn words_of_ours_stand_behind_the_first_and_the_last_line_within_the_limit() {
    let frame = frame(24, 2, None).tagged("[AI]").pointing_to_more("(!more)");
    let laid = frame.lay_out("하나예요. 둘이에요. 셋이에요. 넷이에요. 다섯이에요. 여섯이에요. 일곱이에요.");
    let lines: Vec<_> = laid.lines.iter().map(Outgoing::as_str).collect();
    assert_eq!(lines, ["하나예요. 둘이에요. 셋이에요. [AI]", "넷이에요. 다섯이에요. (!more)"]);
    assert_eq!(laid.rest.as_deref(), Some("여섯이에요. 일곱이에요."));
    assert_eq!(frame.lay_out("짧아요.").lines[0].as_str(), "짧아요. [AI]");
    assert_eq!(frame.own("짧아요.")[0].as_str(), "짧아요.");
    assert!(frame.lay_out(" \u{200b} ").lines.is_empty());
}

#[test]
fn a_cut_makes_nothing_live() {
    let manner = Manner { max_chars: 12, max_lines: 9, edits: None };
    let twitch = Frame::new(Platform::Twitch, manner).lay_out("안녕하세요 여러분 /ban minsu 그리고 !drop 전부");
    assert!(twitch.lines.len() > 2);
    assert!(twitch.lines.iter().all(|line| !line.as_str().starts_with(['/', '!', '.'])));
    let discord =
        Frame::new(Platform::Discord, manner).lay_out("가나다라마바 # 제목 ```코드가 길다 길어``` ||||||||||||||||");
    assert!(discord.lines.iter().all(|line| !line.as_str().starts_with("# ") && !line.as_str().contains("||")));
    assert!(discord.lines.iter().all(|line| line.as_str().chars().count() <= 12));
}

#[test]
fn a_huge_text_is_laid_out_at_once() {
    for piece in ["가", "가나다. ", "\u{200b}", "||", "# ", "👩\u{200d}", "a\u{301}", "x.co "] {
        let text = piece.repeat(100_000 / piece.len());
        for platform in [Platform::Console, Platform::Discord, Platform::Twitch] {
            let manner = Manner { max_chars: 480, max_lines: usize::MAX, edits: None };
            let laid = Frame::new(platform, manner).lay_out(&text);
            assert!(laid.lines.iter().all(|line| line.as_str().chars().count() <= 480));
            assert_eq!(laid.rest, None);
        }
    }
}

fn chat() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[가-힣]{1,6}",
        "[a-z]{1,6}",
        prop::sample::select(vec![
            " ",
            "\n",
            ". ",
            "! ",
            "? ",
            "。",
            "、",
            ", ",
            "…",
            "ㅋㅋ ",
            "👩\u{200d}❤\u{fe0f}\u{200d}👨",
            "🇰🇷",
            "e\u{301}",
            "ᄒ",
            "ᅩ",
            "ᆼ",
            "\u{3000}",
            "\r\n",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// What is shown, as it was before its first mark was made harmless.
fn unmarked(text: &str) -> String {
    letters(text).replace("...", "…").replace('．', ".").replace('！', "!")
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

proptest! {
    #[test]
    fn a_cut_loses_white_space_only_and_keeps_graphemes(text in chat(), most in 1usize..60) {
        let (head, rest) = cut(&text, most);
        prop_assert!(head.chars().count() <= most);
        prop_assert_eq!(letters(head) + &letters(rest), letters(&text));
        prop_assert!(!head.is_empty() || text.trim().is_empty());
        let whole = text.graphemes(true).filter(|grapheme| grapheme.chars().count() > most).count() == 0;
        let split = head.graphemes(true).chain(rest.graphemes(true)).filter(|grapheme| !grapheme.trim().is_empty());
        let kept = text.graphemes(true).filter(|grapheme| !grapheme.trim().is_empty());
        prop_assert!(!whole || split.eq(kept));
    }

    #[test]
    fn any_text_at_all_is_cut_within_the_limit(text in any::<String>(), most in 0usize..9) {
        let (head, rest) = cut(&text, most);
        prop_assert!(head.chars().count() <= most.max(1));
        prop_assert_eq!(letters(head) + &letters(rest), letters(&text));
    }

    #[test]
    fn lines_and_rest_together_are_the_text(text in chat(), max_chars in 1usize..50, max_lines in 1usize..5) {
        for platform in [Platform::Console, Platform::Discord, Platform::Twitch] {
            let laid = Frame::new(platform, Manner { max_chars, max_lines, edits: None }).lay_out(&text);
            prop_assert!(laid.lines.len() <= max_lines);
            prop_assert!(laid.lines.iter().all(|line| !line.as_str().is_empty() && line.as_str().chars().count() <= max_chars));
            let shown: String = laid.lines.iter().map(Outgoing::as_str).chain(laid.rest.as_deref()).collect();
            // A grapheme that is cut inside may lose the joiner at the cut.
            if max_chars >= 8 {
                let wanted = neutral(Platform::Console, &letters(&text));
                prop_assert_eq!(unmarked(&neutral(Platform::Console, &letters(&shown))), unmarked(&wanted));
            }
        }
    }
}
