use std::{sync::Arc, time::Duration};

use proptest::prelude::*;

use super::support::{SECOND, Trouble, Wall, breathe, clock, frame, recipient};
use crate::{
    chat::{Offer, Outgoing, SendError},
    clock::ManualClock,
    reply::{Act, Delivered, Delivery, Frame, Outcome, Pen, deliver, draft, post},
};

/// An answer on its way to a wall.
struct Stage {
    wall: Arc<Wall>,
    clock: Arc<ManualClock>,
    task: tokio::task::JoinHandle<Delivered>,
}

fn stage(wall: &Arc<Wall>, frame: Frame) -> (Pen, Stage) {
    let (pen, drafts) = draft();
    let (wall, clock) = (Arc::clone(wall), Arc::new(clock()));
    let (outbox, time) = (Arc::clone(&wall), Arc::clone(&clock));
    let task = tokio::spawn(async move { deliver(&*outbox, &*time, &recipient(), frame, drafts).await });
    (pen, Stage { wall, clock, task })
}

impl Stage {
    async fn pass(&self, time: Duration) {
        breathe().await;
        self.clock.advance(time);
        breathe().await;
    }
}

#[tokio::test]
async fn an_answer_grows_by_edits_and_ends_as_it_was_written() {
    let (pen, stage) = stage(&Wall::with([]), frame(100, 3, Some((SECOND, 8))));
    for text in ["먼", "먼저 물", "먼저 물어봐요.", "먼저 물어봐요. 그리"] {
        pen.show(text);
        breathe().await;
    }
    stage.pass(SECOND).await;
    pen.finish("먼저 물어봐요. 그리고 쉬어요.");
    stage.pass(SECOND).await;
    let expected = ["send 먼저 물", "edit 먼저 물어봐요. 그리", "edit 먼저 물어봐요. 그리고 쉬어요.", "settled 0"];
    assert_eq!(stage.wall.log(), expected);
    let delivered = stage.task.await.unwrap();
    assert_eq!((delivered.text.as_str(), delivered.rest), ("먼저 물어봐요. 그리고 쉬어요.", None));
    assert_eq!((delivered.lines.len(), delivered.outcome), (1, Outcome::Shown));
}

#[tokio::test]
async fn without_edits_lines_go_out_whole_and_the_rest_waits() {
    let (pen, stage) = stage(&Wall::with([]), frame(10, 1, None));
    pen.show("하나예요. 둘");
    breathe().await;
    assert!(stage.wall.log().is_empty());
    pen.show("하나예요. 둘이에요. 셋");
    breathe().await;
    assert_eq!(stage.wall.lines(), ["하나예요."]);
    pen.finish("하나예요. 둘이에요. 셋이에요.");
    let delivered = stage.task.await.unwrap();
    assert_eq!((delivered.text.as_str(), delivered.rest.as_deref()), ("하나예요.", Some("둘이에요. 셋이에요.")));
}

#[tokio::test]
async fn a_long_answer_goes_on_in_a_further_line() {
    let (pen, stage) = stage(&Wall::with([]), frame(12, 3, Some((SECOND, 4))));
    for text in ["하나예요. 둘", "하나예요. 둘이에요. 셋이에요.", "하나예요. 둘이에요. 셋이에요. 넷이에요. 다섯"]
    {
        pen.show(text);
        stage.pass(SECOND).await;
        stage.pass(SECOND).await;
    }
    pen.finish("하나예요. 둘이에요. 셋이에요. 넷이에요. 다섯이에요.");
    stage.pass(9 * SECOND).await;
    stage.pass(9 * SECOND).await;
    assert_eq!(stage.task.await.unwrap().lines.len(), 3);
    assert_eq!(stage.wall.lines(), ["하나예요. 둘이에요.", "셋이에요. 넷이에요.", "다섯이에요."]);
    let edits = stage.wall.log().iter().filter(|act| act.starts_with("edit")).count();
    assert!(edits <= 4, "{:?}", stage.wall.log());
}

#[tokio::test]
async fn a_pause_waits_and_a_dropped_pen_cancels() {
    let (pen, stage) = stage(&Wall::with([]), frame(100, 3, Some((SECOND, 8))));
    pen.show("먼저 물어");
    stage.pass(3600 * SECOND).await;
    assert!(!stage.task.is_finished());
    pen.show("먼저 물어봐요. 그리");
    drop(pen);
    let delivered = stage.task.await.unwrap();
    assert_eq!(delivered.outcome, Outcome::Cancelled);
    assert_eq!(stage.wall.lines().len(), 1);
}

