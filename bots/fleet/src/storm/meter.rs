//! Reads the fleet's own measure of waiting, as a dashboard would.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};

/// How long calls waited for their turn, in seconds, by class.
const WAIT: &str = "lovelm_wait_seconds";

type Waits = BTreeMap<String, Vec<Duration>>;

/// Keeps the waits of a storm; everything else that the fleet measures goes by.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Waits>>);

impl Meter {
    /// From here on, every wait of the process.
    ///
    /// # Errors
    /// When another recorder is installed.
    pub fn install() -> anyhow::Result<Self> {
        let meter = Self::default();
        metrics::set_global_recorder(meter.clone()).context("metrics are recorded by somebody else")?;
        Ok(meter)
    }

    /// What was recorded so far, by the name of the class.
    pub fn waits(&self) -> Waits {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct OfClass {
    class: String,
    waits: Arc<Mutex<Waits>>,
}

impl HistogramFn for OfClass {
    fn record(&self, seconds: f64) {
        let wait = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).entry(self.class.clone()).or_default().push(wait);
    }
}

impl Recorder for Meter {
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let class = key.labels().find(|label| label.key() == "class").filter(|_| key.name() == WAIT);
        class.map_or_else(Histogram::noop, |class| {
            let (class, waits) = (class.value().to_owned(), Arc::clone(&self.0));
            Histogram::from_arc(Arc::new(OfClass { class, waits }))
        })
    }

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
}
