use std::time::Duration;

use crate::api::{Holds, Invalid, Told};

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[test]
fn what_discord_asks_to_wait_holds_the_whole_channel() {
    let mut holds = Holds::default();
    let told = Told { retry_after: Some(secs(3)), ..Told::default() };
    holds.learn("channel 1", "create", told, secs(10));
    assert_eq!(holds.free("channel 1", "edit"), secs(13));
    assert_eq!(holds.free("channel 2", "create"), secs(0));
    holds.learn("channel 1", "edit", Told { retry_after: Some(secs(1)), ..told }, secs(10));
    assert_eq!(holds.free("channel 1", "create"), secs(13), "a shorter wait does not shorten a longer one");
    holds.learn("channel 3", "edit", Told { retry_after: Some(secs(9)), global: true, ..told }, secs(10));
    assert_eq!(holds.free("channel 2", "create"), secs(19));
}

#[test]
fn what_is_used_up_is_not_tried() {
    let mut holds = Holds::default();
    let told = Told { remaining: Some(0), reset_after: Some(secs(2)), ..Told::default() };
    holds.learn("channel 1", "create", told, secs(1));
    assert_eq!(holds.free("channel 1", "create"), secs(3));
    assert_eq!(holds.free("channel 1", "edit"), secs(0), "another kind may have room");
    holds.learn("channel 1", "edit", Told { remaining: Some(1), ..told }, secs(1));
    assert_eq!(holds.free("channel 1", "edit"), secs(0));
}

#[test]
fn everybody_rests_well_before_discord_shuts_the_machine_out() {
    let mut invalid = Invalid::new(3, secs(600));
    for now in 0..3 {
        assert_eq!(invalid.rest(secs(now)), None);
        assert_eq!(invalid.note(secs(now)), now == 2);
    }
    assert_eq!(invalid.rest(secs(3)), Some(secs(597)), "until the first is forgotten");
    assert_eq!(invalid.rest(secs(600)), None);
    invalid.note(secs(600));
    assert_eq!(invalid.rest(secs(600)), Some(secs(1)));
}