#[tokio::test]
async fn a_platform_that_asks_to_wait_gets_its_time() {
    let wall = Wall::with([Trouble::Fails(SendError::Wait(5 * SECOND)), Trouble::None]);
    let (pen, stage) = stage(&wall, frame(100, 3, None));
    pen.finish("네, 그래요.");
    stage.pass(4 * SECOND).await;
    assert!(stage.wall.lines().is_empty());
    stage.pass(SECOND).await;
    assert_eq!(stage.wall.lines(), ["네, 그래요."]);
    assert_eq!(stage.task.await.unwrap().outcome, Outcome::Shown);
}

#[tokio::test]
async fn a_platform_that_asks_to_wait_for_ever_gets_nothing() {
    let (pen, stage) = stage(&Wall::with(vec![Trouble::Fails(SendError::Wait(25 * SECOND)); 9]), frame(100, 3, None));
    pen.finish("네, 그래요.");
    for _ in 0..9 {
        stage.pass(25 * SECOND).await;
    }
    let delivered = stage.task.await.unwrap();
    assert_eq!((delivered.outcome, delivered.rest.as_deref()), (Outcome::Late, Some("네, 그래요.")));
    assert_eq!(stage.wall.troubles.lock().unwrap().len(), 6);
}

#[tokio::test]
async fn what_may_have_been_shown_is_never_repeated() {
    for trouble in [Trouble::Fails(SendError::InDoubt), Trouble::Hangs] {
        let (pen, stage) = stage(&Wall::with([trouble]), frame(100, 3, None));
        pen.finish("네, 그래요.");
        stage.pass(30 * SECOND).await;
        let delivered = stage.task.await.unwrap();
        assert_eq!((delivered.outcome, delivered.rest.as_deref()), (Outcome::InDoubt, Some("네, 그래요.")));
        assert!(stage.wall.log().is_empty());
    }
}

#[tokio::test]
async fn a_place_that_is_gone_ends_the_answer_and_tells_the_writer() {
    for (error, outcome) in [(SendError::Gone, Outcome::Gone), (SendError::Refused("x".into()), Outcome::Refused)] {
        let wall = Wall::with([Trouble::None, Trouble::Fails(error)]);
        let (pen, stage) = stage(&wall, frame(100, 3, Some((SECOND, 8))));
        pen.show("먼저 물어");
        stage.pass(SECOND).await;
        pen.show("먼저 물어봐요. 그리고 쉬");
        breathe().await;
        pen.unwanted().await;
        assert_eq!(stage.task.await.unwrap().outcome, outcome);
        assert_eq!(stage.wall.lines(), ["먼저 물어"]);
    }
}

#[tokio::test]
async fn a_sentence_of_ours_goes_out_in_as_many_lines_as_it_takes() {
    let wall = Wall::with([]);
    let short = frame(10, 1, Some((SECOND, 8))).tagged("[AI]").pointing_to_more("(!more)");
    let time = Arc::new(clock());
    let (outbox, ticking) = (Arc::clone(&wall), Arc::clone(&time));
    let task =
        tokio::spawn(async move { post(&*outbox, &*ticking, &recipient(), &short, "하나예요. 둘이에요.").await });
    breathe().await;
    time.advance(SECOND);
    assert_eq!(task.await.unwrap().rest, None);
    assert_eq!(wall.lines(), ["하나예요.", "둘이에요."]);
}

/// A frame with something that stands for the answer.
fn opening(most: u32) -> Frame {
    frame(100, 2, Some((SECOND, most))).opening_with("생각 중", Offer::Again)
}

#[tokio::test]
async fn what_stands_for_an_answer_becomes_it() {
    let (pen, stage) = stage(&Wall::with([]), opening(8));
    breathe().await;
    assert_eq!(stage.wall.lines(), ["생각 중"], "at once, before a word is written");
    pen.show("네");
    stage.pass(SECOND).await;
    pen.finish("네, 그래요.");
    stage.pass(SECOND).await;
    assert_eq!(stage.wall.log(), ["send 생각 중", "edit 네", "edit 네, 그래요.", "settled 0"]);
    assert_eq!(stage.task.await.unwrap().text, "네, 그래요.");
}

#[tokio::test]
async fn what_stands_for_an_answer_that_does_not_come_is_taken_back() {
    let (pen, stage) = stage(&Wall::with([]), opening(8));
    breathe().await;
    drop(pen);
    let delivered = stage.task.await.unwrap();
    assert_eq!((delivered.lines.len(), delivered.outcome), (0, Outcome::Cancelled));
    assert_eq!(stage.wall.log(), ["send 생각 중", "withdraw 0"]);
}

