//! Takes a message, gives what its writer said. Knows nothing of servers and standings.

use lovelm::chat::{Author, ChatEvent, EventId, Message, MessageId, PersonaId, Quoted, RawText, Standing, UserId};
use serenity::model::{
    channel::{Message as Written, MessageType},
    user::User,
};

use super::{Hearing, place, time};
use crate::buttons;

/// Whether a message is worth being looked at by this account: written by a person, and to it, unless everything is heard.
pub(crate) fn is_for_us(written: &Written, hearing: &Hearing, thread: Option<&PersonaId>) -> bool {
    let is_line = matches!(written.kind, MessageType::Regular | MessageType::InlineReply);
    let by_person = !written.author.bot && written.webhook_id.is_none();
    let own = |user: &User| hearing.accounts.persona(user.id).as_ref() == Some(&hearing.persona);
    let to_us = written.guild_id.is_none()
        || written.mentions.iter().any(own)
        || written.referenced_message.as_ref().is_some_and(|parent| own(&parent.author));
    is_line && by_person && !written.content.trim().is_empty() && (to_us || hearing.message_content || thread.is_some())
}

/// The message as a line of chat. In a conversation with this account alone every line is to it, and in a thread to the persona
/// that began it.
pub(crate) fn said(written: &Written, hearing: &Hearing, standing: Standing, thread: Option<&PersonaId>) -> Message {
    let (text, mut mentions) = readable(&written.content, hearing);
    let alone = if written.guild_id.is_none() { Some(&hearing.persona) } else { thread };
    let reply_to = written.referenced_message.as_ref().and_then(|parent| speaker(parent, hearing));
    if mentions.is_empty() && reply_to.is_none() {
        mentions.extend(alone.cloned());
    }
    Message {
        event: EventId::new(written.id.to_string()),
        id: Some(MessageId::new(written.id.to_string())),
        place: place(written.channel_id),
        author: Author {
            user: UserId::new(written.author.id.to_string()),
            name: RawText::new(name(written)),
            standing,
            is_bot: written.author.bot,
            locale: None,
        },
        text: RawText::new(text),
        mentions,
        reply_to,
        context: written.referenced_message.iter().filter_map(|parent| quoted(parent, hearing)).collect(),
        callback: None,
        at: time(written.timestamp),
    }
}

/// The same message once it was changed: an event of its own.
pub(crate) fn changed(mut message: Message, written: &Written) -> ChatEvent {
    let at = written.edited_timestamp.map_or(0, |at| at.timestamp_millis());
    message.event = EventId::new(format!("{}:{at}", written.id));
    ChatEvent::Edited(message)
}

/// What a message above another says, if that can be read.
pub(crate) fn quoted(written: &Written, hearing: &Hearing) -> Option<Quoted> {
    let (text, _) = readable(&written.content, hearing);
    (!text.trim().is_empty()).then(|| Quoted { speaker: speaker(written, hearing), text: RawText::new(text) })
}

/// Of what was written in a channel lately, the lines to this account that none of us answered; and what of ours was never
/// finished.
pub(crate) fn unanswered<'a>(lately: &'a [Written], hearing: &Hearing) -> (Vec<&'a Written>, Vec<&'a Written>) {
    let ours = |written: &&Written| speaker(written, hearing).is_some();
    let is_unfinished = |written: &Written| {
        let ids = written.components.iter().flat_map(|row| &row.components).filter_map(custom_id);
        ids.into_iter().any(buttons::is_cancel)
    };
    let (unfinished, finished): (Vec<_>, Vec<_>) =
        lately.iter().filter(ours).partition(|written| is_unfinished(written));
    let answered = |written: &Written| {
        let answers = finished.iter().filter_map(|answer| answer.message_reference.as_ref()?.message_id);
        answers.into_iter().any(|answered| answered == written.id)
    };
    let to_us = |written: &&Written| is_for_us(written, hearing, None) && calls(written, hearing);
    let open = lately.iter().filter(|written| to_us(written) && !answered(written)).collect();
    let own = |written: &&Written| speaker(written, hearing).as_ref() == Some(&hearing.persona);
    (open, unfinished.into_iter().filter(own).collect())
}

/// Whether a line names this account or answers it.
fn calls(written: &Written, hearing: &Hearing) -> bool {
    let (_, mentions) = readable(&written.content, hearing);
    let parent = written.referenced_message.as_ref().and_then(|parent| speaker(parent, hearing));
    mentions.contains(&hearing.persona) || parent.as_ref() == Some(&hearing.persona)
}

fn custom_id(component: &serenity::model::application::ActionRowComponent) -> Option<&str> {
    use serenity::model::application::{ActionRowComponent, ButtonKind};
    match component {
        ActionRowComponent::Button(button) => match &button.data {
            ButtonKind::NonLink { custom_id, .. } => Some(custom_id),
            _ => None,
        },
        _ => None,
    }
}

fn speaker(written: &Written, hearing: &Hearing) -> Option<PersonaId> {
    hearing.accounts.persona(written.author.id)
}

/// The name that others see.
fn name(written: &Written) -> String {
    let nick = written.member.as_ref().and_then(|member| member.nick.clone());
    nick.or_else(|| written.author.global_name.clone()).unwrap_or_else(|| written.author.name.clone())
}

/// Text in which our accounts' mentions are their personas', and those personas in the order of the text.
pub(super) fn readable(content: &str, hearing: &Hearing) -> (String, Vec<PersonaId>) {
    let (mut text, mut mentions, mut rest) = (String::with_capacity(content.len()), Vec::new(), content);
    while let Some(at) = rest.find("<@") {
        let (before, behind) = rest.split_at(at);
        let digits = behind[2..].trim_start_matches('!');
        let length = digits.find('>').filter(|end| digits[..*end].bytes().all(|byte| byte.is_ascii_digit()));
        let persona = length.and_then(|end| hearing.accounts.persona(digits[..end].parse::<u64>().ok()?));
        text.push_str(before);
        let Some((persona, end)) = persona.zip(length) else {
            text.push_str("<@");
            rest = &behind[2..];
            continue;
        };
        text.push('@');
        text.push_str(persona.as_str());
        if !mentions.contains(&persona) {
            mentions.push(persona);
        }
        rest = &digits[end + 1..];
    }
    text.push_str(rest);
    (text, mentions)
}
