//! Connections to the gateway that keep breaking. `LOVELM_SOAK=1` breaks a thousand of them.

#![expect(clippy::print_stdout, reason = "figures")]

use std::{collections::BTreeMap, time::Duration};

use lovelm_tests::{
    discord::{BOTS, Evening, Fault, Network, Plan, mention},
    scripted::question,
    town::saying,
};

use crate::load::numbered;

pub fn soaking() -> bool {
    std::env::var_os("LOVELM_SOAK").is_some_and(|value| value == "1")
}

/// What goes wrong in turn. What needs a missed heartbeat to be noticed comes last, and seldom.
fn fault(nth: usize) -> Fault {
    let all: Vec<_> = Fault::RESUMABLE.into_iter().chain(Fault::FORGETTING).collect();
    match nth % (all.len() + 3) {
        seldom if seldom >= all.len() => [Fault::NoAck, Fault::Silence, Fault::SlowHello][seldom - all.len()],
        often => all[often],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_that_can_be_resumed_is_lost_and_no_session_is_begun_without_need() {
    let rounds = if soaking() { 250 } else { 12 };
    let engine = saying(|prompt| format!("{} deserves an answer.", numbered(question(prompt)))).with_slots(16);
    let mut evening = Evening::with(Plan { engine, ..Plan::default() }).await;
    let people: Vec<String> = (0..40).map(|nth| format!("viewer{nth}")).collect();
    evening.know(&people.iter().map(String::as_str).collect::<Vec<_>>()).await;
    // Heartbeats often enough that a missed one is noticed soon: what is connected now learns of it the next time.
    evening.discord.with(|network, at| {
        network.pulse().interval = Duration::from_secs(4);
        for bot in BOTS {
            network.fault(at, bot, Fault::Reconnect);
        }
    });
    evening
        .discord
        .until("all came back", |network| BOTS.iter().all(|bot| network.report().resumes.contains_key(*bot)))
        .await;

    let (mut asked, mut forgotten, mut struck) = (Vec::new(), BTreeMap::<&str, usize>::new(), 0);
    for round in 0..rounds {
        for when in ["before", "during"] {
            for (seat, bot) in BOTS.into_iter().enumerate() {
                let nth = asked.len();
                // Whoever has a session hears it now or later.
                let kept = evening.discord.with(|network, _| network.intents(bot) != 0);
                evening.say(&people[nth % people.len()], &format!("{} {when} q{nth}?", mention(bot)));
                asked.push((nth, kept));
                if when == "before" {
                    let fault = fault(round * BOTS.len() + seat);
                    struck += evening.discord.with(|network, at| network.fault(at, bot, fault));
                    *forgotten.entry(bot).or_default() += usize::from(Fault::FORGETTING.contains(&fault));
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let back = |network: &Network| BOTS.iter().all(|bot| network.connected(bot) && !network.deaf(bot));
        evening.discord.until("all are back", back).await;
        // A session is begun at most every five seconds.
        if (0..BOTS.len()).any(|seat| Fault::FORGETTING.contains(&fault(round * BOTS.len() + seat))) {
            tokio::time::sleep(Duration::from_millis(5200)).await;
        }
    }
    let answers = |network: &Network| -> BTreeMap<String, usize> {
        network.ours().filter(|m| !m.deleted && m.content.contains(" deserves")).fold(
            BTreeMap::new(),
            |mut counts, message| {
                *counts.entry(numbered(message.content.split(" deserves").next().unwrap_or_default())).or_default() +=
                    1;
                counts
            },
        )
    };
    let owed: Vec<_> = asked.iter().filter(|(_, kept)| *kept).map(|(nth, _)| format!("q{nth}")).collect();
    evening
        .discord
        .until("everything kept is answered", |network| {
            let answers = answers(network);
            owed.iter().all(|number| answers.contains_key(number))
        })
        .await;
    evening.settled().await;
    let (answers, report) = (evening.discord.with(|network, _| answers(network)), evening.discord.report());
    println!(
        "{struck} connections struck, {} questions of which {} could not be lost, {} answered; sessions begun {:?}, resumed {:?}",
        asked.len(),
        owed.len(),
        answers.len(),
        report.identifies,
        report.resumes,
    );
    assert!(answers.values().all(|count| *count == 1), "twice: {answers:?}");
    for bot in BOTS {
        let most = 1 + forgotten.get(bot).copied().unwrap_or_default();
        assert!(report.identifies[bot] <= most, "{bot} began {} sessions, {most} were needed", report.identifies[bot]);
    }
    evening.forgive();
    evening.end().await;
}
