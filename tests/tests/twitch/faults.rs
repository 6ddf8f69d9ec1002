use std::{collections::BTreeSet, time::Duration};

use lovelm_tests::twitch::{BOTS, Chat, Fault, Plan, Stream, Viewer};

const CHANNELS: usize = 12;

#[tokio::test]
async fn hostile_lines_lose_no_paid_line_and_no_connection() {
    let mut stream = Stream::open().await;
    let (_, ear) = BOTS.into_iter().find(|(_, login)| stream.hears(login)).expect("somebody hears the channel");
    let emma = Viewer::named("emma");
    let mut paid = 0;
    for fault in Fault::ALL.into_iter().filter(|fault| fault.is_a_line()) {
        stream.twitch.with(|network, at| {
            network.fault(at, ear, fault);
            assert_eq!(network.say(at, "streamer", &emma, &Chat::said("Cheer1").bits(1)).reached, 1);
        });
        paid += 1;
    }
    let heard = stream.still().await;
    assert_eq!(heard.len(), paid, "thanked for each: {heard:?}");
    let paid = i64::try_from(paid).expect("few");
    assert_eq!(stream.database.number("select sum(cents)::bigint from ledger").await, paid);
    assert_eq!(stream.twitch.report().logins, BOTS.len(), "nobody had to log in again");
    stream.end().await;
}

/// The short form of what `soak` does for longer, over real sockets and with a real database.
#[tokio::test]
async fn every_channel_is_heard_again_and_what_was_paid_is_booked_once() {
    let channels: Vec<String> = (0..CHANNELS).map(|nth| format!("room{nth}")).collect();
    let mut stream = Stream::with(Plan { channels: channels.clone(), ..Plan::default() }).await;
    let faults = [
        Fault::Reconnect,
        Fault::LoneCr,
        Fault::Reset,
        Fault::AuthFails,
        Fault::BadUtf8,
        Fault::HalfLine,
        Fault::Silence,
    ];
    let mut paid = 0_i64;
    for (nth, fault) in faults.into_iter().enumerate() {
        let ears = stream.twitch.with(|network, _| network.ears(&channels[nth % CHANNELS]));
        let struck: BTreeSet<String> = stream.twitch.with(|network, at| network.fault(at, &ears[0], fault));
        let began = tokio::time::timeout(Duration::from_secs(20), async {
            for channel in &struck {
                stream.heard(channel).await;
            }
        });
        began.await.unwrap_or_else(|_| panic!("{fault:?}: a channel was not heard again"));
        for channel in &channels {
            let told = stream
                .twitch
                .with(|network, at| network.say(at, channel, &Viewer::named("emma"), &Chat::said("Cheer1").bits(1)));
            paid += i64::from(told.reached > 0);
        }
    }
    assert_eq!(paid, i64::try_from(CHANNELS * faults.len()).expect("few"), "every channel is heard");
    for _ in 0..1000 {
        if stream.database.number("select count(*) from ledger").await == paid {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(stream.database.number("select sum(cents)::bigint from ledger").await, paid);
    stream.idle().await;
    stream.unread();
    stream.forgive();
    stream.end().await;
}
