//! What moderators do to a line: a pause, a skip, a clearance.

use lovelm::{
    chat::{ChannelId, ChatEvent, Deletion, Message, Place, Platform, Standing},
    pipeline::Receipt,
};
use lovelm_tests::town::{ANSWER, Town};

use crate::bursts::{busy, finish, joining};

/// Who moderates.
pub const BOSS: &str = "boss";

/// A town that knows its people, and whose moderator speaks English.
pub async fn town() -> Town {
    settled(Town::open().await).await
}

/// The same of a town that is there.
pub async fn settled(town: Town) -> Town {
    town.know(&["minsu", "emma", BOSS]).await;
    for platform in [Platform::Console, Platform::Discord] {
        english(&town, BOSS, platform).await;
    }
    for who in ["minsu", "emma", BOSS] {
        assert_eq!(town.command(who, "language en").await.len(), 1);
    }
    town
}

async fn english(town: &Town, who: &str, platform: Platform) {
    let ChatEvent::Command(mut invocation) = town.invocation(who, "language en") else { unreachable!() };
    invocation.message.place.platform = platform;
    assert_eq!(town.tell(ChatEvent::Command(invocation)).await.len(), 1);
}

/// Another place of the same platform.
pub fn elsewhere() -> Place {
    Place { platform: Platform::Twitch, channel: ChannelId::new("channel-canary-elsewhere") }
}

/// A moderator gives a command in a place, such as `mod pause`.
pub fn order_at(town: &Town, place: Place, line: &str) -> ChatEvent {
    let ChatEvent::Command(mut invocation) = town.invocation(BOSS, line) else { unreachable!() };
    invocation.message.author.standing = Standing { moderator: true, supporter: false };
    invocation.message.place = place;
    ChatEvent::Command(invocation)
}

/// The same in the channel, and what was shown.
pub async fn moderate(town: &Town, line: &str) -> Vec<String> {
    town.tell(order_at(town, town.place(), line)).await
}

/// A line in a place.
pub fn at(town: &Town, place: Place, who: &str, text: &str) -> Message {
    let mut message = town.message(who, text);
    message.place = place;
    message
}

/// What Omar answers.
pub fn answer(who: &str) -> String {
    format!("omar > {who}: {ANSWER}")
}

/// An answer that is being written, and goes on being so until the engine is released.
pub async fn running(town: &Town, event: ChatEvent) -> Receipt {
    town.engine.hold();
    let receipt = town.hear(event).await;
    town.until("it runs", |town| town.engine.running() == 1).await;
    receipt
}

#[tokio::test]
async fn a_paused_place_hears_nothing_until_it_is_resumed() {
    let town = town().await;
    assert_eq!(town.command("minsu", "lovelm pause").await, [""; 0], "a viewer may not");
    let paused = moderate(&town, "lovelm pause").await;
    assert_eq!(paused.len(), 1, "{paused:?}");
    assert_eq!(town.say("minsu", "@omar what now?").await, [""; 0]);
    let paid = town.tell(town.paid("emma", "@omar what now?", Town::bits(500))).await;
    assert_eq!(paid.len(), 1, "who paid is told: {paid:?}");
    assert!(paid[0].contains("paused us in this channel"), "{paid:?}");
    assert!(moderate(&town, "mod status").await[0].contains("This channel: paused"));
    assert_eq!(moderate(&town, "mod resume").await.len(), 1);
    assert_eq!(town.say("minsu", "@omar what now?").await, [format!("omar > minsu: {ANSWER}")]);
    town.end().await;
}

