//! What many people do at once. `LOVELM_SOAK=1` makes it many more.

#![expect(clippy::print_stdout, reason = "figures")]

use std::{collections::BTreeMap, time::Duration};

use lovelm_tests::{
    discord::{BOTS, Chaos, Evening, Network, Person, Plan, id_of, mention},
    scripted::{ScriptedEngine, question},
    town::saying,
};

use crate::soak::soaking;

/// Says which question it answers: `q17`.
fn telling(slots: usize) -> ScriptedEngine {
    saying(|prompt| format!("{} deserves an answer.", numbered(question(prompt)))).with_slots(slots)
}

/// The last word of a text that is `q` and a number.
pub fn numbered(text: &str) -> String {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let of_number =
        |word: &&str| word.len() > 1 && word.starts_with('q') && word[1..].chars().all(|c| c.is_ascii_digit());
    words.rfind(of_number).unwrap_or("q").to_owned()
}

fn p99(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len().saturating_sub(1) * 99 / 100).copied().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_commands_a_second_are_acknowledged_while_the_engine_stands_still() {
    let seconds: u64 = if soaking() { 60 } else { 5 };
    let channels: Vec<String> =
        ["lounge"].into_iter().map(str::to_owned).chain((0..20).map(|n| format!("room{n}"))).collect();
    let mut evening = Evening::with(Plan { engine: telling(8), channels: channels.clone(), ..Plan::default() }).await;
    evening.engine.hold();
    let mut asked = Vec::new();
    let mut beat = tokio::time::interval(Duration::from_millis(20));
    // A machine that was busy elsewhere does not make a crowd of them.
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for nth in 0..50 * usize::try_from(seconds).expect("few") {
        beat.tick().await;
        let who = Person::named(&format!("viewer{nth}"));
        let (bot, channel) = (BOTS[nth % BOTS.len()], &channels[nth % channels.len()]);
        let question = format!("what of q{nth}?");
        asked.push(
            evening
                .discord
                .with(|network, at| network.slash(at, bot, channel, &who, "ask", &[("question", question.into())])),
        );
    }
    let acknowledged = |network: &Network| network.report().acknowledged.len() >= asked.len();
    evening.discord.until("all are acknowledged", acknowledged).await;
    let mut waits = evening.discord.report().acknowledged;
    let (count, worst) = (waits.len(), p99(&mut waits));
    println!("{count} interactions: acknowledged within {worst:?} (p99), {:?} at most", waits.last());
    evening.engine.release();
    for (nth, id) in asked.iter().enumerate() {
        let words = |network: &Network| {
            network.answers(*id).iter().any(|message| !message.content.is_empty() && message.flags & (1 << 7) == 0)
        };
        evening.discord.until(&format!("q{nth} is answered or apologised for"), words).await;
    }
    evening.settled().await;
    let whole = |nth: &usize| {
        let text = evening.answers(asked[*nth]).join(" ");
        text.contains(&format!("q{nth} deserves"))
    };
    println!("{} of {count} answered, the others apologised for", (0..asked.len()).filter(whole).count());
    evening.forgive();
    evening.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_thousands_of_messages_none_is_lost_and_none_comes_twice() {
    let questions: usize = if soaking() { 10_000 } else { 400 };
    let channels: Vec<String> =
        ["lounge"].into_iter().map(str::to_owned).chain((0..49).map(|n| format!("room{n}"))).collect();
    let mut evening = Evening::with(Plan { engine: telling(64), channels: channels.clone(), ..Plan::default() }).await;
    let people: Vec<String> = (0..100).map(|nth| format!("viewer{nth}")).collect();
    evening.know(&people.iter().map(String::as_str).collect::<Vec<_>>()).await;
    evening.discord.with(|network, _| network.chaos(Some(Chaos { ambiguous: 5, repeated: 5 })));
    let mut beat = tokio::time::interval(Duration::from_millis(20));
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for nth in 0..questions {
        beat.tick().await;
        let (bot, channel) = (BOTS[nth % BOTS.len()], &channels[(nth / BOTS.len()) % channels.len()]);
        evening.say_in(channel, &people[nth % people.len()], &format!("{} what of q{nth}?", mention(bot)));
        // No more than a guild can answer.
        evening.until("the crowd is served", |evening| evening.under_way() < 200).await;
    }
    let answered = |network: &Network| network.ours().filter(|m| m.content.contains(" deserves an answer.")).count();
    evening.discord.until("all are answered", |network| answered(network) >= questions).await;
    evening.settled().await;
    let mut shown = BTreeMap::<String, usize>::new();
    let others = evening.discord.with(|network, _| {
        let (answers, others): (Vec<_>, Vec<_>) =
            network.ours().filter(|m| !m.deleted).partition(|message| message.content.contains(" deserves"));
        for message in answers {
            *shown.entry(numbered(message.content.split(" deserves").next().unwrap_or_default())).or_default() += 1;
        }
        others.into_iter().map(|message| message.content.clone()).collect::<Vec<_>>()
    });
    let report = evening.discord.report();
    println!(
        "{questions} questions: {} answered, {} in doubt, {} known again by their nonce, {} events twice, {:?}",
        shown.len(),
        report.ambiguous,
        report.recognised,
        report.duplicated,
        report.statuses,
    );
    assert!(report.ambiguous > questions / 50 && report.duplicated > questions / 50, "chance had its part");
    assert!(shown.values().all(|count| *count == 1), "twice: {:?}", shown.iter().find(|(_, count)| **count > 1));
    let missing: Vec<_> = (0..questions).filter(|nth| !shown.contains_key(&format!("q{nth}"))).collect();
    assert_eq!(missing, [0_usize; 0], "missing");
    assert_eq!(others, [""; 0], "something else stands there");
    evening.forgive();
    evening.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_answers_at_once_in_five_channels_keep_their_pace() {
    let channels: Vec<String> = ["lounge", "attic", "cellar", "garden", "roof"].map(str::to_owned).to_vec();
    let answer = |number: &str| {
        let words: Vec<_> = (0..70).map(|nth| format!("word{nth}")).collect();
        format!("{number} deserves {} and that is all.", words.join(" "))
    };
    let engine = saying(move |prompt| answer(&numbered(question(prompt)))).with_slots(40);
    let mut evening = Evening::with(Plan { engine, channels: channels.clone(), ..Plan::default() }).await;
    let people: Vec<String> = (0..20).map(|nth| format!("viewer{nth}")).collect();
    evening.know(&people.iter().map(String::as_str).collect::<Vec<_>>()).await;
    evening.engine.hold();
    for (nth, who) in people.iter().enumerate() {
        // Four of each channel ask the same persona in two channels, and all four in the others.
        let bot = if nth % 5 < 2 { "omar" } else { BOTS[(nth / 5) % BOTS.len()] };
        evening.say_in(&channels[nth % 5], who, &format!("{} what of q{nth}?", mention(bot)));
    }
    // Some slots are kept for whoever pays: these suffice.
    evening.until("twenty answers are in the making", |evening| evening.engine.running() == 20).await;
    // About seven words a second each, for ten seconds.
    for _ in 0..50 {
        evening.engine.step(60);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    evening.engine.release();
    evening.lines(20).await;
    let shown: Vec<_> = evening.discord.with(|network, _| network.ours().filter(|m| !m.deleted).cloned().collect());
    assert_eq!(shown.len(), 20);
    for (nth, who) in people.iter().enumerate() {
        let expected = answer(&format!("q{nth}"));
        let to =
            evening.discord.with(|network, _| shown.iter().find(|m| network.asker(m) == Some(id_of(who))).cloned());
        assert_eq!(to.map(|message| message.content), Some(expected), "the final text is the engine's");
    }
    let most = shown.iter().map(|message| message.edited.len()).max().unwrap_or_default();
    let edits: usize = shown.iter().map(|message| message.edited.len()).sum();
    println!("{edits} edits of 20 answers, at most {most} of one");
    assert!(edits > 20, "they grow before one's eyes");
    evening.end().await;
}
