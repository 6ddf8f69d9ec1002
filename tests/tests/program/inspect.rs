use lovelm_tests::program::{Folder, Program};
use serde_json::{Value, json};

const FIELDS: [&str; 7] = ["language", "personas", "scrubbed", "spans", "kinds", "crisis", "profanity"];

async fn inspect(input: impl AsRef<[u8]>) -> Vec<Value> {
    let folder = Folder::default();
    // Neither a model nor a database is asked for.
    let program =
        Program::new(&folder, ["inspect"]).env("DATABASE_URL", "nonsense").env("LOVELM_MODEL", "/nowhere.gguf");
    let seen = program.run(input).await.fine();
    assert!(!folder.path("data").exists() && !folder.path("cache").exists(), "nothing else is opened");
    seen.stdout.lines().map(|line| serde_json::from_str(line).expect("one JSON object a line")).collect()
}

#[tokio::test]
async fn every_line_is_one_object_with_every_field_the_empty_one_too() {
    let seen = inspect("hello\n\n홍차야 어떡해\r\n/panel should I text my ex?\nmeh").await;
    assert_eq!(seen.len(), 5);
    for object in &seen {
        let mut fields: Vec<_> = object.as_object().expect("an object").keys().map(String::as_str).collect();
        fields.sort_unstable();
        let mut expected = FIELDS;
        expected.sort_unstable();
        assert_eq!(fields, expected);
    }
    assert_eq!(
        seen[1],
        json!({
            "language": "other", "personas": [], "scrubbed": "", "spans": [], "kinds": [], "crisis": null, "profanity": false,
        })
    );
    assert_eq!(seen[2]["personas"], json!(["hongcha"]));
    assert_eq!(seen[2]["language"], "ko");
    assert_eq!(seen[3]["personas"], json!(["hongcha", "omar", "kimdal", "shuhi"]));
    assert_eq!(seen[3]["language"], "en");
}

#[tokio::test]
async fn spans_count_characters_of_the_input() {
    let line = "👩‍❤️‍👩 번호가 010-1234-5678 이고 메일은 minsu@example.com 이에요";
    let seen = &inspect(format!("{line}\n")).await[0];
    let characters: Vec<char> = line.chars().collect();
    let spans = seen["spans"].as_array().expect("a list");
    let cut: Vec<(String, String)> = spans
        .iter()
        .map(|span| {
            let at = |key: &str| usize::try_from(span[key].as_u64().expect("a number")).expect("small");
            (span["kind"].as_str().expect("a kind").to_owned(), characters[at("start")..at("end")].iter().collect())
        })
        .collect();
    let expected = [("phone", "010-1234-5678"), ("mail", "minsu@example.com")];
    assert_eq!(cut, expected.map(|(kind, text)| (kind.to_owned(), text.to_owned())));
    assert_eq!(seen["kinds"], json!(["phone", "mail"]));
    let scrubbed = seen["scrubbed"].as_str().expect("a text");
    assert!(!scrubbed.contains("1234") && !scrubbed.contains("minsu"), "{scrubbed}");
}

#[tokio::test]
async fn a_crisis_and_a_broken_line_are_seen() {
    let seen = inspect(b"I want to kill myself\nbroken \xff line\n\0\n".as_slice()).await;
    assert_eq!(seen.len(), 3);
    assert_eq!(seen[0]["crisis"], "suicide");
    assert_eq!(seen[1]["crisis"], Value::Null);
}
