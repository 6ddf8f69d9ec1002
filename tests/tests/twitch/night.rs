//! A long night of many questions in channels of every mode, in memory and with the clock paused. `LOVELM_SOAK=1` makes it 24
//! hours.

#![expect(clippy::print_stdout, reason = "figures")]

use std::{collections::BTreeMap, time::Duration};

use lovelm_tests::twitch::{BOTS, Breach, Chat, Modes, Night, Plan, Viewer};

const CHANNELS: usize = 10;
/// Twenty questions a minute in each channel.
const QUESTION_EVERY: Duration = Duration::from_secs(3);

fn rooms() -> Vec<String> {
    (0..CHANNELS).map(|nth| format!("room{nth}")).collect()
}

fn length() -> Duration {
    let soaking = std::env::var_os("LOVELM_SOAK").is_some_and(|value| value == "1");
    if soaking { Duration::from_hours(24) } else { Duration::from_mins(20) }
}

/// Three channels where the bots moderate, one for each mode, and some without any.
fn furnish(night: &Night) {
    let mode = |channel: &str, modes: Modes| night.twitch.with(|network, at| network.set_modes(at, channel, modes));
    for channel in ["room0", "room1", "room2"] {
        for (_, login) in BOTS {
            night.twitch.with(|network, _| network.promote(channel, login));
        }
    }
    mode("room3", Modes { slow: 30, ..Modes::default() });
    mode("room4", Modes { unique: true, ..Modes::default() });
    mode("room5", Modes { followers_only: Some(10), ..Modes::default() });
    mode("room6", Modes { subs_only: true, ..Modes::default() });
    night.twitch.with(|network, at| network.ban(at, "room9", "kimdal_bot", None));
}

/// Every ten minutes a moderator changes their mind.
fn change(night: &Night, nth: usize) {
    let emote_only = nth.is_multiple_of(2);
    night.twitch.with(|network, at| {
        network.set_modes(at, "room7", Modes { emote_only, ..Modes::default() });
        network.set_modes(at, "room3", Modes { slow: if emote_only { 30 } else { 5 }, ..Modes::default() });
        network.ban(at, "room8", "omar_bot", Some(120));
    });
}

#[tokio::test(start_paused = true)]
async fn a_busy_night_breaks_no_rule() {
    let channels = rooms();
    let plan = Plan { channels: channels.clone(), moderators: false, ..Plan::default() };
    let night = Night::begin(&plan, Duration::from_secs(2));
    furnish(&night);
    let all = channels.clone();
    night.until(move |network| all.iter().all(|channel| !network.ears(channel).is_empty())).await;
    let questions = usize::try_from(length().as_secs() / QUESTION_EVERY.as_secs()).expect("a number");
    for nth in 0..questions {
        for (room, channel) in channels.iter().enumerate() {
            // The same questions again and again, so that answers repeat as well.
            let words = format!("@{} question {}.", BOTS[(nth + room) % BOTS.len()].1, nth % 5);
            let viewer = Viewer::named(&format!("viewer{}", nth % 40));
            night.twitch.with(|network, at| network.say(at, channel, &viewer, &Chat::said(&words)));
        }
        if nth % 200 == 199 {
            change(&night, nth / 200);
        }
        tokio::time::sleep(QUESTION_EVERY).await;
    }
    tokio::time::sleep(Duration::from_mins(1)).await;
    let (report, shown) = night.twitch.with(|network, _| (network.report().clone(), network.shown().len()));
    println!(
        "{:?} of {} questions: {shown} lines shown, {:?} breaches, {:?} refused, at most {} lines of an account in 30 s, {:?}",
        length(),
        questions * CHANNELS,
        report.counts(),
        report.refused,
        report.busiest,
        night.heard().outcomes,
    );
    assert_eq!(report.counts(), BTreeMap::<Breach, usize>::new());
    assert!(shown > questions, "most of the time somebody is answered");
}
