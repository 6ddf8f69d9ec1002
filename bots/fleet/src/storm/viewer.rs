//! One scripted viewer.

use std::{sync::Arc, time::Duration};

use lovelm::{
    chat::{ChannelId, ChatEvent, EventId, Message, MessageId, Payment, PaymentKind, Place, RawText, UserId},
    clock::{Clock as _, SystemClock},
    pipeline::Pipeline,
    scheduler::Class,
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tokio_util::sync::CancellationToken;

use super::{PLATFORM, plan::Plan, street::Street};

/// What a paid call costs, in hundredths of a US dollar.
const CENTS: std::ops::RangeInclusive<u64> = 100..=5_000;

/// Asks, waits for the answer, thinks it over, and asks again.
pub struct Viewer {
    number: usize,
    class: Class,
    plan: Arc<Plan>,
    street: Arc<Street>,
    pipeline: Pipeline,
    longest: Duration,
    chances: StdRng,
}

impl Viewer {
    /// `longest` is how long a call may take before nobody believes in it any more.
    pub fn new(number: usize, plan: &Arc<Plan>, street: &Arc<Street>, pipeline: Pipeline, longest: Duration) -> Self {
        let seed = u64::try_from(number).unwrap_or(u64::MAX) << 32;
        Self {
            number,
            class: plan.class(number),
            plan: Arc::clone(plan),
            street: Arc::clone(street),
            pipeline,
            longest,
            chances: StdRng::seed_from_u64(plan.seed.wrapping_add(seed)),
        }
    }

    /// Until there is nothing more to ask.
    pub async fn live(mut self, enough: CancellationToken) {
        let plan = Arc::clone(&self.plan);
        loop {
            let thinking = tokio::time::sleep(self.pause());
            if enough.run_until_cancelled(thinking).await.is_none() {
                return;
            }
            let Some(question) = plan.next() else { return };
            let call = self.street.open(self.class, self.number);
            let event = self.event(call, question);
            let receipt = self.pipeline.hear(event).await;
            let done = tokio::time::timeout(self.longest, receipt.done()).await;
            self.street.close(call, done.is_ok());
        }
    }

    /// Exponential, so that calls come as independently as people ask.
    fn pause(&mut self) -> Duration {
        let chance: f64 = self.chances.random();
        self.plan.pause.mul_f64(-(1.0 - chance).ln())
    }

    fn event(&mut self, call: usize, question: &str) -> ChatEvent {
        let personas = self.pipeline.roster().personas;
        let persona = personas[self.chances.random_range(0..personas.len())].clone();
        let place = Place { platform: PLATFORM, channel: ChannelId::new("storm") };
        let user = UserId::new(format!("viewer-{}", self.number));
        let event = EventId::new(format!("storm-{call}"));
        let mut message = Message::said(event, place, user, RawText::new(question), SystemClock::default().wall());
        message.id = Some(MessageId::new(call.to_string()));
        message.mentions = vec![persona];
        message.author.standing.moderator = self.class == Class::Moderator;
        message.author.standing.supporter = self.class == Class::Supporter;
        if self.class == Class::Paid {
            let cents = self.chances.random_range(CENTS);
            return ChatEvent::Paid(message, Payment { kind: PaymentKind::Bits, units: cents, cents });
        }
        ChatEvent::Said(message)
    }
}
