//! Takes a message, gives a [`Call`] when a persona is called. Knows nothing of what the message is about.
//!
//! A persona is called by, in this order:
//!
//! - its account's mention, or `@name` written out (adapters write a mention of a persona's account as `@` and its id);
//! - its name, when [`Home::name_calls`]: see [`calls`] for what makes a name a call;
//! - an answer to one of its messages, when nobody is named;
//! - a payment with words, which goes to the place's host when nobody is named;
//! - a plain line, where plain lines are answered.
//!
//! Bots are never answered, our own included, so no loop of bots can begin. A call without words (`홍차야?`) is a call with
//! an empty question: whoever called wants to be greeted.

mod calls;
mod names;
mod question;
mod script;
mod suffix;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use self::calls::Found;
pub use self::names::Names;
use crate::chat::{Message, Payment, PersonaId, RawText, Roster};

/// A message that wants an answer, and whose.
#[derive(Clone, Debug)]
pub struct Call {
    pub message: Message,
    /// Who answers, in order, each once. Never empty.
    pub personas: Vec<PersonaId>,
    pub kind: CallKind,
    /// The message without the words that only call: mention, name, command. In NFC; empty when there is nothing else.
    pub question: RawText,
    pub payment: Option<Payment>,
}

impl Call {
    /// Several calls of one person as one: the first, with the words of the others behind its own, the same words once.
    #[must_use]
    pub fn joined(mut self, later: &[&Self]) -> Self {
        let (mut asked, mut said) = (vec![self.question.clone()], self.message.text.expose().to_owned());
        for call in later {
            if !call.question.is_blank() && !asked.contains(&call.question) {
                asked.push(call.question.clone());
            }
            said = format!("{said} {}", call.message.text.expose());
            let known = &self.message.context;
            let new = call.message.context.iter().filter(|quoted| !known.iter().any(|known| known.text == quoted.text));
            let new: Vec<_> = new.cloned().collect();
            self.message.context.extend(new);
        }
        let asked: Vec<_> = asked.iter().map(RawText::expose).collect();
        self.question = RawText::new(asked.join(" "));
        self.message.text = RawText::new(said);
        self
    }
}

/// By what a persona was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallKind {
    Mention,
    Reply,
    Name,
    Command,
    Panel,
    /// A command about what somebody else wrote: nothing of it is its caller's to have kept.
    Quote,
    Payment,
    /// A plain line where plain lines are answered: the console, a thread of ours, a direct message.
    Plain,
}

impl CallKind {
    /// The name used in spans and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Reply => "reply",
            Self::Name => "name",
            Self::Command => "command",
            Self::Panel => "panel",
            Self::Quote => "quote",
            Self::Payment => "payment",
            Self::Plain => "plain",
        }
    }
}

/// How calls are read in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Who answers what is paid for when nobody is named.
    pub host: PersonaId,
    pub plain: PlainLines,
    /// Whether a name written without `@` calls.
    pub name_calls: bool,
}

/// What becomes of a line that calls nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlainLines {
    Ignored,
    /// This persona answers.
    Answered(PersonaId),
}

/// Who is called by a line of chat, or `None` when nobody is. A payment without words is nobody's call.
pub fn route(message: Message, payment: Option<Payment>, names: &Names, home: &Home) -> Option<Call> {
    if message.author.is_bot {
        return None;
    }
    let text = composed(message.text.expose().trim());
    if payment.is_some() && text.is_empty() {
        return None;
    }
    let mut found = calls::find(&text, names);
    found.retain(|call| call.is_mention || home.name_calls || payment.is_some());
    let (personas, kind) = called(&found, &message).or_else(|| unnamed(&text, &message, payment, home))?;
    let kind = if payment.is_some() { CallKind::Payment } else { kind };
    let question = RawText::new(question::without_calls(&text, &found));
    Some(Call { message, personas, kind, question, payment })
}

/// A question to one persona by a command; to the host when the command names nobody. `None` for bots.
pub fn ask(message: Message, persona: Option<PersonaId>, question: &RawText, home: &Home) -> Option<Call> {
    let persona = persona.unwrap_or_else(|| home.host.clone());
    by_command(message, vec![persona], CallKind::Command, question)
}

/// A question to one persona, else to the host, about the message's context. `None` for bots.
pub fn read(message: Message, persona: Option<PersonaId>, question: &RawText, home: &Home) -> Option<Call> {
    let persona = persona.unwrap_or_else(|| home.host.clone());
    by_command(message, vec![persona], CallKind::Quote, question)
}

/// A question to every persona of the roster, in its order, each once. `None` for bots and for an empty roster.
pub fn panel(message: Message, question: &RawText, roster: &Roster) -> Option<Call> {
    let mut personas = Vec::new();
    for persona in &roster.personas {
        add(&mut personas, persona);
    }
    by_command(message, personas, CallKind::Panel, question)
}

fn by_command(message: Message, personas: Vec<PersonaId>, kind: CallKind, question: &RawText) -> Option<Call> {
    if message.author.is_bot || personas.is_empty() {
        return None;
    }
    let question = RawText::new(composed(question.expose().trim()));
    Some(Call { message, personas, kind, question, payment: None })
}

fn called(found: &[Found], message: &Message) -> Option<(Vec<PersonaId>, CallKind)> {
    let mut personas = Vec::new();
    for persona in found.iter().map(|call| &call.persona).chain(&message.mentions) {
        add(&mut personas, persona);
    }
    let mentioned = !message.mentions.is_empty() || found.iter().any(|call| call.is_mention);
    let kind = if mentioned { CallKind::Mention } else { CallKind::Name };
    (!personas.is_empty()).then_some((personas, kind))
}

fn unnamed(text: &str, message: &Message, payment: Option<Payment>, home: &Home) -> Option<(Vec<PersonaId>, CallKind)> {
    if let Some(persona) = &message.reply_to {
        return Some((vec![persona.clone()], CallKind::Reply));
    }
    if payment.is_some() {
        return Some((vec![home.host.clone()], CallKind::Payment));
    }
    match &home.plain {
        PlainLines::Answered(persona) if !text.is_empty() => Some((vec![persona.clone()], CallKind::Plain)),
        _ => None,
    }
}

fn add(personas: &mut Vec<PersonaId>, persona: &PersonaId) {
    if !personas.contains(persona) {
        personas.push(persona.clone());
    }
}

fn composed(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_whole) || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// Most of chat: signs that are in NFC whatever stands beside them, and are told so faster than by the tables of Unicode.
fn is_whole(sign: char) -> bool {
    matches!(sign, '\0'..='\u{2ff}' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '가'..='힣')
}
