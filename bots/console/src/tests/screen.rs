use crate::screen::Screen;

#[test]
fn an_answer_that_grows_prints_only_what_is_new() {
    let mut screen = Screen::default();
    let (id, mut out) = screen.begin("홍차", "먼저");
    out += &screen.grow(id, "먼저 물어").unwrap();
    out += &screen.grow(id, "먼저 물어").unwrap();
    out += &screen.grow(id, "먼저 물어봐요.\n그래요?").unwrap();
    out += &screen.settle(id);
    assert_eq!(out, "홍차: 먼저 물어봐요.\n  그래요?\n");
    assert_eq!(screen.grow(id, "더"), None);
    assert_eq!(screen.settle(id), "");
}

#[test]
fn an_answer_that_changes_is_printed_again() {
    let mut screen = Screen::default();
    let (id, mut out) = screen.begin("홍차", "먼저 [x");
    out += &screen.grow(id, "먼저 x").unwrap();
    out += &screen.rest();
    assert_eq!(out, "홍차: 먼저 [x\n홍차: 먼저 x\n");
}

#[test]
fn answers_never_mix_within_a_line() {
    let mut screen = Screen::default();
    let (first, mut out) = screen.begin("홍차", "하나");
    let (second, begun) = screen.begin("오마르", "둘");
    let (third, begun_too) = screen.begin("김달", "셋");
    out += &(begun + &begun_too);
    out += &screen.grow(second, "둘째").unwrap();
    out += &screen.grow(first, "하나째").unwrap();
    out += &screen.settle(second);
    out += &screen.grow(first, "하나째 끝").unwrap();
    out += &screen.settle(first);
    out += &screen.say("* 알림");
    out += &screen.settle(third);
    assert_eq!(out, "홍차: 하나째\n오마르: 둘째\n김달: 셋\n홍차: … 끝\n* 알림\n");
}

#[test]
fn an_answer_goes_on_below_a_typed_line() {
    let mut screen = Screen::default();
    let (id, mut out) = screen.begin("홍차", "하나");
    out += "typed\n";
    screen.ended();
    out += &screen.grow(id, "하나 둘").unwrap();
    out += &screen.settle(id);
    assert_eq!(out, "홍차: 하나typed\n홍차: … 둘\n");
}

#[test]
fn a_flood_of_answers_is_held_in_bounds_and_nothing_is_lost() {
    let mut screen = Screen::default();
    let mut out = String::new();
    for number in 0..500 {
        out += &screen.begin("슈히", &format!("답{number}.")).1;
    }
    out += &screen.rest();
    assert!((0..500).all(|number| out.contains(&format!("슈히: 답{number}.\n"))));
    assert_eq!(out.lines().count(), 500);
}
