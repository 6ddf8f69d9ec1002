//! What a person may see, allow and delete of what is kept of them.

use super::{Rooms, tell::mark};
use crate::{
    chat::{Address, Consent, ConsentChange, Language, PersonaId, Standing},
    coalesce::Scope,
    locale::Arg,
    privacy::Pseudonym,
    scheduler::Pick,
    store::{AgeBand, MyData, StoreError},
};

/// Whoever sent a command, and how to speak to them.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub to: Address,
    pub speaker: PersonaId,
    pub language: Language,
    pub standing: Standing,
    /// Under the newest key.
    pub who: Pseudonym,
    /// Under every key that still lives.
    pub everywhere: Vec<Pseudonym>,
}

impl Rooms {
    /// Shows the consents, or changes them first.
    pub(super) async fn privacy(&self, caller: &Caller, change: Option<ConsentChange>) -> Result<(), StoreError> {
        let mark = ("mark", mark(caller.to.place.platform));
        let Some(change) = change else {
            let person = self.store.person(&caller.who).await?.unwrap_or_default();
            let args = [
                ("consultation", Arg::from(person.allows(Consent::Consultation))),
                ("fandom", Arg::from(person.allows(Consent::Fandom))),
                mark,
            ];
            self.confide(caller, "privacy-status", &args).await;
            return Ok(());
        };
        for consent in Consent::ALL.into_iter().filter(|consent| change.consent.is_none_or(|one| one == *consent)) {
            self.store.set_consent(&caller.everywhere, consent, change.allowed).await?;
        }
        let person = self.store.person(&caller.who).await?.unwrap_or_default();
        if change.allowed && person.age_band == Some(AgeBand::Under14) {
            self.confide(caller, "privacy-under-age", &[]).await;
            return Ok(());
        }
        let key = if change.allowed { "privacy-on" } else { "privacy-off" };
        self.confide(caller, key, &[("consent", Arg::from(change.consent)), mark]).await;
        Ok(())
    }

    /// Shows what is kept, as counts: what was said is on the caller's own screen.
    pub(super) async fn my_data(&self, caller: &Caller) -> Result<(), StoreError> {
        let kept = self.store.mydata(&caller.everywhere).await?;
        let rows = rows(&kept);
        if rows.is_empty() {
            self.confide(caller, "mydata-none", &[]).await;
            return Ok(());
        }
        let mut text = self.locale.say(caller.language, "mydata-head", &[]);
        for (key, count) in rows {
            let args = [("count", Arg::Count(count))];
            let args = if key == "mydata-settings" { &args[..0] } else { &args[..] };
            text.push_str("\n- ");
            text.push_str(&self.locale.say(caller.language, key, args));
        }
        self.whisper(&caller.to, &caller.speaker, &text).await;
        Ok(())
    }

    /// Deletes everything, in the line, in memory and in the database.
    pub(super) async fn forget(&self, caller: &Caller) -> Result<(), StoreError> {
        for who in &caller.everywhere {
            self.forget_later(who.clone());
            self.coalesce.with(|state, _| state.take_person(who, Scope::Everywhere, false));
            self.scheduler.cancel(Pick::Person(who.into())).await;
        }
        self.chosen.forget(|(_, who)| caller.everywhere.contains(who));
        let forgotten = self.store.forget(&caller.everywhere, self.clock.wall()).await?;
        let key = if forgotten.rows == 0 { "forget-none" } else { "forget-done" };
        let args = [("count", Arg::Count(forgotten.rows))];
        let args = if forgotten.rows == 0 { &args[..0] } else { &args[..] };
        self.confide(caller, key, args).await;
        Ok(())
    }

    /// Says to nobody else what is the caller's own business, where the platform can.
    async fn confide(&self, caller: &Caller, key: &str, args: &[(&str, Arg<'_>)]) {
        let sentence = self.locale.say(caller.language, key, args);
        self.whisper(&caller.to, &caller.speaker, &sentence).await;
    }

    pub(super) async fn reply(&self, caller: &Caller, key: &str, args: &[(&str, Arg<'_>)]) {
        self.tell(&caller.to, &caller.speaker, caller.language, key, args).await;
    }
}

fn rows(kept: &MyData) -> Vec<(&'static str, u64)> {
    let counts = [
        ("mydata-consultations", kept.consultations),
        ("mydata-fandom", kept.fandom.iter().map(|counted| counted.times).sum()),
        ("mydata-recent", kept.exchanges),
        ("mydata-pending", kept.open_calls),
        ("mydata-payments", kept.payments),
        ("mydata-settings", u64::from(kept.person.is_some())),
    ];
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}
