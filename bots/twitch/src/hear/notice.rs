//! Takes what the server tells of a person, gives the event. Knows nothing of lines that people write.

use chrono::{DateTime, Utc};
use lovelm::chat::{ChatEvent, EventId, Message, Payment, RawText, UserId};

use super::{
    Hearing,
    author::{self, ANONYMOUS},
    money, said,
};
use crate::line::Line;

pub(super) fn usernotice(line: &Line<'_>, hearing: &Hearing, now: DateTime<Utc>) -> Option<ChatEvent> {
    let kind = line.raw("msg-id").unwrap_or_default();
    let mut message = author::blank(line, hearing, now)?;
    let payment = match kind {
        "sub" | "resub" | "giftpaidupgrade" | "anongiftpaidupgrade" | "primepaidupgrade" | "extendsub" => {
            money::sub(line)
        }
        "subgift" | "anonsubgift" | "onetapgiftredeemed" => gift(line, kind, 1, &mut message),
        "submysterygift" | "anonsubmysterygift" => {
            let count = line.number("msg-param-mass-gift-count").unwrap_or(1).max(1);
            gift(line, kind, count, &mut message)
        }
        "midnightsquid" => money::midnightsquid(line),
        "raid" => {
            let viewers = line.number("msg-param-viewerCount").unwrap_or(0);
            return Some(ChatEvent::Raided { message, viewers });
        }
        "announcement" => {
            said::speak(&mut message, line.text, hearing);
            return Some(ChatEvent::Said(message));
        }
        // Paid in a way that is not known yet, it is paid all the same. Who pays a gift forward gives by a line of its own;
        // a donation to a charity is not ours to thank for.
        "sharedchatnotice" => return None,
        _ => money::with_words(line)?,
    };
    said::speak(&mut message, &hearing.cheermotes.strip(line.text), hearing);
    Some(ChatEvent::Paid(message, payment))
}

/// A gift, alone or of many: all lines of one giving are one event. Whoever gives without a name is one person.
fn gift(line: &Line<'_>, kind: &str, count: u64, message: &mut Message) -> Payment {
    if let Some(giving) = line.tag("msg-param-community-gift-id").or_else(|| line.tag("msg-param-origin-id")) {
        let giving: String = giving.chars().filter(|c| !c.is_whitespace()).collect();
        message.event = EventId::new(format!("gift-{giving}"));
    }
    if kind.starts_with("anon") || line.raw("user-id") == Some(ANONYMOUS) {
        message.author.user = UserId::new(ANONYMOUS);
        message.author.name = RawText::new("AnAnonymousGifter");
        message.author.standing = lovelm::chat::Standing::default();
    }
    money::gifts(line, count)
}
