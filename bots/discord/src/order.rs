//! Takes events that are understood sooner or later, lets them be heard in the order of each channel. Knows nothing of what they say.

use std::{collections::HashMap, sync::Arc};

use lovelm::chat::ChatEvent;
use tokio::sync::{Semaphore, oneshot};

use crate::ears::Ear;

/// Lines of one account whose context is being looked up. Beyond, hearing waits.
const MOST_LOOKED_UP: usize = 64;

/// The order of each channel, while some lines take longer to be understood than others.
#[derive(Debug, Default)]
pub(crate) struct Order {
    last: HashMap<u64, oneshot::Receiver<()>>,
    room: Option<Arc<Semaphore>>,
}

impl Order {
    /// Lets an event be heard as soon as it is ready and all before it in its channel were.
    pub(crate) async fn follow(
        &mut self,
        ear: &Ear,
        channel: u64,
        event: impl Future<Output = ChatEvent> + Send + 'static,
    ) {
        let room = Arc::clone(self.room.get_or_insert_with(|| Arc::new(Semaphore::new(MOST_LOOKED_UP))));
        let Ok(permit) = room.acquire_owned().await else { return };
        self.last.retain(|_, done| matches!(done.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        let (done, heard) = oneshot::channel();
        let before = self.last.insert(channel, heard);
        let ear = ear.clone();
        tokio::spawn(async move {
            let event = event.await;
            if let Some(before) = before {
                // Dropped is done.
                let _ = before.await;
            }
            ear.hear(event).await;
            drop((done, permit));
        });
    }
}
