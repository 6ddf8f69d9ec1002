//! What one person says in pieces is one question.

use std::time::Duration;

use lovelm::{
    chat::{ChatEvent, Deletion, Message, Platform},
    coalesce::CoalesceConfig,
    config::Config,
    pipeline::Receipt,
};
use lovelm_tests::{
    scripted::question,
    town::{ANSWER, Plan, Town, calm},
};

/// Calm, but what belongs together joins.
pub fn joining() -> Config {
    Config { coalesce: CoalesceConfig::default(), ..calm() }
}

/// A town in which somebody's answer is being written and goes on being so until the engine is released.
pub async fn busy(config: Config, people: &[&str]) -> (Town, Receipt) {
    let town = Box::pin(Town::with(Plan { config, ..Plan::default() })).await;
    town.know(&["first"]).await;
    town.know(people).await;
    town.engine.hold();
    let first = town.hear(ChatEvent::Said(town.message("first", "@shuhi is it raining?"))).await;
    town.until("the first answer began", |town| town.engine.running() == 1).await;
    (town, first)
}

/// Somebody says something after a moment; not waited for.
async fn hear(town: &Town, millis: u64, who: &str, text: &str) -> (Message, Receipt) {
    town.clock.advance(Duration::from_millis(millis));
    let message = town.message(who, text);
    (message.clone(), town.hear(ChatEvent::Said(message)).await)
}

async fn delete(town: &Town, message: &Message) {
    let message = message.id.clone().expect("an id");
    town.hear(ChatEvent::Deleted(Deletion::Message { place: town.place(), message })).await;
}

/// Lets the engine go, waits for everybody, and gives what was shown but for the first answer.
pub async fn finish(town: &Town, receipts: impl IntoIterator<Item = Receipt>) -> Vec<String> {
    town.engine.release();
    for receipt in receipts {
        town.done(receipt).await;
    }
    let mut heard = town.square.read();
    heard.retain(|line| *line != format!("shuhi > first: {ANSWER}"));
    heard
}

fn asked(town: &Town) -> Vec<String> {
    town.engine.requests().iter().skip(1).map(|request| question(&request.prompt).to_owned()).collect()
}

#[tokio::test]
async fn a_question_in_three_messages_is_answered_once_and_read_as_one() {
    let (town, first) = busy(joining(), &["minsu"]).await;
    let (_, one) = hear(&town, 0, "minsu", "@omar 우리 남친이").await;
    let (_, two) = hear(&town, 1000, "minsu", "@omar\r\n바람을").await;
    let (_, three) = hear(&town, 1500, "minsu", "오마르님, 피웠어요").await;
    // Only what calls somebody is a call.
    let (_, nobody) = hear(&town, 100, "minsu", "어떡하죠").await;
    assert_eq!(finish(&town, [first, one, two, three, nobody]).await, [format!("omar > minsu: {ANSWER}")]);
    let asked = asked(&town);
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].contains("우리 남친이 바람을 피웠어요"), "{asked:?}");
    assert!(!asked[0].contains("어떡하죠"), "{asked:?}");
    town.end().await;
}

#[tokio::test]
async fn a_name_and_a_number_in_two_messages_are_scrubbed_together() {
    let (town, first) = busy(joining(), &["minsu"]).await;
    let (_, one) = hear(&town, 0, "minsu", "@omar 김민수 씨가 연락이 없어요. 번호는 010-7391").await;
    let (_, two) = hear(&town, 200, "minsu", "@omar -2846 이고 민수 씨는 서울에 살아요").await;
    assert_eq!(finish(&town, [first, one, two]).await.len(), 1);
    let asked = asked(&town).concat();
    for canary in ["민수", "7391", "2846"] {
        assert!(!asked.contains(canary), "{asked}");
    }
    assert_eq!(asked.matches("A 씨").count(), 2, "one letter for one person: {asked}");
    town.end().await;
}

