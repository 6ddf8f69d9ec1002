use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeZone, Utc};
use serde_json::json;

use super::{Limits, LimitsConfig, Offset, RateConfig, Reason, Refusal};
use crate::{
    chat::{Address, ChannelId, Language, Payment, PaymentKind, PersonaId, Place, Platform, RawText, Standing, UserId},
    clock::{Clock, ManualClock},
    privacy::{Private, Pseudonym, Scrubbed},
    routing::CallKind,
};

const SECOND: Duration = Duration::from_secs(1);

fn pseudonym(number: u32) -> Pseudonym {
    let mut mac = [0_u8; 32];
    mac[..4].copy_from_slice(&number.to_be_bytes());
    serde_json::from_value(json!({ "key_version": 1, "mac": mac })).unwrap()
}

fn call(person: u32, place: u32) -> Private {
    Private {
        who: pseudonym(person),
        place: pseudonym(place),
        event: pseudonym(0),
        older_events: Vec::new(),
        personas: vec![PersonaId::new("omar")],
        kind: CallKind::Mention,
        payment: None,
        standing: Standing::default(),
        language: Language::Ko,
        story: Scrubbed::default(),
        context: Vec::new(),
        address: Address {
            place: Place { platform: Platform::Twitch, channel: ChannelId::new("c") },
            user: UserId::new("u"),
            name: RawText::new("이름"),
            message: None,
            callback: None,
        },
    }
}

fn paid(cents: u64) -> Payment {
    Payment { kind: PaymentKind::Bits, units: cents, cents }
}

/// Everything wide open but what a test narrows.
fn open() -> LimitsConfig {
    let wide = RateConfig { burst: 10_000, every: Duration::from_millis(1) };
    LimitsConfig {
        person: wide,
        supporter: wide,
        channel: wide,
        persona: wide,
        daily: 10_000,
        ..LimitsConfig::default()
    }
}

fn limits(config: &LimitsConfig) -> (Limits, Arc<ManualClock>) {
    // 23:00 in Seoul.
    let clock = Arc::new(ManualClock::at(Utc.with_ymd_and_hms(2026, 3, 1, 14, 0, 0).unwrap()));
    (Limits::new(config, Arc::clone(&clock) as Arc<dyn Clock>), clock)
}

fn refusal(limits: &Limits, call: Private) -> Option<Refusal> {
    limits.admit(call).err().map(|refused| refused.refusal)
}

fn reason(limits: &Limits, call: Private) -> Option<Reason> {
    refusal(limits, call).map(|refusal| refusal.reason)
}

#[test]
fn a_person_may_ask_a_few_times_at_once_and_then_at_a_rate() {
    let person = RateConfig { burst: 3, every: 10 * SECOND };
    let (limits, clock) = limits(&LimitsConfig { person, ..open() });
    for _ in 0..3 {
        assert_eq!(reason(&limits, call(1, 1)), None);
    }
    let too_fast = Reason::PersonTooFast { retry_after: 10 * SECOND };
    assert_eq!(reason(&limits, call(1, 2)), Some(too_fast), "in any place");
    assert_eq!(reason(&limits, call(2, 1)), None, "others are not meant");
    clock.advance(9 * SECOND);
    assert_eq!(reason(&limits, call(1, 1)), Some(Reason::PersonTooFast { retry_after: SECOND }));
    clock.advance(SECOND);
    assert_eq!(reason(&limits, call(1, 1)), None);
    assert!(reason(&limits, call(1, 1)).is_some());
}

#[test]
fn a_refused_call_comes_back_whole_and_an_admitted_one_goes_on() {
    let (limits, _) = limits(&LimitsConfig { daily: 1, ..open() });
    let admitted = limits.admit(call(1, 1)).unwrap();
    assert_eq!(admitted.call().who, pseudonym(1));
    assert_eq!(admitted.call().place, pseudonym(1));
    assert_eq!(limits.admit(call(1, 7)).unwrap_err().call.place, pseudonym(7));
}

