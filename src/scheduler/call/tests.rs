use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::{Account, Class, NewCall, Side};
use crate::{
    chat::{Address, ChannelId, Language, Payment, PaymentKind, Place, Platform, RawText, Standing, UserId},
    clock::ManualClock,
    limits::{Limits, LimitsConfig},
    privacy::{Private, Pseudonym, Scrubbed},
    routing::CallKind,
};

fn pseudonym(byte: u8) -> Pseudonym {
    let mac = [byte; 32];
    serde_json::from_value(json!({ "key_version": 1, "mac": mac })).unwrap()
}

fn private(standing: Standing, cents: Option<u64>) -> Private {
    Private {
        who: pseudonym(1),
        place: pseudonym(2),
        event: pseudonym(3),
        older_events: Vec::new(),
        personas: Vec::new(),
        kind: CallKind::Plain,
        payment: cents.map(|cents| Payment { kind: PaymentKind::Bits, units: cents, cents }),
        standing,
        language: Language::Ko,
        story: Scrubbed::default(),
        context: Vec::new(),
        address: Address {
            place: Place { platform: Platform::Console, channel: ChannelId::new("c") },
            user: UserId::new("u"),
            name: RawText::new("n"),
            message: None,
            callback: None,
        },
    }
}

#[test]
fn classes_follow_from_standing_and_payment() {
    let nobody = Standing::default();
    let supporter = Standing { supporter: true, moderator: false };
    let moderator = Standing { supporter: true, moderator: true };
    for (standing, cents, class) in [
        (nobody, None, Class::Free),
        (nobody, Some(0), Class::Free),
        (nobody, Some(1), Class::Paid),
        (supporter, None, Class::Supporter),
        (supporter, Some(0), Class::Supporter),
        (supporter, Some(u64::MAX), Class::Paid),
        (moderator, Some(500), Class::Moderator),
    ] {
        assert_eq!(Class::of(&private(standing, cents)), class, "{standing:?} {cents:?}");
    }
    assert_eq!((Class::Paid.side(), Class::Supporter.side()), (Side::Express, Side::Common));
}

#[test]
fn an_admitted_call_brings_its_person_place_and_credit() {
    let clock = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
    let limits = Limits::new(&LimitsConfig::default(), clock);
    let admitted = limits.admit(private(Standing::default(), Some(300))).unwrap();
    let call = NewCall::of(&admitted, Duration::from_secs(4));
    assert_eq!((call.account, call.place), (Account::new([1; 32]), Account::new([2; 32])));
    assert_eq!((call.class, call.credit_cents, call.estimate), (Class::Paid, 300, Duration::from_secs(4)));
    assert_eq!((call.newcomer, call.deadline, call.resume), (false, None, None));
}
