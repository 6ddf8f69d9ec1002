//! Forget at the worst time: a full line on a real Redis, and tables with many rows.

use std::time::Duration;

use lovelm::chat::{ChatEvent, UserId};
use lovelm_tests::town::{ANSWER, County, PLATFORM, Town, answers, saying};

/// The promise.
const AT_MOST: Duration = Duration::from_mins(1);

/// Fills every table: much of one person, and much more of others.
const ROWS: &str = "
    insert into recent (place_key, place, who_key, who, persona, exchange_key, exchange, answered_at)
    select 1, sha256('place'), key_version, tag, 'omar', 1, decode(repeat('5a', 600), 'hex'), now()
    from me cross join generate_series(1, 3000);
    insert into recent (place_key, place, who_key, who, persona, exchange_key, exchange, answered_at)
    select 1, sha256('place'), 1, sha256(n::text::bytea), 'omar', 1, decode(repeat('5a', 600), 'hex'), now()
    from generate_series(1, 40000) as n;
    insert into consultation (who_key, who, language, story, asked_on)
    select key_version, tag, 'ko', repeat('x', 200), current_date from me cross join generate_series(1, 3000);
    insert into consultation (who_key, who, language, story, asked_on)
    select 1, sha256((n % 9000)::text::bytea), 'ko', repeat('x', 200), current_date from generate_series(1, 60000) as n;
    insert into answer (consultation_id, turn, persona, text)
    select id, turn, 'p' || turn, 'y' from consultation cross join generate_series(1, 2) as turn;
    insert into ledger (platform, event_key, event, who_key, who, kind, units, cents, paid_on)
    select 'twitch', 1, sha256(('m' || n)::bytea), key_version, tag, 'bits', 1, 1, current_date
    from me cross join generate_series(1, 3000) as n;
    insert into ledger (platform, event_key, event, who_key, who, kind, units, cents, paid_on)
    select 'twitch', 1, sha256(n::text::bytea), 1, sha256((n % 9000)::text::bytea), 'bits', 1, 1, current_date
    from generate_series(1, 60000) as n;
    drop table me";

#[tokio::test]
async fn within_a_minute_nothing_is_left_of_somebody_in_a_full_line() {
    let county = County::open().await;
    let engine = saying(|_| ANSWER.to_owned());
    let _mill = county.worker("a", &engine).await;
    let town = county.town("seoul").await;
    let crowd: Vec<String> = (0..400).map(|number| format!("viewer{number}")).collect();
    town.know(&["minsu", "first"]).await;
    town.command("minsu", "privacy on").await;
    county.database.change("create table me as select key_version, tag from person where consent_fandom").await;
    county.database.change(ROWS).await;
    engine.hold();
    let first = town.hear(ChatEvent::Said(town.message("first", "@omar what now?"))).await;
    town.until("the answer began", |_| engine.running() == 1).await;
    let mut others = vec![first];
    for who in &crowd {
        others.push(town.hear(ChatEvent::Said(town.message(who, "@omar what now?"))).await);
    }
    let mut waiting = Vec::new();
    for _ in 0..4 {
        waiting.push(town.hear(ChatEvent::Said(town.message("minsu", "@omar what now?"))).await);
        waiting.push(town.hear(town.paid("minsu", "@shuhi and now?", Town::bits(100))).await);
    }
    town.square.read();
    let done = tokio::time::timeout(AT_MOST, town.command("minsu", "forget")).await.expect("within a minute");
    for receipt in waiting {
        town.done(receipt).await;
    }
    let heard = [done, town.square.read()].concat();
    let told = heard.iter().find(|line| line.starts_with("(whisper)")).expect("it is confirmed");
    let count: u64 = told.chars().filter(char::is_ascii_digit).collect::<String>().parse().expect("a count");
    assert!(count >= 9_000, "{told}");
    let kept = town.store.mydata(&town.keyring.pseudonyms(PLATFORM, &UserId::new("user-canary-minsu"))).await;
    assert!(kept.expect("it can").rows.is_empty());
    let who = town.keyring.pseudonym(PLATFORM, &UserId::new("user-canary-minsu"));
    let hex: String = lovelm_tests::town::hex(who.as_bytes());
    // The line's own books of who had how much go by themselves.
    let gone = async {
        while county.redis.dump().contains(&hex) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(AT_MOST, gone).await.expect("no ticket and no account is left");
    assert_eq!(town.database.number("select count(*) from ledger where who is null").await, 3_004);
    engine.release();
    for receipt in others {
        town.done(receipt).await;
    }
    assert_eq!(answers(town.square.read()).len(), crowd.len() + 1, "everybody else is answered");
    town.end().await;
}
