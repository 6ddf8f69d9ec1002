//! Takes a line that somebody wrote, gives what they said, paid or commanded. Knows nothing of notices by the server.

use chrono::{DateTime, Utc};
use lovelm::chat::{
    ChannelId, ChatEvent, Command, CommandError, Invocation, Message, MessageId, PersonaId, Place, Platform, Quoted,
    RawText,
};

use super::{Hearing, author, money};
use crate::line::Line;

/// What Twitch wraps `/me words` in.
const ACTION: (&str, &str) = ("\u{1}ACTION", "\u{1}");
/// Where somebody who whispers is spoken to: no channel begins with this.
pub(crate) const WHISPER: char = '@';

pub(super) fn privmsg(line: &Line<'_>, hearing: &Hearing, now: DateTime<Utc>) -> Option<ChatEvent> {
    let mut message = author::blank(line, hearing, now)?;
    message.id = line.raw("id").map(MessageId::new);
    answer_of(line, hearing, &mut message);
    let payment = money::with_words(line);
    let mut text = words(line);
    if line.is("pinned-chat-paid-is-system-message") {
        // Paid without words: the words are Twitch's.
        text = "";
    }
    if let Some(payment) = payment {
        let said = if line.raw("bits").is_some() { hearing.cheermotes.strip(text) } else { text.to_owned() };
        speak(&mut message, commanded(&said, hearing).unwrap_or(&said), hearing);
        return Some(ChatEvent::Paid(message, payment));
    }
    if let Some(line) = text.strip_prefix('!') {
        return command(line, message, hearing);
    }
    speak(&mut message, text, hearing);
    let reward = line.raw("custom-reward-id").filter(|reward| hearing.rewards.iter().any(|known| known == reward));
    Some(match reward.and_then(|_| Command::parse(&format!("ask {}", message.text.expose()), &hearing.roster).ok()) {
        Some(command) => ChatEvent::Command(Invocation { message, command }),
        None => ChatEvent::Said(message),
    })
}

/// Somebody speaks to one of our accounts alone: a call of its persona.
pub(super) fn whisper(line: &Line<'_>, hearing: &Hearing, now: DateTime<Utc>) -> Option<ChatEvent> {
    let persona = hearing.accounts.get(&line.middle.to_lowercase())?.clone();
    line.raw("user-id")?;
    let channel = ChannelId::new(format!("{WHISPER}{}", line.from.to_lowercase()));
    let place = Place { platform: Platform::Twitch, channel };
    let mut message = author::in_place(line, place, hearing, now);
    if let Some(line) = line.text.strip_prefix('!') {
        return command(line, message, hearing);
    }
    message.mentions = vec![persona];
    speak(&mut message, line.text, hearing);
    Some(ChatEvent::Said(message))
}

/// `!name words`. Other bots have commands too: what is none of ours is nobody's call.
fn command(line: &str, mut message: Message, hearing: &Hearing) -> Option<ChatEvent> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    let (name, words) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let parse = |line: &str| Command::parse(line, &hearing.roster);
    let command = match parse(line) {
        Ok(command) => command,
        Err(CommandError::Unknown(_)) => return None,
        // A greeting: whoever asks for nothing wants to know how.
        Err(CommandError::MissingText(_)) => Command::Ask { persona: None, text: RawText::default() },
        // Without its argument a command shows what it can be given.
        Err(CommandError::UnknownPersona(_) | CommandError::BadArgument { .. }) => parse(name).ok()?,
    };
    message.text = RawText::new(words.trim());
    Some(ChatEvent::Command(Invocation { message, command }))
}

/// The words of `!ask words`, with the persona in front as it stands: what is paid for needs no command.
fn commanded<'a>(text: &'a str, hearing: &Hearing) -> Option<&'a str> {
    let rest = text.strip_prefix('!')?;
    let asks = matches!(Command::parse(rest, &hearing.roster), Ok(Command::Ask { .. } | Command::Panel { .. }));
    asks.then(|| rest.split_once(char::is_whitespace).map_or("", |(_, words)| words))
}

/// Puts words into a message: our accounts' mentions become their personas'.
pub(super) fn speak(message: &mut Message, text: &str, hearing: &Hearing) {
    if !text.contains('@') {
        message.text = RawText::new(text);
        return;
    }
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, behind) = rest.split_at(at);
        let end =
            behind[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(behind.len(), |end| end + 1);
        let (mention, after) = behind.split_at(end);
        said.push_str(before);
        // In the middle of a word it is an address.
        let calls = !before.ends_with(char::is_alphanumeric);
        match hearing.accounts.get(&mention[1..].to_lowercase()).filter(|_| calls) {
            Some(persona) => {
                said.push('@');
                said.push_str(persona.as_str());
                add(&mut message.mentions, persona);
            }
            None => said.push_str(mention),
        }
        rest = after;
    }
    said.push_str(rest);
    message.text = RawText::new(said);
}

fn add(mentions: &mut Vec<PersonaId>, persona: &PersonaId) {
    if !mentions.contains(persona) {
        mentions.push(persona.clone());
    }
}

/// What the line answers.
fn answer_of(line: &Line<'_>, hearing: &Hearing, message: &mut Message) {
    let Some(parent) = line.raw("reply-parent-user-login") else { return };
    let speaker = hearing.accounts.get(&parent.to_lowercase()).cloned();
    if let Some(body) = line.tag("reply-parent-msg-body") {
        message.context = vec![Quoted { speaker: speaker.clone(), text: RawText::new(body) }];
    }
    message.reply_to = speaker;
}

/// What was written: without the wrapping of `/me`, and without the name that Twitch puts in front of an answer.
fn words<'a>(line: &Line<'a>) -> &'a str {
    let text = line.text.strip_prefix(ACTION.0).map_or(line.text, |inner| inner.trim_end_matches(ACTION.1)).trim();
    let Some(rest) = text.strip_prefix('@').filter(|_| line.raw("reply-parent-msg-id").is_some()) else { return text };
    let (name, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let names = [line.tag("reply-parent-user-login"), line.tag("reply-parent-display-name")];
    let is_parent = names.into_iter().flatten().any(|parent| parent.eq_ignore_ascii_case(name));
    if is_parent { behind.trim_start() } else { text }
}
