use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{Patience, Post, Published, Relay, Worker, common, letter::Piece};
use crate::{
    chat::Language,
    clock::{Clock, SystemClock},
    engine::{
        Chunk, Engine, EngineError, Finish, Profile, Prompt, Request, Role, Sampling, Seat, TokenStream, Turn, Usage,
    },
    link::{Link, RedisConfig, server::RedisServer},
    privacy::Keyring,
    scheduler::{
        Account, Claim, Class, Desk, NewCall, Next, RedisQueue, Scheduler, SchedulerConfig, new_call_for_tests,
    },
};

const PREFIX: &str = "{t}";
/// Nothing takes as long.
const LONG: Duration = Duration::from_secs(30);

/// Says the prompt's last line again, a letter at a time, while it is let.
struct Echo {
    profile: Profile,
    letters: watch::Receiver<usize>,
}

#[async_trait]
impl Engine for Echo {
    fn profile(&self) -> &Profile {
        &self.profile
    }

    fn count(&self, prompt: &Prompt) -> usize {
        prompt.messages.len()
    }

    async fn start(&self, request: Request) -> Result<TokenStream, EngineError> {
        let (out, stream) = TokenStream::channel(4);
        let (text, mut letters) = (request.prompt.messages[0].text.clone(), self.letters.clone());
        tokio::spawn(async move {
            for (index, letter) in text.chars().enumerate() {
                let may = letters.wait_for(|letters| *letters > index).await.is_ok();
                if !may || out.send(Ok(Chunk::Text(letter.to_string()))).await.is_err() {
                    return;
                }
            }
            let _ = out.send(Ok(Chunk::Done(usage(text.chars().count())))).await;
        });
        Ok(stream)
    }
}

fn usage(output_tokens: usize) -> Usage {
    let (first_token, decode) = (Duration::from_millis(1), Duration::from_secs(1));
    Usage { prompt_tokens: 7, cached_tokens: 0, output_tokens, first_token, decode, finish: Finish::Stop }
}

fn profile(name: &str, slots: usize, context: usize, languages: &[Language]) -> Profile {
    Profile { name: name.into(), slots, context, languages: languages.to_vec(), can_continue: true }
}

fn request(text: &str) -> Request {
    let messages = vec![Turn { role: Role::User, text: text.to_owned() }];
    Request { prompt: Prompt { messages, so_far: String::new() }, max_tokens: 100, sampling: Sampling::default() }
}

/// A gateway and a worker over one server.
struct Pair {
    server: RedisServer,
    line: Scheduler<()>,
    relay: Relay,
    letters: watch::Sender<usize>,
    work: JoinHandle<()>,
}

impl Pair {
    async fn start(worker_keys: Option<Keyring>) -> Self {
        let server = RedisServer::start();
        let (config, redis) = (SchedulerConfig::default(), RedisConfig::default());
        let link = Arc::new(Link::open(&server.url(), &redis).unwrap());
        let settings = (&config, &redis);
        let keyring = Arc::new(Keyring::ephemeral().unwrap());
        let own = Post::new(Arc::clone(&link), Arc::clone(&keyring), PREFIX);
        let worker_keys = worker_keys.map_or(keyring, Arc::new);
        let theirs = Post::new(Arc::clone(&link), worker_keys, PREFIX);
        let letters = watch::Sender::new(usize::MAX);
        let profile = profile("echo", 4, 100, &[Language::Ko]);
        let engine = Arc::new(Echo { profile: profile.clone(), letters: letters.subscribe() });
        let desk = Desk::join(Arc::clone(&link), PREFIX, "w", settings).await.unwrap();
        let worker = Worker::new(desk, engine, theirs, LONG);
        worker.enter().await.unwrap();
        let work = tokio::spawn(worker.work(CancellationToken::new(), LONG));
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let queue = RedisQueue::join(link, PREFIX, "g", settings, clock).await.unwrap();
        let patience = Patience { stall: LONG / 10, worker: LONG, nudge: Duration::from_millis(200) };
        let relay = Relay::start(Arc::clone(&queue), own, "g", profile, patience);
        Self { server, line: Scheduler::over(queue), relay, letters, work }
    }

    /// A call whose turn has come.
    async fn claim(&self, person: u8) -> Claim<()> {
        let call: NewCall = new_call_for_tests(Account::new([person; 32]), Class::Paid);
        self.line.enqueue(call, ()).await.unwrap();
        match tokio::time::timeout(LONG, self.line.next()).await.expect("its turn comes") {
            Some(Next::Run(claim)) => claim,
            other => panic!("{other:?}"),
        }
    }

    async fn ask(&self, claim: &Claim<()>, text: &str) -> TokenStream {
        self.relay.start_at(Seat::new(claim.ticket().number()), request(text)).await.unwrap()
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        self.work.abort();
    }
}

