use std::time::Duration;

use lovelm_tests::{
    openai::{Behaviour, Server, Setup},
    program::{Folder, Program},
};
use rustix::process::Signal;
use serde_json::Value;

/// A storm on a model that takes its time.
async fn server() -> Server {
    Setup::default().pace(Duration::from_millis(20)).start().await.expect("a server")
}

fn storm(folder: &Folder, server: &Server, arguments: &[&str]) -> Program {
    Program::new(folder, [&["storm", "--json"], arguments].concat()).env("LOVELM_MODEL", server.url())
}

fn sums_up(json: &str) -> Value {
    let json: Value = serde_json::from_str(json).expect("one JSON object");
    assert_eq!(json["lost"], 0, "{json}");
    for (class, row) in json["classes"].as_object().expect("rows") {
        let count = |name: &str| row[name].as_u64().expect("a count");
        let ends = ["answered", "refused", "shed", "expired", "failed", "card", "stopped", "lost"];
        assert_eq!(count("asked"), ends.into_iter().map(count).sum::<u64>(), "{class}: {json}");
    }
    json
}

#[tokio::test]
async fn every_call_of_a_storm_comes_to_an_end_that_its_viewer_is_told() {
    let (folder, server) = (Folder::default(), server().await);
    server.plan(Behaviour::Refuse(500, None));
    server.plan(Behaviour::Refuse(500, None));
    // A line for four, and thirty who ask at once.
    let program = storm(&folder, &server, &["--viewers", "30", "--calls", "60", "--rate", "20000"]);
    let ended = program.env("LOVELM_SCHEDULER__LINE", "1s").run("").await.fine();
    let json = sums_up(&ended.stdout);
    let sum = |name: &str| -> u64 {
        json["classes"].as_object().expect("rows").values().map(|row| row[name].as_u64().expect("a count")).sum()
    };
    assert_eq!(sum("asked"), 60, "{json}");
    assert!(sum("answered") > 5 && sum("refused") + sum("shed") > 5, "{json}");
    let paid = &json["classes"]["paid"];
    assert_eq!((&paid["refused"], &paid["shed"]), (&0.into(), &0.into()), "{json}");
    assert!(paid["first_words_p50_s"].as_f64() > Some(0.0) && json["tokens_per_s"].as_f64() > Some(0.0), "{json}");
    assert!(json["classes"]["free"]["wait_p99_s"].as_f64() > Some(0.0), "{json}");
    assert!(!folder.path("data").exists(), "it has a database of its own");
}

#[tokio::test]
async fn stopped_in_the_middle_a_storm_tells_what_it_measured_so_far() {
    let (folder, server) = (Folder::default(), server().await);
    let mine = folder.write("questions.txt", "How do I say sorry?\n\n  어떻게 사과하죠?\r\n");
    let mine = mine.to_str().expect("UTF-8");
    let arguments = ["--viewers", "4", "--minutes", "60", "--rate", "600", "--questions", mine, "--mix", "free=1"];
    let running = storm(&folder, &server, &arguments).start();
    while server.asked().len() < 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    running.signal(Signal::INT);
    let ended = running.wait().await.fine();
    let json = sums_up(&ended.stdout);
    assert!(json["classes"]["free"]["answered"].as_u64() >= Some(1), "{json}");
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| asked.last("user").is_some_and(|said| said.contains("사과") || said.contains("sorry")))
    );
}

#[tokio::test]
async fn a_storm_that_makes_no_sense_does_not_begin() {
    let (folder, server) = (Folder::default(), server().await);
    let empty = folder.write("empty.txt", "\n \n");
    let empty = empty.to_str().expect("UTF-8");
    let ended = storm(&folder, &server, &["--questions", empty]).run("").await;
    assert!(ended.fault().contains("--questions: ") && ended.fault().contains("has no question"), "{}", ended.fault());
    for bad in [["--mix", "whale=3"], ["--mix", "paid=0"], ["--viewers", "0"], ["--rate", "fast"]] {
        let ended = storm(&folder, &server, &bad).run("").await;
        assert_eq!(ended.status.code(), Some(2), "{bad:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(bad[0].trim_start_matches('-')), "{bad:?}: {}", ended.stderr);
    }
}
