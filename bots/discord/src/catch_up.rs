//! Takes channels in which something was written while nobody listened, gives the lines that nobody answered. Once at the start.

use lovelm::chat::ChatEvent;
use serenity::model::channel::Message as Written;

use crate::{
    api::Call,
    ears::Ear,
    hear::{self, Guild, Guilds},
    recent::Kind,
};

/// How far a start looks back. Moments have the form of a message's id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookback {
    /// Nothing: it does not.
    pub since: u64,
    pub began: u64,
    /// Channels of a server.
    pub channels: usize,
}

impl Ear {
    /// Looks once, in channels where something was written while nobody listened, for lines that nobody answered.
    pub(crate) fn catch_up(&self, guild: &Guild, lookback: Lookback) {
        let (ear, guild, channels) = (self.clone(), guild.id, guild.channels_since(lookback.since));
        tokio::spawn(async move {
            for channel in channels.into_iter().take(lookback.channels) {
                let call = Call::messages(channel, lookback.since);
                let Ok(reply) = ear.account.api.call_patiently(&call).await else { continue };
                let Ok(mut lately) = reply.read::<Vec<Written>>() else { continue };
                lately.sort_unstable_by_key(|written| written.id);
                for written in &mut lately {
                    written.guild_id = Some(guild);
                }
                let (open, unfinished) = hear::unanswered(&lately, &ear.hearing);
                // What began since is still being written.
                for stale in unfinished.into_iter().filter(|stale| stale.id.get() < lookback.began) {
                    let _ = ear.account.api.call_patiently(&Call::delete(channel, stale.id.get())).await;
                }
                for written in open.into_iter().filter(|written| ear.recent.is_new(Kind::Written, written.id.get())) {
                    metrics::counter!("lovelm_discord_caught_up_total").increment(1);
                    let message = ear.said(written, &Guilds::default(), None);
                    ear.hear(ChatEvent::Said(message)).await;
                }
            }
        });
    }
}
