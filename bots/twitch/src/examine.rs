//! Takes settings, gives what the identity server says of every account. Knows nothing of chat.

use std::sync::Arc;

use lovelm::chat::PersonaId;

use crate::{
    account::{Keeper, Pass},
    helix::{SAYS, WHISPERS},
    oauth::OAuth,
    settings::Settings,
    twitch::World,
};

/// What is known of one account, for its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    pub persona: PersonaId,
    /// How it can be used, or what keeps it from being used and what to do.
    pub found: Result<String, String>,
}

/// Looks at every token: whose it is, and what it allows. One that is no longer accepted is renewed, as in a run.
pub async fn examine(settings: &Settings, world: &World) -> Vec<Examined> {
    let oauth = OAuth::new(settings, Arc::clone(&world.web));
    let mut examined = Vec::new();
    for account in &settings.accounts {
        let keeper = Keeper::new(account, oauth.clone(), settings, Arc::clone(&world.clock));
        let found = keeper.pass().await.map_err(|trouble| trouble.to_string()).and_then(|pass| describe(&pass));
        examined.push(Examined { persona: account.persona.clone(), found });
    }
    examined
}

fn describe(pass: &Pass) -> Result<String, String> {
    let identity = pass.identity.as_ref().ok_or("the identity server (twitch.auth_url) cannot be asked")?;
    let way = if identity.allows(SAYS) { "says lines by the API" } else { "says lines by IRC (no user:write:chat)" };
    let whispers = if identity.allows(WHISPERS) { "" } else { ", answers no whispers (no user:manage:whispers)" };
    Ok(format!("{}: {way}{whispers}", pass.login))
}
