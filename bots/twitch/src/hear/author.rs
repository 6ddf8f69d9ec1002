//! Takes a line, gives who wrote it and when, as one message. Knows nothing of money.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use lovelm::chat::{Author, EventId, Message, MessageId, Place, RawText, Standing, UserId};

use super::Told;
use crate::line::Tag;

/// Who gave without a name: Twitch's account for all of them.
pub(super) const ANONYMOUS: &str = "274598607";

/// A message with nothing said yet. `None` when it names no place.
pub(super) fn blank(told: &Told<'_>) -> Option<Message> {
    Some(in_place(told, told.place()?))
}

pub(super) fn in_place(told: &Told<'_>, place: Place) -> Message {
    let author = author(told);
    let (event, id) = event_id(told, author.user.as_str());
    Message {
        event,
        id: id.filter(|_| told.line.command == "PRIVMSG"),
        place,
        callback: None,
        author,
        text: RawText::default(),
        mentions: Vec::new(),
        reply_to: None,
        context: Vec::new(),
        at: sent_at(told).unwrap_or(told.now),
    }
}

fn sent_at(told: &Told<'_>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(told.line.at(Tag::SentAt)?.parse().ok()?)
}

fn author(told: &Told<'_>) -> Author {
    // USERNOTICE comes from the server and names its person in a tag.
    let login = lower(told.line.at(Tag::Login).unwrap_or(told.line.from));
    let mut standing = Standing { moderator: told.line.is_moderators(), supporter: is_supporter(told) };
    let mut is_bot = told.hearing.knows_bot(&login);
    for badge in told.line.badges() {
        match badge {
            "subscriber" | "founder" => standing.supporter = true,
            "bot-badge" => is_bot = true,
            _ => {}
        }
    }
    let user = UserId::new(told.line.at(Tag::UserId).unwrap_or(&login));
    let name = told.line.words(Tag::DisplayName).filter(|name| !name.trim().is_empty()).unwrap_or(login);
    Author { user, name: RawText::new(name), standing, is_bot, locale: None }
}

/// Whoever paid for a way to write, or whose tag says so.
fn is_supporter(told: &Told<'_>) -> bool {
    let is_power_up = matches!(told.line.at(Tag::Kind), Some("gigantified-emote-message" | "animated-message"));
    is_power_up || told.line.says(Tag::Subscriber)
}

/// The same for every delivery: as it was written, and where the line itself has an id, that. A line without an id gets one
/// from what else tells it from others.
fn event_id(told: &Told<'_>, user: &str) -> (EventId, Option<MessageId>) {
    let [source, own, message] = [Tag::SourceId, Tag::Id, Tag::MessageId].map(|tag| told.line.at(tag));
    // One text for both: this is done for every line.
    let own: Option<std::sync::Arc<str>> = own.map(std::sync::Arc::from);
    let id = own.clone().map(MessageId::new);
    let event = match (source, own, message) {
        (Some(source), ..) => EventId::new(source),
        (None, Some(own), _) => EventId::new(own),
        // Counted anew for every two people.
        (None, None, Some(message)) => EventId::new(format!("whisper-{}-{user}-{message}", told.line.middle)),
        (None, None, None) => {
            let sent = told.line.at(Tag::SentAt).unwrap_or_default();
            EventId::new(format!("{}-{user}-{sent}-{:x}", told.line.channel(), fingerprint(told.line.text)))
        }
    };
    (event, id)
}

/// In lower case, copied only where it is not.
pub(crate) fn lower(name: &str) -> Cow<'_, str> {
    let is_lower = name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) }
}

/// FNV-1a: stable from one build to the next, unlike the standard library's.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
