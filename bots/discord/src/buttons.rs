//! Takes what is offered with a line, gives buttons; takes the id of a pressed one, gives what it means. The ids say all there is
//! to know, so that buttons work after a restart. Knows nothing of what follows.

use lovelm::{
    chat::{Address, Command, Language, MessageId, Offer, PersonaId, Roster, UserId},
    locale::Locale,
};
use serenity::{
    builder::{CreateActionRow, CreateButton},
    model::application::ButtonStyle,
};

/// What the ids of our buttons begin with, and their version.
const OURS: &str = "lovelm:1:";
/// Buttons in a row: Discord's own rule.
const ROW: usize = 5;
/// Rows under a message: Discord's own rule.
const ROWS: usize = 5;

/// The faces and labels of a fleet's buttons.
#[derive(Clone, Debug)]
pub(crate) struct Buttons {
    cancel: String,
    again: String,
    faces: Vec<(PersonaId, String)>,
}

impl Buttons {
    pub(crate) fn new(roster: &Roster, locale: &Locale, language: Language) -> Self {
        let face = |persona: &PersonaId| (persona.clone(), name_of(roster, persona));
        Self {
            cancel: locale.say(language, "button-cancel", &[]),
            again: locale.say(language, "button-again", &[]),
            faces: roster.personas.iter().map(face).collect(),
        }
    }

    /// The name on a persona's button.
    pub(crate) fn face<'a>(&'a self, persona: &'a PersonaId) -> &'a str {
        self.faces.iter().find(|(known, _)| known == persona).map_or(persona.as_str(), |(_, name)| name)
    }

    /// The rows under a line of `speaker`'s to `to`.
    pub(crate) fn rows(&self, offer: Offer, speaker: &PersonaId, to: &Address) -> Vec<CreateActionRow> {
        let asker = to.user.as_str();
        let mut buttons = Vec::new();
        match (offer, &to.message) {
            (Offer::Nothing, _) | (Offer::Cancel, None) => {}
            (Offer::Cancel, Some(message)) => {
                let id = format!("{OURS}cancel:{}:{asker}", message.as_str());
                buttons.push(CreateButton::new(id).label(&self.cancel).style(ButtonStyle::Secondary));
            }
            (Offer::Again | Offer::Faces, _) => {
                let panel = offer == Offer::Faces;
                if !panel {
                    let id = format!("{OURS}again:{asker}");
                    buttons.push(CreateButton::new(id).label(&self.again).style(ButtonStyle::Primary));
                }
                for (persona, name) in self.faces.iter().filter(|(persona, _)| panel || persona != speaker) {
                    let id = format!("{OURS}ask:{persona}:{asker}");
                    buttons.push(CreateButton::new(id).label(name).style(ButtonStyle::Secondary));
                }
            }
        }
        buttons.chunks(ROW).take(ROWS).map(|row| CreateActionRow::Buttons(row.to_vec())).collect()
    }
}

/// What a pressed button wants. `None` for ids that are none of ours.
pub(crate) fn pressed(id: &str, roster: &Roster) -> Option<Command> {
    let mut parts = id.strip_prefix(OURS)?.split(':');
    let command = match (parts.next()?, parts.next()?, parts.next()) {
        ("cancel", message, Some(asker)) => {
            Command::Cancel { message: MessageId::new(message), asker: UserId::new(asker) }
        }
        ("again", asker, None) => Command::Again { persona: None, asker: UserId::new(asker) },
        ("ask", persona, Some(asker)) => {
            let persona = roster.personas.iter().find(|known| known.as_str() == persona)?.clone();
            Command::Again { persona: Some(persona), asker: UserId::new(asker) }
        }
        _ => return None,
    };
    parts.next().is_none().then_some(command)
}

/// Whether this is the button that stops an answer: then the answer was not finished.
pub(crate) fn is_cancel(id: &str) -> bool {
    id.strip_prefix(OURS).is_some_and(|rest| rest.starts_with("cancel:"))
}

fn name_of(roster: &Roster, persona: &PersonaId) -> String {
    let named = roster.names.iter().find(|call| call.persona == *persona);
    named.map_or_else(|| persona.to_string(), |call| call.name.clone())
}
