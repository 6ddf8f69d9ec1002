use chrono::{DateTime, TimeDelta, Utc};
use lovelm::{
    chat::{
        Address, Callback, CallbackToken, Lane, Manner, MessageId, PersonaId, Platform, Post, RawText, SendError,
        UserId,
    },
    reply::Frame,
};

use crate::{
    callbacks::Callbacks,
    hear::place,
    way::{Route, Way},
};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn callback(private: bool) -> Callback {
    let (token, persona) = (CallbackToken::new("t"), PersonaId::new("omar"));
    Callback { token, persona, private, until: now() + TimeDelta::minutes(14) }
}

fn post(speaker: &str, callback: Option<Callback>) -> Post {
    let manner = Manner { max_chars: 2_000, max_lines: 1, edits: None };
    let to = Address {
        place: place(11_u64),
        user: UserId::new("42"),
        name: RawText::default(),
        message: Some(MessageId::new("5")),
        callback,
    };
    let text = Frame::new(Platform::Discord, manner).lay_out("가").lines.remove(0);
    Post { speaker: PersonaId::new(speaker), to, text, lane: Lane::Answer, follows: None }
}

fn way(speaker: &str, callback: Option<Callback>, at: DateTime<Utc>) -> Result<(usize, Route), SendError> {
    let seats = [PersonaId::new("hongcha"), PersonaId::new("omar")];
    Way::of(&post(speaker, callback), &seats, at).map(|way| (way.seat, way.route))
}

#[test]
fn every_persona_speaks_with_its_own_account_where_it_can() {
    let channel = |mention| Route::Channel { channel: 11, mention };
    assert_eq!(way("omar", None, now()), Ok((1, channel(None))));
    assert_eq!(way("kimdal", None, now()), Ok((0, channel(None))), "who has none borrows the first");
    let public = callback(false);
    assert_eq!(way("omar", Some(public.clone()), now()), Ok((1, Route::Promised(public.clone()))));
    assert_eq!(way("hongcha", Some(public.clone()), now()), Ok((0, channel(Some(42)))), "asked of another");
    assert_eq!(way("kimdal", Some(public.clone()), now()), Ok((1, Route::Promised(public))));
}

#[test]
fn what_is_private_never_shows_in_the_channel() {
    let (private, late) = (callback(true), now() + TimeDelta::minutes(14));
    assert_eq!(way("hongcha", Some(private.clone()), now()), Ok((1, Route::Promised(private.clone()))));
    assert_eq!(way("omar", Some(private), late), Err(SendError::Gone));
    assert_eq!(way("omar", Some(callback(false)), late), Ok((1, Route::Channel { channel: 11, mention: Some(42) })));
}

#[test]
fn a_promise_is_kept_once() {
    let mut callbacks = Callbacks::default();
    assert!(callbacks.claim("a"));
    assert!(!callbacks.claim("a"));
    callbacks.release("a");
    assert!(callbacks.claim("a"));
    assert!(!callbacks.dismiss("a"), "it was answered");
    callbacks.keep("c");
    assert!(!callbacks.dismiss("c") && callbacks.claim("c"), "its own account answers too");
    assert!(callbacks.dismiss("d"));
    callbacks.close("b");
    assert!(!callbacks.claim("b"), "what stands there is not ours to change");
}
