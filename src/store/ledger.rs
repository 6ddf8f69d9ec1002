//! Payments, each counted once.

use chrono::NaiveDate;

use super::{EventTag, Store, StoreError, tags::Tags};
use crate::{
    chat::{Payment, PersonaId},
    privacy::{Pseudonym, Pseudonymous},
};

/// A payment. Its person is the [`Pseudonymous`] around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    pub event: EventTag,
    /// Whom it was for, where the payer said so.
    pub persona: Option<PersonaId>,
    pub payment: Payment,
    /// No time finer than the day is kept.
    pub paid_on: NaiveDate,
}

impl Store {
    /// Books a payment once, however often its event is heard. False when it was booked before.
    pub async fn record(&self, support: &Pseudonymous<Support>) -> Result<bool, StoreError> {
        self.book(Some(support.who()), support.value()).await
    }

    /// The same of somebody who was forgotten since: the amount alone.
    pub async fn record_amount(&self, support: &Support) -> Result<bool, StoreError> {
        self.book(None, support).await
    }

    async fn book(&self, who: Option<&Pseudonym>, support: &Support) -> Result<bool, StoreError> {
        self.ask(async {
            let Tags { keys, tags } = Tags::of(support.event.all());
            let done = sqlx::query!(
                "insert into ledger (platform, event_key, event, who_key, who, persona, kind, units, cents, paid_on)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
             where not exists (
                 select from ledger
                 where platform = $1 and (event_key, event) in (select * from unnest($11::smallint[], $12::bytea[]))
             )
             on conflict on constraint ledger_pkey do nothing",
                support.event.platform.as_str(),
                support.event.tag.key_version,
                support.event.tag.as_bytes(),
                who.map(|who| who.key_version),
                who.map(|who| who.as_bytes().as_slice()),
                support.persona.as_ref().map(PersonaId::as_str),
                support.payment.kind.as_str(),
                amount(support.payment.units),
                amount(support.payment.cents),
                support.paid_on,
                &keys,
                &tags
            )
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected() == 1)
        })
        .await
    }
}

/// No platform takes as much as this cuts off; a hostile line may say so.
fn amount(told: u64) -> i64 {
    i64::try_from(told).unwrap_or(i64::MAX)
}
