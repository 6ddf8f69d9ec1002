use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chrono::DateTime;
use rand::{SeedableRng as _, rngs::StdRng};

use super::scripted::{Act, Actor, down, profile};
use crate::{
    chat::Language,
    clock::ManualClock,
    engine::{
        Chunk, Engine, EngineConfig, EngineError, Member, Pool, Profile, Prompt, Request, Role, Sampling, TokenStream,
        Turn,
    },
};

pub struct Scene {
    pub pool: Pool,
    clock: Arc<ManualClock>,
}

impl Scene {
    pub fn with(actors: &[&Arc<Actor>]) -> Self {
        let clock = Arc::new(ManualClock::at(DateTime::UNIX_EPOCH));
        let member = |actor: &&Arc<Actor>| {
            let engine: Arc<dyn Engine> = Arc::clone(actor) as Arc<dyn Engine>;
            Member { name: engine.profile().name.clone(), most_slots: engine.profile().slots, engine }
        };
        let mut members = actors.iter().map(member);
        let first = members.next().expect("an engine");
        let config = EngineConfig::default();
        let pool = Pool::new(first, members.collect(), &config, clock.clone(), StdRng::seed_from_u64(1));
        Self { pool, clock }
    }

    async fn start(&self) -> Result<TokenStream, EngineError> {
        let said = Turn { role: Role::User, text: "what now?".into() };
        let prompt = Prompt { messages: vec![said], so_far: String::new() };
        self.pool.start(Request { prompt, max_tokens: 16, sampling: Sampling::default() }).await
    }

    /// The whole answer, or its fault.
    pub async fn ask(&self) -> Result<String, EngineError> {
        let mut stream = self.start().await?;
        let mut text = String::new();
        loop {
            match stream.next().await? {
                Chunk::Text(more) => text.push_str(&more),
                Chunk::Done(_) => return Ok(text),
            }
        }
    }

    fn room(&self) -> usize {
        *self.pool.room().borrow()
    }

    /// Moves the clock in small steps until there is so much room.
    pub async fn until_room(&self, room: usize) {
        for _ in 0..10_000 {
            if self.room() == room {
                return;
            }
            self.clock.advance(Duration::from_millis(50));
            settle().await;
        }
        panic!("there is never room for {room}");
    }
}

pub async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

fn two() -> (Arc<Actor>, Arc<Actor>) {
    (Actor::new(profile("a", 1)), Actor::new(profile("b", 1)))
}

#[tokio::test]
async fn it_is_what_all_of_its_members_are() {
    let wide = Profile { languages: vec![Language::Ko, Language::En, Language::Ja], ..profile("wide", 8) };
    let small = Profile {
        languages: vec![Language::Ja, Language::Ko],
        context: 1024,
        can_continue: false,
        ..profile("small", 1)
    };
    let scene = Scene::with(&[&Actor::new(wide), &Actor::new(small.clone())]);
    let all = scene.pool.profile();
    assert_eq!((all.slots, all.context, all.can_continue, scene.room()), (9, 1024, false, 9));
    assert_eq!(all.languages, [Language::Ko, Language::Ja], "in the order of the first");
    let strangers = Scene::with(&[&Actor::new(profile("en", 1)), &Actor::new(small)]);
    assert_eq!(strangers.pool.profile().languages, [Language::En], "nothing in common: the first decides");
    let alone = Scene::with(&[&Actor::new(profile("alone", 3))]);
    assert_eq!(*alone.pool.profile(), profile("alone", 3));
}

#[tokio::test]
async fn what_fails_before_its_first_word_is_answered_by_another_member() {
    let (a, b) = two();
    let scene = Scene::with(&[&a, &b]);
    a.plan([Act::Refuse, Act::Break(0), Act::Panic]);
    assert_eq!(scene.ask().await.as_deref(), Ok("bb"));
    assert_eq!(scene.ask().await.as_deref(), Ok("bb"));
    assert_eq!((scene.room(), a.asked()), (2, 2));
    assert!(scene.ask().await.is_err(), "a panic ends the one answer, as an engine that goes away does");
    settle().await;
    assert_eq!((scene.room(), a.asked()), (1, 3), "and is a failure like any other");
}

#[tokio::test]
async fn what_fails_behind_a_word_and_what_nobody_can_serve_stays_where_it_is() {
    let (a, b) = two();
    let scene = Scene::with(&[&a, &b]);
    a.plan([Act::Break(1), Act::Reject]);
    assert_eq!(scene.ask().await, Err(down()));
    assert_eq!(scene.ask().await, Err(EngineError::Rejected("no".into())));
    assert_eq!((a.asked(), b.asked()), (2, 0));
}

#[tokio::test]
async fn when_all_fail_the_last_fault_is_told_and_then_nobody_is_asked_any_more() {
    let (a, b) = two();
    let scene = Scene::with(&[&a, &b]);
    a.plan([Act::Refuse; 3]);
    b.plan([Act::Refuse; 3]);
    for _ in 0..3 {
        assert_eq!(scene.ask().await, Err(down()));
    }
    assert_eq!(scene.room(), 0);
    for _ in 0..1000 {
        assert_eq!(scene.ask().await, Err(EngineError::Busy));
    }
    assert_eq!((a.asked(), b.asked()), (3, 3));
}

#[tokio::test]
async fn a_member_that_is_away_is_looked_after_by_one_question_of_ours_and_comes_back() {
    let a = Actor::new(profile("a", 4));
    let scene = Scene::with(&[&a]);
    // Refused, gone behind a panic, hanging: then well.
    a.plan([Act::Refuse, Act::Refuse, Act::Refuse, Act::Refuse, Act::Panic, Act::Hang(0)]);
    for _ in 0..3 {
        assert_eq!(scene.ask().await, Err(down()));
    }
    settle().await;
    scene.until_room(1).await;
    assert_eq!(a.asked(), 3 + 4, "four questions, one after another");
    assert_eq!(scene.ask().await.as_deref(), Ok("aa"));
    assert_eq!(scene.room(), 2);
    for _ in 0..3 {
        assert_eq!(scene.ask().await.as_deref(), Ok("aa"));
    }
    assert_eq!(scene.room(), 4);
}

#[tokio::test]
async fn a_slot_that_is_about_to_be_free_is_waited_for_and_one_that_is_not_is_given_up() {
    let a = Actor::new(profile("a", 1));
    let scene = Scene::with(&[&a]);
    a.plan([Act::Hang(1), Act::Hang(1)]);
    let first = scene.start().await.expect("a slot");
    let second = tokio::join!(scene.start(), async {
        settle().await;
        drop(first);
    });
    let mut second = second.0.expect("the slot of the first");
    assert_eq!(second.next().await, Ok(Chunk::Text("a".into())));
    let third = tokio::join!(scene.start(), async {
        settle().await;
        scene.clock.advance(Duration::from_secs(2));
    });
    assert_eq!(third.0.map(drop), Err(EngineError::Busy));
    drop(second);
    settle().await;
    assert_eq!((a.asked(), a.left.load(Ordering::SeqCst)), (2, 2), "a reader that goes ends its answer");
    assert_eq!(scene.ask().await.as_deref(), Ok("aa"));
}

#[tokio::test]
async fn a_pool_that_nobody_holds_ends_its_tasks() {
    let a = Actor::new(profile("a", 1));
    let scene = Scene::with(&[&a]);
    settle().await;
    drop(scene);
    settle().await;
    assert_eq!(Arc::strong_count(&a), 1);
}
