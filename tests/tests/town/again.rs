use chrono::TimeDelta;
use lovelm::{
    chat::{
        Callback, CallbackToken, ChatEvent, Command, Invocation, Message, MessageId, PersonaId, Quoted, RawText, UserId,
    },
    clock::Clock as _,
};
use lovelm_tests::town::{ANSWER, Plan, Town};

fn command(message: Message, command: Command) -> ChatEvent {
    ChatEvent::Command(Invocation { message, command })
}

/// The same message, to be answered elsewhere than in its place.
fn elsewhere(town: &Town, mut message: Message, private: bool) -> Message {
    let (token, persona) = (CallbackToken::new("token-canary"), PersonaId::new("omar"));
    let until = town.clock.wall() + TimeDelta::minutes(14);
    message.callback = Some(Callback { token, persona, private, until });
    message
}

fn again(town: &Town, who: &str, persona: Option<&str>, asker: &UserId) -> ChatEvent {
    let persona = persona.map(PersonaId::new);
    command(town.message(who, ""), Command::Again { persona, asker: asker.clone() })
}

#[tokio::test]
async fn a_question_is_asked_again_by_its_asker_alone() {
    let town = Town::open().await;
    town.know(&["minsu", "emma"]).await;
    let message = town.message("minsu", "@omar should I text my ex?");
    let asker = message.author.user.clone();
    let none = town.tell(again(&town, "minsu", None, &asker)).await;
    assert!(none.len() == 1 && !none[0].contains(ANSWER), "{none:?}");
    assert_eq!(town.tell(ChatEvent::Said(message)).await, [format!("omar > minsu: {ANSWER}")]);
    assert_eq!(town.tell(again(&town, "minsu", None, &asker)).await, [format!("omar > minsu: {ANSWER}")]);
    assert_eq!(town.tell(again(&town, "minsu", Some("shuhi"), &asker)).await, [format!("shuhi > minsu: {ANSWER}")]);
    let prompt = format!("{:?}", town.engine.requests().last().unwrap().prompt);
    assert!(prompt.contains("text my ex"), "{prompt}");
    let others = town.tell(again(&town, "emma", None, &asker)).await;
    assert!(others.len() == 1 && !others[0].contains(ANSWER), "it is not hers: {others:?}");
    town.end().await;
}

#[tokio::test]
async fn an_answer_is_stopped_by_its_asker_and_by_moderators() {
    let town = Town::open().await;
    town.know(&["minsu", "emma", "mods"]).await;
    for (who, moderator, stops) in [("emma", false, false), ("minsu", false, true), ("mods", true, true)] {
        town.engine.hold();
        let message = town.message("minsu", "@omar should I text my ex?");
        let (question, asker) = (message.id.clone().unwrap(), message.author.user.clone());
        let receipt = town.pipeline.hear(ChatEvent::Said(message)).await;
        let mut by = town.message(who, "");
        by.author.standing.moderator = moderator;
        let said = town.tell(command(by, Command::Cancel { message: question, asker })).await;
        town.engine.release();
        receipt.done().await;
        let shown = [said, town.square.read()].concat();
        assert_eq!(shown.iter().any(|line| line.contains(ANSWER)), !stops, "{who}: {shown:?}");
    }
    let nothing =
        Command::Cancel { message: MessageId::new("of long ago"), asker: town.message("minsu", "").author.user };
    let said = town.tell(command(town.message("minsu", ""), nothing)).await;
    assert_eq!(said.len(), 1, "{said:?}");
    town.end().await;
}

