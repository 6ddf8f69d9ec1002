//! Servers that lose their data, workers that die, and everything that comes twice or late.

use std::{sync::Arc, time::Duration};

use crate::{
    clock::{Clock, SystemClock},
    link::{Link, RedisConfig, server::RedisServer},
    scheduler::{
        Account, Claim, Class, Desk, Dropped, Grant, NewCall, Next, Pick, RedisQueue, Scheduler, SchedulerConfig, Stop,
        Turned, call::Admission,
    },
};

const PREFIX: &str = "{t}";
const SECOND: Duration = Duration::from_secs(1);
const BLINK: Duration = Duration::from_millis(5);
/// Nothing takes as long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A line over a server with the server's own clock; gateways and workers come and go.
struct Site {
    server: RedisServer,
    config: SchedulerConfig,
    redis: RedisConfig,
}

struct Gateway {
    queue: Arc<RedisQueue>,
    line: Scheduler<&'static str>,
}

impl Site {
    fn new() -> Self {
        let redis = RedisConfig { lease: SECOND, reply_timeout: Duration::from_millis(300), ..RedisConfig::default() };
        Self { server: RedisServer::start(), config: SchedulerConfig::default(), redis }
    }

    fn link(&self) -> Arc<Link> {
        Arc::new(Link::open(&self.server.url(), &self.redis).unwrap())
    }

    async fn gateway(&self, name: &str) -> Gateway {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let queue = RedisQueue::join(self.link(), PREFIX, name, (&self.config, &self.redis), clock).await.unwrap();
        Gateway { line: Scheduler::over(queue.clone()), queue }
    }

    async fn desk(&self, name: &str, slots: usize) -> Desk {
        let desk = Desk::join(self.link(), PREFIX, name, (&self.config, &self.redis)).await.unwrap();
        desk.renew(slots, "", &[]).await.unwrap();
        desk
    }
}

impl Gateway {
    async fn next(&self) -> Next<&'static str> {
        tokio::time::timeout(PATIENCE, self.line.next()).await.expect("something comes").expect("the line is open")
    }

    async fn run(&self, job: &str) -> Claim<&'static str> {
        match self.next().await {
            Next::Run(claim) if *claim.job() == job => claim,
            other => panic!("{other:?} instead of {job}"),
        }
    }

    async fn dropped(&self, job: &str) -> Dropped {
        match self.next().await {
            Next::Dropped(dropped, why) if dropped == job => why,
            other => panic!("{other:?} instead of {job}"),
        }
    }

    async fn caught_up(&self) {
        until(|| self.queue.is_caught_up()).await;
    }
}

