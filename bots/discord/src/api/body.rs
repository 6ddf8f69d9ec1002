//! Takes text, gives a message as Discord takes it: nobody is mentioned but its asker, on each creation and each change.

use serde::Serialize;
use serenity::{
    builder::{CreateActionRow, CreateAllowedMentions},
    model::{channel::MessageFlags, id::UserId},
};

/// A message. There is no way to leave out whom it may mention: what is left out is taken for everybody.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Body {
    content: String,
    allowed_mentions: CreateAllowedMentions,
    flags: MessageFlags,
    components: Vec<CreateActionRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    enforce_nonce: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_reference: Option<Reference>,
}

#[derive(Clone, Debug, Serialize)]
struct Reference {
    message_id: String,
    /// An asker's message that is gone leaves a line without a reference.
    fail_if_not_exists: bool,
}

impl Body {
    /// Text that mentions nobody.
    pub(crate) fn new(content: String, components: Vec<CreateActionRow>) -> Self {
        Self {
            content,
            allowed_mentions: CreateAllowedMentions::new().replied_user(true),
            flags: MessageFlags::SUPPRESS_EMBEDS,
            components,
            nonce: None,
            enforce_nonce: false,
            message_reference: None,
        }
    }

    /// Text that begins with its asker's mention.
    pub(crate) fn mentioning(self, asker: Option<UserId>) -> Self {
        Self { allowed_mentions: self.allowed_mentions.users(asker), ..self }
    }

    /// The answer to a message. Its writer is told of it, unless that is ourselves.
    pub(crate) fn answering(self, message: Option<u64>, tells: bool) -> Self {
        let reference = |id: u64| Reference { message_id: id.to_string(), fail_if_not_exists: false };
        let allowed_mentions = self.allowed_mentions.replied_user(tells);
        Self { message_reference: message.map(reference), allowed_mentions, ..self }
    }

    /// Shown once for every nonce.
    pub(crate) fn once(self, nonce: String) -> Self {
        Self { nonce: Some(nonce), enforce_nonce: true, ..self }
    }

    /// For nobody but whoever asked.
    pub(crate) fn hidden(self, hidden: bool) -> Self {
        let flags = if hidden { self.flags | MessageFlags::EPHEMERAL } else { self.flags };
        Self { flags, ..self }
    }

    pub(crate) fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("text and numbers are JSON")
    }
}
