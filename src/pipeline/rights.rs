//! What a person may see, allow and delete of what is kept of them.

use std::time::Duration;

use tokio::sync::watch;

use super::{Pipeline, Rooms, tell::mark};
use crate::{
    chat::{Address, Consent, ConsentChange, Language, PersonaId, Standing},
    coalesce::Scope,
    locale::Arg,
    privacy::Pseudonym,
    scheduler::Pick,
    store::{AgeBand, MyData, StoreError},
};

/// Before the database is asked again whom other programs forgot.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);

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
            self.confide(caller, "privacy-status", &args, "confided-asked").await;
            return Ok(());
        };
        for consent in Consent::ALL.into_iter().filter(|consent| change.consent.is_none_or(|one| one == *consent)) {
            self.store.set_consent(&caller.everywhere, consent, change.allowed).await?;
        }
        let person = self.store.person(&caller.who).await?.unwrap_or_default();
        if change.allowed && person.age_band == Some(AgeBand::Under14) {
            self.confide(caller, "privacy-under-age", &[], "confided-asked").await;
            return Ok(());
        }
        let key = if change.allowed { "privacy-on" } else { "privacy-off" };
        self.confide(caller, key, &[("consent", Arg::from(change.consent)), mark], "confided-done").await;
        Ok(())
    }

    /// Shows what is kept, as counts: what was said is on the caller's own screen.
    pub(super) async fn my_data(&self, caller: &Caller) -> Result<(), StoreError> {
        let kept = self.store.mydata(&caller.everywhere).await?;
        if kept.rows.is_empty() {
            self.confide(caller, "mydata-none", &[], "confided-asked").await;
            return Ok(());
        }
        let mut text = self.locale.say(caller.language, "mydata-head", &[]);
        for line in self.lines_of(caller, &kept) {
            text.push_str("\n- ");
            text.push_str(&line);
        }
        self.confide_text(caller, &text, "confided-asked").await;
        Ok(())
    }

    /// A line for every table that keeps something.
    fn lines_of(&self, caller: &Caller, kept: &MyData) -> Vec<String> {
        let say = |key, args: &[(&str, Arg<'_>)]| self.locale.say(caller.language, key, args);
        let line = |(table, rows): (&&str, &u64)| {
            let counted = |key, rows| say(key, &[("count", Arg::Count(rows))]);
            match *table {
                "person" => say("mydata-settings", &[]),
                "consultation" => counted("mydata-consultations", *rows),
                "fan_count" => counted("mydata-fandom", kept.fandom.iter().map(|counted| counted.times).sum()),
                "recent" => counted("mydata-recent", *rows),
                "pending" => counted("mydata-pending", *rows),
                "ledger" => counted("mydata-payments", *rows),
                other => say("mydata-other", &[("count", Arg::Count(*rows)), ("what", Arg::from(other))]),
            }
        };
        kept.rows.iter().map(line).collect()
    }

    /// Deletes everything, in the line, in memory and in the database.
    pub(super) async fn forget(&self, caller: &Caller) -> Result<(), StoreError> {
        self.forget_here(&caller.everywhere).await;
        let forgotten = self.store.forget(&caller.everywhere, self.clock.wall()).await?;
        let key = if forgotten.rows == 0 { "forget-none" } else { "forget-done" };
        let args = [("count", Arg::Count(forgotten.rows))];
        let args = if forgotten.rows == 0 { &args[..0] } else { &args[..] };
        self.confide(caller, key, args, "confided-done").await;
        Ok(())
    }

    /// Takes a person, given under every live key, out of the line and out of memory. What was being written of them is written
    /// when this ends, and nothing is from then on that was asked until now.
    pub(super) async fn forget_here(&self, everywhere: &[Pseudonym]) {
        {
            let _nobody_writes = self.writing.write().await;
            for who in everywhere {
                self.forget_later(who.clone());
            }
        }
        for who in everywhere {
            self.coalesce.with(|state, _| state.take_person(who, Scope::Everywhere, false));
            self.scheduler.cancel(Pick::Person(who.into())).await;
            self.limits.forget(who);
        }
        self.chosen.forget(|(_, who)| everywhere.contains(who));
        self.shut_out.forget(|(_, who)| everywhere.contains(who));
        self.troubled.forget(|who| everywhere.contains(who));
        self.brought.forget(|who| everywhere.contains(who));
        self.lines.change(|tickets| tickets.retain(|(_, who)| !everywhere.contains(who)));
    }

    /// Says to nobody else what is the caller's own business. Where the platform cannot do that, only that it was heard.
    pub(super) async fn confide(&self, caller: &Caller, key: &str, args: &[(&str, Arg<'_>)], aloud: &str) {
        let sentence = self.locale.say(caller.language, key, args);
        self.confide_text(caller, &sentence, aloud).await;
    }

    async fn confide_text(&self, caller: &Caller, text: &str, aloud: &str) {
        if !self.whisper(&caller.to, &caller.speaker, text).await {
            let mark = mark(caller.to.place.platform);
            self.reply(caller, aloud, &[("mark", mark)]).await;
        }
    }

    pub(super) async fn reply(&self, caller: &Caller, key: &str, args: &[(&str, Arg<'_>)]) {
        self.tell(&caller.to, &caller.speaker, caller.language, key, args).await;
    }
}

impl Pipeline {
    /// Forgets here whom another program on this database forgot, until the fleet's work has ended.
    pub(super) async fn forget_with_others(&self, mut ended: watch::Receiver<bool>) {
        tokio::select! {
            () = self.hear_of_the_forgotten() => {}
            _ = ended.wait_for(|ended| *ended) => {}
        }
    }

    async fn hear_of_the_forgotten(&self) {
        let rooms = &self.0;
        loop {
            if let Err(error) = self.hear_while_connected().await {
                tracing::debug!(%error, "whom other programs forget is not heard for a moment");
            }
            rooms.clock.until(rooms.clock.elapsed() + LISTEN_AGAIN).await;
        }
    }

    async fn hear_while_connected(&self) -> Result<(), StoreError> {
        let rooms = &self.0;
        let mut told = rooms.store.forgotten_elsewhere().await?;
        loop {
            let who = told.next().await?;
            rooms.forget_here(&who).await;
            // What was being written here while the other one deleted.
            if let Err(error) = rooms.store.forget_after(&who, rooms.clock.wall()).await {
                tracing::error!(%error, "a row that was being written of a forgotten person may still be there");
            }
        }
    }
}
