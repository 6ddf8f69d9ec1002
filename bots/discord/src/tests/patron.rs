use chrono::{DateTime, Utc};
use serde_json::json;
use serenity::model::monetization::Entitlement;

use super::support::read;
use crate::hear::{Goods, Patrons};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn entitlement(id: u64, user: u64, consumed: Option<bool>) -> Entitlement {
    read(json!({
        "id": id.to_string(), "sku_id": "7", "application_id": "9", "user_id": user.to_string(), "type": 1, "deleted": false,
        "starts_at": null, "ends_at": null, "guild_id": null, "consumed": consumed,
    }))
}

/// By its own word, as long as nothing is known of what is sold.
fn learn(patrons: &mut Patrons, entitlement: &Entitlement) {
    patrons.learn(entitlement, Goods::default().last(entitlement), now());
}

#[test]
fn what_is_sold_says_what_is_used_up() {
    let goods = Goods::default();
    assert!(goods.last(&entitlement(1, 42, None)) && !goods.last(&entitlement(1, 42, Some(false))));
    goods.used_up([8].into());
    assert!(goods.last(&entitlement(1, 42, Some(false))), "another");
    goods.used_up([7].into());
    assert!(!goods.last(&entitlement(1, 42, Some(false))));
}

#[test]
fn what_lasts_supports_until_it_is_over() {
    let mut patrons = Patrons::default();
    learn(&mut patrons, &entitlement(1, 42, None));
    learn(&mut patrons, &entitlement(1, 42, None));
    assert!(patrons.supports(42, None) && !patrons.supports(43, None));
    assert!(!patrons.promise(42, "m"), "it is not used up by an answer");
    patrons.lose(&entitlement(1, 42, None));
    assert!(!patrons.supports(42, None));
    learn(&mut patrons, &entitlement(1, 42, None));
    let mut ended = entitlement(1, 42, None);
    ended.ends_at = serenity::model::Timestamp::from_unix_timestamp(now().timestamp()).ok();
    learn(&mut patrons, &ended);
    assert!(!patrons.supports(42, None), "it has ended");
}

#[test]
fn an_answer_that_was_bought_is_given_once() {
    let mut patrons = Patrons::default();
    learn(&mut patrons, &entitlement(1, 42, Some(false)));
    assert!(!patrons.supports(42, None));
    assert!(patrons.promise(42, "m1"));
    assert!(!patrons.promise(42, "m2"), "promised already");
    assert_eq!(patrons.redeem("m1"), Some(1));
    assert_eq!(patrons.redeem("m1"), None);
    learn(&mut patrons, &entitlement(1, 42, Some(true)));
    assert!(!patrons.promise(42, "m3"));
    learn(&mut patrons, &entitlement(2, 42, Some(false)));
    assert!(patrons.promise(42, "m4"));
    patrons.lose(&entitlement(2, 42, Some(false)));
    assert_eq!(patrons.redeem("m4"), None, "paid back meanwhile");
}
