//! What streamers ask for their channels: the bots come, or go, and say so once.

use std::{collections::HashMap, path::PathBuf, time::Duration};

use lovelm::{
    chat::{Lane, Language},
    locale::Locale,
};
use tokio::sync::{oneshot, watch};

use super::Hub;
use crate::{
    channels::{self, Asked, Channels, Wish},
    connection::Invitation,
    desk::{Line, Spoken},
    settings::Settings,
};

/// How long a channel's next wish is not heard: nobody makes the bots talk by changing their mind.
const PATIENCE: Duration = Duration::from_secs(30);

/// The channels, and who was answered lately.
pub(super) struct Guests {
    channels: Channels,
    lately: HashMap<String, Duration>,
    locale: Locale,
    language: Language,
    most: usize,
    kept: Option<watch::Sender<Asked>>,
}

impl Guests {
    /// Inside a tokio runtime: what is asked for is written down beside everything else.
    pub(super) fn of(settings: &Settings) -> Self {
        let channels = Channels::of(settings);
        let kept = channels::path(settings).map(|path| {
            let (kept, news) = watch::channel(channels.asked());
            tokio::spawn(keep(path, news));
            kept
        });
        let (locale, language, most) = (Locale::new(), settings.language, settings.limits.line);
        Self { channels, lately: HashMap::new(), locale, language, most, kept }
    }

    pub(super) fn channels(&self) -> Vec<String> {
        self.channels.all()
    }

    /// Whether this channel's wish is heard now.
    fn listens(&mut self, channel: &str, now: Duration) -> bool {
        self.lately.retain(|_, at| *at + PATIENCE > now);
        let listens = !self.lately.contains_key(channel);
        self.lately.entry(channel.to_owned()).or_insert(now);
        listens
    }

    fn grant(&mut self, invitation: &Invitation) -> Wish {
        let channel = &invitation.channel;
        let wish = if invitation.comes { self.channels.join(channel) } else { self.channels.leave(channel) };
        if let (Wish::Done, Some(kept)) = (wish, &self.kept) {
            kept.send_replace(self.channels.asked());
        }
        wish
    }

    fn sentence(&self, invitation: &Invitation, wish: Wish) -> Option<Spoken> {
        let key = match (wish, invitation.comes) {
            (Wish::AsItIs, _) => return None,
            (Wish::Full, _) => "twitch-full",
            (Wish::Done, true) => "twitch-comes",
            (Wish::Done, false) => "twitch-leaves",
        };
        let args = [("channel", invitation.channel.as_str().into())];
        Spoken::of(&self.locale.say(self.language, key, &args), self.most)
    }
}

impl Hub {
    /// Comes or goes, and says so where it was asked for.
    pub(super) fn invited(&mut self, seat: usize, invitation: Invitation, now: Duration) {
        if !self.guests.listens(&invitation.channel, now) {
            return;
        }
        let wish = self.guests.grant(&invitation);
        if wish == Wish::Done && invitation.comes {
            self.ears.add(&invitation.channel);
        } else if wish == Wish::Done {
            self.desk.close(&invitation.channel);
            if let Some(seat) = self.ears.remove(&invitation.channel) {
                self.wire(seat, format!("PART #{}", invitation.channel));
            }
        }
        let Some(text) = self.guests.sentence(&invitation, wish) else { return };
        let Invitation { heard_in: channel, message: reply, .. } = invitation;
        let ticket = self.desk.push(Line { seat, channel, lane: Lane::Notice, text, reply }, now);
        let (verdict, known) = oneshot::channel();
        self.verdicts.insert(ticket, verdict);
        // Whether it was shown concerns nobody, but somebody has to wait for it.
        self.asides.spawn(async move {
            let _ = known.await;
        });
    }
}

/// Writes down what is asked for, the latest of it, until nobody asks any more.
async fn keep(path: PathBuf, mut news: watch::Receiver<Asked>) {
    while news.changed().await.is_ok() {
        let (asked, path) = (news.borrow_and_update().clone(), path.clone());
        let written = tokio::task::spawn_blocking(move || asked.write(&path)).await;
        if !matches!(written, Ok(Ok(()))) {
            tracing::error!("an invitation is not kept: after a restart streamers have to invite again");
        }
    }
}
