//! Takes an interaction, gives the first word to it, and what was asked. Knows nothing of how either is brought.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use lovelm::chat::{
    Author, Callback, CallbackToken, ChatEvent, Command, EventId, Invocation, Language, Message, MessageId, PersonaId,
    Place, Quoted, RawText, Standing, UserId,
};
use serenity::model::{
    application::{
        ActionRowComponent, CommandInteraction, CommandType, ComponentInteraction, Interaction, ModalInteraction,
    },
    channel::MessageFlags,
    guild::Member,
    monetization::Entitlement,
    user::User,
};

use super::{Hearing, MODERATES, place, said};
use crate::{
    buttons,
    commands::{self, Read, STORY},
};

/// What is said to an interaction within three seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// The answer comes later, for everybody or for the asker alone.
    Later {
        private: bool,
    },
    /// The message with the button stays as it is.
    Unchanged,
    /// A form for a story to this persona.
    Form {
        persona: PersonaId,
        language: Language,
    },
    /// What a word that is being typed may become: what is shown, and what it stands for.
    Choices(Vec<(String, String)>),
    Pong,
}

/// An interaction, understood.
#[derive(Debug)]
pub(crate) struct Asked {
    pub id: u64,
    pub token: String,
    pub word: Word,
    pub event: Option<ChatEvent>,
}

/// What every kind of interaction says of whoever caused it.
struct Caller<'a> {
    id: u64,
    token: &'a str,
    place: Place,
    user: &'a User,
    member: Option<Cow<'a, Member>>,
    locale: &'a str,
    entitlements: &'a [Entitlement],
}

/// Reads an interaction at the time `now`. What is none of ours gets its word and causes nothing.
pub(crate) fn asked(interaction: &Interaction, hearing: &Hearing, now: DateTime<Utc>) -> Asked {
    let (word, event) = match interaction {
        Interaction::Command(command) => commanded(command, hearing, now),
        Interaction::Autocomplete(command) => {
            let typed = command.data.autocomplete().map_or("", |option| option.value);
            (Word::Choices(commands::personas_like(typed, &hearing.roster)), None)
        }
        Interaction::Component(component) => pressed(component, hearing, now),
        Interaction::Modal(form) => (Word::Later { private: true }, filled_in(form, hearing, now)),
        _ => (Word::Pong, None),
    };
    Asked { id: interaction.id().get(), token: interaction.token().to_owned(), word, event }
}

fn commanded(command: &CommandInteraction, hearing: &Hearing, now: DateTime<Utc>) -> (Word, Option<ChatEvent>) {
    let caller = Caller {
        id: command.id.get(),
        token: &command.token,
        place: place(command.channel_id),
        user: &command.user,
        member: command.member.as_deref().map(Cow::Borrowed),
        locale: &command.locale,
        entitlements: &command.entitlements,
    };
    if command.data.kind == CommandType::Message {
        let mut message = caller.message(hearing, now, false);
        message.context =
            command.data.resolved.messages.values().filter_map(|one| said::quoted(one, hearing)).collect();
        let read = Command::Read { persona: Some(hearing.persona.clone()) };
        return (Word::Later { private: false }, Some(invoked(message, read)));
    }
    match commands::read(&command.data, hearing) {
        Some(Read::Story(persona)) => {
            (Word::Form { persona, language: command.locale.parse().unwrap_or_default() }, None)
        }
        Some(Read::Command { command, text }) => {
            let private = is_private(&command, hearing);
            let mut message = caller.message(hearing, now, private);
            message.text = text;
            if let (Command::Ask { .. }, Some(callback)) = (&command, message.callback.as_mut()) {
                callback.private = false;
            }
            (Word::Later { private }, Some(invoked(message, command)))
        }
        // A command of another version: whoever sent it learns what there is.
        None => {
            let message = caller.message(hearing, now, true);
            (Word::Later { private: true }, Some(invoked(message, Command::About)))
        }
    }
}

