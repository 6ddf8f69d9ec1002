//! One suite for both lines: whatever a fleet sees of the one it sees of the other.

mod scene;

use std::{sync::Arc, time::Duration};

use self::scene::{Kind, SECOND, call, free};
use crate::scheduler::{Account, Class, Dropped, NewCall, Next, Pick, Scheduler, SchedulerConfig, Stop, Turned};

/// Runs each test on the line in memory and on the line in Redis.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod in_memory {
            $(#[tokio::test] async fn $test() { super::$test(super::Kind::Memory).await; })*
        }
        mod in_redis {
            $(#[tokio::test] async fn $test() { super::$test(super::Kind::Redis).await; })*
        }
    };
}

on_both! {
    calls_come_out_one_for_each_slot_and_the_next_when_one_is_settled,
    a_waiting_taker_is_woken,
    a_paid_call_cuts_a_free_answer_which_goes_on_before_who_came_later,
    a_running_answer_hears_that_it_is_cancelled_and_a_waiting_one_comes_out,
    a_cancelled_answer_that_is_given_back_comes_out_as_cancelled,
    a_deadline_is_told_to_a_taker_that_is_already_waiting,
    an_answer_that_runs_on_after_its_deadline_is_stopped,
    a_worker_that_panics_frees_its_slot,
    a_claim_that_is_dropped_is_charged_for_its_time,
    what_is_shed_comes_out_with_its_reason,
    drops_that_nobody_fetches_are_bounded_too,
    closing_drains,
    a_cut_answer_given_back_after_the_close_is_told,
    more_slots_let_more_run,
    people_see_their_own_calls_only,
}

async fn calls_come_out_one_for_each_slot_and_the_next_when_one_is_settled(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("first", free(1)).await;
    let placed = scene.line.enqueue(free(2), "second").await.unwrap();
    assert_eq!((placed.ahead, placed.expected_wait), (1, 5 * SECOND));
    let first = scene.run("first").await;
    assert!(scene.is_still().await);
    assert_eq!(first.settle(SECOND), "first");
    scene.run("second").await.settle(SECOND);
    assert_eq!(scene.counts().await.running, 0);
}

async fn a_waiting_taker_is_woken(kind: Kind) {
    let scene = kind.scene(2).await;
    let takers: Vec<_> = (0..3)
        .map(|_| {
            let line = scene.line.clone();
            tokio::spawn(async move {
                while let Some(Next::Run(claim)) = line.next().await {
                    claim.settle(SECOND);
                }
            })
        })
        .collect();
    tokio::task::yield_now().await;
    let work = scene.work();
    for person in 0..50 {
        scene.ask("job", call(person, Class::Paid)).await;
    }
    while !is_quiet(&scene.line).await {
        tokio::task::yield_now().await;
    }
    scene.line.close();
    for taker in takers {
        taker.await.unwrap();
    }
    if let Some(work) = work {
        work.abort();
    }
}

async fn is_quiet(line: &Scheduler<&'static str>) -> bool {
    let line = line.line().await;
    line.running == 0 && line.waiting == [0; 6]
}

async fn a_paid_call_cuts_a_free_answer_which_goes_on_before_who_came_later(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("free", free(1)).await;
    let mut cut = scene.run("free").await;
    scene.clock.advance(SECOND);
    cut.prefilled();
    scene.ask("later", free(2)).await;
    scene.ask("paid", call(3, Class::Paid)).await;
    assert_eq!(cut.stopped().await, Stop::Cut);
    *cut.job_mut() = "free, half done";
    cut.give_back(SECOND, 4 * SECOND);
    scene.run("paid").await.settle(5 * SECOND);
    scene.run("free, half done").await.settle(4 * SECOND);
    scene.run("later").await.settle(5 * SECOND);
}

async fn a_running_answer_hears_that_it_is_cancelled_and_a_waiting_one_comes_out(kind: Kind) {
    let scene = kind.scene(1).await;
    let ticket = scene.ask("running", free(1)).await;
    scene.ask("waiting", free(1)).await;
    let mut claim = scene.run("running").await;
    assert_eq!(claim.ticket(), ticket);
    assert!(futures::poll!(Box::pin(claim.stopped())).is_pending());
    assert_eq!(scene.cancel(Pick::Person(Account::new([1; 32]))).await, 2);
    assert_eq!(claim.stopped().await, Stop::Cancelled);
    assert_eq!(claim.stopped().await, Stop::Cancelled, "asking again does no harm");
    assert_eq!(scene.dropped("waiting").await, Dropped::Cancelled);
    claim.settle(SECOND);
    assert_eq!(scene.cancel(Pick::Ticket(ticket)).await, 0);
}

async fn a_cancelled_answer_that_is_given_back_comes_out_as_cancelled(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("running", free(1)).await;
    let claim = scene.run("running").await;
    scene.cancel(Pick::All).await;
    claim.give_back(SECOND, SECOND);
    assert_eq!(scene.dropped("running").await, Dropped::Cancelled);
}

async fn a_deadline_is_told_to_a_taker_that_is_already_waiting(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("running", free(1)).await;
    let claim = scene.run("running").await;
    scene.ask("late", NewCall { deadline: Some(10 * SECOND), ..free(2) }).await;
    let line = scene.line.clone();
    let taker = tokio::spawn(async move { line.next().await });
    tokio::task::yield_now().await;
    scene.clock.advance(5 * SECOND);
    tokio::task::yield_now().await;
    assert!(!taker.is_finished(), "at 5 s it could still be made");
    scene.clock.advance(SECOND);
    let next = tokio::time::timeout(Duration::from_secs(20), taker).await.expect("the time is watched").unwrap();
    assert!(matches!(next, Some(Next::Dropped("late", Dropped::Expired))));
    claim.settle(6 * SECOND);
}

