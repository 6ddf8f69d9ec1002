//! What moderators order about people and rules, and what they are shown.

use super::{
    Rooms,
    floor::UnderWay,
    moderate::{Done, Order},
};
use crate::{
    chat::{HoursChange, LimitsChange, Platform, UserId, Whom},
    coalesce::Scope,
    locale::Arg,
    moderation::{Edit, Rule},
    safety,
    store::{ModDone, StoreError},
    text,
};

const LONGEST_NAME: usize = 32;

impl Rooms {
    /// What waits here.
    pub(super) fn waiting(&self) -> Vec<UnderWay> {
        self.scheduler.look(|(ticket, job)| Some(UnderWay::of(*ticket, job)))
    }

    pub(super) async fn show_queue(&self, order: &Order<'_>) -> Done {
        if order.is_everywhere() {
            let line = self.scheduler.line().await;
            return Done::privately(self.whole_line(order.caller, &line), "show-queue");
        }
        let (now, language) = (self.clock.elapsed(), order.caller.language);
        let mut items = self.scheduler.look(|(_, job)| {
            let is_here = order.spot.place.contains(&job.call.call().place);
            let wait = job.waited + now.saturating_sub(job.asked_at);
            is_here.then(|| (wait, job.number, job.class, job.persona.clone()))
        });
        items.sort_by_key(|item| std::cmp::Reverse(item.0));
        let count = items.len();
        let mut said = self.word(order, "mod-queue", &[("count", Arg::from(count))]);
        for (wait, number, class, persona) in items.into_iter().take(self.floor.config.queue_lines) {
            let args = [
                ("number", Arg::from(u64::from(number))),
                ("class", Arg::from(class.as_str())),
                ("persona", Arg::from(self.name(&persona, language))),
                ("wait", Arg::from(wait)),
            ];
            said.push_str("\n- ");
            said.push_str(&self.word(order, "mod-queue-item", &args));
        }
        if count > self.floor.config.queue_lines {
            let more = Arg::from(count - self.floor.config.queue_lines);
            said.push('\n');
            said.push_str(&self.word(order, "mod-queue-more", &[("count", more)]));
        }
        Done::privately(said, "show-queue")
    }

    pub(super) async fn show_status(&self, order: &Order<'_>) -> Done {
        let line = self.scheduler.line().await;
        let (rule, blocks) = {
            let rules = self.floor.rules();
            (rules.of(order.place()).cloned().unwrap_or_default(), rules.blocks(order.place()))
        };
        let fleet = self.floor.rules().of(&order.spot.fleet).cloned().unwrap_or_default();
        let args = [
            ("state", Arg::from(rule.tone.max(fleet.tone).as_str())),
            ("count", Arg::from(line.waiting.iter().sum::<usize>())),
            ("running", Arg::from(line.running)),
        ];
        let mut said = vec![self.word(order, "mod-status", &args)];
        if !rule.allowed {
            said.push(self.word(order, "mod-channel", &[("state", Arg::from(false)), ("mark", order.mark())]));
        }
        if let Some(hours) = rule.quiet_hours.or(fleet.quiet_hours) {
            said.push(self.word(order, "mod-hours", &[("hours", Arg::from(hours.to_string()))]));
        }
        if blocks > 0 {
            said.push(self.word(order, "mod-blocks", &[("count", Arg::from(blocks))]));
        }
        if rule.per_minute.is_some() || rule.per_day.is_some() {
            said.push(self.limits_of(order, &rule));
        }
        Done::publicly(said.join(" "), "show-status")
    }

    /// From now on somebody is not heard. What they asked for is let go.
    pub(super) async fn block(&self, order: &Order<'_>, whom: &Whom) -> Done {
        let Some((platform, user)) = self.find(order, whom) else {
            return Done::nothing(self.word(order, "mod-unknown-person", &[]));
        };
        if self.floor.rules().blocks(order.place()) >= self.floor.config.most_blocks {
            let most = Arg::from(self.floor.config.most_blocks);
            return Done::nothing(self.word(order, "mod-blocks-full", &[("most", most)]));
        }
        let who = self.keyring.pseudonyms(platform, &user);
        // What they share with others goes on without them.
        for one in &who {
            let scopes = order.spot.place.iter().map(Scope::At);
            let scopes: Vec<_> = if order.is_everywhere() { vec![Scope::Everywhere] } else { scopes.collect() };
            for scope in scopes {
                self.coalesce.with(|state, _| state.take_person(one, scope, false));
            }
        }
        let said = self.word(order, "mod-blocked", &[]);
        Done::privately(self.order(order, Edit::Block(who), said).await, "block")
    }