#[tokio::test]
async fn a_pause_stops_what_is_written_within_a_token_and_what_waits() {
    let town = town().await;
    let first = running(&town, ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    let waiting = town.hear(ChatEvent::Said(town.message("emma", "@omar second"))).await;
    assert_eq!(moderate(&town, "mod pause").await.len(), 1);
    // The engine still holds: the next token would come later than this.
    town.done(first).await;
    town.done(waiting).await;
    town.engine.release();
    assert_eq!(town.square.read(), [""; 0]);
    assert_eq!(town.engine.requests().len(), 1);
    town.end().await;
}

#[tokio::test]
async fn in_a_quiet_place_there_are_answers_and_nothing_else() {
    let town = town().await;
    moderate(&town, "lovelm quiet").await;
    let paid = town.tell(town.paid("emma", "@omar what now?", Town::bits(500))).await;
    assert_eq!(paid, [format!("omar > emma: {ANSWER}")], "no thank-you");
    assert_eq!(town.tell(town.paid("emma", "", Town::bits(500))).await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn a_moderator_stops_the_answer_that_is_being_written() {
    let town = town().await;
    assert!(moderate(&town, "lovelm skip").await[0].contains("No answer is being written"));
    town.engine.hold();
    let running = town.hear(ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    town.until("it runs", |town| town.engine.running() == 1).await;
    assert!(moderate(&town, "lovelm skip").await[0].contains("Stopped the answer"));
    town.engine.release();
    town.done(running).await;
    assert_eq!(town.square.read(), [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn a_skipped_answer_does_not_begin_again_for_whoever_asked_the_same() {
    let (town, first) = busy(joining(), &["minsu", "emma"]).await;
    let mut receipts = vec![first];
    for who in ["minsu", "emma"] {
        receipts.push(town.hear(ChatEvent::Said(town.message(who, "@omar 고백할까?"))).await);
    }
    assert_eq!(moderate(&town, "lovelm skip").await.len(), 1);
    town.until("the next one began", |town| town.engine.requests().len() == 2 && town.engine.running() == 1).await;
    assert_eq!(moderate(&town, "lovelm skip").await.len(), 1);
    assert_eq!(finish(&town, receipts).await, [""; 0]);
    assert_eq!(town.engine.requests().len(), 2);
    town.end().await;
}

#[tokio::test]
async fn who_paid_before_a_pause_is_told_once_and_the_call_is_closed() {
    let town = town().await;
    town.engine.hold();
    let running = town.hear(town.paid("minsu", "@omar first", Town::bits(500))).await;
    town.until("it runs", |town| town.engine.running() == 1).await;
    let waiting = town.hear(town.paid("emma", "@omar second", Town::bits(500))).await;
    let mut heard = town.square.read();
    heard.extend(moderate(&town, "lovelm pause").await);
    town.done(running).await;
    town.done(waiting).await;
    town.engine.release();
    heard.extend(town.square.read());
    for who in ["minsu", "emma"] {
        let told = |line: &&String| line.contains(&format!("> {who}: ")) && line.contains("paused us in this channel");
        assert_eq!(heard.iter().filter(told).count(), 1, "{who}: {heard:?}");
    }
    let again = town.tell(town.paid("emma", "@omar third", Town::bits(500))).await;
    assert_eq!(again, [""; 0], "it was said");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn the_line_of_a_place_has_numbers_and_neither_words_nor_names() {
    let town = town().await;
    let first = running(&town, ChatEvent::Said(town.message("minsu", "@omar a lighthouse"))).await;
    let mut receipts = vec![first];
    receipts.push(town.hear(ChatEvent::Said(at(&town, elsewhere(), "emma", "@omar elsewhere"))).await);
    receipts.push(town.hear(ChatEvent::Said(town.message("emma", "@shuhi a lighthouse"))).await);
    receipts.push(town.hear(town.paid("minsu", "@kimdal a lighthouse", Town::bits(500))).await);
    town.square.read();
    let shown = moderate(&town, "mod queue").await.concat();
    for part in ["(whisper)", "2 questions are waiting here", "#2 viewer to Shuhi", "#3 paid to Kim"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    for word in ["lighthouse", "minsu", "emma", "canary", "#1 "] {
        assert!(!shown.contains(word), "{word}: {shown}");
    }
    assert!(moderate(&town, "mod skip 9").await[0].contains("no question with number 9"));
    assert!(moderate(&town, "mod skip 2").await[0].contains("Number 2 is taken out"));
    assert!(town.tell(order_at(&town, elsewhere(), "mod skip 3")).await[0].contains("no question with number 3"));
    town.engine.release();
    for receipt in receipts {
        town.done(receipt).await;
    }
    let mut heard = town.square.read();
    heard.sort();
    assert_eq!(heard, [format!("kimdal > minsu: {ANSWER}"), answer("emma"), answer("minsu")]);
    town.end().await;
}

#[tokio::test]
async fn a_cleared_line_ends_what_waits_here_and_tells_who_paid_once() {
    let town = town().await;
    let first = running(&town, ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    let mut receipts = vec![first];
    receipts.push(town.hear(ChatEvent::Said(at(&town, elsewhere(), "emma", "@omar elsewhere"))).await);
    for n in 0..20 {
        receipts.push(town.hear(ChatEvent::Said(town.message(&format!("v{n}"), "@omar second"))).await);
    }
    let paid = town.paid("emma", "@omar @shuhi third", Town::bits(500));
    receipts.push(town.hear(paid).await);
    town.square.read();
    let heard = moderate(&town, "mod clear").await;
    assert!(heard.iter().any(|line| line.contains("> boss: Dropped the 2")), "{heard:?}");
    town.engine.release();
    for receipt in receipts {
        town.done(receipt).await;
    }
    let heard = [heard, town.square.read()].concat();
    let sorry = heard.iter().filter(|line| line.contains("a moderator took it out")).count();
    let answered = heard.iter().filter(|line| line.contains(ANSWER)).count();
    assert_eq!((sorry, answered, heard.len()), (1, 2, 4), "{heard:?}");
    assert_eq!(town.database.number("select count(*) from pending").await, 0);
    town.end().await;
}

#[tokio::test]
async fn who_paid_for_an_answer_that_is_skipped_is_told() {
    let town = town().await;
    let paid = running(&town, town.paid("emma", "@omar first", Town::bits(500))).await;
    town.square.read();
    let heard = moderate(&town, "mod skip").await;
    town.done(paid).await;
    town.engine.release();
    let heard = [heard, town.square.read()].concat();
    assert_eq!(heard.iter().filter(|line| line.contains("> emma: You even paid for this")).count(), 1, "{heard:?}");
    assert_eq!(heard.len(), 2, "{heard:?}");
    town.end().await;
}

#[tokio::test]
async fn a_raid_is_welcomed_once() {
    let town = Town::open().await;
    let raid = ChatEvent::Raided { message: town.message("emma", ""), viewers: 12 };
    let welcome = town.tell(raid.clone()).await;
    assert_eq!(welcome.len(), 1, "{welcome:?}");
    assert!(welcome[0].starts_with("(notice) hongcha > emma: ") && welcome[0].contains("12"), "{welcome:?}");
    assert_eq!(town.tell(raid).await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn nothing_is_said_to_whoever_was_shut_out() {
    let town = town().await;
    town.engine.hold();
    let running = town.hear(ChatEvent::Said(town.message("minsu", "@omar first"))).await;
    town.until("it runs", |town| town.engine.running() == 1).await;
    let message = town.message("emma", "@omar second");
    let user = message.author.user.clone();
    let waiting = town.hear(ChatEvent::Said(message)).await;
    town.hear(ChatEvent::Deleted(Deletion::Person { place: town.place(), user })).await;
    town.done(waiting).await;
    assert_eq!(town.square.read(), [""; 0]);
    town.engine.release();
    town.done(running).await;
    assert_eq!(town.square.read(), [format!("omar > minsu: {ANSWER}")]);
    town.end().await;
}