#[test]
fn supporters_may_ask_more() {
    let one = RateConfig { burst: 1, every: 10 * SECOND };
    let (limits, _) = limits(&LimitsConfig { person: one, daily: 1, supporter_daily: 5, ..open() });
    let supports = || Private { standing: Standing { supporter: true, moderator: false }, ..call(1, 1) };
    for _ in 0..5 {
        assert_eq!(reason(&limits, supports()), None);
    }
    assert!(matches!(reason(&limits, supports()), Some(Reason::DailyCap { .. })));
}

#[test]
fn moderators_and_payments_are_never_refused_and_take_nothing_from_others() {
    let one = RateConfig { burst: 1, every: Duration::from_hours(24) };
    let narrow = LimitsConfig { person: one, supporter: one, channel: one, persona: one, daily: 1, ..open() };
    let (limits, _) = limits(&narrow);
    let moderates = || Private { standing: Standing { moderator: true, supporter: false }, ..call(1, 1) };
    let pays = |cents| Private { payment: Some(paid(cents)), ..call(1, 1) };
    for _ in 0..100 {
        assert_eq!(reason(&limits, moderates()), None);
        assert_eq!(reason(&limits, pays(1)), None);
        assert_eq!(reason(&limits, pays(u64::MAX)), None);
    }
    assert_eq!(reason(&limits, call(1, 1)), None, "the first call that counts");
    assert!(reason(&limits, call(1, 1)).is_some());
    assert!(reason(&limits, pays(0)).is_some(), "nothing paid is nothing paid");
    assert_eq!(reason(&limits, pays(1)), None);
}

#[test]
fn a_place_has_a_rate_and_a_refused_person_takes_none_of_it() {
    let person = RateConfig { burst: 1, every: 60 * SECOND };
    let channel = RateConfig { burst: 3, every: 10 * SECOND };
    let (limits, _) = limits(&LimitsConfig { person, channel, ..open() });
    assert_eq!(reason(&limits, call(1, 1)), None);
    for _ in 0..50 {
        assert!(matches!(reason(&limits, call(1, 1)), Some(Reason::PersonTooFast { .. })));
    }
    assert_eq!(reason(&limits, call(2, 1)), None);
    assert_eq!(reason(&limits, call(3, 1)), None);
    assert_eq!(reason(&limits, call(4, 1)), Some(Reason::ChannelBusy { retry_after: 10 * SECOND }));
    assert_eq!(reason(&limits, call(5, 2)), None, "elsewhere there is room");
}

#[test]
fn each_persona_of_a_panel_counts() {
    let persona = RateConfig { burst: 2, every: 10 * SECOND };
    let (limits, _) = limits(&LimitsConfig { persona, ..open() });
    let panel = |person| Private { personas: ["hongcha", "omar"].map(PersonaId::new).into(), ..call(person, 1) };
    assert_eq!(reason(&limits, panel(1)), None);
    assert_eq!(reason(&limits, call(2, 1)), None);
    assert_eq!(reason(&limits, panel(3)), Some(Reason::PersonaBusy { retry_after: 10 * SECOND }));
}

#[test]
fn the_daily_cap_ends_at_local_midnight() {
    let (limits, clock) = limits(&LimitsConfig { daily: 2, ..open() });
    for _ in 0..2 {
        assert_eq!(reason(&limits, call(1, 1)), None);
    }
    let capped = Reason::DailyCap { resets_in: Duration::from_hours(1) };
    assert_eq!(refusal(&limits, call(1, 1)), Some(Refusal { reason: capped, tell: true }));
    clock.advance(59 * 60 * SECOND + 59 * SECOND);
    let capped = Reason::DailyCap { resets_in: SECOND };
    assert_eq!(refusal(&limits, call(1, 1)), Some(Refusal { reason: capped, tell: false }), "told once a day");
    clock.advance(SECOND);
    assert_eq!(reason(&limits, call(1, 1)), None, "midnight in Seoul");
}

#[test]
fn a_cap_of_none_refuses_all() {
    let (limits, _) = limits(&LimitsConfig { daily: 0, ..open() });
    assert!(matches!(reason(&limits, call(1, 1)), Some(Reason::DailyCap { .. })));
}

