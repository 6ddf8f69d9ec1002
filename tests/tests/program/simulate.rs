use lovelm_tests::program::{Folder, Program};

fn simulate(folder: &Folder, arguments: &[&str]) -> Program {
    Program::new(folder, [&["simulate"], arguments].concat())
}

#[tokio::test]
async fn a_scenario_is_told_in_a_table_in_json_and_in_a_picture() {
    let folder = Folder::default();
    let table = simulate(&folder, &["--scenario", "flood"]).run("").await.fine();
    for words in ["paid ", "free ", "first token p99", "first in, first out", "Jain index"] {
        assert!(table.stdout.contains(words), "{words}: {}", table.stdout);
    }
    assert!(table.stdout.lines().all(|line| line.chars().count() <= 100), "{}", table.stdout);
    let svg = folder.path("waits.svg");
    let picture = svg.to_str().expect("UTF-8");
    let json =
        simulate(&folder, &["--scenario", "flood", "--seed", "9", "--json", "--svg", picture]).run("").await.fine();
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("one JSON object");
    assert_eq!((&json["scenario"], &json["seed"]), (&"flood".into(), &9.into()));
    assert_eq!(json["classes"]["paid"]["asked"], json["classes"]["paid"]["answered"]);
    let svg = std::fs::read_to_string(svg).expect("a picture");
    assert!(svg.starts_with("<svg") && svg.contains("seed 9"), "{svg}");
    assert!(!folder.path("data").exists(), "nothing is kept");
}

#[tokio::test]
async fn a_scenario_of_ones_own_goes_by_the_configured_policy() {
    let folder = Folder::default();
    let crowd = "length = '10m'\n[[crowd]]\nclass = 'free'\npeople = 100\nper_minute = 100\n";
    let file = folder.write("mine.toml", crowd);
    let file = file.to_str().expect("UTF-8");
    let refused = |json: &str| {
        let json: serde_json::Value = serde_json::from_str(json).expect("one JSON object");
        json["classes"]["free"]["refused"].as_u64().expect("a count")
    };
    let usual = simulate(&folder, &["--scenario", file, "--json"]).run("").await.fine();
    let short = simulate(&folder, &["--scenario", file, "--json"]).env("LOVELM_SCHEDULER__LINE", "5s");
    let short = short.run("").await.fine();
    assert!(refused(&short.stdout) > refused(&usual.stdout), "{}\n{}", short.stdout, usual.stdout);
}

#[tokio::test]
async fn faults_are_one_line_that_names_what_and_where() {
    let folder = Folder::default();
    let unknown = simulate(&folder, &["--scenario", "floood"]).run("").await;
    assert!(unknown.fault().contains("--scenario: no scenario `floood`"), "{}", unknown.fault());
    let file = folder.write("broken.toml", "length = '10m'\n[[crowd]]\nclass = 'free'\npeople = 0\nper_minute = 1\n");
    let broken = simulate(&folder, &["--scenario", file.to_str().expect("UTF-8")]).run("").await;
    assert!(broken.fault().contains("broken.toml: crowd 1 (free): people must be 1 to 1000000"), "{}", broken.fault());
    let nowhere = simulate(&folder, &["--svg", "/nowhere/at/all.svg"]).run("").await;
    assert!(nowhere.fault().contains("--svg: /nowhere/at/all.svg cannot be written"), "{}", nowhere.fault());
}
