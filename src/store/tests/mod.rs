//! The tables, in a real Postgres: one server for all tests, one database a test.

mod connection;
mod fandom;
mod journal;
mod kept;
mod moderation;
mod pending;
mod people;
mod reach;
mod recent;
mod rights;
mod roles;
mod server;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use self::server::TestStore;
use super::{Accepted, Consultation, EventTag, Exchange, PendingCall, Store, StoreError, Support};
use crate::{
    chat::{Address, ChannelId, Language, Payment, PaymentKind, PersonaId, Place, Platform, RawText, Standing, UserId},
    privacy::{Private, Pseudonym, Pseudonymous, Scrubbed, Sealed},
    routing::CallKind,
};

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

fn today() -> NaiveDate {
    noon().date_naive()
}

/// Pseudonym number `n` under key version 1.
fn tag(n: u8) -> Pseudonym {
    under_key(1, n)
}

fn under_key(version: i16, n: u8) -> Pseudonym {
    Pseudonym::from_row(version, [n; 32])
}

/// What came of a call by this person.
fn belonging<T>(who: Pseudonym, value: T) -> Pseudonymous<T> {
    let address = Address {
        place: Place { platform: Platform::Twitch, channel: ChannelId::new("") },
        user: UserId::new(""),
        name: RawText::default(),
        message: None,
        callback: None,
    };
    let call = Private {
        who,
        place: tag(0),
        event: tag(0),
        older_events: Vec::new(),
        personas: Vec::new(),
        kind: CallKind::Plain,
        payment: None,
        standing: Standing::default(),
        language: Language::Ko,
        story: Scrubbed::default(),
        context: Vec::new(),
        address,
    };
    call.belonging(value)
}

fn event(n: u8) -> EventTag {
    EventTag { platform: Platform::Twitch, tag: tag(n), older: Vec::new() }
}

fn persona(id: &str) -> PersonaId {
    PersonaId::new(id)
}

fn sealed(bytes: &[u8]) -> Sealed {
    Sealed { key_version: 1, bytes: bytes.to_vec() }
}

fn scrubbed(text: &str) -> Scrubbed {
    serde_json::from_value(text.into()).unwrap()
}

fn call(event_number: u8, who: u8) -> PendingCall {
    PendingCall {
        event: event(event_number),
        persona: persona("omar"),
        who: tag(who),
        address: sealed(b"address"),
        question: sealed(b"question"),
        arrived_at: noon(),
    }
}

fn exchange(place: u8, who: u8, text: &[u8]) -> Pseudonymous<Exchange> {
    let exchange = Exchange {
        place: tag(place),
        persona: persona("shuhi"),
        message: Some(tag(200)),
        sealed: sealed(text),
        answered_at: noon(),
    };
    belonging(tag(who), exchange)
}

fn consultation(who: u8, story: &str) -> Pseudonymous<Consultation> {
    let answers = ["hongcha", "omar", "kimdal", "shuhi"].map(|id| (persona(id), scrubbed("힘내!")));
    let told =
        Consultation { language: Language::Ko, story: scrubbed(story), answers: answers.to_vec(), asked_on: today() };
    belonging(tag(who), told)
}

fn support(event_number: u8, who: u8, cents: u64) -> Pseudonymous<Support> {
    let payment = Payment { kind: PaymentKind::Bits, units: cents, cents };
    belonging(
        tag(who),
        Support { event: event(event_number), persona: Some(persona("kimdal")), payment, paid_on: today() },
    )
}

/// Accepts one call.
async fn accept(store: &Store, call: &PendingCall) -> Result<Accepted, StoreError> {
    Ok(store.accept(std::slice::from_ref(call)).await?[0])
}

/// How many rows a table has.
async fn rows(store: &TestStore, count: &'static str) -> i64 {
    sqlx::query_scalar(count).fetch_one(&store.pool).await.unwrap()
}
