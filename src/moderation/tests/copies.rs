use std::time::Duration;

use super::tag;
use crate::{
    moderation::{Copies, CopiesConfig},
    privacy::Pseudonym,
};

const TEXT: &str = "여러분 이 방송 말고 저 방송으로 오세요";

fn account(n: usize) -> Pseudonym {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&n.to_le_bytes());
    Pseudonym::from_row(1, bytes)
}

fn seconds(seconds: usize) -> Duration {
    Duration::from_secs(seconds.try_into().unwrap())
}

/// How many of 200 accounts are answered that bring a text, one every so many seconds.
fn answered(every: usize, text: impl Fn(usize) -> String) -> usize {
    let mut copies = Copies::new(CopiesConfig::default());
    (0..200).filter(|n| !copies.is_raid(&tag(1), &account(*n), &text(*n), seconds(n * every))).count()
}

#[test]
fn two_hundred_accounts_with_one_text_are_a_raid_however_slow() {
    for every in [0, 1, 3, 60, 599] {
        assert_eq!(answered(every, |_| TEXT.into()), 10, "every {every} s");
    }
    assert_eq!(answered(601, |_| TEXT.into()), 200, "over ten minutes apart it is chance");
}

#[test]
fn a_number_a_smiley_or_a_longer_end_makes_no_other_text() {
    assert_eq!(answered(3, |n| format!("{TEXT} {n} {}", ["😀", "!!", "\u{200b}", "ㅋ"][n % 4])), 20);
    assert_eq!(answered(3, |n| format!("{TEXT}{}", "요".repeat(n % 5))), 10);
    assert_eq!(answered(3, |n| format!("{TEXT}{}", "?".repeat(n))), 10);
}

#[test]
fn what_differs_in_words_or_is_short_is_nobodys_raid() {
    assert_eq!(
        answered(1, |n| format!("내 친구 {}가 나를 좋아하는 걸까?", ["가나", "다라", "마바"][n % 3].repeat(n / 3 + 1))),
        200
    );
    assert_eq!(answered(1, |_| "고백할까?".into()), 200);
    assert_eq!(answered(1, |_| "12345 67890 !!!! 😀😀😀".into()), 200);
}

#[test]
fn the_first_may_ask_again_and_other_places_are_other_raids() {
    let mut copies = Copies::new(CopiesConfig::default());
    for n in 0..20 {
        assert_eq!(copies.is_raid(&tag(1), &account(n), TEXT, seconds(n)), n >= 10);
    }
    assert!(!copies.is_raid(&tag(1), &account(3), TEXT, seconds(21)));
    assert!(!copies.is_raid(&tag(2), &account(15), TEXT, seconds(22)));
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut copies = Copies::new(CopiesConfig { most_texts: 10, ..CopiesConfig::default() });
    for n in 0..1_000 {
        let text: String =
            (0..12).map(|i| char::from(b'a' + u8::try_from((n >> i) % 2 * 2 + i % 2).unwrap())).collect();
        copies.is_raid(&tag(1), &account(n), &text, seconds(n));
        assert!(copies.len() <= 10);
    }
    copies.is_raid(&tag(1), &account(0), TEXT, seconds(10_000));
    assert_eq!(copies.len(), 1, "what is over goes");
}

#[test]
fn it_can_be_switched_off() {
    let mut copies = Copies::new(CopiesConfig { accounts: 0, ..CopiesConfig::default() });
    assert!((0..100).all(|n| !copies.is_raid(&tag(1), &account(n), TEXT, seconds(n))));
    assert!(copies.is_empty());
}
