use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;

fn text_of(text: &str) -> String {
    normalize(text).text().to_owned()
}

#[test]
fn what_reads_the_same_is_the_same() {
    assert_eq!(text_of("ㅈㅏ살"), "자살");
    assert_eq!(text_of("ㅈㅏㅅㅏㄹ"), "자살");
    assert_eq!(text_of("자사ㄹ"), "자살");
    assert_eq!(text_of("ｊａｋｅ①"), "jake1");
    assert_eq!(text_of("자\u{200b}살\u{2060}\u{e0041}\u{3164}"), "자살");
    assert_eq!(text_of("s\u{336}u\u{336}i"), "sui");
    assert_eq!(text_of(&"자살".nfd().collect::<String>()), "자살");
    assert_eq!(text_of("0\u{fe0f}\u{20e3}1\u{fe0f}\u{20e3}"), "01");
    assert_eq!(text_of("a\u{3000}b\tc\r\nd\0"), "a b c\nd");
}

#[test]
fn laughter_is_not_composed() {
    for text in ["진짜ㅋㅋㅋㅋ", "아ㅎㅎ", "ㅇㅇ", "ㅈㅅ", "네ㅋ", "ㄱㅊ"] {
        assert_eq!(text_of(text), text);
    }
}

#[test]
fn a_view_knows_where_it_came_from() {
    let text = "나 ㅈㅏ살 👩‍❤️‍👨 ＫＯ";
    let view = normalize(text);
    let at = view.text().find("자살").unwrap();
    assert_eq!(&text[view.source(&(at..at + "자살".len()))], "ㅈㅏ살");
    let at = view.text().find("ko").unwrap();
    assert_eq!(&text[view.source(&(at..at + 2))], "ＫＯ");
}

#[test]
fn separators_close_only_between_letters_that_belong_together() {
    let joined = |text: &str| normalize(text).joined().text().to_owned();
    assert_eq!(joined("s u i c i d e now"), "suicide now");
    assert_eq!(joined("자 살 하고"), "자살 하고");
    assert_eq!(joined("자.살하고 싶다"), "자살하고 싶다");
    assert_eq!(joined("혼자 살아요"), "혼자 살아요");
    assert_eq!(joined("me@x.com don't 그래... 응"), "me@xcom don't 그래... 응");
}

#[test]
fn repeats_and_leet_fold() {
    let unrepeated = |text: &str| normalize(text).unrepeated().text().to_owned();
    assert_eq!(unrepeated("plsssss kill 1000"), "pls kill 1000");
    assert_eq!(unrepeated("죽어어어어"), "죽어");
    assert_eq!(normalize("SU!C1D3 k1ll 2024 100").unleeted().text(), "suicide kill 2024 100");
    assert_eq!(normalize("suісіdе").unleeted().text(), "suicide");
}

#[test]
fn what_is_shown_keeps_emoji_and_lines() {
    assert_eq!(clean("👩‍❤️‍👨 하늘\u{200b}\n\u{202e}a\u{1}").text(), "👩‍❤️‍👨 하늘\na");
    assert_eq!(clean("Jake").text(), "Jake");
    let heap = format!("a{}", "\u{301}".repeat(1000));
    assert!(clean(&heap).text().chars().count() <= 6);
}

#[test]
fn languages_are_told_apart() {
    use Detected::{En, Ja, Ko, Other};
    for (text, wanted) in [
        ("남자친구가 연락을 안 해", Some(Ko)),
        ("ㅋㅋㅋㅋ", Some(Ko)),
        ("내 boyfriend Jake가 ghosting 했어", Some(Ko)),
        ("my boyfriend forgot my birthday", Some(En)),
        ("Jake", Some(En)),
        ("彼氏が返信してくれない", Some(Ja)),
        ("彼氏LINEくれない", Some(Ja)),
        ("我男朋友不理我", Some(Other)),
        ("mi novio no me quiere y no sé que hacer", Some(Other)),
        ("мой парень", Some(Other)),
        ("1234 !!", None),
        ("", None),
    ] {
        assert_eq!(detect(text), wanted, "{text}");
    }
}

