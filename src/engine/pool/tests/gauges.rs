use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use super::{
    pool::{Scene, settle},
    scripted::{Act, Actor, profile},
};

/// The newest value of every gauge and counter, and how often each histogram was fed.
#[derive(Clone, Default)]
struct Board(Arc<Mutex<BTreeMap<String, f64>>>);

struct Entry {
    board: Board,
    key: String,
}

impl Board {
    fn entry(&self, key: &Key) -> Arc<Entry> {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(Entry { board: self.clone(), key: format!("{}[{}]", key.name(), labels.join(",")) })
    }

    fn read(&self, metric: &str) -> f64 {
        let key = format!("lovelm_engine_{metric}[engine=a]");
        self.0.lock().unwrap().get(&key).copied().unwrap_or(-1.0)
    }
}

impl Entry {
    fn change(&self, change: impl FnOnce(f64) -> f64) {
        let mut entries = self.board.0.lock().unwrap();
        let value = entries.entry(self.key.clone()).or_default();
        *value = change(*value);
    }
}

impl GaugeFn for Entry {
    fn increment(&self, value: f64) {
        self.change(|old| old + value);
    }

    fn decrement(&self, value: f64) {
        self.change(|old| old - value);
    }

    fn set(&self, value: f64) {
        self.change(|_| value);
    }
}

impl CounterFn for Entry {
    fn increment(&self, value: u64) {
        self.change(|old| old + f64::from(u32::try_from(value).unwrap()));
    }

    fn absolute(&self, value: u64) {
        self.change(|_| f64::from(u32::try_from(value).unwrap()));
    }
}

impl HistogramFn for Entry {
    fn record(&self, _: f64) {
        self.change(|old| old + 1.0);
    }
}

impl Recorder for Board {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.entry(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.entry(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.entry(key))
    }
}

#[tokio::test]
async fn the_operator_sees_how_every_engine_does_and_nothing_else() {
    let board = Board::default();
    let _guard = metrics::set_default_local_recorder(&board);
    let a = Actor::new(profile("a", 2));
    let scene = Scene::with(&[&a]);
    assert_eq!((board.read("breaker"), board.read("slots"), board.read("tokens_per_second")), (0.0, 2.0, -1.0));
    assert!(scene.ask().await.is_ok());
    assert_eq!((board.read("tokens_total"), board.read("tokens_per_second"), board.read("running")), (2.0, 100.0, 0.0));
    assert_eq!((board.read("first_token_seconds"), board.read("token_gap_seconds")), (1.0, 1.0));

    a.plan([Act::Refuse; 3]);
    for _ in 0..3 {
        assert!(scene.ask().await.is_err());
    }
    settle().await;
    assert_eq!((board.read("breaker"), board.read("slots"), board.read("failures_total")), (2.0, 0.0, 3.0));
    scene.until_room(1).await;
    assert_eq!((board.read("breaker"), board.read("slots")), (1.0, 1.0), "on its way back");
    for _ in 0..2 {
        assert!(scene.ask().await.is_ok());
    }
    assert_eq!((board.read("breaker"), board.read("slots")), (0.0, 2.0));
    let board = board.0.lock().unwrap();
    assert!(board.keys().all(|key| key.ends_with("[engine=a]")), "{:?}", board.keys());
}