#[tokio::test]
async fn an_answer_that_is_cut_short_promises_no_more_of_it() {
    let wall = Wall::with([Trouble::None, Trouble::None, Trouble::Fails(SendError::Wait(SECOND))]);
    let (pen, stage) = stage(&wall, opening(8));
    breathe().await;
    pen.show("네, 그");
    stage.pass(SECOND).await;
    drop(pen);
    stage.pass(SECOND).await;
    let delivered = stage.task.await.unwrap();
    assert_eq!((delivered.text.as_str(), delivered.outcome), ("네, 그", Outcome::Cancelled));
    assert_eq!(stage.wall.log(), ["send 생각 중", "edit 네, 그", "edit 네, 그", "settled 0"], "its button goes");
}

#[tokio::test]
async fn a_line_that_waits_for_its_turn_to_grow_is_not_late() {
    let wall = Wall::with([Trouble::None].into_iter().chain(vec![Trouble::Fails(SendError::Wait(25 * SECOND)); 9]));
    let (pen, stage) = stage(&wall, opening(8));
    breathe().await;
    pen.show("네, 그");
    for _ in 0..10 {
        stage.pass(25 * SECOND).await;
    }
    assert!(!stage.task.is_finished());
    pen.finish("네, 그래요.");
    stage.pass(SECOND).await;
    assert_eq!(stage.task.await.unwrap().outcome, Outcome::Shown);
    assert_eq!(stage.wall.lines(), ["네, 그래요."]);
}

#[test]
fn what_is_offered_follows_the_answer_and_stands_at_its_end_alone() {
    let mut delivery = Delivery::new(opening(8));
    let text = "하나예요. ".repeat(30);
    let (mut now, mut offers) = (Duration::ZERO, Vec::new());
    for (end, ended) in [(0, false), (40, false), (text.len(), true)] {
        loop {
            now += SECOND;
            match delivery.act(now, &text[..text.floor_char_boundary(end)], ended) {
                Act::Send(line) => offers.push(("send", line.offer())),
                Act::Edit(line) => offers.push(("edit", line.offer())),
                _ => break,
            }
            delivery.shown(now);
        }
    }
    let expected = [("send", Offer::Cancel), ("edit", Offer::Cancel), ("edit", Offer::Nothing), ("send", Offer::Again)];
    assert_eq!(offers, expected);
}

/// Plays an answer in steps through the pure state; gives the lines as shown, the edits, and the times of all acts.
fn play(frame: &Frame, text: &str, cuts: &[usize], step: Duration) -> (Vec<Outgoing>, u32, Vec<Duration>) {
    let mut delivery = Delivery::new(frame.clone());
    let (mut lines, mut edits, mut acts) = (Vec::new(), 0, Vec::new());
    let mut now = Duration::ZERO;
    let ends = cuts.iter().map(|cut| (*cut, false)).chain(std::iter::repeat((text.len(), true)));
    for (end, ended) in ends {
        now += step;
        match delivery.act(now, &text[..text.floor_char_boundary(end)], ended) {
            Act::Send(line) => lines.push(line),
            Act::Edit(line) => {
                edits += 1;
                *lines.last_mut().unwrap() = line;
            }
            Act::Wait(until) => {
                assert!(until > now);
                continue;
            }
            Act::Nothing => continue,
            Act::Done => break,
        }
        acts.push(now);
        delivery.shown(now);
    }
    (lines, edits, acts)
}

proptest! {
    #[test]
    fn whatever_the_pace_the_answer_ends_as_written(
        words in prop::collection::vec("[가-힣]{1,5}[.,!?]?", 1..40),
        mut cuts in prop::collection::vec(0usize..600, 0..60),
        most in 0u32..9,
        max_chars in 10usize..80,
        max_lines in 1usize..5,
        step in 50u64..1500,
        opens in any::<bool>(),
    ) {
        let text = words.join(" ");
        cuts.sort_unstable();
        for cut in &mut cuts {
            *cut = text.floor_char_boundary((*cut).min(text.len()));
        }
        let every = SECOND;
        let frame = frame(max_chars, max_lines, (most > 0).then_some((every, most))).tagged("[A]").pointing_to_more("+");
        let whole: Vec<_> = frame.lay_out(&text).lines.iter().map(|line| line.as_str().to_owned()).collect();
        let frame = if opens && most > 0 { frame.opening_with("…", Offer::Faces) } else { frame };
        let (lines, edits, acts) = play(&frame, &text, &cuts, Duration::from_millis(step));
        prop_assert_eq!(lines.iter().map(|line| line.as_str().to_owned()).collect::<Vec<_>>(), whole);
        prop_assert!(edits <= most);
        prop_assert!(most == 0 || acts.windows(2).all(|pair| pair[1].checked_sub(pair[0]).unwrap() >= every));
    }
}
