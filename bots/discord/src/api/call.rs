//! What is asked of Discord: the calls that this crate knows.

use serde_json::{Value, json};
use serenity::{
    http::{LightMethod, Route},
    model::id::{ApplicationId, ChannelId, EntitlementId, GuildId, InteractionId, MessageId, UserId},
};

use super::Body;

/// Where Discord's API begins.
const API: &str = "https://discord.com/api/v10";
/// Messages of a channel that are looked through at once.
const MOST_MESSAGES: u8 = 100;

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    pub method: LightMethod,
    /// `None` for the one path that serenity has no name for.
    pub route: Option<Route<'a>>,
    pub body: Option<Vec<u8>>,
    pub params: Option<Vec<(&'static str, String)>>,
}

impl<'a> Call<'a> {
    fn new(method: LightMethod, route: Route<'a>) -> Self {
        Self { method, route: Some(route), body: None, params: None }
    }

    fn with(self, body: &Value) -> Self {
        Self { body: Some(body.to_string().into_bytes()), ..self }
    }

    fn saying(self, body: &Body) -> Self {
        Self { body: Some(body.json()), ..self }
    }

    pub(crate) fn me() -> Self {
        Self::new(LightMethod::Get, Route::UserMe)
    }

    /// The account's own application.
    pub(crate) fn application() -> Self {
        Self { method: LightMethod::Get, route: None, body: None, params: None }
    }

    pub(crate) fn gateway() -> Self {
        Self::new(LightMethod::Get, Route::GatewayBot)
    }

    pub(crate) fn commands(application: u64, guild: Option<u64>, commands: &Value) -> Self {
        let application_id = ApplicationId::new(application);
        let route = match guild {
            Some(guild) => Route::GuildCommands { application_id, guild_id: GuildId::new(guild) },
            None => Route::Commands { application_id },
        };
        Self::new(LightMethod::Put, route).with(commands)
    }

    pub(crate) fn guild(guild: u64) -> Self {
        Self::new(LightMethod::Get, Route::Guild { guild_id: GuildId::new(guild) })
    }

    pub(crate) fn member(guild: u64, user: u64) -> Self {
        let (guild_id, user_id) = (GuildId::new(guild), UserId::new(user));
        Self::new(LightMethod::Get, Route::GuildMember { guild_id, user_id })
    }

    pub(crate) fn create(channel: u64, body: &Body) -> Self {
        Self::new(LightMethod::Post, Route::ChannelMessages { channel_id: ChannelId::new(channel) }).saying(body)
    }

    pub(crate) fn edit(channel: u64, message: u64, body: &Body) -> Self {
        Self::new(LightMethod::Patch, route_of(channel, message)).saying(body)
    }

    pub(crate) fn delete(channel: u64, message: u64) -> Self {
        Self::new(LightMethod::Delete, route_of(channel, message))
    }

    pub(crate) fn message(channel: u64, message: u64) -> Self {
        Self::new(LightMethod::Get, route_of(channel, message))
    }

    /// What was written since a message, or a moment in the form of one.
    pub(crate) fn messages(channel: u64, after: u64) -> Self {
        let call = Self::new(LightMethod::Get, Route::ChannelMessages { channel_id: ChannelId::new(channel) });
        Self { params: Some(vec![("after", after.to_string()), ("limit", MOST_MESSAGES.to_string())]), ..call }
    }

    /// The first word to an interaction, within three seconds.
    pub(crate) fn callback(interaction: u64, token: &'a str, word: &Value) -> Self {
        let interaction_id = InteractionId::new(interaction);
        Self::new(LightMethod::Post, Route::InteractionResponse { interaction_id, token }).with(word)
    }

    pub(crate) fn edit_original(application: u64, token: &'a str, body: &Body) -> Self {
        Self::new(LightMethod::Patch, original(application, token)).saying(body)
    }

    pub(crate) fn delete_original(application: u64, token: &'a str) -> Self {
        Self::new(LightMethod::Delete, original(application, token))
    }

    pub(crate) fn follow_up(application: u64, token: &'a str, body: &Body) -> Self {
        let application_id = ApplicationId::new(application);
        Self::new(LightMethod::Post, Route::WebhookFollowupMessages { application_id, token }).saying(body)
    }

    pub(crate) fn edit_follow_up(application: u64, token: &'a str, message: u64, body: &Body) -> Self {
        Self::new(LightMethod::Patch, follow_up(application, token, message)).saying(body)
    }

