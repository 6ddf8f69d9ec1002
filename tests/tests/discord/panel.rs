use std::time::Duration;

use lovelm_tests::discord::{BOTS, Evening, Fault, Person, Plan, mention};
use lovelm_tests::town::{ANSWER, saying};

/// An answer of many words, told apart by nobody.
fn long_answer() -> String {
    let words: Vec<_> = (1..=60).map(|nth| format!("word{nth}")).collect();
    words.join(" ") + " and that is all."
}

#[tokio::test]
async fn four_answers_grow_at_once_and_a_broken_connection_loses_nothing() {
    // Some slots are kept for whoever pays.
    let engine = saying(|_| long_answer()).with_slots(8);
    let mut evening = Evening::with(Plan { engine, ..Plan::default() }).await;
    evening.know(&["minsu"]).await;
    evening.engine.hold();
    let all: String = BOTS.map(mention).join(" ");
    let asked = evening.say("minsu", &format!("{all} should I text my ex?"));
    evening.until("four answers are in the making", |evening| evening.engine.running() == 4).await;
    let stand = |network: &lovelm_tests::discord::Network| {
        network.ours().filter(|message| message.reply_to == Some(asked.id) && !message.deleted).count()
    };
    evening.discord.until("a line stands for each of them", |network| stand(network) == 4).await;
    evening.engine.step(80);
    let grown =
        |network: &lovelm_tests::discord::Network| network.ours().filter(|m| m.content.contains("word1 ")).count();
    evening.discord.until("all four grow", |network| grown(network) == 4).await;
    for bot in BOTS {
        evening.discord.with(|network, at| network.fault(at, bot, Fault::Reset));
    }
    // Somebody writes while nobody is connected.
    evening.know(&["emma"]).await;
    evening.ask("emma", "kimdal", "and I?");
    evening.engine.step(80);
    tokio::time::sleep(Duration::from_millis(200)).await;
    evening.engine.release();
    let mut heard = evening.lines(5).await;
    heard.sort();
    let mut expected: Vec<_> = BOTS.map(|bot| format!("{bot} > minsu: {}", long_answer())).to_vec();
    expected.push(format!("kimdal > emma: {}", long_answer()));
    expected.sort();
    assert_eq!(heard, expected);
    let report = evening.discord.report();
    assert!(BOTS.iter().all(|bot| report.resumes.get(*bot) >= Some(&1) && report.identifies[*bot] == 1), "{report:?}");
    evening.end().await;
}

#[tokio::test]
async fn a_panel_by_command_is_answered_by_all_four() {
    let mut evening = Evening::open().await;
    evening.know(&["minsu"]).await;
    let minsu = Person::named("minsu").speaking("ko");
    evening.slash(&minsu, "hongcha", "panel", &[("question", "고백할까 말까?".into())]);
    let heard = evening.lines(4).await;
    for bot in BOTS {
        assert_eq!(
            heard.iter().filter(|line| line.starts_with(bot) && line.contains(ANSWER)).count(),
            1,
            "{bot}: {heard:?}"
        );
    }
    evening.end().await;
}
