//! What a person sees of the line: their own places, or the whole of it without anybody in it.

use super::{Rooms, rights::Caller};
use crate::{
    chat::Lane,
    locale::Arg,
    scheduler::{Account, Class, Line, Waiting},
    store::StoreError,
};

/// Thousandths in a hundredth.
const PERCENT: u64 = 10;

impl Rooms {
    /// Shows the caller's places; a moderator also the whole line.
    pub(super) async fn queue(&self, caller: &Caller) -> Result<(), StoreError> {
        let waiting = self.places_of(caller).await;
        let mut text = String::new();
        if caller.standing.moderator {
            text = self.whole_line(caller, &self.scheduler.line().await);
        } else if waiting.is_empty() {
            text = self.locale.say(caller.language, "queue-empty", &[]);
        }
        if !waiting.is_empty() {
            let count = Arg::from(waiting.len());
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(&self.locale.say(caller.language, "queue-head", &[("count", count)]));
        }
        for place in waiting {
            let persona = self.awaited.get(&place.ticket).flatten().unwrap_or_else(|| self.manners.host.clone());
            let args = [
                ("persona", Arg::from(self.name(&persona, caller.language))),
                ("ahead", Arg::from(place.ahead)),
                ("wait", Arg::from(place.expected_wait)),
            ];
            text.push_str("\n- ");
            text.push_str(&self.locale.say(caller.language, "queue-item", &args));
        }
        self.say(&caller.to, &caller.speaker, &text, Lane::Notice).await;
        Ok(())
    }

    /// The caller's own calls, and those of others that will answer them too.
    pub(super) async fn places_of(&self, caller: &Caller) -> Vec<Waiting> {
        let mut places = self.scheduler.standing(&Account::from(&caller.who)).await;
        for (id, first) in self.coalesce.with(|state, _| state.joined_by(&caller.who)) {
            let tickets = self.lines.get(&id).unwrap_or_default();
            let of_first = self.scheduler.standing(&Account::from(&first)).await;
            places.extend(of_first.into_iter().filter(|place| tickets.iter().any(|(own, _)| *own == place.ticket)));
        }
        places
    }

    pub(super) fn whole_line(&self, caller: &Caller, line: &Line) -> String {
        let args = [
            ("count", Arg::from(line.waiting.iter().sum::<usize>())),
            ("running", Arg::from(line.running)),
            ("slots", Arg::from(line.slots)),
            ("load", Arg::from(line.paid_load / PERCENT)),
            ("wait", Arg::from(line.longest_wait)),
        ];
        let mut text = self.locale.say(caller.language, "queue-line", &args);
        for (class, waiting) in Class::ALL.into_iter().zip(line.waiting).filter(|(_, waiting)| *waiting > 0) {
            let args = [("class", Arg::from(class.as_str())), ("count", Arg::from(waiting))];
            text.push_str("\n- ");
            text.push_str(&self.locale.say(caller.language, "queue-class", &args));
        }
        text
    }
}