    pub(crate) fn delete_follow_up(application: u64, token: &'a str, message: u64) -> Self {
        Self::new(LightMethod::Delete, follow_up(application, token, message))
    }

    /// What people bought of the application and still have, from one entitlement on.
    pub(crate) fn entitlements(application: u64, after: Option<u64>) -> Self {
        let application_id = ApplicationId::new(application);
        let mut params = vec![("exclude_ended", "true".to_owned()), ("limit", "100".to_owned())];
        params.extend(after.map(|after| ("after", after.to_string())));
        Self { params: Some(params), ..Self::new(LightMethod::Get, Route::Entitlements { application_id }) }
    }

    /// What the application sells.
    pub(crate) fn skus(application: u64) -> Self {
        Self::new(LightMethod::Get, Route::Skus { application_id: ApplicationId::new(application) })
    }

    pub(crate) fn consume(application: u64, entitlement: u64) -> Self {
        let (application_id, entitlement_id) = (ApplicationId::new(application), EntitlementId::new(entitlement));
        Self::new(LightMethod::Post, Route::ConsumeEntitlement { application_id, entitlement_id })
    }

    /// Whether it answers an interaction: those have limits of their own, each its own.
    pub(super) fn is_callback(&self) -> bool {
        self.callback_token().is_some() || self.route.is_none()
    }

    /// Whether it puts something new before people.
    pub(super) fn shows(&self) -> bool {
        self.method == LightMethod::Post && matches!(self.route, Some(Route::ChannelMessages { .. }))
    }

    /// Whatever shares limits.
    pub(super) fn place(&self) -> String {
        match self.route {
            Some(Route::ChannelMessages { channel_id } | Route::ChannelMessage { channel_id, .. }) => {
                format!("channel {channel_id}")
            }
            _ => self.callback_token().map_or_else(|| self.kind().to_owned(), |token| format!("callback {token}")),
        }
    }

    /// Which of the calls to a place.
    pub(super) fn kind(&self) -> &'static str {
        match (self.method, self.route) {
            (LightMethod::Post, Some(Route::ChannelMessages { .. })) => "create",
            (LightMethod::Patch, Some(Route::ChannelMessage { .. })) => "edit",
            (LightMethod::Delete, _) => "delete",
            (LightMethod::Get, Some(Route::ChannelMessage { .. } | Route::ChannelMessages { .. })) => "read",
            (_, Some(Route::InteractionResponse { .. })) => "acknowledge",
            (_, Some(Route::Commands { .. } | Route::GuildCommands { .. })) => "commands",
            (_, Some(Route::Entitlements { .. } | Route::ConsumeEntitlement { .. } | Route::Skus { .. })) => {
                "entitlements"
            }
            (_, Some(Route::Guild { .. } | Route::GuildMember { .. })) => "guild",
            (LightMethod::Patch, _) => "edit callback",
            (LightMethod::Post, _) => "follow up",
            _ => "self",
        }
    }

    pub(super) fn path(&self) -> String {
        let mut path = self.route.map_or_else(|| format!("{API}/applications/@me"), |route| route.path().into_owned());
        for (index, (name, value)) in self.params.iter().flatten().enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            path.push_str(name);
            path.push('=');
            path.push_str(value);
        }
        path
    }

    fn callback_token(&self) -> Option<&str> {
        match self.route {
            Some(
                Route::InteractionResponse { token, .. }
                | Route::WebhookOriginalInteractionResponse { token, .. }
                | Route::WebhookFollowupMessage { token, .. }
                | Route::WebhookFollowupMessages { token, .. },
            ) => Some(token),
            _ => None,
        }
    }
}

/// A first word that promises another: seen by everybody, or by the asker alone.
pub(crate) fn deferred(private: bool) -> Value {
    json!({ "type": 5, "data": { "flags": if private { 64 } else { 0 } } })
}

fn route_of(channel: u64, message: u64) -> Route<'static> {
    Route::ChannelMessage { channel_id: ChannelId::new(channel), message_id: MessageId::new(message) }
}

fn original(application: u64, token: &str) -> Route<'_> {
    Route::WebhookOriginalInteractionResponse { application_id: ApplicationId::new(application), token }
}

fn follow_up(application: u64, token: &str, message: u64) -> Route<'_> {
    let (application_id, message_id) = (ApplicationId::new(application), MessageId::new(message));
    Route::WebhookFollowupMessage { application_id, token, message_id }
}
