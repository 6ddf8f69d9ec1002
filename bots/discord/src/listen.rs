//! Takes what the gateway of one account brought, gives chat events. Knows nothing of interactions, which are answered before.

use std::collections::BTreeSet;

use lovelm::chat::{ChatEvent, Deletion, Message, MessageId, PersonaId, UserId};
use serenity::model::channel::Message as Written;
use tokio::sync::mpsc;

use crate::{
    api::Call,
    catch_up::Lookback,
    ears::Ear,
    events::Event,
    hear::{self, Guilds},
    order::Order,
    recent::Kind,
};

impl Ear {
    /// Understands what was sorted, until nobody sorts any more.
    pub(crate) async fn listen(self, mut sorted: mpsc::Receiver<Event>, lookback: Lookback) {
        let (mut guilds, mut order, mut caught_up) = (Guilds::default(), Order::default(), BTreeSet::new());
        while let Some(event) = sorted.recv().await {
            match event {
                Event::Guild(guild) => {
                    guilds.learn(&guild, &self.hearing.accounts);
                    if caught_up.insert(guild.id.get()) && lookback.since > 0 {
                        self.catch_up(&guild, lookback);
                    }
                }
                Event::GuildGone(guild) => guilds.lose(guild),
                Event::Role { guild, role } => guilds.role(guild, &role),
                Event::RoleGone { guild, role } => guilds.lose_role(guild, role),
                Event::Thread(thread) => {
                    if let Some(guild) = thread.guild_id {
                        guilds.thread(guild.get(), &thread, &self.hearing.accounts);
                    }
                }
                Event::ThreadGone(thread) => guilds.lose_thread(thread),
                Event::Written(written) => self.written(*written, &mut guilds, &mut order).await,
                Event::Changed(written) => self.changed(&written, &guilds, &mut order).await,
                Event::Deleted { channel, messages } => self.deleted(channel, messages, &mut order).await,
                Event::Banned { guild, user } => self.banned(guild, user, &guilds, &mut order).await,
                Event::Entitled(entitlement) => {
                    let lasts = self.hearing.goods.last(&entitlement);
                    self.account.patrons(|patrons| patrons.learn(&entitlement, lasts, self.clock.wall()));
                    if let Some(event) = hear::entitled(&entitlement, &self.hearing, self.clock.wall()) {
                        self.hear(event).await;
                    }
                }
                Event::NoLongerEntitled(entitlement) => self.account.patrons(|patrons| patrons.lose(&entitlement)),
                Event::Asked(_) => {}
            }
        }
    }

    async fn written(&self, written: Written, guilds: &mut Guilds, order: &mut Order) {
        let id = written.id.get();
        if let Some(boost) = hear::boosted(&written, &self.hearing) {
            if self.recent.is_new(Kind::Written, id) {
                self.hear(boost).await;
            }
            return;
        }
        let thread = guilds.begun_by(written.channel_id.get()).cloned();
        if !hear::is_for_us(&written, &self.hearing, thread.as_ref()) || !self.recent.is_new(Kind::Written, id) {
            return;
        }
        if let Some(guild) = written.guild_id {
            guilds.heard(guild.get(), written.channel_id.get());
        }
        let message = self.said(&written, guilds, thread.as_ref());
        let (ear, channel) = (self.clone(), written.channel_id.get());
        let parent = written.referenced_message.as_deref().and_then(above);
        let said = async move {
            let message = ear.with_context(message, channel, parent).await;
            ear.paid_for(ChatEvent::Said(message))
        };
        order.follow(self, channel, said).await;
    }

    pub(crate) fn said(&self, written: &Written, guilds: &Guilds, thread: Option<&PersonaId>) -> Message {
        let mut standing = guilds.standing(written);
        let guild = written.guild_id.map(serenity::model::id::GuildId::get);
        standing.supporter |= self.account.patrons(|patrons| patrons.supports(written.author.id.get(), guild));
        hear::said(written, &self.hearing, standing, thread)
    }

    async fn changed(&self, written: &Written, guilds: &Guilds, order: &mut Order) {
        let thread = guilds.begun_by(written.channel_id.get());
        let Some(at) = written.edited_timestamp else { return };
        let is_new = || self.recent.is_new(Kind::Changed(at.timestamp_millis()), written.id.get());
        if hear::is_for_us(written, &self.hearing, thread) && is_new() {
            let event = hear::changed(self.said(written, guilds, thread), written);
            order.follow(self, written.channel_id.get(), async move { event }).await;
        }
    }

    async fn deleted(&self, channel: u64, messages: Vec<u64>, order: &mut Order) {
        for message in messages.into_iter().filter(|message| self.recent.is_new(Kind::Deleted, *message)) {
            let message = MessageId::new(message.to_string());
            let event = ChatEvent::Deleted(Deletion::Message { place: hear::place(channel), message });
            order.follow(self, channel, async move { event }).await;
        }
    }

    async fn banned(&self, guild: u64, user: u64, guilds: &Guilds, order: &mut Order) {
        for channel in guilds.lately(guild) {
            if self.recent.is_new(Kind::Banned, user ^ channel) {
                let user = UserId::new(user.to_string());
                let event = ChatEvent::Deleted(Deletion::Person { place: hear::place(channel), user });
                order.follow(self, channel, async move { event }).await;
            }
        }
    }

    /// Follows replies upwards, as far as is configured and can be read.
    async fn with_context(&self, mut message: Message, channel: u64, parent: Option<u64>) -> Message {
        let mut next = parent;
        while let Some(id) = next.take().filter(|_| message.context.len() < self.replies) {
            let Ok(reply) = self.account.api.call(&Call::message(channel, id)).await else { break };
            let Ok(written) = reply.read::<Written>() else { break };
            if let Some(quoted) = hear::quoted(&written, &self.hearing) {
                message.context.insert(0, quoted);
            }
            next = above(&written);
        }
        message
    }
}

/// What a message answers, by its id.
fn above(written: &Written) -> Option<u64> {
    written.message_reference.as_ref()?.message_id.map(serenity::model::id::MessageId::get)
}
