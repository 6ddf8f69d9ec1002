//! Takes what somebody filled into a command, gives the command. Nothing is guessed: what is not understood is no command.

use lovelm::chat::{Command, Consent, ConsentChange, Language, Moderation, PersonaId, RawText, Roster, UserId, Whom};
use serenity::model::application::{CommandData, CommandDataOption, CommandDataOptionValue as Value};

use super::{ALERTS, CHANNELS, CONSENTS, LANGUAGES};
use crate::hear::Hearing;

/// Suggestions that Discord shows: its own rule.
const MOST_CHOICES: usize = 25;

/// A command, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    Command {
        command: Command,
        /// What was written in it, which also tells its language.
        text: RawText,
    },
    /// A form is to be filled in first.
    Story(PersonaId),
}

/// `None` for what this version does not know.
pub(crate) fn read(data: &CommandData, hearing: &Hearing) -> Option<Read> {
    let given = Given(&data.options);
    let own = || Some(hearing.persona.clone());
    let persona = || given.text("persona").and_then(|name| hearing.roster.find(name)).cloned();
    let question = || given.text("question").map(RawText::new);
    let command = match data.name.as_str() {
        "ask" => Command::Ask { persona: persona().or_else(own), text: question()? },
        "panel" => Command::Panel { text: question()? },
        "story" => return persona().or_else(own).map(Read::Story),
        "answer" => Command::Answer,
        "more" => Command::More,
        "queue" => Command::Queue,
        "persona" => Command::Persona(persona()),
        "language" => {
            Command::Language(given.choice("language", &LANGUAGES).and_then(|code| code.parse::<Language>().ok()))
        }
        "privacy" => {
            Command::Privacy(given.flag("allowed").map(|allowed| ConsentChange { consent: consent(&given), allowed }))
        }
        "mydata" => Command::MyData,
        "forget" => Command::Forget,
        "about" => Command::About,
        "mod" => moderation(&data.options, &hearing.roster)?,
        _ => return None,
    };
    let text = match &command {
        Command::Ask { text, .. } | Command::Panel { text } => text.clone(),
        _ => RawText::default(),
    };
    Some(Read::Command { command, text })
}

/// Personas whose names have these letters, as they are shown and as they are meant.
pub(crate) fn personas_like(typed: &str, roster: &Roster) -> Vec<(String, String)> {
    let typed = typed.trim().to_lowercase();
    let is_like = |persona: &PersonaId| {
        let mut names = roster.names.iter().filter(|call| call.persona == *persona);
        persona.as_str().contains(&typed) || names.any(|call| call.name.to_lowercase().contains(&typed))
    };
    let shown = |persona: &PersonaId| {
        let name = roster.names.iter().find(|call| call.persona == *persona).map(|call| call.name.clone());
        (name.unwrap_or_else(|| persona.to_string()), persona.to_string())
    };
    roster.personas.iter().filter(|persona| is_like(persona)).map(shown).take(MOST_CHOICES).collect()
}

fn consent(given: &Given<'_>) -> Option<Consent> {
    match given.choice("consent", &CONSENTS) {
        Some("consultation") => Some(Consent::Consultation),
        Some("fandom") => Some(Consent::Fandom),
        _ => None,
    }
}

/// The words of a subcommand are those that a moderator would type elsewhere.
fn moderation(options: &[CommandDataOption], roster: &Roster) -> Option<Command> {
    let CommandDataOption { name, value: Value::SubCommand(options), .. } = options.first()? else { return None };
    let given = Given(options);
    let whom = || given.user("user").map(Whom::Account);
    let words = match name.as_str() {
        "block" => return whom().map(Moderation::Block).map(Command::Moderate),
        "unblock" => return whom().map(Moderation::Unblock).map(Command::Moderate),
        "skip" => given.number("number").map(|number| number.to_string()).unwrap_or_default(),
        "limits" => match (given.number("minute"), given.number("day"), given.flag("reset")) {
            (_, _, Some(true)) => "reset".to_owned(),
            (Some(minute), _, _) => format!("minute {minute}"),
            (_, Some(day), _) => format!("day {day}"),
            _ => String::new(),
        },
        "channel" => given.choice("access", &CHANNELS)?.to_owned(),
        "alerts" => {
            let code = given.text("code").map(str::trim).filter(|code| !code.is_empty());
            code.or_else(|| given.choice("to", &ALERTS)).unwrap_or_default().to_owned()
        }
        "hours" => given.text("hours").unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    Command::parse(&format!("mod {name} {words}"), roster).ok()
}

/// What was filled in.
struct Given<'a>(&'a [CommandDataOption]);

impl<'a> Given<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.0.iter().find(|option| option.name == name).map(|option| &option.value)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        match self.value(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn number(&self, name: &str) -> Option<u32> {
        match self.value(name)? {
            Value::Integer(number) => u32::try_from(*number).ok(),
            _ => None,
        }
    }

    fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Boolean(flag) => Some(*flag),
            _ => None,
        }
    }

    fn user(&self, name: &str) -> Option<UserId> {
        match self.value(name)? {
            Value::User(user) => Some(UserId::new(user.to_string())),
            _ => None,
        }
    }

    /// One of a list: by its place in it, as poise registers choices, or by its name.
    fn choice(&self, name: &str, of: &[(&'static str, &'static str)]) -> Option<&'static str> {
        match self.value(name)? {
            Value::Integer(index) => of.get(usize::try_from(*index).ok()?).map(|(name, _)| *name),
            Value::String(given) => of.iter().map(|(name, _)| *name).find(|known| known == given),
            _ => None,
        }
    }
}
