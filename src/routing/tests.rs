use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::chat::{CallName, ChannelId, EventId, PaymentKind, Place, Platform, UserId};

mod calls;
mod names;
mod properties;

fn id(name: &str) -> PersonaId {
    PersonaId::new(name)
}

fn roster() -> Roster {
    let names = [
        ("hongcha", ["홍차", "Hongcha", "ホンチャ"]),
        ("omar", ["오마르", "Omar", "オマル"]),
        ("kimdal", ["김달", "Kimdal", "キムダル"]),
        ("shuhi", ["슈히", "Shuhi", "シュヒ"]),
    ];
    let call = |persona: &str, name: &str| CallName { persona: id(persona), name: name.to_owned() };
    Roster {
        personas: names.iter().map(|(persona, _)| id(persona)).collect(),
        names: names.iter().flat_map(|(persona, names)| names.map(|name| call(persona, name))).collect(),
    }
}

fn names() -> Names {
    Names::of(&roster())
}

fn home() -> Home {
    Home { host: id("shuhi"), plain: PlainLines::Ignored, name_calls: true }
}

fn message(text: &str) -> Message {
    let place = Place { platform: Platform::Console, channel: ChannelId::new("c") };
    let (event, user, at) = (EventId::new("1"), UserId::new("u"), chrono::DateTime::UNIX_EPOCH);
    Message::said(event, place, user, RawText::new(text), at)
}

fn bits(units: u64) -> Payment {
    Payment { kind: PaymentKind::Bits, units, cents: units }
}

fn called(text: &str) -> Vec<String> {
    let call = route(message(text), None, &names(), &home());
    call.map(|call| call.personas.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

fn question(text: &str) -> String {
    route(message(text), None, &names(), &home()).unwrap().question.expose().to_owned()
}