async fn an_answer_that_runs_on_after_its_deadline_is_stopped(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("slow", NewCall { deadline: Some(10 * SECOND), ..free(1) }).await;
    let mut claim = scene.run("slow").await;
    scene.clock.advance(20 * SECOND);
    assert_eq!(claim.stopped().await, Stop::Overdue);
    claim.settle(20 * SECOND);
}

async fn a_worker_that_panics_frees_its_slot(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("dies", free(1)).await;
    let claim = scene.run("dies").await;
    let clock = Arc::clone(&scene.clock);
    let worker = tokio::spawn(async move {
        let _claim = claim;
        clock.advance(60 * SECOND);
        panic!("a worker dies");
    });
    assert!(worker.await.is_err());
    scene.ask("same person", free(1)).await;
    scene.ask("other person", free(2)).await;
    scene.run("same person").await.settle(SECOND);
    scene.run("other person").await.settle(SECOND);
}

async fn a_claim_that_is_dropped_is_charged_for_its_time(kind: Kind) {
    let scene = kind.scene(1).await;
    let idle = |person| call(person, Class::Idle);
    scene.ask("dies", idle(1)).await;
    let claim = scene.run("dies").await;
    scene.clock.advance(60 * SECOND);
    drop(claim);
    scene.ask("charged", idle(1)).await;
    scene.ask("fresh", idle(2)).await;
    scene.run("fresh").await.settle(SECOND);
    scene.run("charged").await.settle(SECOND);
}

async fn what_is_shed_comes_out_with_its_reason(kind: Kind) {
    let config = SchedulerConfig { most_waiting: 2, ..SchedulerConfig::default() };
    let scene = kind.scene_with(&config, 1).await;
    scene.ask("kept", free(1)).await;
    scene.ask("shed", free(2)).await;
    assert_eq!(scene.line.enqueue(free(3), "turned").await.unwrap_err(), ("turned", Turned::Full));
    scene.ask("paid", call(4, Class::Paid)).await;
    assert_eq!(scene.dropped("shed").await, Dropped::Shed);
    scene.run("paid").await.settle(SECOND);
    scene.run("kept").await.settle(SECOND);
}

async fn drops_that_nobody_fetches_are_bounded_too(kind: Kind) {
    let config = SchedulerConfig { most_waiting: 10, ..SchedulerConfig::default() };
    let scene = kind.scene_with(&config, 1).await;
    let mut accepted = 0;
    for _ in 0..100 {
        accepted += usize::from(scene.line.enqueue(free(1), "job").await.is_ok());
        scene.cancel(Pick::All).await;
        scene.until_dropped(accepted).await;
    }
    assert_eq!(accepted, 10);
    assert_eq!(scene.line.enqueue(free(2), "job").await.unwrap_err().1, Turned::Full);
    for _ in 0..10 {
        assert_eq!(scene.dropped("job").await, Dropped::Cancelled);
    }
    scene.ask("room again", free(2)).await;
}

async fn closing_drains(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("running", free(1)).await;
    let claim = scene.run("running").await;
    scene.ask("waiting", call(2, Class::Paid)).await;
    scene.line.close();
    scene.line.close();
    assert_eq!(scene.line.enqueue(free(3), "late").await.unwrap_err(), ("late", Turned::Closed));
    assert_eq!(scene.dropped("waiting").await, Dropped::Closed);
    assert!(scene.is_still().await, "what runs may still come back");
    let takers: Vec<_> = (0..3)
        .map(|_| {
            let line = scene.line.clone();
            tokio::spawn(async move { line.next().await.is_none() })
        })
        .collect();
    tokio::task::yield_now().await;
    claim.settle(SECOND);
    for taker in takers {
        assert!(taker.await.unwrap(), "every taker hears of the end");
    }
    assert!(scene.line.next().await.is_none());
}

async fn a_cut_answer_given_back_after_the_close_is_told(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("running", free(1)).await;
    let claim = scene.run("running").await;
    scene.line.close();
    claim.give_back(SECOND, SECOND);
    assert_eq!(scene.dropped("running").await, Dropped::Closed);
    assert!(scene.line.next().await.is_none());
}

async fn more_slots_let_more_run(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("first", call(1, Class::Paid)).await;
    scene.ask("second", call(2, Class::Paid)).await;
    let first = scene.run("first").await;
    assert!(scene.is_still().await);
    scene.set_slots(2).await;
    scene.run("second").await.settle(SECOND);
    first.settle(SECOND);
}

async fn people_see_their_own_calls_only(kind: Kind) {
    let scene = kind.scene(1).await;
    scene.ask("a", free(1)).await;
    scene.ask("b", free(2)).await;
    let standing = scene.standing(&Account::new([2; 32])).await;
    assert_eq!((standing.len(), standing[0].ahead), (1, 1));
    assert!(scene.standing(&Account::new([3; 32])).await.is_empty());
    assert!(!format!("{:?} {:?}", scene.line, free(77)).contains("77"), "nobody's account is printed");
}

#[tokio::test]
async fn the_watching_task_ends_with_the_last_handle() {
    let before = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let scene = Kind::Memory.scene(1).await;
    scene.ask("a", NewCall { deadline: Some(10 * SECOND), ..free(1) }).await;
    tokio::task::yield_now().await;
    drop(scene);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), before);
}