#[test]
fn particles_fit_the_word_before() {
    assert_eq!(Particle::SUBJECT.after("A"), "가");
    assert_eq!(Particle::SUBJECT.after("L"), "이");
    assert_eq!(Particle::AND.after("N"), "이랑");
    assert_eq!(Particle::TOWARDS.after("서울"), "로");
    assert_eq!(Particle::TOWARDS.after("집"), "으로");
    assert_eq!(Particle::OBJECT.after("[전화번호]"), "를");
    assert_eq!(fit("A", "은 왜"), Some(("는", 0..3)));
    assert_eq!(fit("M", "가 왜"), Some(("이", 0..3)));
    assert_eq!(fit("A", "이랑 나"), Some(("랑", 0..6)));
    assert_eq!(fit("A", "으로만"), Some(("로", 0..6)));
    assert_eq!(fit("A", "이에요"), Some(("예요", 0..9)));
    assert_eq!(fit("A", "아, 미안"), Some(("야", 0..3)));
    for rest in ["가 왜", "은행", "한테", "", " 이", "이상해", "오빠가"] {
        assert_eq!(fit("A", rest), None, "{rest}");
    }
}

#[test]
fn text_is_cut_between_graphemes() {
    assert_eq!(truncate_graphemes("👩‍❤️‍👨사랑", 3), "");
    assert_eq!(truncate_graphemes("사랑해", 2), "사랑");
    assert_eq!(truncate_graphemes("사랑", 9), "사랑");
    assert_eq!(floor_grapheme("각", 1), 0);
}

proptest! {
    #[test]
    fn views_are_stable_and_stay_inside(text in ".{0,60}") {
        for view in [clean(&text), compatible(&text), normalize(&text)] {
            for (at, c) in view.text().char_indices() {
                let source = view.source(&(at..at + c.len_utf8()));
                prop_assert!(text.get(source.clone()).is_some_and(|part| !part.is_empty()), "{source:?}");
            }
            let _ = (view.joined(), view.unrepeated(), view.unleeted());
        }
        let cleaned = clean(&text);
        let again = clean(cleaned.text());
        prop_assert_eq!(again.text(), cleaned.text());
    }

    #[test]
    fn composed_and_decomposed_text_is_one(text in "[a-zé가-힣ㄱ-ㅣぁ-んが-ぽ ㅋ]{0,40}") {
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(normalize(&decomposed).text().to_owned(), normalize(&text).text().to_owned());
        prop_assert_eq!(clean(&decomposed).text().to_owned(), clean(&text).text().to_owned());
    }
}

mod sentences {
    use proptest::prelude::*;

    use crate::text::first_sentences;

    #[test]
    fn as_many_as_asked_for_and_whole() {
        let cases = [
            ("One. Two! Three?", 2, "One. Two!"),
            ("결론부터 말합니다. 기다리지 마십시오. 끝.", 1, "결론부터 말합니다."),
            ("待たないで。今日は寝よう。明日だ。", 2, "待たないで。今日は寝よう。"),
            ("She said \"No.\" Then left.", 1, "She said \"No.\""),
            ("It costs 1.5 hours. Fine.", 1, "It costs 1.5 hours."),
            ("Wait... what? Yes.", 1, "Wait..."),
            ("No end here", 1, "No end here"),
            ("One. Two.  \n", 2, "One. Two.  \n"),
            ("", 3, ""),
        ];
        for (text, most, first) in cases {
            assert_eq!(first_sentences(text, most), first, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_grows_keeps_its_first_sentences(text in "[가나. !?a。\n\"…🥲]{0,60}", cut in 0_usize..60, most in 1_usize..4) {
            let end = text.char_indices().nth(cut).map_or(text.len(), |(at, _)| at);
            let before = first_sentences(&text[..end], most);
            let after = first_sentences(&text, most);
            prop_assert!(text.starts_with(after));
            prop_assert!(before.len() <= end && (before.len() == end || after == before));
        }
    }
}
