//! Takes an account, keeps it on Discord: its commands are known there, its purchases here, and its gateway is heard. Knows nothing
//! of the other accounts.

use std::{sync::Arc, time::Duration};

use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serenity::model::{
    gateway::GatewayIntents,
    id::SkuId,
    monetization::{Entitlement, SkuKind},
};
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    account::{Gateway, Trouble},
    api::Call,
    catch_up::Lookback,
    commands,
    ears::{Ear, Sorter, WAITING},
    events::Event,
    gateway::{Close, Link, Login, Turns},
    settings::Settings,
};

/// Before an account is tried again that could not be asked who it is.
const TROUBLED: Duration = Duration::from_secs(10);
/// Entitlements on a page: Discord's own rule.
const PAGE: usize = 100;

/// One account, to be kept on Discord.
pub(crate) struct Seat {
    /// Its place among the accounts.
    pub number: usize,
    pub ear: Ear,
    pub settings: Arc<Settings>,
    pub lookback: Lookback,
}

/// Something that an application sells.
#[derive(Deserialize)]
struct Sold {
    id: SkuId,
    #[serde(rename = "type")]
    kind: SkuKind,
}

impl Seat {
    /// Stays connected, until the account cannot be.
    pub(crate) async fn keep(self) {
        let persona = self.ear.account.persona.clone();
        let gateway = loop {
            match self.prepare().await {
                Ok(gateway) => break gateway,
                Err(trouble @ Trouble::Token) => {
                    return tracing::error!(%persona, %trouble, "an account is not on Discord");
                }
                Err(trouble) => {
                    tracing::error!(%persona, %trouble, "an account is not on Discord yet");
                    self.ear.clock.until(self.ear.clock.elapsed() + TROUBLED).await;
                }
            }
        };
        let (turns, mut shards) = (Turns::default(), JoinSet::new());
        for shard in 0..gateway.shards.max(1) {
            let (events, heard) = mpsc::channel(WAITING);
            let link = Link {
                persona: persona.clone(),
                address: gateway.url.clone(),
                clock: Arc::clone(&self.ear.clock),
                turns: turns.clone(),
                hand: Sorter::new(self.ear.clone(), events),
            };
            shards.spawn(link.keep(self.login(shard, gateway.shards.max(1))));
            shards.spawn(listened(self.ear.clone(), heard, self.lookback));
        }
        while let Some(ended) = shards.join_next().await {
            match ended {
                Ok(None) => {}
                Ok(Some(close)) => {
                    tracing::error!(%persona, trouble = %close, "an account is not on Discord any more");
                    return;
                }
                Err(error) => tracing::error!(%persona, %error, "a part of Discord broke"),
            }
        }
    }

    /// Everything that is asked before an account is connected.
    async fn prepare(&self) -> Result<Gateway, Trouble> {
        let (account, known) = (&self.ear.account, &self.ear.hearing.accounts);
        if known.id_of(&account.persona).is_none() {
            known.introduce(account.identity().await?.id, account.persona.clone());
        }
        let application = account.application().await?.id;
        self.ear.voice.introduce(self.number, application);
        self.register(application).await?;
        self.reconcile(application).await;
        account.gateway().await
    }

    /// Tells Discord the commands.
    async fn register(&self, application: u64) -> Result<(), Trouble> {
        let commands = commands::declared(&self.ear.locale);
        let guilds: Vec<_> = match self.settings.guilds.as_slice() {
            [] => vec![None],
            guilds => guilds.iter().copied().map(Some).collect(),
        };
        for guild in guilds {
            match self.ear.account.api.call_patiently(&Call::commands(application, guild, &commands)).await {
                Ok(_) => {}
                Err(failed) => match Trouble::from(failed.clone()) {
                    Trouble::Token => return Err(Trouble::Token),
                    Trouble::Unreached => {
                        tracing::warn!(persona = %self.ear.account.persona, ?failed, "commands were not registered");
                    }
                },
            }
        }
        Ok(())
    }

    /// What is sold, and what people bought while nobody listened.
    async fn reconcile(&self, application: u64) {
        let goods = &self.ear.hearing.goods;
        let sold = self.ear.account.api.call_patiently(&Call::skus(application)).await;
        match sold.and_then(|reply| reply.read::<Vec<Sold>>()) {
            Ok(sold) => {
                let used_up = sold.iter().filter(|sku| matches!(sku.kind, SkuKind::Consumable));
                goods.used_up(used_up.map(|sku| sku.id.get()).collect());
            }
            Err(failed) => tracing::warn!(?failed, "what is sold on Discord is not known"),
        }
        let (mut after, now) = (None, self.ear.clock.wall());
        loop {
            let Ok(reply) = self.ear.account.api.call_patiently(&Call::entitlements(application, after)).await else {
                return;
            };
            let Ok(page) = reply.read::<Vec<Entitlement>>() else { return };
            self.ear.account.patrons(|patrons| {
                for entitlement in &page {
                    patrons.learn(entitlement, goods.last(entitlement), now);
                }
            });
            let last = page.iter().map(|entitlement| entitlement.id.get()).max();
            if page.len() < PAGE || last <= after {
                return;
            }
            after = last;
        }
    }

    fn login(&self, shard: u32, of: u32) -> Login {
        let mut intents = GatewayIntents::GUILDS
            | GatewayIntents::GUILD_MESSAGES
            | GatewayIntents::GUILD_MODERATION
            | GatewayIntents::DIRECT_MESSAGES;
        if self.settings.message_content {
            intents |= GatewayIntents::MESSAGE_CONTENT;
        }
        let token = self.settings.accounts[self.number].token.expose_secret().to_owned();
        Login { token, intents: intents.bits(), shard: (shard, of) }
    }
}

async fn listened(ear: Ear, sorted: mpsc::Receiver<Event>, lookback: Lookback) -> Option<Close> {
    ear.listen(sorted, lookback).await;
    None
}
