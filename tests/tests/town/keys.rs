use std::sync::Arc;

use lovelm::{
    chat::{ChatEvent, Platform, UserId},
    config::{Config, Environment, Loaded, load},
    link::{Link, RedisConfig},
    pipeline::RecordsError,
    privacy::{Keyring, KeysError},
    store::Store,
};
use lovelm_tests::town::{ANSWER, Log, PLATFORM, Town, answers};

/// Another process uses a new version, and this one learns of it.
fn rotate_elsewhere(town: &Town) {
    Keyring::open_existing(&town.keys_file()).expect("a keyring").rotate().expect("a new version");
    assert!(town.keyring.look_again().expect("it can be read"));
}

fn user(name: &str) -> UserId {
    UserId::new(format!("user-canary-{name}"))
}

#[tokio::test]
async fn who_comes_again_after_a_rotation_is_known_and_the_old_key_is_needed_no_more() {
    let town = Town::open().await;
    let asks = async |who: &str| {
        town.tell(ChatEvent::Said(town.message_on(Platform::Discord, who, "@omar should I text my ex?"))).await
    };
    assert_eq!(asks("minsu").await.len(), 3, "the notice, the question of consent, the answer");
    let ChatEvent::Command(mut consent) = town.invocation("minsu", "privacy on") else { unreachable!() };
    consent.message.place.platform = Platform::Discord;
    town.tell(ChatEvent::Command(consent)).await;
    asks("minsu").await;
    let before = [
        "select count(*) from person where key_version = 1",
        "select count(*) from recent where who_key = 1",
        "select count(*) from consultation where who_key = 1",
        "select count(*) from fan_count where who_key = 1",
    ];
    for rows in before {
        assert!(town.database.number(rows).await > 0, "{rows}");
    }
    rotate_elsewhere(&town);
    assert_eq!(asks("minsu").await, [format!("omar > minsu: {ANSWER}")], "nobody asks again");
    for rows in before {
        assert_eq!(town.database.number(rows).await, 0, "{rows}");
    }
    assert_eq!(town.database.number("select count(*) from consultation").await, 2, "the consent holds");
    let records = town.records().await;
    assert_eq!(records.destroy(1).await.expect("nothing is open").len(), 0, "nothing was left");
    assert!(town.keyring.look_again().expect("it can be read"));
    let kept = records.summary(Platform::Discord, &user("minsu")).await.expect("it can");
    assert_eq!((kept.of("consultation"), kept.of("person")), (2, 1));
    records.store.close().await;
    town.end().await;
}

#[tokio::test]
async fn rotation_under_traffic_costs_no_answer_no_payment_and_no_error() {
    let log = Log::capture();
    let town = Town::open().await;
    let people: Vec<String> = (0..6).map(|number| format!("p{number}")).collect();
    town.know(&people.iter().map(String::as_str).collect::<Vec<_>>()).await;
    for who in &people {
        town.command(who, "privacy on").await;
    }
    town.square.read();
    let mut receipts = Vec::new();
    for round in 0..8 {
        if round % 2 == 1 {
            rotate_elsewhere(&town);
        }
        for who in &people {
            receipts.push(town.hear(ChatEvent::Said(town.message(who, "@omar what now?"))).await);
        }
        receipts.push(town.hear(town.paid("p0", "@shuhi and now?", Town::bits(100))).await);
    }
    for receipt in receipts {
        town.done(receipt).await;
    }
    assert_eq!(answers(town.square.read()).len(), 8 * 7);
    assert_eq!(town.database.number("select sum(cents)::bigint from ledger").await, 800);
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    assert!(
        !log.text().contains("ERROR"),
        "{}",
        log.text().lines().filter(|line| line.contains("ERROR")).collect::<String>()
    );
    let records = town.records().await;
    assert!(records.forget(PLATFORM, &user("p1")).await.expect("it can").rows > 0);
    let kept = records.summary(PLATFORM, &user("p1")).await.expect("it can");
    assert!(kept.rows.is_empty(), "under every version: {kept:?}");
    records.store.close().await;
    town.end().await;
}

#[tokio::test]
async fn a_payment_that_comes_again_after_a_rotation_is_still_the_same() {
    let town = Town::open().await;
    let event = town.paid("emma", "@omar what now?", Town::bits(300));
    town.tell(event.clone()).await;
    rotate_elsewhere(&town);
    let again = town.crash(lovelm_tests::town::saying(|_| ANSWER.to_owned())).await;
    again.tell(event).await;
    assert_eq!(again.engine.requests().len(), 0);
    assert_eq!(again.database.number("select count(*) from ledger").await, 1);
    again.end().await;
}

