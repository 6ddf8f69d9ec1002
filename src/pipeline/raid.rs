//! Guests that somebody brings along: one welcome.

use super::Pipeline;
use crate::{chat::Message, locale::Arg, moderation::Hearing};

impl Pipeline {
    /// Welcomes whoever came and their viewers, once, in the words of the place's host.
    pub(super) async fn raided(&self, message: &Message, viewers: u64) {
        let rooms = &self.0;
        if message.author.is_bot || !rooms.is_new(message) {
            return;
        }
        if rooms.hearing(&message.place, &message.author.user) != Hearing::Heard {
            return;
        }
        let caller = self.caller(message).await;
        rooms.reply(&caller, "raid-welcome", &[("count", Arg::Count(viewers))]).await;
    }
}