    pub(super) async fn unblock(&self, order: &Order<'_>, whom: &Whom) -> Done {
        let Some((platform, user)) = self.find(order, whom) else {
            return Done::nothing(self.word(order, "mod-unknown-person", &[]));
        };
        let who = self.keyring.pseudonyms(platform, &user);
        if !self.floor.rules().is_blocked(order.place(), &who) {
            return Done::nothing(self.word(order, "mod-not-blocked", &[]));
        }
        let said = self.word(order, "mod-unblocked", &[]);
        Done::privately(self.order(order, Edit::Unblock(who), said).await, "unblock")
    }

    /// Whom a moderator means. Accounts of other platforms are the operator's business.
    fn find(&self, order: &Order<'_>, whom: &Whom) -> Option<(Platform, UserId)> {
        let place = &order.caller.to.place;
        match whom {
            Whom::Account(user) => Some((place.platform, user.clone())),
            Whom::On(platform, user) => {
                let may = order.is_everywhere() || *platform == place.platform;
                may.then(|| (*platform, user.clone()))
            }
            Whom::Named(name) => {
                let user = self.floor.named(&self.keyring.name(place, name))?;
                Some((place.platform, user))
            }
        }
    }

    pub(super) async fn limit(&self, order: &Order<'_>, change: LimitsChange) -> Done {
        let (most_minute, most_day) = self.manners.most_calls;
        let (edit, count, most) = match change {
            LimitsChange::Show => {
                let rule = self.floor.rules().of(order.place()).cloned().unwrap_or_default();
                return Done::privately(self.limits_of(order, &rule), "show-limits");
            }
            LimitsChange::Reset => (Edit::ResetLimits, 0, u32::MAX),
            LimitsChange::PerMinute(count) => (Edit::PerMinute(count), count, most_minute),
            LimitsChange::PerDay(count) => (Edit::PerDay(count), count, most_day),
        };
        if count > most {
            return Done::nothing(self.word(order, "mod-limits-most", &[("most", Arg::from(u64::from(most)))]));
        }
        let mut rule = self.floor.rules().of(order.place()).cloned().unwrap_or_default();
        rule.apply(&edit);
        let said = self.limits_of(order, &rule);
        let done = Done::privately(self.order(order, edit, said).await, "limits");
        if count > 0 { done.with(&count) } else { done }
    }

    fn limits_of(&self, order: &Order<'_>, rule: &Rule) -> String {
        let (minute, day) = self.manners.most_calls;
        let args = [
            ("minute", Arg::from(u64::from(rule.per_minute.unwrap_or(minute)))),
            ("day", Arg::from(u64::from(rule.per_day.unwrap_or(day)))),
        ];
        self.word(order, "mod-limits", &args)
    }

    pub(super) async fn keep_hours(&self, order: &Order<'_>, change: HoursChange) -> Done {
        let hours = match change {
            HoursChange::Show => self.floor.rules().of(order.place()).and_then(|rule| rule.quiet_hours),
            HoursChange::Set(hours) => Some(hours),
            HoursChange::Off => None,
        };
        let said = match hours {
            Some(hours) => self.word(order, "mod-hours", &[("hours", Arg::from(hours.to_string()))]),
            None => self.word(order, "mod-no-hours", &[]),
        };
        if change == HoursChange::Show {
            return Done::privately(said, "show-hours");
        }
        let done = Done::publicly(self.order(order, Edit::QuietHours(hours), said).await, "hours");
        match hours {
            Some(hours) => done.with(&hours),
            None => done,
        }
    }

    pub(super) async fn show_log(&self, order: &Order<'_>) -> Done {
        let deeds = match self.store.deeds(order.place(), self.floor.config.log_lines).await {
            Ok(deeds) => deeds,
            Err(error) => return self.trouble_with(order, &error),
        };
        let head = if deeds.is_empty() { "mod-log-empty" } else { "mod-log" };
        let mut said = self.word(order, head, &[]);
        for deed in &deeds {
            said.push_str("\n- ");
            said.push_str(&self.logged(order, deed));
        }
        Done::privately(said, "show-log")
    }

    pub(super) fn trouble_with(&self, order: &Order<'_>, error: &StoreError) -> Done {
        tracing::error!(%error, "an order of a moderator could not be done");
        Done::nothing(self.word(order, "store-trouble", &[]))
    }

    /// One line of the log. Where a whisper is heard by everybody, nobody is named.
    fn logged(&self, order: &Order<'_>, deed: &ModDone) -> String {
        let is_overheard = order.caller.to.place.platform == Platform::Twitch;
        let name = deed.name.as_ref().filter(|_| !is_overheard).and_then(|sealed| self.open_name(sealed));
        let name = name.as_ref().and_then(safety::sayable);
        let args = [
            ("when", Arg::from(deed.done_at.with_timezone(&self.floor.zone).format("%m-%d %H:%M").to_string())),
            ("deed", Arg::from(&deed.deed)),
            ("detail", Arg::from(deed.detail.as_deref().unwrap_or("none"))),
            ("who", Arg::from(name.map_or("none", |name| text::truncate_graphemes(name, LONGEST_NAME)))),
        ];
        self.word(order, "mod-log-item", &args)
    }
}