#[test]
fn a_wall_clock_that_was_far_ahead_once_locks_nobody_out() {
    struct Wrong(std::sync::Mutex<DateTime<Utc>>);
    #[async_trait::async_trait]
    impl Clock for Wrong {
        fn wall(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }
        fn elapsed(&self) -> Duration {
            Duration::MAX
        }
        async fn until(&self, _: Duration) {}
    }
    let wrong = Arc::new(Wrong(std::sync::Mutex::new(DateTime::<Utc>::MAX_UTC)));
    let limits = Limits::new(&LimitsConfig { daily: 1, ..open() }, Arc::clone(&wrong) as Arc<dyn Clock>);
    assert_eq!(reason(&limits, call(1, 1)), None);
    assert!(reason(&limits, call(1, 1)).is_some());
    *wrong.0.lock().unwrap() = DateTime::UNIX_EPOCH;
    assert_eq!(reason(&limits, call(1, 1)), None);
    *wrong.0.lock().unwrap() = DateTime::<Utc>::MIN_UTC;
    assert_eq!(reason(&limits, call(1, 1)), None);
}

#[test]
fn each_refusal_is_told_once_in_a_while_to_each_person() {
    let person = RateConfig { burst: 1, every: Duration::from_hours(1) };
    let (limits, clock) = limits(&LimitsConfig { person, ..open() });
    let told = |person| refusal(&limits, call(person, 1)).map(|refusal| refusal.tell);
    assert_eq!(told(1), None);
    assert_eq!((told(1), told(1), told(1)), (Some(true), Some(false), Some(false)));
    assert_eq!((told(2), told(2)), (None, Some(true)), "another person is told");
    clock.advance(60 * SECOND);
    assert_eq!((told(1), told(1)), (Some(true), Some(false)));
}

#[test]
fn reasons_are_told_apart() {
    let person = RateConfig { burst: 2, every: Duration::from_hours(1) };
    let channel = RateConfig { burst: 1, every: Duration::from_hours(1) };
    let (limits, _) = limits(&LimitsConfig { person, channel, ..open() });
    let told: Vec<_> = (0..4).map(|_| refusal(&limits, call(1, 1)).map(|refusal| refusal.tell)).collect();
    assert_eq!(told, [None, Some(true), Some(true), Some(false)], "the place once, then the person once");
}

#[test]
fn a_raid_of_strangers_fills_no_memory() {
    let every = 10 * SECOND;
    let person = RateConfig { burst: 2, every };
    let (limits, clock) = limits(&LimitsConfig { person, most_people: 100, ..open() });
    let admitted = (0..10_000).filter(|person| reason(&limits, call(*person, 1)).is_none()).count();
    assert_eq!(admitted, 100);
    assert_eq!(limits.0.person.len(), 100);
    assert_eq!(reason(&limits, call(20_000, 1)), Some(Reason::PersonTooFast { retry_after: every }));
    clock.advance(every * 3);
    assert_eq!(reason(&limits, call(20_000, 1)), None, "who has been silent is forgotten");
    assert_eq!(limits.0.person.len(), 1);
    let told = limits.0.counts().told.len();
    assert!(told <= 100, "{told}");
}

#[test]
fn the_configuration_says_what_cannot_be() {
    assert_eq!(LimitsConfig::default().check(), Ok(()));
    let never = RateConfig { burst: 0, every: SECOND };
    let fault = LimitsConfig { channel: never, ..open() }.check().unwrap_err();
    assert_eq!(fault, ("channel", "needs a burst of 1 to 10000 and a period of up to a day"));
    let wild = RateConfig { burst: u32::MAX, every: Duration::MAX };
    let (limits, _) = limits(&LimitsConfig { person: wild, most_people: 0, ..open() });
    assert!(limits.admit(call(1, 1)).is_ok() || LimitsConfig { person: wild, ..open() }.check().is_err());
}

