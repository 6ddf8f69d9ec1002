//! A backup that is brought back: what was kept is there again, and who was forgotten since is not.

use lovelm::chat::{ChatEvent, UserId};
use lovelm_tests::town::{ANSWER, PLATFORM, Town, saying};

#[tokio::test]
async fn a_restore_brings_back_everything_but_whom_it_forgot_since() {
    let town = Town::open().await;
    town.know(&["minsu", "emma", "jiyoung"]).await;
    for who in ["minsu", "emma", "jiyoung"] {
        town.command(who, "privacy on").await;
        town.say(who, "@omar should I text my ex?").await;
        town.tell(town.paid(who, "", Town::bits(100))).await;
    }
    town.engine.hold();
    let open = town.hear(town.paid("emma", "@shuhi and now?", Town::bits(100))).await;
    town.until("the answer began", |town| town.engine.running() == 1).await;
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("lovelm.dump");
    town.database.back_up(&backup).await;

    town.command("minsu", "forget").await;
    let records = town.records().await;
    records.forget(PLATFORM, &UserId::new("user-canary-jiyoung")).await.expect("it can");
    records.store.close().await;
    // Who comes back before the disaster is as new afterwards.
    town.hear(ChatEvent::Said(town.message("minsu", "hello"))).await;
    town.command("minsu", "language en").await;
    town.square.read();

    town.database.restore(&backup).await;
    assert_eq!(town.database.number("select count(*) from consultation").await, 3, "the backup knows everybody");
    let restored = town.crash(saying(|_| ANSWER.to_owned())).await;
    drop(open);
    let records = restored.records().await;
    for (who, is_known) in [("minsu", false), ("jiyoung", false), ("emma", true)] {
        let kept = records.summary(PLATFORM, &UserId::new(format!("user-canary-{who}"))).await.expect("it can");
        assert_eq!(!kept.rows.is_empty(), is_known, "{who}: {kept:?}");
        assert!(!is_known || kept.of("consultation") == 1 && kept.of("pending") == 1, "{kept:?}");
    }
    records.store.close().await;
    assert_eq!(restored.database.number("select sum(cents)::bigint from ledger").await, 400, "amounts stay");
    let resumed = restored.pipeline.resume().await.expect("the rows can be read");
    restored.done(resumed).await;
    assert_eq!(restored.square.read(), [format!("shuhi > emma: {ANSWER}")], "what was paid for is answered");

    restored.command("minsu", "privacy on").await;
    restored.say("minsu", "@omar am I new here?").await;
    let again = restored.crash(saying(|_| ANSWER.to_owned())).await;
    let records = again.records().await;
    let kept = records.summary(PLATFORM, &UserId::new("user-canary-minsu")).await.expect("it can");
    assert_eq!(kept.of("consultation"), 1, "who came back is left alone");
    records.store.close().await;
    again.end().await;
}