async fn read(stream: &mut TokenStream) -> Result<String, EngineError> {
    let mut text = String::new();
    loop {
        match tokio::time::timeout(LONG, stream.next()).await.expect("it goes on")? {
            Chunk::Text(more) => text.push_str(&more),
            Chunk::Done(told) => {
                assert_eq!(told, usage(told.output_tokens));
                return Ok(text);
            }
        }
    }
}

#[tokio::test]
async fn an_answer_comes_whole_and_in_order_and_a_prompt_without_a_place_is_refused() {
    let pair = Pair::start(None).await;
    let text = "한 글자도 잃지 않고, 한 글자도 두 번 오지 않아요 👩‍❤️‍👩. ".repeat(20);
    let claim = pair.claim(1).await;
    assert_eq!(read(&mut pair.ask(&claim, &text).await).await.unwrap(), text);
    claim.settle(Duration::ZERO);
    assert!(matches!(pair.relay.start(request("x")).await, Err(EngineError::Rejected(_))));
    let nowhere = pair.relay.start_at(Seat::new(7), request("x")).await.unwrap().next().await;
    assert!(matches!(nowhere, Err(EngineError::Unavailable(_))), "{nowhere:?}");
}

#[tokio::test]
async fn a_reader_that_stands_still_holds_up_nobody_and_loses_nothing() {
    let pair = Pair::start(None).await;
    let (slow, fast) = (pair.claim(1).await, pair.claim(2).await);
    let long = (0..4000).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    let mut stalled = pair.ask(&slow, &long).await;
    stalled.next().await.unwrap();
    assert_eq!(read(&mut pair.ask(&fast, "quick").await).await.unwrap(), "quick");
    let rest = read(&mut stalled).await.unwrap();
    assert!(long.ends_with(&rest) && rest.len() + 8 > long.len(), "{} of {}", rest.len(), long.len());
}

#[tokio::test]
async fn what_a_flush_took_is_sent_again() {
    let pair = Pair::start(None).await;
    let claim = pair.claim(1).await;
    pair.letters.send_replace(3);
    let mut stream = pair.ask(&claim, "abcdefgh").await;
    assert_eq!(stream.next().await.unwrap(), Chunk::Text("abc".into()), "what is there comes in one piece");
    pair.server.flush();
    pair.letters.send_replace(usize::MAX);
    pair.server.flush();
    assert_eq!(read(&mut stream).await.unwrap(), "defgh");
    claim.settle(Duration::ZERO);
}

#[tokio::test]
async fn a_reader_that_goes_away_stops_its_answer() {
    let pair = Pair::start(None).await;
    let claim = pair.claim(1).await;
    pair.letters.send_replace(1);
    let mut stream = pair.ask(&claim, "abc").await;
    stream.next().await.unwrap();
    let reading = pair.letters.receiver_count();
    assert!(reading > 1, "the answer is being made");
    drop(stream);
    let stopping = async {
        while pair.letters.receiver_count() >= reading {
            pair.letters.send_modify(|letters| *letters += 1);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LONG, stopping).await.expect("the worker stops");
}

#[tokio::test]
async fn machines_with_different_keys_do_not_understand_each_other() {
    let pair = Pair::start(Some(Keyring::ephemeral().unwrap())).await;
    let claim = pair.claim(1).await;
    let outcome = read(&mut pair.ask(&claim, "abc").await).await;
    assert!(matches!(outcome, Err(EngineError::Stalled(_))), "{outcome:?}");
}

#[test]
fn a_piece_knows_what_is_new_of_it() {
    let piece = |at| Piece { fence: 1, at, text: "가나다".into(), end: None };
    assert_eq!(piece(0).behind(0), Some("가나다"));
    assert_eq!(piece(0).behind(3), Some("나다"));
    assert_eq!(piece(0).behind(9), Some(""));
    assert_eq!(piece(0).behind(30), Some(""), "an old one");
    assert_eq!(piece(3).behind(0), None, "something is missing before it");
    assert_eq!(piece(0).behind(1), Some(""), "no half letters");
}

#[test]
fn workers_of_several_kinds_are_taken_for_the_least_of_them() {
    let published = |profile| Published { profile, tokens_per_second: 1.0 };
    let small = published(profile("small", 1, 2048, &[Language::En, Language::Ko]));
    let large = published(profile("large", 3, 8192, &[Language::Ko, Language::Ja]));
    let both = common(&[small.clone(), large]).unwrap();
    assert_eq!((both.slots, both.context, both.languages), (4, 2048, vec![Language::Ko]));
    assert_eq!(common(&[]), None);
    assert_eq!(common(std::slice::from_ref(&small)).unwrap(), small.profile);
    let written = small.written();
    assert_eq!(Published::of(&[written, "nonsense".to_owned()]), [small]);
}
