//! Takes boosts and purchases, gives payments. Knows nothing of what they are worth beyond what is configured.

use chrono::{DateTime, Utc};
use lovelm::chat::{
    Author, ChannelId, ChatEvent, EventId, Message, Payment, PaymentKind, Place, Platform, RawText, Standing, UserId,
};
use serenity::model::{
    channel::{Message as Written, MessageType},
    monetization::Entitlement,
};

use super::{Hearing, said};

/// Where purchases happen: nobody can be spoken to there.
const SHOP: &str = "shop";

/// Somebody boosted the server, as the message in its system channel says.
pub(crate) fn boosted(written: &Written, hearing: &Hearing) -> Option<ChatEvent> {
    let is_boost = matches!(
        written.kind,
        MessageType::NitroBoost | MessageType::NitroTier1 | MessageType::NitroTier2 | MessageType::NitroTier3
    );
    if !is_boost {
        return None;
    }
    // The number of boosts stands in the words, where there is more than one and we may read them.
    let units = written.content.trim().parse().unwrap_or(1).clamp(1, 100);
    let mut message = said::said(written, hearing, Standing { moderator: false, supporter: true }, None);
    (message.text, message.mentions) = (RawText::default(), Vec::new());
    message.author.is_bot = false;
    let cents = hearing.boost_cents.saturating_mul(units);
    Some(ChatEvent::Paid(message, Payment { kind: PaymentKind::Boost, units, cents }))
}

/// Somebody bought something that lasts: counted once. What is used up counts when it is used.
pub(crate) fn entitled(entitlement: &Entitlement, hearing: &Hearing, now: DateTime<Utc>) -> Option<ChatEvent> {
    let user = entitlement.user_id.filter(|_| hearing.goods.last(entitlement) && !entitlement.deleted)?;
    let place = Place { platform: Platform::Discord, channel: ChannelId::new(SHOP) };
    let event = EventId::new(format!("entitlement {}", entitlement.id));
    let user = UserId::new(user.to_string());
    let author = Author {
        standing: Standing { moderator: false, supporter: true },
        ..Message::said(event.clone(), place.clone(), user.clone(), RawText::default(), now).author
    };
    let mut message = Message::said(event, place, user, RawText::default(), now);
    message.author = author;
    message.mentions = vec![hearing.persona.clone()];
    let payment = Payment { kind: PaymentKind::Premium, units: 1, cents: hearing.premium_cents };
    Some(ChatEvent::Paid(message, payment))
}
