//! Where the moderators of a place read that somebody there may need help.

use chrono::TimeDelta;

use super::{
    Rooms,
    moderate::{Done, Order},
};
use crate::{
    chat::{Alert, AlertsChange, Place, Platform, RawText},
    locale::Arg,
    moderation::Edit,
    privacy::Sealed,
    store::StoreError,
};

/// What the places of alerts are sealed for.
const ALERTS: &str = "alerts";

impl Rooms {
    /// Tells the moderators of a place where they want to read it; else the operator.
    pub(super) async fn alert(&self, alert: Alert) {
        if let Some(to) = self.alerts_of(&alert.place)
            && let Some(outbox) = self.outboxes.get(&to.platform)
        {
            match outbox.alert(&Alert { to: Some(to), ..alert.clone() }).await {
                Ok(()) => return,
                Err(error) => tracing::error!(%error, "the place where alerts are read cannot be written to"),
            }
        }
        let Some(outbox) = self.outbox(alert.place.platform) else { return };
        if let Err(error) = outbox.alert(&alert).await {
            tracing::error!(%error, class = alert.class, "moderators could not be alerted of a crisis");
        }
    }

    pub(super) async fn send_alerts(&self, order: &Order<'_>, change: &AlertsChange) -> Done {
        let here = &order.caller.to.place;
        // A chat that everybody reads is no place for it.
        let is_public = here.platform == Platform::Twitch;
        let to = match change {
            AlertsChange::Pair | AlertsChange::Here if is_public => {
                return Done::nothing(self.alerts_word(order, false));
            }
            AlertsChange::Show => {
                return Done::privately(self.alerts_word(order, self.alerts_of(here).is_some()), "show-alerts");
            }
            AlertsChange::Pair => return self.offer_alerts(order).await,
            AlertsChange::Off => None,
            AlertsChange::Here => self.seal_place(here),
            AlertsChange::With(code) => match self.redeem(code).await {
                Ok(Some(sealed)) => Some(sealed),
                Ok(None) => return Done::nothing(self.word(order, "mod-alerts-no-code", &[("mark", order.mark())])),
                Err(error) => return self.trouble_with(order, &error),
            },
        };
        let said = self.alerts_word(order, to.is_some());
        Done::privately(self.order(order, Edit::Alerts(to), said).await, "alerts")
    }

    /// A code with which another place's moderators have its alerts come here: so both sides agree.
    async fn offer_alerts(&self, order: &Order<'_>) -> Done {
        let here = self.seal_place(&order.caller.to.place);
        let code = self.keyring.new_code(&order.event);
        let (Some(here), Some(code)) = (here, code) else {
            return Done::nothing(self.word(order, "store-trouble", &[]));
        };
        let lives = self.floor.config.code_lives;
        let until = self.clock.wall() + TimeDelta::from_std(lives).unwrap_or_default();
        if let Err(error) = self.store.offer_alerts(&self.keyring.code(&code), &here, until).await {
            return self.trouble_with(order, &error);
        }
        let args = [("code", Arg::from(code)), ("wait", Arg::from(lives)), ("mark", order.mark())];
        Done::privately(self.word(order, "mod-alerts-code", &args), "pair-alerts")
    }

    async fn redeem(&self, code: &RawText) -> Result<Option<Sealed>, StoreError> {
        self.store.take_alerts(&self.keyring.codes(code), self.clock.wall()).await
    }

    fn seal_place(&self, place: &Place) -> Option<Sealed> {
        let place = serde_json::to_vec(place).ok()?;
        self.keyring.seal(ALERTS, &place).inspect_err(|error| tracing::error!(%error, "a place cannot be sealed")).ok()
    }

    /// Where the alerts of a place are read.
    pub(super) fn alerts_of(&self, place: &Place) -> Option<Place> {
        let places = self.keyring.places(place);
        let sealed = self.floor.rules().of(&places)?.alerts.clone()?;
        let opened = self.keyring.open(ALERTS, &sealed);
        let opened = opened.inspect_err(|error| tracing::error!(%error, "where alerts are read cannot be opened"));
        serde_json::from_slice(&opened.ok()?).ok()
    }

    fn alerts_word(&self, order: &Order<'_>, are_told: bool) -> String {
        if are_told {
            self.word(order, "mod-alerts-on", &[])
        } else {
            self.word(order, "mod-alerts-off", &[("mark", order.mark())])
        }
    }
}
