use std::time::Duration;

use lovelm::{
    chat::{Lane, MessageId, SendError},
    config::TwitchLimits,
};
use proptest::prelude::*;

use crate::{
    connection::Mode,
    desk::{Desk, Line, Spoken, Ticket, Verdict},
};

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn line(seat: usize, channel: &str, lane: Lane, text: &str) -> Line {
    let text = Spoken::of(text, 476).expect("words");
    Line { seat, channel: channel.to_owned(), lane, text, reply: Some(MessageId::new("m")) }
}

fn answer(seat: usize, channel: &str, text: &str) -> Line {
    line(seat, channel, Lane::Answer, text)
}

/// A desk whose accounts are all connected.
fn open(seats: usize) -> Desk {
    let mut desk = Desk::new(seats, &TwitchLimits::default());
    (0..seats).for_each(|seat| desk.connected(seat, true));
    desk
}

/// Lets time go on to `end`; every line that goes out is shown at once.
fn run(desk: &mut Desk, from: Duration, end: Duration) -> Vec<(Duration, Line)> {
    let (mut now, mut out) = (from, Vec::new());
    loop {
        while let Some((_, line)) = desk.next(now) {
            desk.shown(line.seat, &line.channel, None);
            out.push((now, line));
        }
        match desk.when(now) {
            Some(next) if next <= end => now = next.max(now + Duration::from_millis(1)),
            _ => return out,
        }
    }
}

fn verdict(desk: &mut Desk, ticket: Ticket) -> Option<Verdict> {
    desk.verdicts().into_iter().find(|(of, _)| *of == ticket).map(|(_, verdict)| verdict)
}

#[test]
fn the_first_lane_goes_first_and_then_the_oldest() {
    let mut desk = open(1);
    desk.push(line(0, "a", Lane::Notice, "notice"), seconds(0));
    desk.push(answer(0, "a", "first"), seconds(0));
    desk.push(answer(0, "a", "second"), seconds(0));
    desk.push(line(0, "a", Lane::Paid, "paid"), seconds(0));
    desk.push(line(0, "a", Lane::Crisis, "card"), seconds(0));
    let said: Vec<_> = run(&mut desk, seconds(0), seconds(9)).into_iter().map(|(_, line)| line.text).collect();
    let said: Vec<_> = said.iter().map(Spoken::as_str).collect();
    assert_eq!(said, ["card", "paid", "first", "second", "notice"]);
}

#[test]
fn a_channel_hears_a_line_a_second_whoever_speaks() {
    let mut desk = open(2);
    for n in 0..6 {
        desk.push(answer(n % 2, "a", &format!("line {n}")), seconds(0));
    }
    let out = run(&mut desk, seconds(0), seconds(20));
    assert_eq!(out.len(), 6);
    assert!(out.windows(2).all(|pair| pair[1].0 >= pair[0].0 + seconds(1)));
}

#[test]
fn a_moderator_waits_for_no_gap() {
    let mut desk = open(1);
    desk.standing(0, "a", true);
    for n in 0..30 {
        desk.push(answer(0, "a", &format!("line {n}")), seconds(0));
    }
    assert_eq!(run(&mut desk, seconds(0), seconds(1)).len(), 30);
}

#[test]
fn slow_mode_is_waited_for() {
    let mut desk = open(1);
    desk.room("a", Mode { slow: Some(seconds(10)), ..Mode::default() });
    desk.push(answer(0, "a", "one"), seconds(0));
    desk.push(answer(0, "a", "two"), seconds(0));
    let out = run(&mut desk, seconds(0), seconds(20));
    assert!(out[1].0 >= seconds(10), "{:?}", out[1].0);
}

#[test]
fn nobody_repeats_themselves() {
    let mut desk = open(1);
    for _ in 0..3 {
        desk.push(answer(0, "a", "듣고 있어요."), seconds(0));
    }
    desk.push(answer(0, "b", "듣고 있어요."), seconds(0));
    let out = run(&mut desk, seconds(0), seconds(20));
    let in_a: std::collections::HashSet<_> =
        out.iter().filter(|(_, line)| line.channel == "a").map(|(_, line)| line.text.as_str().to_owned()).collect();
    assert_eq!(in_a.len(), 3, "{in_a:?}");
    assert!(out.iter().any(|(_, line)| line.channel == "b" && line.text.as_str() == "듣고 있어요."));
}

