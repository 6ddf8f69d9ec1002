//! What people do: write, answer, press, fill in, take back, boost.

use std::time::Duration;

use super::{
    draft::Draft,
    network::Network,
    person::{Person, id_of},
    rules::mentioned,
};

/// What became of something that somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub id: u64,
    /// Sessions of bots that hear it, now or when they come back.
    pub reached: usize,
}

impl Network {
    /// Somebody writes in a channel.
    pub fn say(&mut self, at: Duration, channel: &str, who: &Person, text: &str) -> Told {
        self.spoken(at, channel, who, text, None, 0)
    }

    /// Somebody answers a message, with a ping or without.
    pub fn reply(&mut self, at: Duration, channel: &str, who: &Person, to: u64, ping: bool, text: &str) -> Told {
        self.spoken(at, channel, who, text, Some((to, ping)), 19)
    }

    /// A boost, as the channel is told of it: `kind` is 8, or 9 to 11 where it raises the guild's level.
    pub fn boost(&mut self, at: Duration, channel: &str, who: &Person, kind: u8) -> Told {
        let who = Person { boosting_since: who.boosting_since.or(Some(at)), ..who.clone() };
        if let Some(guild) = self.channels.get(&id_of(channel)).and_then(|channel| channel.guild) {
            self.guilds.entry(guild).and_modify(|guild| guild.boosts += 1);
        }
        self.spoken(at, channel, &who, "", None, kind)
    }

    fn spoken(
        &mut self,
        at: Duration,
        channel: &str,
        who: &Person,
        text: &str,
        to: Option<(u64, bool)>,
        kind: u8,
    ) -> Told {
        self.meet(who);
        let channel = id_of(channel);
        assert!(self.channels.contains_key(&channel), "there is no such channel");
        let mut draft = Draft::new(channel, who.id, text);
        draft.kind = kind;
        draft.reply_to = to.map(|(to, _)| to);
        let pinged = to.filter(|(_, ping)| *ping).and_then(|(to, _)| self.messages.get(&to)).map(|above| above.author);
        draft.mentions = mentioned(text).into_iter().chain(pinged).collect();
        draft.mentions.dedup();
        let hears = |network: &Self| -> usize {
            let bots = network.audience(channel);
            network.sessions.values().filter(|session| bots.contains(&session.bot)).count()
        };
        let reached = hears(self);
        Told { id: self.make(at, draft), reached }
    }

    /// A message is taken back, by its writer or by a moderator.
    pub fn delete(&mut self, message: u64) {
        self.remove(message);
    }

    /// Somebody changes what they wrote.
    pub fn rewrite(&mut self, at: Duration, message: u64, text: &str) {
        if let Some(found) = self.messages.get_mut(&message) {
            text.clone_into(&mut found.content);
            found.mentions = mentioned(text);
            found.edited.push(at);
        }
        self.tell_of(message, "MESSAGE_UPDATE");
    }
}
