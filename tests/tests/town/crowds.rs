//! The same question of many has one answer.

use std::time::Duration;

use lovelm::chat::{ChatEvent, Deletion, Language, Message, Standing, UserId};
use lovelm_tests::town::{ANSWER, Town};

use crate::bursts::{busy, finish, joining};

const QUESTION: &str = "@omar 고백할까?";

async fn hear(town: &Town, who: &str, text: &str) -> (Message, lovelm::pipeline::Receipt) {
    let message = town.message(who, text);
    (message.clone(), town.hear(ChatEvent::Said(message)).await)
}

async fn delete(town: &Town, message: &Message) {
    let message = message.id.clone().expect("an id");
    town.hear(ChatEvent::Deleted(Deletion::Message { place: town.place(), message })).await;
}

/// Waits until a question is somebody's own to wait with; gives what else was shown meanwhile.
async fn handed_on_to(town: &Town, who: &str) -> Vec<String> {
    let mut heard = Vec::new();
    for _ in 0..1000 {
        let told = town.command(who, "queue").await;
        let waits = told.iter().any(|line| line.contains("기다리고 있는 질문이 1개"));
        heard.extend(told.into_iter().filter(|line| !line.contains("기다리고 있는 질문이")));
        if waits {
            return heard;
        }
        town.idle().await;
    }
    panic!("the question was not handed on: {heard:?}");
}

#[tokio::test]
async fn two_hundred_accounts_with_one_text_get_one_answer_and_stop_nobody() {
    let mut config = joining();
    config.limits = lovelm::limits::LimitsConfig::default();
    let (town, first) = busy(config, &["raider0", "minsu"]).await;
    let mut receipts = vec![first];
    for n in 0..200 {
        receipts.push(hear(&town, &format!("raider{n}"), QUESTION).await.1);
    }
    receipts.push(hear(&town, "minsu", "@omar 우리 헤어질까?").await.1);
    let mut heard = finish(&town, receipts).await;
    heard.sort();
    assert_eq!(
        heard,
        [
            "(notice) omar > raider0: raider1, raider2, raider3님 외 196분도 같은 질문을 하셨어요. \
             방금 드린 말은 모두에게 드리는 거예요."
                .to_owned(),
            format!("omar > minsu: {ANSWER}"),
            format!("omar > raider0: {ANSWER}"),
        ]
    );
    assert_eq!(town.engine.requests().len(), 3);
    town.end().await;
}

#[tokio::test]
async fn who_joined_has_the_answer_to_go_on_from() {
    let (town, first) = busy(joining(), &["minsu", "jiwoo"]).await;
    let (_, one) = hear(&town, "minsu", QUESTION).await;
    let (_, two) = hear(&town, "jiwoo", QUESTION).await;
    let heard = finish(&town, [first, one, two]).await;
    assert_eq!(heard.iter().filter(|line| line.ends_with(ANSWER)).count(), 1, "{heard:?}");
    // The one who was first in line, and both who asked the same.
    assert_eq!(town.database.number("select count(distinct who) from recent").await, 3);
    town.end().await;
}

#[tokio::test]
async fn few_are_named_in_their_language_and_bad_names_are_counted() {
    let (town, first) = busy(joining(), &["minsu", "emma", "yuki"]).await;
    let mut receipts = vec![first];
    for (who, text) in [
        ("minsu", QUESTION),
        ("fuck you", QUESTION),
        ("emma", "@omar should I text my ex?"),
        ("jane", "@omar Should I  text my EX?"),
        ("yuki", "@omar 告白したほうがいいですか？"),
        ("hana", "@omar 告白したほうがいいですか?"),
        ("sora", "@omar 告白したほうがいいですか？"),
    ] {
        receipts.push(hear(&town, who, text).await.1);
    }
    let heard = finish(&town, receipts).await;
    assert_eq!(heard.len(), 6, "{heard:?}");
    for told in [
        "(notice) omar > minsu: 1분이 같은 질문을 하셨어요. 방금 드린 말은 함께 드리는 거예요.",
        "(notice) omar > emma: jane asked the same, so what I just said is for you too.",
        "(notice) omar > yuki: hana, soraさんも同じ質問でした。いまの言葉はご一緒にお届けします。",
    ] {
        assert!(heard.contains(&told.to_owned()), "{told}: {heard:?}");
    }
    town.end().await;
}

#[tokio::test]
async fn the_next_asker_is_answered_when_the_first_takes_the_question_back() {
    let (town, first) = busy(joining(), &["minsu", "emma", "yuki"]).await;
    let (minsu, a) = hear(&town, "minsu", QUESTION).await;
    let (_, b) = hear(&town, "emma", QUESTION).await;
    let (yuki, c) = hear(&town, "yuki", QUESTION).await;
    let (_, d) = hear(&town, "sora", QUESTION).await;
    delete(&town, &yuki).await;
    delete(&town, &minsu).await;
    let heard = finish(&town, [first, a, b, c, d]).await;
    assert_eq!(
        heard,
        [
            "(notice) omar > yuki: 질문을 취소했어요. 더 답하지 않을게요.".to_owned(),
            "(notice) omar > minsu: 질문을 취소했어요. 더 답하지 않을게요.".to_owned(),
            format!("omar > emma: {ANSWER}"),
            "(notice) omar > emma: sora님도 같은 질문을 하셨어요. 방금 드린 말은 함께 드리는 거예요.".to_owned(),
        ]
    );
    assert_eq!(town.engine.requests().len(), 2);
    town.end().await;
}