fn pressed(component: &ComponentInteraction, hearing: &Hearing, now: DateTime<Utc>) -> (Word, Option<ChatEvent>) {
    let Some(command) = buttons::pressed(&component.data.custom_id, &hearing.roster) else {
        return (Word::Unchanged, None);
    };
    let caller = Caller {
        id: component.id.get(),
        token: &component.token,
        place: place(component.channel_id),
        user: &component.user,
        member: component.member.as_ref().map(Cow::Borrowed),
        locale: &component.locale,
        entitlements: &component.entitlements,
    };
    if matches!(command, Command::Cancel { .. }) {
        return (Word::Unchanged, Some(invoked(caller.message(hearing, now, true), command)));
    }
    // Under what nobody else sees nobody else is answered.
    let hidden = component.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
    let another = matches!(&command, Command::Again { persona: Some(persona), .. } if *persona != hearing.persona);
    let private = hidden || another;
    let mut message = caller.message(hearing, now, private);
    if let Some(callback) = message.callback.as_mut() {
        callback.private = hidden;
    }
    (Word::Later { private }, Some(invoked(message, command)))
}

fn filled_in(form: &ModalInteraction, hearing: &Hearing, now: DateTime<Utc>) -> Option<ChatEvent> {
    let persona = form.data.custom_id.strip_prefix(STORY)?.strip_prefix(':')?;
    let persona = hearing.roster.personas.iter().find(|known| known.as_str() == persona)?.clone();
    let fields = form.data.components.iter().flat_map(|row| &row.components);
    let story = fields.filter_map(|field| match field {
        ActionRowComponent::InputText(input) => input.value.clone(),
        _ => None,
    });
    let story = story.collect::<Vec<_>>().join("\n");
    let caller = Caller {
        id: form.id.get(),
        token: &form.token,
        place: place(form.channel_id),
        user: &form.user,
        member: form.member.as_ref().map(Cow::Borrowed),
        locale: &form.locale,
        entitlements: &form.entitlements,
    };
    let mut message = caller.message(hearing, now, true);
    message.text = RawText::new(story);
    let text = message.text.clone();
    Some(invoked(message, Command::Ask { persona: Some(persona), text }))
}

/// Whether nobody but the caller sees the first word. What another persona answers is said by its own account: ours only
/// tells the caller.
fn is_private(command: &Command, hearing: &Hearing) -> bool {
    match command {
        Command::Ask { persona, .. } => persona.as_ref() != Some(&hearing.persona),
        Command::Panel { .. } => false,
        _ => true,
    }
}

impl Caller<'_> {
    fn message(&self, hearing: &Hearing, now: DateTime<Utc>, private: bool) -> Message {
        let until = now + chrono::TimeDelta::from_std(hearing.callback).unwrap_or_default();
        let member = self.member.as_deref();
        let permissions = member.and_then(|member| member.permissions).unwrap_or_default();
        let bought = self.entitlements.iter().any(|one| !one.deleted && hearing.goods.last(one));
        let nick = member.and_then(|member| member.nick.clone()).or_else(|| self.user.global_name.clone());
        Message {
            event: EventId::new(self.id.to_string()),
            // Named as a message would be, so that what is asked can be taken back by its name.
            id: Some(MessageId::new(self.id.to_string())),
            place: self.place.clone(),
            author: Author {
                user: UserId::new(self.user.id.to_string()),
                name: RawText::new(nick.unwrap_or_else(|| self.user.name.clone())),
                standing: Standing {
                    moderator: permissions.intersects(MODERATES),
                    supporter: bought || member.is_some_and(|member| member.premium_since.is_some()),
                },
                is_bot: self.user.bot,
                locale: self.locale.parse().ok(),
            },
            text: RawText::default(),
            mentions: Vec::new(),
            reply_to: None,
            context: Vec::<Quoted>::new(),
            callback: Some(Callback {
                token: CallbackToken::new(self.token),
                persona: hearing.persona.clone(),
                private,
                until,
            }),
            at: now,
        }
    }
}

fn invoked(message: Message, command: Command) -> ChatEvent {
    ChatEvent::Command(Invocation { message, command })
}
