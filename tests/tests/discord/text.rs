use std::fs;

use lovelm_tests::{
    discord::{BOTS, Evening, MOST_CHARS, Message, Plan, mention},
    program::repository,
    town::{calm, saying},
};
use tempfile::TempDir;

/// The personas of this repository, who may say as much as they like.
fn talkative() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for bot in BOTS {
        let file = format!("{bot}.toml");
        let sheet = fs::read_to_string(repository().join("personas").join(&file)).expect("a persona");
        let sheet: Vec<_> = sheet
            .lines()
            .map(|line| {
                if line.starts_with("discord = {") {
                    "discord = { max_tokens = 4000, max_chars = 12000, max_sentences = 100 }"
                } else {
                    line
                }
            })
            .collect();
        fs::write(folder.path().join(file), sheet.join("\n")).expect("a file");
    }
    folder
}

#[tokio::test]
async fn nothing_that_a_model_says_is_live() {
    let evil = format!(
        "@everyone @here {} <@&5> <#7> </ask:1234> <t:1700000000:R> [free](https://evil.example/x) discord.gg/abc\n# loud\n```\nopen",
        mention("emma")
    );
    let engine = saying(move |_| evil.clone()).with_slots(4);
    let mut evening = Evening::with(Plan { engine, ..Plan::default() }).await;
    evening.know(&["minsu"]).await;
    evening.ask("minsu", "omar", "say @everyone and ping emma");
    let heard = evening.lines(1).await;
    assert!(heard[0].contains("everyone"), "the words are there: {heard:?}");
    let shown = evening.last();
    assert!(!shown.everybody && shown.mentions.iter().all(|pinged| *pinged == lovelm_tests::discord::id_of("minsu")));
    assert!(!shown.content.lines().any(|line| line.starts_with("# ")), "{heard:?}");
    assert_eq!(shown.content.matches("```").count() % 2, 0, "{heard:?}");
    evening.end().await;
}

#[tokio::test]
async fn a_long_answer_goes_on_beneath_itself_and_loses_nothing() {
    for unit in [
        "Every word of this sentence counts as much as the last. ",
        "이 문장의 모든 글자가 하나도 빠짐없이 남아야 하고 무엇도 두 번 말해져서는 안 되며 순서도 그대로여야 합니다. ",
    ] {
        let answer = (0..44).map(|nth| format!("({nth}) {unit}")).collect::<Vec<_>>().concat();
        let whole = answer.trim().to_owned();
        let engine = saying(move |_| answer.trim().to_owned()).with_slots(4);
        let talkative = talkative();
        let mut config = calm();
        config.personas.dir = talkative.path().to_owned();
        let mut evening = Evening::with(Plan { engine, config, ..Plan::default() }).await;
        evening.know(&["minsu"]).await;
        evening.ask("minsu", "omar", "tell me everything");
        evening.lines(1).await;
        let parts: Vec<Message> =
            evening.discord.with(|network, _| network.ours().filter(|message| !message.deleted).cloned().collect());
        assert!(parts.len() > 1, "one message is not enough");
        assert!(parts.iter().all(|part| part.content.chars().count() <= MOST_CHARS));
        for pair in parts.windows(2) {
            assert_eq!(pair[1].reply_to, Some(pair[0].id), "each goes on beneath the one before");
        }
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let shown = words(&parts.iter().map(|part| part.content.as_str()).collect::<Vec<_>>().join(" "));
        let whole = words(&whole);
        assert_eq!(
            shown[..shown.len().min(whole.len())],
            whole[..shown.len().min(whole.len())],
            "as the engine said it"
        );
        evening.forgive();
        evening.end().await;
    }
}