#[tokio::test]
async fn what_comes_late_or_after_the_beginning_is_a_question_of_its_own() {
    let (town, first) = busy(joining(), &["minsu"]).await;
    let (_, one) = hear(&town, 0, "minsu", "@omar should I text my ex?").await;
    let (_, late) = hear(&town, 1501, "minsu", "@omar or call her?").await;
    let (_, other) = hear(&town, 10, "minsu", "@shuhi and you, what do you say?").await;
    assert_eq!(finish(&town, [first, one, late, other]).await.len(), 3);
    town.engine.hold();
    let (_, begins) = hear(&town, 10_000, "minsu", "@omar should I write her?").await;
    town.until("it began", |town| town.engine.running() == 1).await;
    let (_, after) = hear(&town, 10, "minsu", "@omar by hand?").await;
    assert_eq!(finish(&town, [begins, after]).await.len(), 2);
    town.end().await;
}

#[tokio::test]
async fn line_by_line_nothing_waits_and_nothing_joins() {
    let town = Town::with(Plan { config: joining(), ..Plan::default() }).await;
    town.know(&["minsu"]).await;
    for line in ["@omar should I text my ex?", "@omar or call her?", "@omar or call her?"] {
        assert_eq!(town.say("minsu", line).await, [format!("omar > minsu: {ANSWER}")]);
    }
    town.end().await;
}

#[tokio::test]
async fn plain_lines_typed_one_after_another_on_the_console_are_one_question() {
    let (town, first) = busy(joining(), &["minsu"]).await;
    let mut receipts = vec![first];
    for line in ["우리 남친이", "바람을", "피웠어요"] {
        town.clock.advance(Duration::from_secs(1));
        receipts.push(town.hear(ChatEvent::Said(town.message_on(Platform::Console, "minsu", line))).await);
    }
    assert_eq!(finish(&town, receipts).await, [format!("hongcha > minsu: {ANSWER}")]);
    assert_eq!(asked(&town), ["우리 남친이 바람을 피웠어요"]);
    town.end().await;
}

#[tokio::test]
async fn a_panel_hears_the_whole_burst() {
    let (town, first) = busy(joining(), &["minsu"]).await;
    let panel = town.hear(town.invocation("minsu", "panel 우리 남친이")).await;
    let (_, more) = hear(&town, 300, "minsu", "@omar 바람을 피웠어요").await;
    let heard = finish(&town, [first, panel, more]).await;
    assert_eq!(heard, ["hongcha", "omar", "kimdal", "shuhi"].map(|persona| format!("{persona} > minsu: {ANSWER}")));
    let asked = asked(&town);
    assert_eq!(asked.len(), 4);
    assert!(asked.iter().all(|asked| asked.contains("우리 남친이 바람을 피웠어요")), "{asked:?}");
    town.end().await;
}

#[tokio::test]
async fn fifty_messages_in_a_second_are_a_few_questions_and_none_is_lost() {
    let (town, first) = busy(joining(), &["minsu"]).await;
    let mut receipts = vec![first];
    let piece = |n: u8| format!("piece {}{}", char::from(b'a' + n / 10), char::from(b'q' + n % 10));
    for n in 0..50 {
        receipts.push(hear(&town, 20, "minsu", &format!("@omar {}", piece(n))).await.1);
    }
    assert_eq!(finish(&town, receipts).await, vec![format!("omar > minsu: {ANSWER}"); 7]);
    let asked = asked(&town);
    for n in 0..50 {
        assert_eq!(asked.iter().filter(|asked| asked.contains(&piece(n))).count(), 1, "{n}: {asked:?}");
    }
    town.end().await;
}

#[tokio::test]
async fn a_flood_is_limited_by_the_question_and_told_once() {
    let mut config = joining();
    config.limits.person.burst = 3;
    let (town, first) = busy(config, &["minsu"]).await;
    let mut receipts = vec![first];
    for n in 0..50_u8 {
        receipts.push(hear(&town, 20, "minsu", &format!("@omar word{}", char::from(b'A' + n))).await.1);
    }
    let heard = finish(&town, receipts).await;
    let refused = heard.iter().filter(|line| line.contains("take a breath")).count();
    assert_eq!((refused, heard.len()), (1, 4), "{heard:?}");
    town.end().await;
}

