//! Takes settings, gives what each account is good for, and where it can be invited. For an operator, before anything runs.

use std::sync::Arc;

use lovelm::{chat::PersonaId, clock::Clock};
use serde::Deserialize;
use serenity::model::{
    Permissions,
    id::{RoleId, UserId},
};

use crate::{
    account::{Account, Application, Identity, Trouble},
    api::{Api, Call, Failed, Far, Fault},
    settings::Settings,
};

/// What a bot needs, and nothing else.
const NEEDED: [(Permissions, &str); 4] = [
    (Permissions::VIEW_CHANNEL, "View Channels"),
    (Permissions::SEND_MESSAGES, "Send Messages"),
    (Permissions::SEND_MESSAGES_IN_THREADS, "Send Messages in Threads"),
    (Permissions::READ_MESSAGE_HISTORY, "Read Message History"),
];
/// Flags of an application that may read every message: granted, and granted to small ones.
const MESSAGE_CONTENT: u64 = 1 << 18 | 1 << 19;

/// What is known of one account, for its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    pub persona: PersonaId,
    /// How it can be used, or what keeps it from being used and what to do.
    pub found: Result<String, String>,
}

/// Where a persona's bot can be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub persona: PersonaId,
    pub url: Result<String, String>,
}

/// A server, as far as permissions in it need it.
#[derive(Deserialize)]
struct Server {
    name: String,
    owner_id: UserId,
    roles: Vec<Role>,
}

#[derive(Deserialize)]
struct Role {
    id: RoleId,
    permissions: Permissions,
}

#[derive(Deserialize)]
struct Member {
    roles: Vec<RoleId>,
}

/// Looks at every token: whose it is, and what it allows in the servers of the settings.
///
/// # Errors
/// See [`Fault`].
pub async fn examine(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Vec<Examined>, Fault> {
    let mut examined = Vec::new();
    for account in accounts(settings, clock)? {
        let found = found(&account, settings).await;
        examined.push(Examined { persona: account.persona.clone(), found });
    }
    Ok(examined)
}

/// An address for each bot at which it is invited with the least that it needs.
///
/// # Errors
/// See [`Fault`].
pub async fn invitations(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Vec<Invitation>, Fault> {
    let mut invitations = Vec::new();
    for account in accounts(settings, clock)? {
        let url = account.application().await.map(|application| invitation(application.id));
        invitations
            .push(Invitation { persona: account.persona.clone(), url: url.map_err(|trouble| trouble.to_string()) });
    }
    Ok(invitations)
}

fn accounts(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Vec<Arc<Account>>, Fault> {
    let far = Far::new(settings, clock)?;
    let account = |account: &crate::Account| Account::new(account.persona.clone(), Api::new(&far, &account.token));
    Ok(settings.accounts.iter().map(account).collect())
}

fn needed() -> Permissions {
    NEEDED.iter().fold(Permissions::empty(), |all, (one, _)| all | *one)
}

fn invitation(application: u64) -> String {
    let permissions = needed().bits();
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={permissions}"
    )
}

async fn found(account: &Account, settings: &Settings) -> Result<String, String> {
    let identity = account.identity().await.map_err(|trouble| trouble.to_string())?;
    let application = account.application().await.map_err(|trouble| trouble.to_string())?;
    if settings.message_content && application.flags & MESSAGE_CONTENT == 0 {
        return Err(format!(
            "{}: may not read every message: switch Message Content Intent on in the developer portal (Bot), or \
             discord.message_content off",
            identity.username
        ));
    }
    let mut missing = Vec::new();
    for guild in &settings.guilds {
        missing.extend(in_guild(account, &identity, &application, *guild).await.err());
    }
    if !missing.is_empty() {
        return Err(format!("{}: {}", identity.username, missing.join("; ")));
    }
    let reads = if settings.message_content { "reads every message" } else { "reads what is said to it" };
    Ok(format!("{}: {reads}, {} servers looked at", identity.username, settings.guilds.len()))
}

/// What is missing in a server.
async fn in_guild(account: &Account, own: &Identity, application: &Application, guild: u64) -> Result<(), String> {
    let absent = || format!("not in the server {guild}: invite it with {}", invitation(application.id));
    let trouble = |failed: Failed| match failed {
        Failed::Refused { status: 403 | 404, .. } => absent(),
        failed => Trouble::from(failed).to_string(),
    };
    let api = &account.api;
    let server: Server =
        api.call_patiently(&Call::guild(guild)).await.and_then(|reply| reply.read()).map_err(trouble)?;
    let member: Member =
        api.call_patiently(&Call::member(guild, own.id)).await.and_then(|reply| reply.read()).map_err(trouble)?;
    let held = server.permissions(&member, guild, own.id);
    let lacking: Vec<_> = NEEDED.iter().filter(|(one, _)| !held.contains(*one)).map(|(_, name)| *name).collect();
    if lacking.is_empty() { Ok(()) } else { Err(format!("in {} it lacks {}", server.name, lacking.join(", "))) }
}

impl Server {
    /// What a member may do, before channels change it. The role of everybody has the server's own id.
    fn permissions(&self, member: &Member, guild: u64, own: u64) -> Permissions {
        let counts = |role: &&Role| role.id.get() == guild || member.roles.contains(&role.id);
        let held = self.roles.iter().filter(counts).fold(Permissions::empty(), |all, role| all | role.permissions);
        let all = self.owner_id.get() == own || held.contains(Permissions::ADMINISTRATOR);
        if all { Permissions::all() } else { held }
    }
}