#[test]
fn a_room_that_wants_new_lines_hears_no_old_one() {
    let mut desk = open(1);
    desk.room("a", Mode { unique: Some(true), ..Mode::default() });
    let mut heard = std::collections::HashSet::new();
    for n in 0..60 {
        let ticket = desk.push(answer(0, "a", "듣고 있어요."), seconds(2 * n));
        match desk.next(seconds(2 * n)) {
            Some((_, line)) => {
                assert!(heard.insert(line.text.as_str().to_owned()), "{:?} again", line.text.as_str());
                assert!(line.text.as_str().chars().count() <= "듣고 있어요.".chars().count() + 4);
                desk.shown(0, "a", None);
            }
            None => assert_eq!(verdict(&mut desk, ticket), Some(Err(SendError::Refused("r9k".into())))),
        }
    }
    assert_eq!(heard.len(), 40);
}

#[test]
fn what_waits_too_long_is_dropped_with_a_reason() {
    let mut desk = Desk::new(1, &TwitchLimits::default());
    let told = desk.push(line(0, "a", Lane::Notice, "a place in line"), seconds(0));
    let asked = desk.push(answer(0, "a", "an answer"), seconds(0));
    assert_eq!(desk.when(seconds(0)), Some(seconds(10)));
    assert!(desk.next(seconds(10)).is_none(), "nobody is connected");
    assert_eq!(verdict(&mut desk, told), Some(Err(SendError::Refused("stale".into()))));
    assert!(desk.next(seconds(25)).is_none());
    let Some(Err(SendError::Wait(time))) = verdict(&mut desk, asked) else { panic!() };
    assert!(time > seconds(60), "longer than a delivery waits: it is kept for `more`");
}

#[test]
fn a_full_outbox_lets_the_least_urgent_go() {
    let mut desk = Desk::new(1, &TwitchLimits { waiting: 2, ..TwitchLimits::default() });
    desk.push(answer(0, "a", "one"), seconds(0));
    let notice = desk.push(line(0, "a", Lane::Notice, "two"), seconds(0));
    desk.push(answer(0, "a", "three"), seconds(0));
    assert_eq!(verdict(&mut desk, notice), Some(Err(SendError::Refused("full".into()))));
}

#[test]
fn a_line_that_nobody_acknowledges_is_in_doubt_once() {
    let mut desk = open(1);
    let ticket = desk.push(answer(0, "a", "one"), seconds(0));
    assert!(desk.next(seconds(0)).is_some());
    assert!(desk.next(seconds(4)).is_none());
    assert_eq!(verdict(&mut desk, ticket), None);
    assert!(desk.next(seconds(5)).is_none(), "never again");
    assert_eq!(verdict(&mut desk, ticket), Some(Err(SendError::InDoubt)));
    let lost = desk.push(answer(0, "a", "two"), seconds(9));
    assert!(desk.next(seconds(9)).is_some());
    desk.connected(0, false);
    assert_eq!(verdict(&mut desk, lost), Some(Err(SendError::InDoubt)));
}

#[test]
fn every_refusal_has_its_consequence() {
    let wait = |verdict: &Verdict, least: u64| matches!(verdict, Err(SendError::Wait(time)) if *time >= seconds(least));
    let refused = |verdict: &Verdict| matches!(verdict, Err(SendError::Refused(_)));
    let gone = |verdict: &Verdict| *verdict == Err(SendError::Gone);
    for (notice, is_right) in [
        ("msg_ratelimit", &(|verdict: &Verdict| wait(verdict, 30)) as &dyn Fn(&Verdict) -> bool),
        ("msg_slowmode", &|verdict| wait(verdict, 5)),
        ("msg_banned", &gone),
        ("msg_timedout", &gone),
        ("msg_channel_suspended", &gone),
        ("tos_ban", &gone),
        ("msg_duplicate", &|verdict| wait(verdict, 1)),
        ("msg_r9k", &refused),
        ("msg_rejected", &refused),
        ("msg_rejected_mandatory", &refused),
        ("msg_subsonly", &refused),
        ("msg_followersonly", &refused),
        ("msg_emoteonly", &refused),
        ("msg_never_heard_of", &refused),
    ] {
        let mut desk = open(1);
        let ticket = desk.push(answer(0, "a", "one"), seconds(0));
        assert!(desk.next(seconds(0)).is_some());
        desk.refused(0, "a", notice, seconds(0));
        let verdict = verdict(&mut desk, ticket).unwrap_or_else(|| panic!("{notice} is not handled"));
        assert!(is_right(&verdict), "{notice}: {verdict:?}");
    }
    let mut desk = open(1);
    let ticket = desk.push(answer(0, "a", "one"), seconds(0));
    assert!(desk.next(seconds(0)).is_some());
    desk.refused(0, "a", "slow_on", seconds(0));
    assert_eq!(verdict(&mut desk, ticket), None, "a change of mode refuses nothing");
}

