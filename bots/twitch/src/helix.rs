//! Takes a line and whose it is, says it by Twitch's API, which says whether it was shown. Knows nothing of limits.

use std::sync::Arc;

use lovelm::chat::{MessageId, SendError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::{
    account::{Keeper, Pass},
    oauth::Identity,
    settings::Settings,
    web::{Method, Reply, Request, Unreached, Web},
};

/// The scope for saying lines by the API.
pub(crate) const SAYS: &str = "user:write:chat";
/// The scope for whispering.
pub(crate) const WHISPERS: &str = "user:manage:whispers";

/// Twitch's API.
#[derive(Clone)]
pub(crate) struct Helix {
    url: String,
    web: Arc<dyn Web>,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Shown(Option<MessageId>),
    /// Not shown, for this reason.
    Dropped(String),
    /// Not said: try it another way.
    NotHere,
    InDoubt,
}

#[derive(Deserialize)]
struct List<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    message_id: String,
    #[serde(rename = "is_sent")]
    shown: bool,
    drop_reason: Option<DropReason>,
}

#[derive(Deserialize)]
struct DropReason {
    code: String,
}

#[derive(Deserialize)]
struct Cheermote {
    prefix: String,
}

impl Helix {
    pub(crate) fn new(settings: &Settings, web: Arc<dyn Web>) -> Self {
        Self { url: settings.helix_url.clone(), web }
    }

    /// Says a line in the room with this id, once: a refused token is renewed if it is over, and then it is said again.
    pub(crate) async fn say(&self, keeper: &Keeper, room: &str, text: &str, reply: Option<&MessageId>) -> Said {
        let body = |identity: &Identity| {
            let mut body = json!({ "broadcaster_id": room, "sender_id": identity.user_id, "message": text });
            if let Some(id) = reply {
                body["reply_parent_message_id"] = json!(id.as_str());
            }
            body
        };
        match self.post(keeper, "/chat/messages", body).await {
            Err(Unreached::Refused) => Said::NotHere,
            Err(Unreached::Silent) => Said::InDoubt,
            Ok(reply) => said(&reply),
        }
    }

    /// Whispers to the user with this id.
    pub(crate) async fn whisper(&self, keeper: &Keeper, user: &str, text: &str) -> Result<(), SendError> {
        let allowed =
            keeper.pass().await.ok().and_then(|pass| pass.identity).filter(|identity| identity.allows(WHISPERS));
        let Some(identity) = allowed else { return Err(SendError::Gone) };
        let path = format!("/whispers?from_user_id={}&to_user_id={user}", identity.user_id);
        match self.post(keeper, &path, |_| json!({ "message": text })).await {
            Ok(Reply { status: 204 | 200, .. }) => Ok(()),
            Ok(Reply { status: 400..500, .. }) => Err(SendError::Refused("whisper".to_owned())),
            Err(Unreached::Refused) => Err(SendError::Gone),
            _ => Err(SendError::InDoubt),
        }
    }

    /// The words that pay before a number: everywhere, or in the room with this id.
    pub(crate) async fn cheermotes(&self, keeper: &Keeper, room: Option<&str>) -> Option<Vec<String>> {
        let Pass { token, identity, .. } = keeper.pass().await.ok()?;
        let query = room.map(|room| format!("?broadcaster_id={room}")).unwrap_or_default();
        let request = Request {
            method: Method::Get,
            url: format!("{}/bits/cheermotes{query}", self.url),
            authorization: Some(bearer(&token)),
            client: Some(identity?.client_id),
        };
        let reply = self.web.fetch(request).await.ok().filter(|reply| reply.status == 200)?;
        let list: List<Cheermote> = reply.json()?;
        Some(list.data.into_iter().map(|cheermote| cheermote.prefix).collect())
    }

    async fn post(
        &self,
        keeper: &Keeper,
        path: &str,
        body: impl Fn(&Identity) -> serde_json::Value,
    ) -> Result<Reply, Unreached> {
        let mut again = true;
        loop {
            let pass = keeper.pass().await.map_err(|_| Unreached::Refused)?;
            let identity = pass.identity.ok_or(Unreached::Refused)?;
            let request = Request {
                method: Method::Json(body(&identity)),
                url: format!("{}{path}", self.url),
                authorization: Some(bearer(&pass.token)),
                client: Some(identity.client_id),
            };
            let reply = self.web.fetch(request).await?;
            if reply.status != 401 || !std::mem::take(&mut again) {
                return Ok(reply);
            }
            // Not always the token's fault: who has verified no phone may not whisper.
            keeper.doubted(&pass.token).await;
        }
    }
}

/// What Twitch says of a line.
fn said(reply: &Reply) -> Said {
    match reply.status {
        200 => {
            let sent = reply.json::<List<Sent>>().and_then(|list| list.data.into_iter().next());
            match sent {
                None => Said::InDoubt,
                Some(Sent { shown: true, message_id, .. }) => {
                    Said::Shown(Some(message_id).filter(|id| !id.is_empty()).map(MessageId::new))
                }
                Some(sent) => {
                    Said::Dropped(sent.drop_reason.map_or_else(|| "msg_rejected".to_owned(), |reason| reason.code))
                }
            }
        }
        429 => Said::Dropped("msg_ratelimit".to_owned()),
        422 => Said::Dropped("msg_too_long".to_owned()),
        // Not with this token: by IRC it may be.
        400..500 => Said::NotHere,
        _ => Said::InDoubt,
    }
}

fn bearer(token: &SecretString) -> SecretString {
    SecretString::from(format!("Bearer {}", token.expose_secret()))
}