#[tokio::test]
async fn what_is_changed_while_it_waits_is_asked_in_its_new_words() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.engine.hold();
    let message = town.message("minsu", "@omar should I text my ex?");
    let id = message.id.clone();
    let receipt = town.pipeline.hear(ChatEvent::Said(message)).await;
    let mut changed = town.message("minsu", "@omar should I call my mother?");
    changed.id.clone_from(&id);
    let second = town.pipeline.hear(ChatEvent::Edited(changed)).await;
    town.engine.release();
    receipt.done().await;
    second.done().await;
    let shown = town.square.read();
    assert_eq!(shown.iter().filter(|line| line.contains(ANSWER)).count(), 1, "{shown:?}");
    let prompt = format!("{:?}", town.engine.requests().last().unwrap().prompt);
    assert!(prompt.contains("call my mother") && !prompt.contains("text my ex"), "{prompt}");
    // What is answered stays answered.
    let mut late = town.message("minsu", "@omar and my father?");
    late.id = id;
    assert_eq!(town.tell(ChatEvent::Edited(late)).await, [""; 0]);
    town.end().await;
}

#[tokio::test]
async fn somebody_elses_words_are_read_and_never_kept() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    town.command("minsu", "privacy on").await;
    let mut message = town.message("minsu", "");
    message.context = vec![Quoted { speaker: None, text: RawText::new("my boyfriend forgot my birthday") }];
    let read = Command::Read { persona: Some(PersonaId::new("kimdal")) };
    let heard = town.tell(command(message, read.clone())).await;
    assert!(heard.iter().any(|line| *line == format!("kimdal > minsu: {ANSWER}")), "{heard:?}");
    let prompt = format!("{:?}", town.engine.requests().last().unwrap().prompt);
    assert!(prompt.contains("forgot my birthday"), "{prompt}");
    assert_eq!(town.database.number("select count(*) from recent").await, 0);
    assert_eq!(town.database.number("select count(*) from consultation").await, 0);
    let empty = town.tell(command(town.message("minsu", ""), read)).await;
    assert!(empty.len() == 1 && !empty[0].contains(ANSWER), "{empty:?}");
    town.end().await;
}

#[tokio::test]
async fn what_was_asked_in_private_is_fetched_in_private_and_taken_up_nowhere_else() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    let story = town.message("minsu", "I still love my ex");
    let asker = story.author.user.clone();
    let ask = Command::Ask { persona: Some(PersonaId::new("omar")), text: RawText::new("I still love my ex") };
    let answered = town.tell(command(elsewhere(&town, story, true), ask)).await;
    assert_eq!(answered, [format!("omar > minsu: {ANSWER}")]);
    let fetched = town.tell(command(elsewhere(&town, town.message("minsu", ""), true), Command::Answer)).await;
    assert_eq!(fetched, [format!("(whisper) omar > minsu: {ANSWER}")]);
    let public = town.tell(again(&town, "minsu", None, &asker)).await;
    assert!(public.len() == 1 && !public[0].contains(ANSWER), "not in front of others: {public:?}");
    town.say("minsu", "@omar what now?").await;
    let prompt = format!("{:?}", town.engine.requests().last().unwrap().prompt);
    assert!(!prompt.contains("still love"), "{prompt}");
    town.end().await;
}

#[tokio::test]
async fn nobody_joins_what_is_answered_elsewhere() {
    let mut plan = Plan::default();
    (plan.config.coalesce.gap, plan.config.coalesce.most_askers) = (std::time::Duration::from_secs(5), 10);
    let town = Town::with(plan).await;
    town.know(&["minsu", "emma"]).await;
    town.engine.hold();
    let ask = || Command::Ask { persona: Some(PersonaId::new("omar")), text: RawText::new("should I text my ex?") };
    let (one, other) = (town.message("minsu", ""), town.message("emma", ""));
    let first = town.pipeline.hear(command(elsewhere(&town, one, true), ask())).await;
    let second = town.pipeline.hear(command(other, ask())).await;
    let third = town.pipeline.hear(ChatEvent::Said(town.message("minsu", "@omar and more"))).await;
    town.engine.release();
    for receipt in [first, second, third] {
        receipt.done().await;
    }
    let answers = town.square.read().iter().filter(|line| line.contains(ANSWER)).count();
    assert_eq!(answers, 3, "each has its own");
    town.end().await;
}
