//! The part of Helix and of the authorisation server that a chat bot needs, as requests and answers without a socket:
//! <https://dev.twitch.tv/docs/api/reference/>, <https://dev.twitch.tv/docs/authentication/>.

use std::{collections::HashMap, time::Duration};

use serde_json::{Value, json};

use super::{
    network::{Network, Send, Sent, Way},
    tokens::Grant,
    viewer::id_of,
};

/// The client that all tokens were made for.
pub const CLIENT_ID: &str = "lovelmclient";
/// Its secret.
pub const CLIENT_SECRET: &str = "lovelmsecret";

/// A request to Helix (`/helix/..`) or to the authorisation server (`/oauth2/..`).
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Without the query.
    pub path: String,
    pub query: String,
    pub authorization: Option<String>,
    pub client: Option<String>,
    pub body: Vec<u8>,
}

/// A status and a JSON body.
pub type Reply = (u16, Value);

type Answer = Result<Reply, Reply>;

impl Network {
    /// Answers a request.
    pub fn api(&mut self, at: Duration, request: &Request) -> Reply {
        *self.requests.entry(request.path.clone()).or_default() += 1;
        let answer = match request.path.as_str() {
            "/helix/users" => self.users(at, request),
            "/helix/chat/messages" => self.message(at, request),
            "/helix/whispers" => self.api_whisper(at, request),
            "/helix/bits/cheermotes" => self.cheermotes(at, request),
            "/oauth2/validate" => self.validate(at, request),
            "/oauth2/token" => self.renew(at, request),
            _ => Err(fault(404, "Not Found")),
        };
        answer.unwrap_or_else(|refused| refused)
    }

    /// How often a path was asked for.
    pub fn requests(&self, path: &str) -> usize {
        self.requests.get(path).copied().unwrap_or_default()
    }

    /// Whose token comes with a request to Helix, if it has the scope.
    fn may(&self, at: Duration, request: &Request, scope: Option<&str>) -> Result<Grant, Reply> {
        let given = request.authorization.as_deref().and_then(|given| given.strip_prefix("Bearer "));
        let grant = given.and_then(|token| self.tokens.grant(at, token)).cloned();
        let grant = grant.ok_or_else(|| fault(401, "Invalid OAuth token"))?;
        if request.client.as_deref() != Some(CLIENT_ID) {
            return Err(fault(401, "Client ID and OAuth token do not match"));
        }
        match scope.filter(|scope| !grant.scopes.iter().any(|given| given == scope)) {
            Some(missing) => Err(fault(401, &format!("Missing scope: {missing}"))),
            None => Ok(grant),
        }
    }

    fn users(&self, at: Duration, request: &Request) -> Answer {
        let grant = self.may(at, request, None)?;
        let asked = request.query.split('&').filter_map(|pair| pair.split_once('='));
        let mut found: Vec<String> = Vec::new();
        for (key, value) in asked {
            let known = self.accounts.keys().chain(self.channels.keys());
            found.extend(
                known.filter(|login| if key == "id" { id_of(login) == value } else { *login == value }).cloned(),
            );
        }
        if request.query.is_empty() {
            found.push(grant.login);
        }
        found.sort();
        found.dedup();
        let data: Vec<_> = found.iter().map(|login| user(login)).collect();
        Ok((200, json!({ "data": data })))
    }

    fn message(&mut self, at: Duration, request: &Request) -> Answer {
        let grant = self.may(at, request, Some("user:write:chat"))?;
        let body = json_body(request)?;
        let field = |name: &str| body[name].as_str().unwrap_or_default();
        if field("sender_id") != id_of(&grant.login) {
            return Err(fault(403, "The sender is not who the token belongs to"));
        }
        if field("message").chars().count() > 500 {
            return Err(fault(422, "The message is too large"));
        }
        let room = self.channels.values().find(|channel| channel.id == field("broadcaster_id"));
        let channel = room.map(|room| room.login.clone()).ok_or_else(|| fault(400, "The broadcaster is not there"))?;
        let (login, text) = (grant.login.as_str(), field("message"));
        let reply_to = body["reply_parent_message_id"].as_str();
        match self.send(at, Send { login, channel: &channel, text, reply_to, way: Way::Helix, from: None }) {
            Sent::Shown(id) => Ok((200, json!({ "data": [{ "message_id": id, "is_sent": true }] }))),
            Sent::Refused(refusal, words) => {
                let why = json!({ "code": refusal.id(), "message": words });
                Ok((200, json!({ "data": [{ "message_id": "", "is_sent": false, "drop_reason": why }] })))
            }
            Sent::Ignored => Err(fault(429, "Too Many Requests")),
        }
    }

