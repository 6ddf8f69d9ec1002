//! What commands do.

use super::{Part, Pipeline, Rooms, moderate::Reach, rights::Caller, tell::mark};
use crate::{
    chat::{Command, Invocation, Lane, Language, Message, PersonaId},
    context,
    limits::Reason,
    locale::Arg,
    moderation::Hearing,
    routing,
    store::StoreError,
};

impl Pipeline {
    /// Does what was asked. Asking is a call like any other; the rest is answered at once.
    pub(super) async fn command(&self, invocation: Invocation, part: Part) {
        let Invocation { message, command } = invocation;
        if message.author.is_bot {
            return;
        }
        match command {
            Command::Ask { persona, text } => {
                let home = self.home(&message);
                let call = routing::ask(message, persona, &text, &home);
                self.enter_if(call, part).await;
            }
            Command::Panel { text } => {
                let call = routing::panel(message, &text, &self.0.cast().roster);
                self.enter_if(call, part).await;
            }
            Command::Read { persona } => self.read_to(message, persona, part).await,
            Command::Again { persona, asker } => self.again(message, persona, &asker, part).await,
            Command::Cancel { message: asked, asker } => self.cancel(&message, &asked, &asker).await,
            // Whoever waits for a word gets one.
            Command::Moderate(_) if message.callback.is_some() && !message.author.standing.moderator => {
                let caller = self.caller(&message).await;
                self.0.reply(&caller, "moderators-only", &[]).await;
            }
            Command::Moderate(order) => self.moderate(&message, order, Reach::Here).await,
            Command::ModerateAll(order) => self.moderate(&message, order, Reach::Everywhere).await,
            other => self.answer_now(&message, other).await,
        }
    }

    pub(super) async fn enter_if(&self, call: Option<routing::Call>, part: Part) {
        if let Some(call) = call {
            Box::pin(self.enter(call, part, self.0.clock.elapsed())).await;
        }
    }

    async fn answer_now(&self, message: &Message, command: Command) {
        let rooms = &self.0;
        if !rooms.is_new(message) || !rooms.hears_command(message, &command) || !self.may_command(message).await {
            return;
        }
        let caller = self.caller(message).await;
        let done = match command {
            Command::More => rooms.more(&caller).await,
            Command::Answer => rooms.fetch_answer(&caller).await,
            Command::Queue => rooms.queue(&caller).await,
            Command::Persona(choice) => self.persona(&caller, choice).await,
            Command::Language(choice) => self.language(&caller, choice).await,
            Command::Privacy(change) => rooms.privacy(&caller, change).await,
            Command::MyData => rooms.my_data(&caller).await,
            Command::Forget => rooms.forget(&caller).await,
            Command::About => self.about(&caller).await,
            Command::Ask { .. }
            | Command::Panel { .. }
            | Command::Read { .. }
            | Command::Again { .. }
            | Command::Cancel { .. }
            | Command::Moderate(_)
            | Command::ModerateAll(_) => unreachable!("done before"),
        };
        if let Err(error) = done {
            tracing::error!(%error, "a command could not be done");
            rooms.reply(&caller, "store-trouble", &[]).await;
        }
    }

    /// Whether the caller has not given too many commands; told once when they did.
    async fn may_command(&self, message: &Message) -> bool {
        let rooms = &self.0;
        let platform = message.place.platform;
        let who = rooms.keyring.pseudonym(platform, &message.author.user);
        let place = rooms.keyring.place(&message.place);
        let Err(refusal) = rooms.limits.admit_command(&who, &place, (platform, message.author.standing)) else {
            return true;
        };
        metrics::counter!("lovelm_refused_total", "class" => "command", "reason" => refusal.reason.as_str())
            .increment(1);
        let tell = refusal.tell || message.callback.is_some();
        if let (true, Reason::PersonTooFast { retry_after }) = (tell, refusal.reason) {
            let caller = self.caller(message).await;
            rooms.reply(&caller, "refused-too-fast", &[("wait", retry_after.into())]).await;
        }
        false
    }

    pub(super) async fn caller(&self, message: &Message) -> Caller {
        let rooms = &self.0;
        let platform = message.place.platform;
        rooms.bring_over(platform, &message.author.user).await;
        let who = rooms.keyring.pseudonym(platform, &message.author.user);
        let chosen = rooms.person(&who).await.language;
        Caller {
            to: rooms.door().address(message),
            speaker: rooms.manners.host.clone(),
            language: chosen.unwrap_or_else(|| rooms.language(message, &message.text)),
            standing: message.author.standing,
            everywhere: rooms.keyring.pseudonyms(platform, &message.author.user),
            who,
        }
    }

    async fn persona(&self, caller: &Caller, choice: Option<PersonaId>) -> Result<(), StoreError> {
        let rooms = &self.0;
        let place = rooms.keyring.place(&caller.to.place);
        if let Some(persona) = choice {
            let name = rooms.name(&persona, caller.language);
            rooms.chosen.note((place, caller.who.clone()), |chosen| *chosen = Some(persona));
            rooms.reply(caller, "persona-changed", &[("persona", Arg::from(name))]).await;
            return Ok(());
        }
        let mut text = rooms.locale.say(caller.language, "persona-head", &[]);
        for persona in rooms.cast().personas.iter() {
            let voice = persona.voice(caller.language);
            let args = [
                ("persona", Arg::from(voice.name.as_str())),
                ("id", Arg::from(persona.id().as_str())),
                ("line", Arg::from(voice.character.as_str())),
            ];
            text.push_str("\n- ");
            text.push_str(&rooms.locale.say(caller.language, "persona-item", &args));
        }
        rooms.say(&caller.to, &caller.speaker, &text, Lane::Notice).await;
        Ok(())
    }

    async fn language(&self, caller: &Caller, choice: Option<Language>) -> Result<(), StoreError> {
        let rooms = &self.0;
        match choice {
            None => {
                let args = [("mark", mark(caller.to.place.platform))];
                rooms.reply(caller, "language-current", &args).await;
            }
            Some(language) => {
                rooms.store.set_language(&caller.who, language).await?;
                rooms.tell(&caller.to, &caller.speaker, language, "language-changed", &[]).await;
                let answered_in = context::answer_language(language, rooms.engine.profile());
                if answered_in != language {
                    let args = [("language", Arg::from(answered_in))];
                    rooms.tell(&caller.to, &caller.speaker, language, "other-language", &args).await;
                }
            }
        }
        Ok(())
    }

    async fn about(&self, caller: &Caller) -> Result<(), StoreError> {
        let rooms = &self.0;
        let cast = rooms.cast();
        let names = cast.personas.iter().map(|persona| persona.voice(caller.language).name.as_str());
        let args =
            [("personas", Arg::from(names.collect::<Vec<_>>().join(", "))), ("mark", mark(caller.to.place.platform))];
        rooms.reply(caller, "about", &args).await;
        Ok(())
    }
}

impl Rooms {
    /// Whether a command is heard. What is somebody's right over what is kept of them always is.
    fn hears_command(&self, message: &Message, command: &Command) -> bool {
        self.note_name(message);
        let is_right = matches!(command, Command::Privacy(_) | Command::MyData | Command::Forget);
        let hearing = self.hearing(&message.place, &message.author.user);
        is_right || !matches!(hearing, Hearing::Blocked | Hearing::Denied)
    }
}