#[tokio::test]
async fn what_a_destroyed_key_made_belongs_to_nobody() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.command("minsu", "privacy on").await;
    town.say("minsu", "@omar should I text my ex?").await;
    town.tell(town.paid("minsu", "", Town::bits(100))).await;
    let records = town.records().await;
    assert!(matches!(records.destroy(1).await, Err(RecordsError::Keys(KeysError::InUse(1)))));
    assert!(matches!(records.destroy(7).await, Err(RecordsError::Keys(KeysError::Unknown(7)))));
    town.engine.hold();
    let open = town.hear(town.paid("minsu", "@shuhi and now?", Town::bits(100))).await;
    rotate_elsewhere(&town);
    records.keyring.look_again().expect("it can be read");
    let refused = records.destroy(1).await.expect_err("a paid call is open").to_string();
    assert!(refused.starts_with("1 paid questions are still open"), "{refused}");
    town.engine.release();
    town.done(open).await;
    town.square.read();
    let left = records.destroy(1).await.expect("nothing is open");
    assert_eq!(left.keys().copied().collect::<Vec<_>>(), ["consultation"]);
    for (gone, rows) in [
        ("select count(*) from person where key_version = 1", 0),
        ("select count(*) from recent where who_key = 1", 0),
        ("select count(*) from fan_count where who_key = 1", 0),
        ("select count(*) from ledger where who is not null", 0),
        ("select sum(cents)::bigint from ledger", 200),
    ] {
        assert_eq!(town.database.number(gone).await, rows, "{gone}");
    }
    town.keyring.look_again().expect("it can be read");
    assert!(records.summary(PLATFORM, &user("minsu")).await.expect("it can").rows.is_empty(), "nobody is found");
    records.store.close().await;
    town.end().await;
}

#[tokio::test]
async fn whoever_has_the_rows_and_not_the_keys_finds_nobody() {
    let town = Town::open().await;
    let people: Vec<String> = (0..5).map(|number| format!("p{number}")).collect();
    for who in &people {
        town.command(who, "privacy on").await;
        town.say(who, "@omar should I text my ex?").await;
    }
    let dump = town.database.dump().await;
    let hex = |keyring: &Keyring, platform, who: &str| -> String {
        lovelm_tests::town::hex(keyring.pseudonym(platform, &user(who)).as_bytes())
    };
    let guessed = Keyring::ephemeral().expect("chance");
    for who in &people {
        assert!(dump.contains(&hex(&town.keyring, PLATFORM, who)), "with the keys they are found");
        assert!(!dump.contains(&hex(&town.keyring, Platform::Discord, who)), "elsewhere they are another person");
        assert!(!dump.contains(&hex(&guessed, PLATFORM, who)) && !dump.contains(user(who).as_str()));
    }
    town.end().await;
}

#[tokio::test]
async fn nothing_that_prints_shows_a_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let given = [
        ("HOME", folder.path().to_str().expect("UTF-8")),
        ("DATABASE_URL", "postgres://lovelm:geheim@127.0.0.1:9/love"),
        ("REDIS_URL", "redis://:geheim@127.0.0.1:9/"),
        ("LOVELM_ENGINE_KEY", "geheim"),
        ("LOVELM_DISCORD_TOKEN_OMAR", "geheim"),
        ("LOVELM_TWITCH_TOKEN_OMAR", "geheim"),
        ("LOVELM_TWITCH_REFRESH_OMAR", "geheim"),
        ("LOVELM_TWITCH_CLIENT_SECRET", "geheim"),
    ];
    let environment = Environment::new(given, false);
    let Loaded { config, secrets, folders, file } = load(None, &environment).expect("no fault");
    let store = Store::connect("postgres://lovelm:geheim@127.0.0.1:9/love", 2).await.expect_err("nobody is there");
    let link = Link::open("redis://:geheim@127.0.0.1:9/", &RedisConfig::default()).expect("an address");
    let away = link.greet().await.expect_err("nobody is there");
    let address = Link::open("geheim", &RedisConfig::default()).expect_err("no address");
    let keyring = Arc::new(Keyring::open_or_create(&folder.path().join("keys")).expect("a keyring"));
    let secret = std::fs::read_to_string(folder.path().join("keys")).expect("UTF-8");
    let secret = secret.split('"').rfind(|word| word.len() == 64).expect("a secret").to_owned();
    let printed = [
        format!("{environment:?} {config:?} {secrets:?} {folders:?} {file:?}"),
        format!("{store} {store:?} {link:?} {away} {away:?} {address} {address:?}"),
        format!("{keyring:?} {:?} {:?}", keyring.list(), keyring.seal("x", b"geheim")),
        format!("{:?}", Config::default()),
    ];
    for text in printed {
        assert!(!text.contains("geheim") && !text.contains(&secret), "{text}");
    }
}