    fn api_whisper(&mut self, at: Duration, request: &Request) -> Answer {
        let grant = self.may(at, request, Some("user:manage:whispers"))?;
        let to = request.query.split('&').find_map(|pair| pair.strip_prefix("to_user_id=")).unwrap_or_default();
        let body = json_body(request)?;
        match self.accounts.get_mut(&grant.login).and_then(|account| account.unwhispered.pop_front()) {
            Some(401) => return Err(fault(401, "The user in from_user_id must have a verified phone number")),
            Some(status) => {
                return Err(fault(status, "The recipient's settings prevent this sender from whispering them"));
            }
            None => {}
        }
        self.whispered(&grant.login, to, body["message"].as_str().unwrap_or_default());
        Ok((204, Value::Null))
    }

    fn cheermotes(&self, at: Duration, request: &Request) -> Answer {
        self.may(at, request, None)?;
        let data = ["Cheer", "Kappa", "Love", "DoodleCheer"].map(|prefix| {
            json!({
                "prefix": prefix, "type": "global_first_party", "order": 1, "last_updated": "2018-05-22T00:06:04Z",
                "is_charitable": false, "tiers": [{ "min_bits": 1, "id": "1", "color": "#979797", "can_cheer": true }],
            })
        });
        Ok((200, json!({ "data": data })))
    }

    fn validate(&mut self, at: Duration, request: &Request) -> Answer {
        self.tokens.validated += 1;
        let given = request.authorization.as_deref().unwrap_or_default();
        let token = given.strip_prefix("OAuth ").or_else(|| given.strip_prefix("Bearer ")).unwrap_or_default();
        let invalid = || (401, json!({ "status": 401, "message": "invalid access token" }));
        let grant = self.tokens.grant(at, token).ok_or_else(invalid)?;
        let body = json!({
            "client_id": CLIENT_ID, "login": grant.login, "scopes": grant.scopes, "user_id": id_of(&grant.login),
            "expires_in": grant.until.saturating_sub(at).as_secs(),
        });
        Ok((200, body))
    }

    fn renew(&mut self, at: Duration, request: &Request) -> Answer {
        let refused = |status: u16, message: &str| (status, json!({ "status": status, "message": message }));
        let body = String::from_utf8_lossy(&request.body);
        let form: HashMap<&str, &str> = body.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let field = |name: &str| form.get(name).copied().unwrap_or_default();
        if field("client_id") != CLIENT_ID || field("client_secret") != CLIENT_SECRET {
            return Err(refused(403, "invalid client secret"));
        }
        if field("grant_type") != "refresh_token" {
            return Err(refused(400, "unsupported grant type"));
        }
        let renewed = self.tokens.renew(at, field("refresh_token"));
        let (pair, grant) = renewed.ok_or_else(|| refused(400, "Invalid refresh token"))?;
        let body = json!({
            "access_token": pair.access, "refresh_token": pair.refresh, "scope": grant.scopes,
            "expires_in": grant.until.saturating_sub(at).as_secs(), "token_type": "bearer",
        });
        Ok((200, body))
    }
}

fn fault(status: u16, message: &str) -> Reply {
    let error = match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        422 => "Unprocessable Entity",
        _ => "Too Many Requests",
    };
    (status, json!({ "error": error, "status": status, "message": message }))
}

fn json_body(request: &Request) -> Result<Value, Reply> {
    serde_json::from_slice(&request.body).map_err(|_| fault(400, "The body is no JSON"))
}

fn user(login: &str) -> Value {
    json!({
        "id": id_of(login), "login": login, "display_name": login, "type": "", "broadcaster_type": "", "description": "",
        "profile_image_url": "", "offline_image_url": "", "view_count": 0, "created_at": "2016-12-14T20:32:28Z",
    })
}
