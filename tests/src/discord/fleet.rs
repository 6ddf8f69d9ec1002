//! One process of a fleet: the real adapter and the real rooms, joined.

use std::{collections::HashMap, path::Path, sync::Arc};

use lovelm::{
    chat::{ChatEvent, Outbox, Platform},
    clock::Clock,
    config::Config,
    persona,
    pipeline::Pipeline,
    privacy::Keyring,
    store::Store,
};
use lovelm_discord::{Discord, Settings, attend};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use super::Leaping;
use crate::{scripted::ScriptedEngine, town};

const EARS: usize = 1024;

/// The tasks of one process.
#[derive(Debug)]
pub(super) struct Fleet {
    pub(super) leave: oneshot::Sender<()>,
    pub(super) tasks: [JoinHandle<()>; 3],
}

pub(super) async fn start(
    config: &Config,
    engine: &ScriptedEngine,
    settings: &Settings,
    database: &str,
    keys: &Path,
    clock: &Arc<Leaping>,
    under_way: &watch::Sender<usize>,
) -> (Store, Pipeline, Fleet) {
    let store = Store::connect(database, 8).await.expect("a store");
    let keyring = Arc::new(Keyring::open_or_create(keys).expect("the keyring"));
    let personas = persona::load(&config.personas.dir).expect("the personas of this repository");
    let (ears, events) = mpsc::channel(EARS);
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let adapter = Discord::connect(settings, personas.roster(), Arc::clone(&clock), ears).expect("an adapter");
    let outboxes = HashMap::from([(Platform::Discord, adapter.outbox() as Arc<dyn Outbox>)]);
    let parts = town::parts(config, Arc::new(engine.clone()), store.clone(), keyring, outboxes, clock);
    let pipeline = Pipeline::new(parts);
    let (leave, left) = oneshot::channel::<()>();
    let working = pipeline.clone();
    let tasks = [
        tokio::spawn(async move { working.work().await }),
        tokio::spawn(async move { adapter.run(async move { drop(left.await) }).await }),
        tokio::spawn(attending(pipeline.clone(), events, under_way.clone())),
    ];
    (store, pipeline, Fleet { leave, tasks })
}

/// Brings what is heard to the pipeline, and counts what is not answered yet.
async fn attending(pipeline: Pipeline, events: mpsc::Receiver<ChatEvent>, under_way: watch::Sender<usize>) {
    attend(events, move |event| {
        let (pipeline, under_way) = (pipeline.clone(), under_way.clone());
        under_way.send_modify(|count| *count += 1);
        async move {
            let receipt = pipeline.hear(event).await;
            tokio::spawn(async move {
                receipt.done().await;
                under_way.send_modify(|count| *count = count.saturating_sub(1));
            });
        }
    })
    .await;
}
