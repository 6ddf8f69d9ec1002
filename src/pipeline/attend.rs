//! Takes the events that a platform heard, brings each to whoever answers. Knows nothing of platforms.

use std::{collections::HashMap, future::Future, sync::Arc};

use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    task::JoinSet,
};

use crate::chat::{ChatEvent, Deletion, Place};

/// Events that may be heard at once. Beyond, hearing waits, and the queue before it fills.
const MOST_AT_ONCE: usize = 256;

/// Brings every event to `hear`, many at once: one that waits for its turn to be answered must not keep the others. What is
/// deleted is heard at once, and again behind what was being heard in its place, so that no word slips past it; but for a cleared
/// place, once: there the pipeline goes by the time at which it heard each word. Ends when nobody sends events any more and all
/// are heard.
pub async fn attend<F>(mut events: mpsc::Receiver<ChatEvent>, hear: impl Fn(ChatEvent) -> F + Send + Sync + 'static)
where
    F: Future<Output = ()> + Send,
{
    let (hear, room) = (Arc::new(hear), Arc::new(Semaphore::new(MOST_AT_ONCE)));
    let mut tasks = JoinSet::new();
    let mut under_way: HashMap<Place, Vec<oneshot::Receiver<()>>> = HashMap::new();
    while let Some(event) = events.recv().await {
        while tasks.try_join_next().is_some() {}
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        let earlier = match &event {
            // A second time it would take what was asked since.
            ChatEvent::Deleted(Deletion::Everything { .. }) => Vec::new(),
            ChatEvent::Deleted(deletion) => under_way.remove(deletion.place()).unwrap_or_default(),
            other => {
                let (done, heard) = oneshot::channel();
                let before = under_way.entry(place(other).clone()).or_default();
                before.retain_mut(|heard| matches!(heard.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
                before.push(heard);
                let hear = Arc::clone(&hear);
                tasks.spawn(async move {
                    hear(event).await;
                    drop((done, permit));
                });
                continue;
            }
        };
        let hear = Arc::clone(&hear);
        tasks.spawn(async move {
            hear(event.clone()).await;
            drop(permit);
            if !earlier.is_empty() {
                for heard in earlier {
                    // Dropped is done.
                    let _ = heard.await;
                }
                hear(event).await;
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}

fn place(event: &ChatEvent) -> &Place {
    match event {
        ChatEvent::Said(message)
        | ChatEvent::Edited(message)
        | ChatEvent::Paid(message, _)
        | ChatEvent::Raided { message, .. } => &message.place,
        ChatEvent::Command(invocation) => &invocation.message.place,
        ChatEvent::Deleted(deletion) => deletion.place(),
    }
}
