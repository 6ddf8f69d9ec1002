use proptest::prelude::*;

use crate::safety::stated_age;

#[test]
fn an_age_that_is_the_writers_own_is_read() {
    for (text, age) in [
        ("저 15살인데 고백해도 돼요?", 15),
        ("15살이에요. 짝사랑 중이에요", 15),
        ("나 17살이고 남친은 18살", 17),
        ("만 13세입니다", 13),
        ("중2인데 같은 반 애가 좋아요", 13),
        ("저는 고3이에요", 17),
        ("저 중학생인데요", 13),
        ("고등학생이에요 연애 고민 들어주세요", 16),
        ("초등학생인데 좋아하는 애가 있어요", 10),
        ("나 25살인데", 25),
        ("I'm 15 and I like a boy", 15),
        ("im 13", 13),
        ("I am 16 years old. Should I tell her?", 16),
        ("16f here, he ignores me", 16),
        ("I'm in 7th grade and she likes me", 13),
        ("i'm in high school", 16),
        ("15歳です。好きな人がいます", 15),
        ("中2です", 13),
        ("高校生です。告白したい", 16),
    ] {
        assert_eq!(stated_age(text), Some(age), "{text}");
    }
}

#[test]
fn somebody_elses_age_is_not() {
    for text in [
        "남친이 15살 연상이에요",
        "동생이 15살인데 연애한대",
        "15살 차이 나는 커플",
        "고등학생 때 첫사랑",
        "우리 만난 지 15일이에요",
        "he is 15 and I like him",
        "I'm 5 minutes late",
        "I'm 15 minutes away",
        "my brother is 16 years old",
        "妹が15歳です",
        "高校生の頃の恋",
        "",
    ] {
        assert_eq!(stated_age(text), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_can_be_asked(text in ".{0,80}") {
        let _ = stated_age(&text);
    }
}