#[test]
fn an_account_that_speaks_too_much_rests_everywhere() {
    let mut desk = open(2);
    desk.push(answer(0, "a", "one"), seconds(0));
    assert!(desk.next(seconds(0)).is_some());
    desk.refused(0, "a", "msg_ratelimit", seconds(0));
    desk.push(answer(0, "b", "two"), seconds(1));
    desk.push(answer(1, "c", "three"), seconds(1));
    let out = run(&mut desk, seconds(1), seconds(20));
    assert_eq!(out.iter().map(|(_, line)| line.channel.as_str()).collect::<Vec<_>>(), ["c"]);
}

#[test]
fn whoever_was_kept_out_tries_again_under_new_rules_and_whoever_was_banned_does_not() {
    for (notice, again) in [("msg_followersonly", true), ("msg_banned", false)] {
        let mut desk = open(1);
        desk.push(answer(0, "a", "one"), seconds(0));
        assert!(desk.next(seconds(0)).is_some());
        desk.refused(0, "a", notice, seconds(0));
        desk.push(answer(0, "a", "two"), seconds(9));
        assert!(desk.next(seconds(9)).is_none(), "{notice}");
        desk.room("a", Mode { followers_only: Some("-1".into()), ..Mode::default() });
        desk.push(answer(0, "a", "three"), seconds(10));
        assert_eq!(desk.next(seconds(10)).is_some(), again, "{notice}");
    }
}

#[test]
fn a_room_for_emotes_hears_nothing_until_it_opens() {
    let mut desk = open(1);
    desk.room("a", Mode { emotes_only: Some(true), ..Mode::default() });
    let ticket = desk.push(answer(0, "a", "one"), seconds(0));
    assert!(desk.next(seconds(0)).is_none());
    assert_eq!(verdict(&mut desk, ticket), Some(Err(SendError::Refused("emote-only".into()))));
    desk.room("a", Mode { emotes_only: Some(false), ..Mode::default() });
    desk.push(answer(0, "a", "two"), seconds(1));
    assert!(desk.next(seconds(1)).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Twitch's own count of what left: 20 lines of an account in 30 s, 100 where privileged, one a second in a channel.
    #[test]
    fn no_trace_breaks_a_limit(
        calls in proptest::collection::vec((0_u64..60_000, 0_usize..2, 0_usize..6, any::<bool>()), 1..250),
        privileged in proptest::collection::vec(any::<bool>(), 12),
    ) {
        let mut desk = open(2);
        let channels = ["a", "b", "c", "d", "e", "f"];
        let is_privileged = |seat: usize, channel: usize| privileged[seat * 6 + channel];
        for seat in 0..2 {
            for (number, channel) in channels.iter().enumerate() {
                desk.standing(seat, channel, is_privileged(seat, number));
            }
        }
        let mut calls = calls;
        calls.sort_unstable();
        let (mut out, mut now) = (Vec::new(), Duration::ZERO);
        for (at, seat, channel, notice) in calls {
            let at = Duration::from_millis(at);
            out.extend(run(&mut desk, now, at));
            now = now.max(at);
            let lane = if notice { Lane::Notice } else { Lane::Answer };
            desk.push(line(seat, channels[channel], lane, "같은 말"), now);
        }
        out.extend(run(&mut desk, now, now + Duration::from_mins(2)));
        for (at, last) in &out {
            let number = |channel: &str| channels.iter().position(|name| *name == channel).expect("known");
            let plain = |line: &Line| !is_privileged(line.seat, number(&line.channel));
            let lately = |window: u64, counts: &dyn Fn(&Line) -> bool| {
                out.iter().filter(|(then, line)| *then <= *at && *then + seconds(window) > *at && counts(line)).count()
            };
            prop_assert!(lately(30, &|line| line.seat == last.seat) <= 100);
            if plain(last) {
                prop_assert!(lately(30, &|line| line.seat == last.seat && plain(line)) <= 20);
                prop_assert!(lately(1, &|line| line.channel == last.channel && line.seat == last.seat && plain(line)) <= 1);
            }
            let mut own = out.iter().filter(|(then, line)| then < at && line.seat == last.seat && line.channel == last.channel);
            prop_assert!(own.next_back().is_none_or(|(then, line)| *then + seconds(30) <= *at || line.text != last.text));
        }
    }
}
