use std::{
    collections::VecDeque,
    os::unix::fs::PermissionsExt as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use chrono::DateTime;
use lovelm::{
    chat::{MessageId, PersonaId},
    clock::ManualClock,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::far;
use crate::{
    Account, Client, InMemory, Method, Reply, Request, Settings, Trouble, Unreached, Web, World,
    account::Keeper,
    examine,
    helix::{Helix, Said},
    oauth::OAuth,
};

/// A web that replies what it was told to, in order, and remembers what it was asked.
#[derive(Default)]
struct Scripted {
    replies: Mutex<VecDeque<Result<(u16, String), Unreached>>>,
    asked: Mutex<Vec<String>>,
}

impl Scripted {
    fn of(replies: &[(u16, &str)]) -> Arc<Self> {
        let replies = replies.iter().map(|(status, body)| Ok((*status, (*body).to_owned()))).collect();
        Arc::new(Self { replies: Mutex::new(replies), asked: Mutex::default() })
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

#[async_trait]
impl Web for Scripted {
    async fn fetch(&self, request: Request) -> Result<Reply, Unreached> {
        let body = match &request.method {
            Method::Get => String::new(),
            Method::Form(form) => form.expose_secret().to_owned(),
            Method::Json(json) => json.to_string(),
        };
        let authorization = request.authorization.map(|secret| secret.expose_secret().to_owned()).unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{} {authorization} {body}", request.url));
        let (status, body) = self.replies.lock().unwrap().pop_front().unwrap_or(Err(Unreached::Refused))?;
        Ok(Reply { status, body: body.into_bytes() })
    }
}

const WHO: &str =
    r#"{"client_id":"c","login":"Hongcha_Bot","user_id":"9","scopes":["chat:read","chat:edit","user:write:chat"]}"#;
const RENEWED: &str = r#"{"access_token":"new","refresh_token":"newer","scope":[],"token_type":"bearer"}"#;

fn settings(login: &str) -> Settings {
    let account = Account {
        persona: PersonaId::new("hongcha"),
        login: login.to_owned(),
        token: SecretString::from("oauth:old"),
        refresh: Some(SecretString::from("re fresh&")),
    };
    let client = Client { id: SecretString::from("c"), secret: SecretString::from("s") };
    Settings { accounts: vec![account], client: Some(client), ..far::settings() }
}

fn keeper(settings: &Settings, web: &Arc<Scripted>) -> (Keeper, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(DateTime::UNIX_EPOCH));
    let oauth = OAuth::new(settings, Arc::clone(web) as Arc<dyn Web>);
    (Keeper::new(&settings.accounts[0], oauth, settings, clock.clone()), clock)
}

#[tokio::test]
async fn a_token_is_looked_at_at_the_start_and_every_hour() {
    let web = Scripted::of(&[(200, WHO), (200, WHO)]);
    let (keeper, clock) = keeper(&settings("hongcha_bot"), &web);
    for minutes in [0, 30, 29] {
        clock.advance(Duration::from_secs(minutes * 60));
        assert_eq!(keeper.pass().await.expect("good").login, "hongcha_bot");
    }
    assert_eq!(web.asked(), ["http://auth/oauth2/validate OAuth old "]);
    clock.advance(Duration::from_mins(2));
    keeper.pass().await.expect("still good");
    assert_eq!(web.asked().len(), 1);
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_renewed_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings("");
    settings.tokens = Some(folder.path().join("twitch"));
    let web = Scripted::of(&[(401, "{}"), (200, RENEWED), (200, WHO)]);
    let pass = keeper(&settings, &web).0.pass().await.expect("renewed");
    assert_eq!((pass.token.expose_secret(), pass.login.as_str()), ("new", "hongcha_bot"));
    let asked = web.asked();
    assert!(asked[1].ends_with("grant_type=refresh_token&refresh_token=re%20fresh%26&client_id=c&client_secret=s"));
    let file = folder.path().join("twitch/hongcha.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path().join("twitch")).unwrap().count(), 1, "nothing half written is left");

    let again = keeper(&settings, &Scripted::of(&[(200, WHO)])).0.pass().await.expect("kept");
    assert_eq!(again.token.expose_secret(), "new");
    settings.accounts[0].token = SecretString::from("given anew");
    let given = keeper(&settings, &Scripted::of(&[(200, WHO)])).0.pass().await.expect("given");
    assert_eq!(given.token.expose_secret(), "given anew");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_for_all_who_use_it() {
    let web = Scripted::of(&[(200, WHO), (200, RENEWED), (200, WHO)]);
    let (keeper, _) = keeper(&settings(""), &web);
    let old = keeper.pass().await.expect("good").token;
    let (irc, helix) = tokio::join!(keeper.refused(&old), keeper.refused(&old));
    assert_eq!((irc, helix), (Ok(()), Ok(())));
    assert_eq!(keeper.pass().await.expect("good").token.expose_secret(), "new");
    assert_eq!(web.asked().iter().filter(|asked| asked.contains("/oauth2/token")).count(), 1);
}

#[tokio::test]
async fn trouble_says_whose_it_is_and_what_to_do() {
    let web = Scripted::of(&[(401, ""), (400, "{}")]);
    let trouble = keeper(&settings(""), &web).0.pass().await.expect_err("no good");
    assert_eq!(trouble, Trouble::Token(PersonaId::new("hongcha")));
    assert!(trouble.to_string().contains("LOVELM_TWITCH_TOKEN_HONGCHA"), "{trouble}");
    let other = keeper(&settings("omar_bot"), &Scripted::of(&[(200, WHO)])).0.pass().await.expect_err("another's");
    assert!(other.to_string().contains("[twitch.login.hongcha]"), "{other}");
    let narrow = WHO.replace("\"chat:read\",", "");
    let scope = keeper(&settings(""), &Scripted::of(&[(200, &narrow)])).0.pass().await.expect_err("may not read");
    assert!(scope.to_string().contains("chat:read"), "{scope}");
    let unknown = keeper(&settings(""), &Scripted::of(&[])).0.pass().await.expect_err("whose is it");
    assert!(matches!(unknown, Trouble::Nameless(_)));
    let named = keeper(&settings("hongcha_bot"), &Scripted::of(&[])).0.pass().await.expect("tried all the same");
    assert_eq!(named.login, "hongcha_bot");
}

#[tokio::test]
async fn helix_says_what_became_of_a_line() {
    let sent = r#"{"data":[{"message_id":"m-9","is_sent":true,"drop_reason":null}]}"#;
    let dropped =
        r#"{"data":[{"message_id":"","is_sent":false,"drop_reason":{"code":"msg_duplicate","message":"x"}}]}"#;
    for (replies, said) in [
        (vec![(200, WHO), (200, sent)], Said::Shown(Some(MessageId::new("m-9")))),
        (vec![(200, WHO), (200, dropped)], Said::Dropped("msg_duplicate".into())),
        (
            vec![(200, WHO), (401, ""), (401, ""), (200, RENEWED), (200, WHO), (200, sent)],
            Said::Shown(Some(MessageId::new("m-9"))),
        ),
        (vec![(200, WHO), (403, "")], Said::NotHere),
        (vec![(200, WHO), (429, "")], Said::Dropped("msg_ratelimit".into())),
        (vec![(200, WHO), (503, "")], Said::InDoubt),
        (vec![(200, WHO), (200, "half of a rep")], Said::InDoubt),
        (vec![(200, WHO)], Said::NotHere),
    ] {
        let (settings, web) = (settings(""), Scripted::of(&replies));
        let (keeper, _) = keeper(&settings, &web);
        let helix = Helix::new(&settings, Arc::clone(&web) as Arc<dyn Web>);
        let given = helix.say(&keeper, "7", "말", Some(&MessageId::new("m-1"))).await;
        assert_eq!(given, said, "{replies:?}");
        let body = json!({
            "broadcaster_id": "7", "message": "말", "reply_parent_message_id": "m-1", "sender_id": "9",
        });
        let posted = |asked: &String| {
            let (way, sent) = asked.split_at(asked.find('{').unwrap_or(asked.len()));
            way.contains("http://helix/chat/messages Bearer ")
                && serde_json::from_str(sent).is_ok_and(|sent: Value| sent == body)
        };
        assert!(web.asked().iter().any(posted), "{:?}", web.asked());
    }
}

#[tokio::test]
async fn every_account_is_examined() {
    let (settings, web) = (settings(""), Scripted::of(&[(200, WHO)]));
    let clock = Arc::new(ManualClock::at(DateTime::UNIX_EPOCH));
    let world = World { clock, dial: Arc::new(InMemory::new().0), web };
    let found = examine(&settings, &world).await.remove(0).found.expect("good");
    assert_eq!(found, "hongcha_bot: says lines by the API, answers no whispers (no user:manage:whispers)");
    let world = World { web: Scripted::of(&[(401, ""), (400, "")]), ..world };
    let trouble = examine(&settings, &world).await.remove(0).found.expect_err("no good");
    assert!(trouble.contains("the token of hongcha is not accepted"), "{trouble}");
}
