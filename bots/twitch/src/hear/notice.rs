//! Takes what the server tells of a person, gives the event. Knows nothing of lines that people write.

use crate::line::Tag;
use lovelm::chat::{ChatEvent, EventId, Message, PaymentKind, RawText, Standing, UserId};

use super::{
    Told,
    author::{self, ANONYMOUS},
    money, said,
};

pub(super) fn usernotice(told: &Told<'_>) -> Option<ChatEvent> {
    let kind = told.line.at(Tag::Kind).unwrap_or_default();
    let payment = match kind {
        "sub" | "resub" | "giftpaidupgrade" | "anongiftpaidupgrade" | "primepaidupgrade" | "extendsub" => {
            money::sub(told.line)
        }
        "subgift" | "anonsubgift" | "onetapgiftredeemed" => money::gifts(told.line, 1),
        "submysterygift" | "anonsubmysterygift" => {
            money::gifts(told.line, told.line.count(Tag::GiftCount).unwrap_or(1).max(1))
        }
        "midnightsquid" => money::midnightsquid(told.line),
        "raid" => {
            let viewers = told.line.count(Tag::Viewers).unwrap_or(0);
            return Some(ChatEvent::Raided { message: author::blank(told)?, viewers });
        }
        "announcement" => {
            let mut message = author::blank(told)?;
            said::speak(&mut message, told.line.text, told.hearing);
            return Some(ChatEvent::Said(message));
        }
        "sharedchatnotice" => return None,
        // Paid in a way that is not known yet, it is paid all the same. Who pays a gift forward gives by a line of its own;
        // a donation to a charity is not ours to thank for.
        _ => money::with_words(told.line)?,
    };
    let mut message = author::blank(told)?;
    if payment.kind == PaymentKind::Gift {
        given(told, kind, &mut message);
    }
    said::speak(&mut message, &told.hearing.cheermotes.strip(told.line.text), told.hearing);
    Some(ChatEvent::Paid(message, payment))
}

/// A gift, alone or of many: all lines of one giving are one event. Whoever gives without a name is one person.
fn given(told: &Told<'_>, kind: &str, message: &mut Message) {
    if let Some(giving) = told.line.words(Tag::CommunityGift).or_else(|| told.line.words(Tag::Origin)) {
        let giving: String = giving.chars().filter(|c| !c.is_whitespace()).collect();
        message.event = EventId::new(format!("gift-{giving}"));
    }
    if kind.starts_with("anon") || told.line.at(Tag::UserId) == Some(ANONYMOUS) {
        message.author.user = UserId::new(ANONYMOUS);
        message.author.name = RawText::new("AnAnonymousGifter");
        message.author.standing = Standing::default();
    }
}