#[test]
fn offsets_are_read_strictly() {
    for (text, seconds) in [("+09:00", 32_400), ("-03:30", -12_600), ("+00:00", 0), ("+14:00", 50_400)] {
        let offset: Offset = text.parse().unwrap();
        assert_eq!((offset.seconds(), offset.to_string().as_str()), (seconds, text));
    }
    for text in ["", "9", "+9:00", "+0900", "09:00", "+09:60", "+15:00", "-13:00", "+٠٩:٠٠", "시", "+-1:00", "+09:000"]
    {
        assert!(text.parse::<Offset>().is_err(), "{text}");
    }
    let read: LimitsConfig = serde_json::from_value(json!({ "day_starts": "-05:00" })).unwrap();
    assert_eq!(read.day_starts.seconds(), -18_000);
    assert!(serde_json::from_value::<LimitsConfig>(json!({ "dayly": 3 })).is_err());
}

#[test]
fn nobody_is_printed() {
    let (limits, _) = limits(&open());
    let refused = limits.admit(call(1, 1)).unwrap();
    assert!(!format!("{limits:?} {refused:?}").contains("이름"));
}

#[test]
fn the_machines_own_console_meets_no_limit_unless_asked_to() {
    let mut at_home = call(1, 1);
    at_home.address.place.platform = Platform::Console;
    let none = RateConfig { burst: 1, every: Duration::from_hours(1) };
    for (console, refused) in [(false, false), (true, true)] {
        let config = LimitsConfig { person: none, console, ..LimitsConfig::default() };
        let (limits, _clock) = limits(&config);
        assert!(limits.admit(at_home.clone()).is_ok());
        assert_eq!(limits.admit(at_home.clone()).is_err(), refused);
    }
}

#[test]
fn what_joins_another_call_takes_nothing_from_the_place_and_the_persona() {
    let one = RateConfig { burst: 1, every: 10 * SECOND };
    let (limits, _) = limits(&LimitsConfig { channel: one, persona: one, daily: 2, ..open() });
    for person in 1..50 {
        assert!(limits.admit_joining(call(person, 1)).is_ok(), "{person}");
    }
    assert_eq!(reason(&limits, call(50, 1)), None, "the place has its turn yet");
    assert!(matches!(reason(&limits, call(51, 1)), Some(Reason::ChannelBusy { .. })));
    assert!(limits.admit_joining(call(1, 1)).is_ok());
    let third = limits.admit_joining(call(1, 1)).unwrap_err().refusal.reason;
    assert!(matches!(third, Reason::DailyCap { .. }), "it counts for its writer");
}

#[test]
fn commands_have_a_bucket_of_their_own() {
    let command = RateConfig { burst: 1, every: 10 * SECOND };
    let (limits, clock) = limits(&LimitsConfig { command, ..open() });
    let from = |platform| (platform, Standing::default());
    let may = |platform| limits.admit_command(&pseudonym(1), &pseudonym(1), from(platform));
    assert_eq!(may(Platform::Twitch), Ok(()));
    let reason = Reason::PersonTooFast { retry_after: 10 * SECOND };
    assert_eq!(may(Platform::Twitch), Err(Refusal { reason, tell: true }));
    assert_eq!(may(Platform::Twitch), Err(Refusal { reason, tell: false }));
    assert_eq!(may(Platform::Console), Ok(()), "one's own machine");
    assert!(limits.admit(call(1, 1)).is_ok(), "questions are counted apart");
    clock.advance(10 * SECOND);
    assert_eq!(may(Platform::Twitch), Ok(()));
}

#[test]
fn a_place_hears_a_few_refusals_and_who_was_not_told_is_told_later() {
    let told = RateConfig { burst: 2, every: 10 * SECOND };
    let (limits, clock) = limits(&LimitsConfig { told, ..open() });
    let tells = |person, place| limits.tells(&pseudonym(person), &pseudonym(place), "line_full");
    assert!(tells(1, 1));
    assert!(!tells(1, 1), "told a moment ago");
    assert!(tells(2, 1));
    assert!(!tells(3, 1), "the place has heard enough");
    assert!(tells(3, 2), "another place");
    clock.advance(10 * SECOND);
    assert!(tells(4, 1));
}
