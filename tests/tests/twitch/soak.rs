//! Connections that keep breaking, in memory and with the clock paused. `LOVELM_SOAK=1` breaks a thousand of them.

#![expect(clippy::print_stdout, reason = "figures")]

use std::{collections::BTreeMap, time::Duration};

use lovelm_tests::twitch::{BOTS, Breach, Chat, Fault, Night, Plan, Viewer};

const CHANNELS: usize = 60;
const JOINED_WITHIN: Duration = Duration::from_secs(25);
const HEARD_AGAIN_WITHIN: Duration = Duration::from_secs(15);
const PROBE_EVERY: Duration = Duration::from_millis(250);

fn soaking() -> bool {
    std::env::var_os("LOVELM_SOAK").is_some_and(|value| value == "1")
}

/// What was said, and what came of it.
struct Trial {
    night: Night,
    /// Ids of paid lines that reached somebody.
    paid: Vec<String>,
    calls: usize,
    /// How long a channel was not heard, a value each time.
    silences: Vec<(Duration, Fault)>,
}

impl Trial {
    /// Probes the channels until each is heard again.
    async fn recover(&mut self, fault: Fault, mut deaf: Vec<String>) {
        let began = self.night.now();
        let mut probes: Vec<(String, String)> = Vec::new();
        while !deaf.is_empty() && self.night.now() < began + 4 * HEARD_AGAIN_WITHIN {
            for channel in &deaf {
                let told = self.night.twitch.with(|network, at| {
                    network.say(at, channel, &Viewer::named("emma"), &Chat::said("Cheer1").bits(1))
                });
                if told.reached > 0 {
                    self.paid.push(told.id.clone());
                    probes.push((told.id, channel.clone()));
                }
            }
            tokio::time::sleep(PROBE_EVERY).await;
            probes.retain(|(id, channel)| match self.night.came(id) {
                Some(at) => {
                    if deaf.contains(channel) {
                        self.silences.push((at.saturating_sub(began), fault));
                    }
                    deaf.retain(|other| other != channel);
                    false
                }
                None => true,
            });
        }
        self.silences.extend(deaf.iter().map(|_| (4 * HEARD_AGAIN_WITHIN, fault)));
    }

    /// Somebody asks in each of these channels, so that answers are on their way when the connection breaks.
    fn ask(&mut self, channels: &[String]) {
        for channel in channels {
            self.calls += 1;
            let (_, login) = BOTS[self.calls % BOTS.len()];
            let words = format!("@{login} question {}.", self.calls);
            self.night
                .twitch
                .with(|network, at| network.say(at, channel, &Viewer::named("minsu"), &Chat::said(&words)));
        }
    }

    fn check(self) {
        let heard = self.night.heard();
        for id in &self.paid {
            assert_eq!(heard.events.get(id).map(Vec::len), Some(1), "a paid line that arrived is heard once");
        }
        let shown = self.night.twitch.with(|network, _| network.shown().to_vec());
        let mut answers = BTreeMap::new();
        for shown in &shown {
            let question = shown.text.split('.').next().unwrap_or_default().to_owned();
            *answers.entry(question).or_insert(0) += 1;
        }
        assert!(answers.values().all(|count| *count == 1), "nobody is answered twice");
        let report = self.night.twitch.report();
        assert_eq!(report.counts(), BTreeMap::<Breach, usize>::new());
        let mut times: Vec<_> = self.silences.iter().map(|(time, _)| *time).collect();
        times.sort();
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        println!(
            "{} silences of channels: p50 {:?}, p99 {:?}, longest {:?}; {} paid lines heard once each; {} of {} questions answered \
             once, {:?}; {} logins, {} joins",
            times.len(),
            at(50),
            at(99),
            at(100),
            self.paid.len(),
            answers.len(),
            self.calls,
            heard.outcomes,
            report.logins,
            report.joins,
        );
        let worst = self.silences.iter().max_by_key(|(time, _)| *time);
        assert!(at(99) <= HEARD_AGAIN_WITHIN, "the longest: {worst:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_channel_is_heard_again_after_every_fault() {
    let channels: Vec<String> = (0..CHANNELS).map(|nth| format!("room{nth}")).collect();
    let plan = Plan { channels: channels.clone(), moderators: false, ..Plan::default() };
    let night = Night::begin(&plan, Duration::from_secs(2));
    let all = channels.clone();
    night.until(move |network| all.iter().all(|channel| !network.ears(channel).is_empty())).await;
    let joined = night.now();
    assert!(joined <= JOINED_WITHIN, "all channels are joined after {joined:?}");

    let mut trial = Trial { night, paid: Vec::new(), calls: 0, silences: Vec::new() };
    let faults = if soaking() { 1000 } else { 3 * Fault::ALL.len() };
    for nth in 0..faults {
        let fault = Fault::ALL[nth % Fault::ALL.len()];
        let (_, login) = BOTS[(nth / 3) % BOTS.len()];
        let some: Vec<_> = channels.iter().skip(nth % 7).step_by(7).cloned().collect();
        trial.ask(&some);
        tokio::time::sleep(Duration::from_millis(1900 + 20 * u64::try_from(nth % 20).unwrap_or_default())).await;
        let struck = trial.night.twitch.with(|network, at| network.fault(at, login, fault));
        trial.recover(fault, struck.into_iter().collect()).await;
        tokio::time::sleep(Duration::from_secs(3 + u64::try_from(nth % 11).unwrap_or_default())).await;
    }
    tokio::time::sleep(Duration::from_mins(2)).await;
    assert!(trial.silences.len() >= faults, "faults met accounts that heard nothing");
    trial.check();
}