async fn until(so: impl Fn() -> bool) {
    let waiting = async {
        while !so() {
            tokio::time::sleep(BLINK).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("it never was so");
}

/// Claims until there is something, its worker alive all the while.
async fn grant(desk: &Desk, slots: usize) -> Grant {
    let claiming = async {
        loop {
            desk.renew(slots, "", &[]).await.unwrap();
            if let Some(grant) = desk.claim().await.unwrap() {
                return grant;
            }
            tokio::time::sleep(BLINK).await;
        }
    };
    tokio::time::timeout(PATIENCE, claiming).await.expect("nothing to claim")
}

fn call(person: u8, class: Class) -> NewCall {
    NewCall {
        account: Account::new([person; 32]),
        place: Account::new([200; 32]),
        newcomer: false,
        class,
        credit_cents: 100,
        estimate: SECOND,
        waited: Duration::ZERO,
        deadline: None,
        resume: Some(SECOND / 10),
        admission: Admission,
    }
}

fn free(person: u8) -> NewCall {
    call(person, Class::Free)
}

#[tokio::test]
async fn a_claim_goes_to_the_gateway_whose_call_it_is() {
    let site = Site::new();
    let (seoul, busan, desk) = (site.gateway("seoul").await, site.gateway("busan").await, site.desk("w", 2).await);
    seoul.line.enqueue(free(1), "from seoul").await.unwrap();
    busan.line.enqueue(call(2, Class::Paid), "from busan").await.unwrap();
    assert_eq!(grant(&desk, 2).await.gateway, "busan");
    busan.run("from busan").await.settle(SECOND);
    assert_eq!(grant(&desk, 2).await.gateway, "seoul");
    seoul.run("from seoul").await.settle(SECOND);
}

#[tokio::test]
async fn a_worker_that_dies_loses_its_call_to_another_and_can_do_nothing_with_it_any_more() {
    let site = Site::new();
    let (gateway, dying) = (site.gateway("g").await, site.desk("dying", 1).await);
    let ticket = gateway.line.enqueue(free(1), "job").await.unwrap().ticket;
    let old = grant(&dying, 1).await;
    let claim = gateway.run("job").await;
    let mut lease = gateway.queue.lease(ticket.number()).unwrap();
    assert_eq!(lease.borrow_and_update().as_ref().unwrap().fence, old.fence);
    let living = site.desk("living", 1).await;
    let new = grant(&living, 1).await;
    assert!(new.ticket == old.ticket && new.fence > old.fence);
    let took_over = lease.wait_for(|lease| lease.as_ref().is_some_and(|lease| lease.fence == new.fence));
    tokio::time::timeout(PATIENCE, took_over).await.expect("the gateway hears of it").unwrap();
    // The dead one comes back: what it says of its old claim changes nothing.
    dying.release(&old).await.unwrap();
    assert_eq!(dying.renew(1, "", std::slice::from_ref(&old)).await.unwrap(), [old.fence]);
    assert!(living.renew(1, "", std::slice::from_ref(&new)).await.unwrap().is_empty());
    assert_eq!(gateway.line.line().await.running, 1);
    assert_eq!(claim.settle(SECOND), "job");
    gateway.caught_up().await;
    assert_eq!(gateway.line.line().await.running, 0);
}

#[tokio::test]
async fn a_call_whose_worker_died_can_be_settled_given_back_and_cancelled() {
    let site = Site::new();
    let (gateway, desk) = (site.gateway("g").await, site.desk("w", 3).await);
    let mut claims = Vec::new();
    for (person, job) in [(1, "settled"), (2, "given back"), (3, "cancelled")] {
        gateway.line.enqueue(call(person, Class::Paid), job).await.unwrap();
        let given = grant(&desk, 3).await;
        claims.push(gateway.run(job).await);
        desk.release(&given).await.unwrap();
        let mut lease = gateway.queue.lease(given.ticket.number()).unwrap();
        tokio::time::timeout(PATIENCE, lease.wait_for(Option::is_none)).await.expect("it is lost").unwrap();
        // So that it is not taken while the others come.
        assert_eq!(gateway.line.line().await.running, 0);
        if job == "settled" {
            claims.pop().unwrap().settle(SECOND);
            gateway.caught_up().await;
            assert_eq!(gateway.line.line().await.waiting, [0; 6]);
        } else if job == "given back" {
            claims.pop().unwrap().give_back(SECOND, SECOND);
            grant(&desk, 3).await;
            gateway.run(job).await.settle(SECOND);
            gateway.caught_up().await;
        }
    }
    assert_eq!(gateway.line.cancel(Pick::Person(Account::new([3; 32]))).await, 1);
    let mut claim = claims.pop().unwrap();
    assert_eq!(claim.stopped().await, Stop::Cancelled);
    claim.give_back(SECOND, SECOND);
    assert_eq!(gateway.dropped("cancelled").await, Dropped::Cancelled);
}

#[tokio::test]
async fn a_flushed_line_is_written_again_in_its_old_order() {
    let site = Site::new();
    let (gateway, desk) = (site.gateway("g").await, site.desk("w", 1).await);
    gateway.line.enqueue(free(1), "running").await.unwrap();
    let running = grant(&desk, 1).await;
    let claim = gateway.run("running").await;
    gateway.line.enqueue(free(1), "second of one").await.unwrap();
    gateway.line.enqueue(free(2), "first of another").await.unwrap();
    gateway.line.enqueue(call(3, Class::Paid), "paid").await.unwrap();
    let before = gateway.line.standing(&Account::new([1; 32])).await;
    site.server.flush();
    let line = gateway.line.line().await;
    assert_eq!((line.waiting, line.running), ([0, 1, 0, 0, 2, 0], 1));
    assert_eq!(gateway.line.standing(&Account::new([1; 32])).await[0].ticket, before[0].ticket);
    assert!(desk.renew(1, "", &[running]).await.unwrap().is_empty(), "its worker keeps it");
    claim.settle(SECOND);
    for job in ["paid", "first of another", "second of one"] {
        grant(&desk, 1).await;
        gateway.run(job).await.settle(SECOND);
        gateway.caught_up().await;
    }
}

#[tokio::test]
async fn while_the_server_is_away_who_paid_is_kept_and_others_are_turned_away() {
    let mut site = Site::new();
    let gateway = site.gateway("g").await;
    gateway.line.enqueue(free(1), "before").await.unwrap();
    site.server.kill();
    assert_eq!(gateway.line.enqueue(free(2), "free").await.unwrap_err(), ("free", Turned::Away));
    gateway.line.enqueue(call(3, Class::Paid), "paid").await.unwrap();
    let late = NewCall { deadline: Some(2 * SECOND), ..call(4, Class::Paid) };
    gateway.line.enqueue(late, "late").await.unwrap();
    assert_eq!(gateway.dropped("late").await, Dropped::Expired, "nobody waits for ever");
    assert_eq!(gateway.line.cancel(Pick::Person(Account::new([1; 32]))).await, 1);
    assert_eq!(gateway.dropped("before").await, Dropped::Cancelled);
    site.server.restart();
    let desk = site.desk("w", 1).await;
    grant(&desk, 1).await;
    gateway.run("paid").await.settle(SECOND);
    gateway.caught_up().await;
    assert_eq!(gateway.line.line().await.waiting, [0; 6]);
    gateway.line.close();
    assert!(gateway.line.next().await.is_none());
}

#[tokio::test]
async fn a_server_that_stands_still_answers_late_and_loses_nothing() {
    let site = Site::new();
    let (gateway, desk) = (site.gateway("g").await, site.desk("w", 1).await);
    gateway.line.enqueue(free(1), "job").await.unwrap();
    grant(&desk, 1).await;
    let claim = gateway.run("job").await;
    site.server.pause();
    claim.settle(SECOND);
    gateway.line.enqueue(call(2, Class::Paid), "paid").await.unwrap();
    site.server.resume();
    grant(&desk, 1).await;
    gateway.run("paid").await.settle(SECOND);
    gateway.caught_up().await;
    let line = gateway.line.line().await;
    assert_eq!((line.waiting, line.running), ([0; 6], 0));
}

#[tokio::test]
async fn a_gateway_that_dies_takes_its_calls_with_it_and_one_that_was_thought_dead_does_not() {
    let site = Site::new();
    let (living, dying) = (site.gateway("living").await, site.gateway("dying").await);
    living.line.enqueue(free(1), "kept").await.unwrap();
    dying.line.enqueue(free(2), "gone").await.unwrap();
    drop(dying);
    let server = &site.server;
    let waits = async {
        while living.line.line().await.waiting != [0, 0, 0, 0, 1, 0] {
            tokio::time::sleep(BLINK).await;
        }
    };
    tokio::time::timeout(PATIENCE, waits).await.expect("it is taken for dead");
    assert_eq!(server.say("EXISTS {t}:of:dying"), ":0\r\n");
    // As if nothing had been heard of it.
    let reply = server.say("ZADD {t}:beats 0 gateway:living");
    assert_eq!(reply, ":0\r\n");
    let desk = site.desk("w", 1).await;
    grant(&desk, 1).await;
    living.run("kept").await.settle(SECOND);
}

#[tokio::test]
async fn nothing_of_a_person_stays_when_their_calls_have_ended() {
    let mut site = Site::new();
    site.config.turned_away = Duration::from_millis(1);
    site.config.most_waiting_each = 1;
    let (gateway, desk) = (site.gateway("g").await, site.desk("w", 1).await);
    gateway.line.enqueue(free(7), "job").await.unwrap();
    assert_eq!(gateway.line.enqueue(free(7), "more").await.unwrap_err().1, Turned::EnoughWaiting);
    assert!(site.server.dump().contains(&"07".repeat(32)), "it is there while it waits");
    grant(&desk, 1).await;
    gateway.run("job").await.settle(Duration::ZERO);
    gateway.caught_up().await;
    let gone = async {
        while site.server.dump().contains(&"07".repeat(32)) {
            gateway.line.line().await;
            tokio::time::sleep(BLINK).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("it goes");
    for name in ["tickets", "people", "ledgers", "wakes", "person:*", "place:*"] {
        assert_eq!(site.server.say(&format!("KEYS {{t}}:{name}")), "*0\r\n", "{name}");
    }
}

#[tokio::test]
async fn one_person_with_ten_thousand_calls_waits_with_a_few_and_nobody_else_notices() {
    let mut site = Site::new();
    let hour = Duration::from_hours(1);
    site.config.line = 1000 * hour;
    let (gateway, desk) = (site.gateway("g").await, site.desk("w", 1).await);
    let mut accepted = 0;
    for _ in 0..10_000 {
        let flood = NewCall { estimate: hour, ..free(1) };
        accepted += usize::from(gateway.line.enqueue(flood, "flood").await.is_ok());
    }
    assert_eq!(accepted, SchedulerConfig::default().most_waiting_each);
    gateway.line.enqueue(free(2), "other").await.unwrap();
    grant(&desk, 1).await;
    gateway.run("flood").await.settle(SECOND);
    gateway.caught_up().await;
    grant(&desk, 1).await;
    gateway.run("other").await.settle(SECOND);
}

#[tokio::test]
async fn a_server_clock_that_is_set_back_stands_still_until_it_has_caught_up() {
    let site = Site::new();
    let gateway = site.gateway("g").await;
    gateway.line.enqueue(free(1), "job").await.unwrap();
    let generation = |now: &str| {
        let policy = "2000 64 8 30000000 4 100 125 60000000 60000000 10000000 1000000 60 1000 1000 4000 2000 1000 50";
        site.server.say(&format!("FCALL lovelm_open 1 {{t}} {now} {policy}")).lines().nth(1).unwrap().to_owned()
    };
    let known = generation("1");
    let reply = site.server.say(&format!("FCALL lovelm_line 1 {{t}} 1 {known}"));
    assert!(reply.starts_with("*11"), "{reply}");
    let reply = site.server.say("FCALL lovelm_line 1 {t} 1 nothing");
    assert!(reply.starts_with("-STALE"), "{reply}");
    assert_eq!(gateway.line.line().await.waiting, [0, 0, 0, 0, 1, 0]);
}
