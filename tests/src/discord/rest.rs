//! The REST API as requests and answers without a socket: <https://discord.com/developers/docs/reference>. Each request and
//! each answer is held to Discord's own document.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    buckets::{Key, Scope, Verdict},
    fault::Trouble,
    network::Network,
    report::Breach,
    schema::{Found, document},
};

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    /// Without the query.
    pub path: String,
    /// Without the question mark.
    pub query: String,
    pub authorization: Option<String>,
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
    pub headers: Vec<(&'static str, String)>,
    /// How long it is on its way.
    pub after: Duration,
    /// The connection ends instead.
    pub cut: bool,
}

/// A status and a body, or why not.
pub(super) type Answer = Result<(u16, Value), Refused>;

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    status: u16,
    code: u32,
    message: String,
}

impl Refused {
    pub(super) fn code(status: u16, code: u32, message: &str) -> Self {
        Self { status, code, message: message.to_owned() }
    }

    pub(super) fn unknown(code: u32, what: &str) -> Self {
        Self::code(404, code, &format!("Unknown {what}"))
    }

    pub(super) fn form(field: &str) -> Self {
        Self::code(400, 50_035, &format!("Invalid Form Body: {field}"))
    }
}

/// Who asks, and for what.
pub(super) struct Call<'a> {
    pub(super) at: Duration,
    pub(super) bot: u64,
    pub(super) found: &'a Found,
    pub(super) request: &'a Request,
    pub(super) body: &'a Value,
}

impl Call<'_> {
    pub(super) fn param(&self, nth: usize) -> u64 {
        self.found.params.get(nth).and_then(|id| id.parse().ok()).unwrap_or_default()
    }
}

impl Request {
    /// One value of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, v)| v)
    }
}

impl Network {
    /// Answers a request.
    pub fn api(&mut self, at: Duration, request: &Request) -> Reply {
        let reply = self.answer(at, request);
        *self.report.statuses.entry(reply.status).or_default() += 1;
        let shared = reply.headers.iter().any(|(name, scope)| *name == "x-ratelimit-scope" && scope == "shared");
        if matches!(reply.status, 401 | 403 | 429) && !shared {
            self.report.invalid = self.buckets.invalid(at);
        }
        reply
    }

    fn answer(&mut self, at: Duration, request: &Request) -> Reply {
        if self.buckets.banned() {
            // As Cloudflare answers: no JSON and no bucket.
            return Reply { status: 429, body: json!("banned"), headers: vec![wait(600.0)], ..Reply::default() };
        }
        let path = request.path.trim_start_matches("/api").trim_start_matches("/v10");
        let bot = request.authorization.as_deref().and_then(|token| self.whose(token));
        let Some(found) = document().find(&request.method, path) else {
            self.breach(at, bot.unwrap_or_default(), path, Breach::UnknownRoute(request.method.clone()));
            return refused(&Refused::code(404, 0, "404: Not Found"));
        };
        let by_token = found.operation.contains("token}");
        let Some(bot) = bot.or_else(|| by_token.then(|| self.by_interaction(&found.params)).flatten()) else {
            return refused(&if by_token {
                Refused::code(401, 50_027, "Invalid Webhook Token")
            } else {
                Refused::code(401, 0, "401: Unauthorized")
            });
        };
        let body = serde_json::from_slice(&request.body).unwrap_or_default();
        let call = Call { at, bot, found: &found, request, body: &body };
        self.limited(&call)
    }

    fn limited(&mut self, call: &Call<'_>) -> Reply {
        // An interaction's token has a bucket of its own.
        let top = call.found.params.get(usize::from(call.found.operation.contains("token}")));
        let top = top.cloned().unwrap_or_default();
        let key = Key { bot: call.bot, route: call.found.operation, top };
        if let Some((left, global)) = self.buckets.waits(call.at, &key) {
            self.breach(call.at, call.bot, key.route, Breach::InsideRetryAfter);
            return too_often(left, if global { Scope::Global } else { Scope::User });
        }
        let trouble = self.trouble(call.bot, call.found.operation);
        match trouble {
            Some(Trouble::Limited { scope, wait }) => {
                self.buckets.shut(call.at, &key, scope, wait);
                return too_often(wait, scope);
            }
            Some(Trouble::Refused(status)) => return broken(status),
            _ => {}
        }
        let verdict = self.buckets.judge(call.at, &key);
        if let Some(scope) = verdict.refused {
            return too_often(verdict.reset_after, scope);
        }
        let mut reply = self.held_to_the_document(call);
        reply.headers.extend(self.bucket_headers(call.at, &key, &verdict));
        match trouble {
            Some(Trouble::Ambiguous(status)) => {
                self.report.ambiguous += 1;
                broken(status)
            }
            Some(Trouble::Cut) => {
                self.report.ambiguous += 1;
                Reply { cut: true, ..reply }
            }
            Some(Trouble::Slow(after)) => Reply { after, ..reply },
            _ => reply,
        }
    }

    fn held_to_the_document(&mut self, call: &Call<'_>) -> Reply {
        let operation = call.found.operation;
        for fault in document().request(operation, call.body) {
            self.breach(call.at, call.bot, operation, Breach::Shape(fault));
        }
        let (status, body) = match self.perform(call) {
            Ok(done) => done,
            Err(why) => {
                let reply = refused(&why);
                (reply.status, reply.body)
            }
        };
        for fault in document().response(operation, status, &body) {
            self.report.misshapen.push(format!("{operation} {status}: {fault}"));
        }
        Reply { status, body, ..Reply::default() }
    }

