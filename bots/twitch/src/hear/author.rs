//! Takes a line, gives who wrote it and when, as one message. Knows nothing of money.

use chrono::{DateTime, Utc};
use lovelm::chat::{Author, EventId, Message, Place, RawText, Standing, UserId};

use super::{Hearing, place};
use crate::line::Line;

/// Who gave without a name: Twitch's account for all of them.
pub(super) const ANONYMOUS: &str = "274598607";

/// A message with nothing said yet. `None` when it names no place.
pub(super) fn blank(line: &Line<'_>, hearing: &Hearing, now: DateTime<Utc>) -> Option<Message> {
    Some(in_place(line, place(line)?, hearing, now))
}

pub(super) fn in_place(line: &Line<'_>, place: Place, hearing: &Hearing, now: DateTime<Utc>) -> Message {
    let author = author(line, hearing);
    let at = line.raw("tmi-sent-ts").and_then(|ms| ms.parse().ok()).and_then(DateTime::from_timestamp_millis);
    let event = EventId::new(event_id(line, &author));
    let mut message = Message::said(event, place, author.user.clone(), RawText::default(), at.unwrap_or(now));
    message.author = author;
    message
}

fn author(line: &Line<'_>, hearing: &Hearing) -> Author {
    // USERNOTICE comes from the server and names its person in a tag.
    let login = line.raw("login").unwrap_or(line.from).to_lowercase();
    let name = line.tag("display-name").filter(|name| !name.trim().is_empty());
    let is_bot =
        hearing.accounts.contains_key(&login) || hearing.bots.contains(&login) || line.has("badges", "bot-badge");
    Author {
        user: UserId::new(line.raw("user-id").unwrap_or(&login)),
        name: RawText::new(name.map_or(login, std::borrow::Cow::into_owned)),
        standing: Standing { moderator: moderates(line), supporter: subscribes(line) },
        is_bot,
        locale: None,
    }
}

fn moderates(line: &Line<'_>) -> bool {
    let badge = |name| line.has("badges", name);
    line.is("mod") || badge("broadcaster") || badge("moderator") || badge("lead_moderator")
}

fn subscribes(line: &Line<'_>) -> bool {
    let is_power_up = matches!(line.raw("msg-id"), Some("gigantified-emote-message" | "animated-message"));
    line.is("subscriber") || line.has("badges", "subscriber") || line.has("badges", "founder") || is_power_up
}

/// The same for every delivery. A line without an id gets one from what else tells it from others.
fn event_id(line: &Line<'_>, author: &Author) -> String {
    let id = line.raw("source-id").or_else(|| line.raw("id")).or_else(|| line.raw("message-id"));
    id.map_or_else(
        || {
            let sent = line.raw("tmi-sent-ts").unwrap_or_default();
            format!("{}-{}-{sent}-{:x}", line.channel(), author.user.as_str(), fingerprint(line.text))
        },
        str::to_owned,
    )
}

/// FNV-1a: stable from one build to the next, unlike the standard library's.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