#[tokio::test]
async fn what_is_deleted_is_not_asked_and_the_rest_is() {
    let (town, first) = busy(joining(), &["minsu", "emma"]).await;
    let (one, first_part) = hear(&town, 0, "minsu", "@omar he has a lighthouse").await;
    let (two, second) = hear(&town, 100, "minsu", "@omar and a secret").await;
    let (three, third) = hear(&town, 100, "minsu", "@omar and a dog").await;
    let (gone, other) = hear(&town, 100, "emma", "@omar one").await;
    let (gone_too, another) = hear(&town, 100, "emma", "@omar two").await;
    delete(&town, &two).await;
    delete(&town, &one).await;
    delete(&town, &gone).await;
    delete(&town, &gone_too).await;
    let heard = finish(&town, [first, first_part, second, third, other, another]).await;
    let cancelled = "(notice) omar > emma: Your question is taken back. Nothing more will come.";
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(heard.contains(&cancelled.to_owned()) && heard.contains(&format!("omar > minsu: {ANSWER}")), "{heard:?}");
    let asked = asked(&town);
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(
        asked[0].contains("a dog") && !asked[0].contains("secret") && !asked[0].contains("lighthouse"),
        "{asked:?}"
    );
    assert_eq!(town.database.number("select count(*) from recent").await, 2);
    delete(&town, &three).await;
    assert_eq!(town.database.number("select count(*) from recent").await, 1, "kept under the message that was left");
    town.end().await;
}

#[tokio::test]
async fn deleting_a_later_message_forgets_what_is_kept_of_all() {
    let (town, first) = busy(joining(), &["minsu"]).await;
    let (_, a) = hear(&town, 0, "minsu", "@omar he has a lighthouse").await;
    let (two, b) = hear(&town, 100, "minsu", "@omar and a secret").await;
    assert_eq!(finish(&town, [first, a, b]).await.len(), 1);
    assert_eq!(town.database.number("select count(*) from recent where message is not null").await, 2);
    delete(&town, &two).await;
    assert_eq!(town.database.number("select count(*) from recent").await, 1, "the first person's stays");
    town.end().await;
}

#[tokio::test]
async fn a_crisis_in_a_later_message_takes_the_whole_question_with_it() {
    for (lines, what) in [
        (&["@omar 나 요즘 너무 지쳤어", "@omar 아무도 없고", "@omar 죽고 싶어"][..], "in the third"),
        (&["@omar 나 오늘", "@omar 죽고", "@omar 싶어"][..], "over two messages"),
    ] {
        let (town, first) = busy(joining(), &["minsu"]).await;
        let mut receipts = Vec::new();
        for line in lines {
            receipts.push(hear(&town, 300, "minsu", line).await.1);
        }
        for receipt in receipts {
            town.done(receipt).await;
        }
        let heard = town.square.read();
        assert_eq!(
            heard.len(),
            2,
            "{what}: a card and an alert while the engine is busy, and no other word: {heard:?}"
        );
        assert!(
            heard[0].starts_with("(crisis) omar > minsu: ") && heard[1].starts_with("(alert) suicide"),
            "{heard:?}"
        );
        assert_eq!(finish(&town, [first]).await, [""; 0], "{what}");
        assert_eq!(town.engine.requests().len(), 1, "{what}: no model sees any of it");
        assert_eq!(town.database.number("select count(*) from recent").await, 1, "{what}");
        town.end().await;
    }
}

#[tokio::test]
async fn what_is_paid_for_joins_nothing_and_is_joined_by_nothing() {
    let (town, first) = busy(joining(), &["minsu"]).await;
    let (_, free) = hear(&town, 0, "minsu", "@omar should I text my ex?").await;
    let paid = town.hear(town.paid("minsu", "@omar or call her?", Town::bits(100))).await;
    let (_, more) = hear(&town, 100, "minsu", "@omar today?").await;
    let heard = finish(&town, [first, free, paid, more]).await;
    assert_eq!(heard.iter().filter(|line| line.starts_with("omar > minsu")).count(), 2, "{heard:?}");
    let asked = asked(&town);
    assert!(asked.iter().any(|asked| asked == "or call her?"), "{asked:?}");
    assert!(asked.iter().any(|asked| asked == "should I text my ex? today?"), "the free ones are one: {asked:?}");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}