    fn perform(&mut self, call: &Call<'_>) -> Answer {
        let (one, two) = (call.param(0), call.param(1));
        let text = |nth: usize| call.found.params.get(nth).map_or("", String::as_str);
        match call.found.operation {
            "GET /gateway" => Ok((200, json!({ "url": self.gateway_url }))),
            "GET /gateway/bot" => Ok((200, self.gateway_shape(call.bot))),
            "GET /users/@me" => Ok((200, self.me_shape(call.bot))),
            "GET /applications/@me" | "GET /oauth2/applications/@me" => Ok((200, self.application_shape(call.bot))),
            "GET /users/@me/guilds" => Ok((200, self.guilds_shape(call.bot))),
            "POST /users/@me/channels" => self.open_direct(call.bot, call.body),
            "GET /guilds/{guild_id}" => self.seen_guild(call.bot, one).map(|()| (200, self.guild_shape(call.at, one))),
            "GET /guilds/{guild_id}/roles" => self.seen_guild(call.bot, one).map(|()| (200, Self::roles_shape(one))),
            "GET /guilds/{guild_id}/channels" => {
                self.seen_guild(call.bot, one).map(|()| (200, self.channels_shape(one)))
            }
            "GET /guilds/{guild_id}/members/{user_id}" => self.member(call.bot, one, two),
            "GET /channels/{channel_id}" => self.may(call.bot, one, 0).map(|()| (200, self.channel_shape(one))),
            "POST /channels/{channel_id}/typing" => {
                self.may(call.bot, one, super::place::permission::SEND_MESSAGES).map(|()| (204, Value::Null))
            }
            "GET /channels/{channel_id}/messages" => self.list_messages(call),
            "GET /channels/{channel_id}/messages/{message_id}" => self.get_message(call),
            "POST /channels/{channel_id}/messages" => self.create_message(call),
            "PATCH /channels/{channel_id}/messages/{message_id}" => self.edit_message(call),
            "DELETE /channels/{channel_id}/messages/{message_id}" => self.delete_message(call),
            "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me" => self.react(call),
            "DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me" => self.unreact(call),
            "POST /channels/{channel_id}/threads" | "POST /channels/{channel_id}/messages/{message_id}/threads" => {
                self.begin_thread(call)
            }
            "PUT /applications/{application_id}/commands" => self.register(call.at, call.bot, None, call.body),
            "PUT /applications/{application_id}/guilds/{guild_id}/commands" => {
                self.register(call.at, call.bot, Some(two), call.body)
            }
            "GET /applications/{application_id}/commands" => Ok((200, self.registered(call.bot, None))),
            "GET /applications/{application_id}/guilds/{guild_id}/commands" => {
                Ok((200, self.registered(call.bot, Some(two))))
            }
            "GET /applications/{application_id}/entitlements" => {
                Ok((200, self.list_entitlements(call.at, call.bot, call.request)))
            }
            "GET /applications/{application_id}/skus" => Ok((200, Self::list_skus(call.bot))),
            "POST /applications/{application_id}/entitlements/{entitlement_id}/consume" => {
                self.consume(call.bot, text(1))
            }
            "POST /interactions/{interaction_id}/{interaction_token}/callback" => self.acknowledge(call),
            "POST /webhooks/{webhook_id}/{webhook_token}" => self.follow_up(call),
            operation if operation.contains("/webhooks/{webhook_id}/{webhook_token}/messages/") => self.answered(call),
            operation => {
                self.breach(call.at, call.bot, operation, Breach::UnknownRoute("not simulated".to_owned()));
                Err(Refused::code(404, 0, "404: Not Found"))
            }
        }
    }

    fn registered(&self, bot: u64, guild: Option<u64>) -> Value {
        let commands = self.applications[&bot].commands.get(&guild).cloned();
        Value::Array(commands.unwrap_or_default())
    }

    fn bucket_headers(&self, at: Duration, key: &Key, verdict: &Verdict) -> Vec<(&'static str, String)> {
        let reset = self.wall(at + verdict.reset_after).timestamp_millis();
        let bucket = super::person::id_of(key.route);
        vec![
            ("x-ratelimit-limit", verdict.limit.to_string()),
            ("x-ratelimit-remaining", verdict.remaining.to_string()),
            ("x-ratelimit-reset", format!("{}.{:03}", reset / 1000, reset % 1000)),
            ("x-ratelimit-reset-after", format!("{:.3}", verdict.reset_after.as_secs_f64())),
            ("x-ratelimit-bucket", format!("{bucket:016x}")),
        ]
    }
}

fn refused(why: &Refused) -> Reply {
    Reply { status: why.status, body: json!({ "code": why.code, "message": why.message }), ..Reply::default() }
}

/// What stands before Discord answers for it.
fn broken(status: u16) -> Reply {
    Reply { status, body: json!({ "code": 0, "message": "Internal Server Error" }), ..Reply::default() }
}

fn wait(seconds: f64) -> (&'static str, String) {
    ("retry-after", format!("{seconds:.3}"))
}

fn too_often(left: Duration, scope: Scope) -> Reply {
    let (seconds, global) = (left.as_secs_f64(), scope == Scope::Global);
    let body = json!({
        "message": "You are being rate limited.", "retry_after": seconds, "global": global, "code": 0,
    });
    let mut headers = vec![wait(seconds), ("x-ratelimit-scope", scope.name().to_owned())];
    if global {
        headers.push(("x-ratelimit-global", "true".to_owned()));
    }
    let after = ("x-ratelimit-reset-after", format!("{seconds:.3}"));
    headers.extend([after, ("x-ratelimit-remaining", "0".to_owned())]);
    Reply { status: 429, body, headers, ..Reply::default() }
}