#[tokio::test]
async fn a_ban_a_forget_and_a_crisis_of_the_first_leave_the_question_to_the_others() {
    let (town, first) = busy(joining(), &["minsu", "emma", "yuki", "sora"]).await;
    let mut receipts = vec![first];
    for who in ["minsu", "emma", "yuki", "sora"] {
        receipts.push(hear(&town, who, QUESTION).await.1);
    }
    let user = UserId::new("user-canary-minsu");
    town.hear(ChatEvent::Deleted(Deletion::Person { place: town.place(), user })).await;
    let mut heard = handed_on_to(&town, "emma").await;
    heard.extend(town.command("emma", "forget").await);
    receipts.push(hear(&town, "yuki", "@shuhi 나 죽고 싶어").await.1);
    heard.extend(finish(&town, receipts).await);
    assert_eq!(heard.last(), Some(&format!("omar > sora: {ANSWER}")), "{heard:?}");
    for (who, told) in [("minsu", 0), ("emma", 1)] {
        let cancelled = format!("(notice) omar > {who}: 질문을 취소했어요. 더 답하지 않을게요.");
        assert_eq!(heard.iter().filter(|line| **line == cancelled).count(), told, "{who}: {heard:?}");
    }
    assert!(!heard.iter().any(|line| line.contains("> minsu")), "nothing to whoever was shut out: {heard:?}");
    assert_eq!(heard.iter().filter(|line| line.starts_with("(crisis) shuhi > yuki")).count(), 1, "{heard:?}");
    assert!(!heard.iter().any(|line| line.starts_with("(notice) omar > yuki")), "no small talk: {heard:?}");
    assert_eq!(town.engine.requests().len(), 2);
    town.end().await;
}

#[tokio::test]
async fn an_answer_that_has_begun_begins_again_for_the_next_asker() {
    let (town, first) = busy(joining(), &["minsu", "emma"]).await;
    let (minsu, a) = hear(&town, "minsu", QUESTION).await;
    let (_, b) = hear(&town, "emma", QUESTION).await;
    // The first answer and one word of the second.
    town.engine.release();
    town.done(first).await;
    town.done(a).await;
    town.done(b).await;
    assert_eq!(town.square.read().len(), 3, "the first, the answer, and who else asked");
    town.engine.hold();
    let (again, a) = hear(&town, "minsu", "@omar 그래도 고백할까?").await;
    town.until("it began", |town| town.engine.running() == 1).await;
    let (_, b) = hear(&town, "emma", "@omar 그래도 고백할까?").await;
    delete(&town, &again).await;
    delete(&town, &minsu).await;
    assert_eq!(finish(&town, [a, b]).await, [format!("omar > emma: {ANSWER}")]);
    town.end().await;
}

#[tokio::test]
async fn who_is_shed_or_too_late_is_told_with_all_who_asked_the_same() {
    let (town, first) = busy(joining(), &["minsu", "emma"]).await;
    let (_, a) = hear(&town, "minsu", QUESTION).await;
    let (_, b) = hear(&town, "emma", QUESTION).await;
    town.clock.advance(Duration::from_hours(11));
    for receipt in [first, a, b] {
        town.done(receipt).await;
    }
    let heard = town.square.read();
    let minsu: Vec<_> = heard.iter().filter(|line| line.starts_with("(notice) omar > minsu")).collect();
    assert_eq!(minsu.len(), 2, "{heard:?}");
    assert!(minsu[0].contains("제때 답해 드리지 못했어요") && minsu[1].contains("emma님도"), "{heard:?}");
    town.engine.release();
    town.end().await;
}

#[tokio::test]
async fn supporters_wait_in_their_own_place_and_what_is_paid_for_has_its_own_answer() {
    let (town, first) = busy(joining(), &["minsu", "emma", "yuki", "sora"]).await;
    let mut receipts = vec![first];
    receipts.push(hear(&town, "minsu", QUESTION).await.1);
    let mut supporter = town.message("emma", QUESTION);
    supporter.author.standing = Standing { supporter: true, moderator: false };
    receipts.push(town.hear(ChatEvent::Said(supporter)).await);
    receipts.push(town.hear(town.paid("yuki", QUESTION, Town::bits(100))).await);
    let heard = finish(&town, receipts).await;
    for who in ["minsu", "emma", "yuki"] {
        assert_eq!(heard.iter().filter(|line| **line == format!("omar > {who}: {ANSWER}")).count(), 1, "{heard:?}");
    }
    town.end().await;
}

#[tokio::test]
async fn the_queue_shows_a_place_to_who_joined_and_the_whole_line_to_moderators() {
    let (town, first) = busy(joining(), &["minsu", "emma", "mod"]).await;
    for who in ["minsu", "emma", "mod"] {
        let who = town.keyring.pseudonym(lovelm_tests::town::PLATFORM, &UserId::new(format!("user-canary-{who}")));
        town.store.set_language(&who, Language::En).await.expect("written down");
    }
    let mut receipts = vec![first];
    for who in ["minsu", "emma"] {
        receipts.push(hear(&town, who, QUESTION).await.1);
    }
    town.clock.advance(Duration::from_secs(40));
    let queue = town.command("emma", "queue").await.concat();
    assert!(queue.contains("You have one question in line") && queue.contains("Omar: next"), "{queue}");
    let ChatEvent::Command(mut invocation) = town.invocation("mod", "queue") else { unreachable!() };
    invocation.message.author.standing = Standing { moderator: true, supporter: false };
    let line = town.tell(ChatEvent::Command(invocation)).await.concat();
    let whole = "One question is waiting, for about 40 seconds; 1 of 1 answers at a time are being written; \
                 paid questions take 0% of the engine.";
    assert!(line.contains(whole) && line.contains("everyone else: 1"), "{line}");
    for canary in ["minsu", "emma", "고백"] {
        assert!(!line.contains(canary), "{line}");
    }
    assert_eq!(finish(&town, receipts).await.len(), 2);
    town.end().await;
}
