//! Takes a line that somebody wrote, gives what they said, paid or commanded. Knows nothing of notices by the server.

use lovelm::chat::{
    ChannelId, ChatEvent, Command, CommandError, Invocation, Message, Moderation, PersonaId, Place, Platform, Quoted,
    RawText,
};

use super::{
    Hearing, Told,
    author::{self, lower},
    money,
};
use crate::line::Tag;

/// What Twitch wraps `/me words` in.
const ACTION: (&str, &str) = ("\u{1}ACTION", "\u{1}");
/// Where somebody who whispers is spoken to: no channel begins with this.
pub(crate) const WHISPER: char = '@';

pub(super) fn privmsg(told: &Told<'_>) -> Option<ChatEvent> {
    let (mut message, hearing) = (author::blank(told)?, told.hearing);
    answer_of(told, &mut message);
    let mut text = words(told);
    if told.line.says(Tag::PaidWordless) {
        // Paid without words: the words are Twitch's.
        text = "";
    }
    if let Some(payment) = money::with_words(told.line) {
        let cheered = told.line.at(Tag::Bits).is_some();
        let said = if cheered { hearing.cheermotes.strip(text) } else { text.to_owned() };
        speak(&mut message, commanded(&said, hearing).unwrap_or(&said), hearing);
        return Some(ChatEvent::Paid(message, payment));
    }
    if let Some(line) = text.strip_prefix('!') {
        return command(line, message, hearing);
    }
    speak(&mut message, text, hearing);
    let reward = told.line.at(Tag::Reward).filter(|reward| hearing.rewards.iter().any(|known| known == reward));
    Some(match reward.and_then(|_| Command::parse(&format!("ask {}", message.text.expose()), &hearing.roster).ok()) {
        Some(command) => ChatEvent::Command(Invocation { message, command }),
        None => ChatEvent::Said(message),
    })
}

/// Somebody speaks to one of our accounts alone: a call of its persona.
pub(super) fn whisper(told: &Told<'_>) -> Option<ChatEvent> {
    let (line, hearing) = (told.line, told.hearing);
    let persona = hearing.whose(line.middle)?.clone();
    told.line.at(Tag::UserId)?;
    let channel = ChannelId::new(format!("{WHISPER}{}", lower(line.from)));
    let place = Place { platform: Platform::Twitch, channel };
    let mut message = author::in_place(told, place);
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
        Err(CommandError::UnknownPersona(_) | CommandError::BadArgument { .. }) => match parse(name).ok()? {
            Command::Moderate(_) => Command::Moderate(Moderation::Help),
            bare => bare,
        },
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
        match hearing.whose(&mention[1..]).filter(|_| calls) {
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
fn answer_of(told: &Told<'_>, message: &mut Message) {
    let Some(parent) = told.line.at(Tag::ParentLogin) else { return };
    let speaker = told.hearing.whose(parent).cloned();
    if let Some(body) = told.line.words(Tag::ParentBody) {
        message.context = vec![Quoted { speaker: speaker.clone(), text: RawText::new(body) }];
    }
    message.reply_to = speaker;
}

/// What was written: without the wrapping of `/me`, and without the name that Twitch puts in front of an answer.
fn words<'a>(told: &Told<'a>) -> &'a str {
    let line = told.line.text;
    let text = line.strip_prefix(ACTION.0).map_or(line, |inner| inner.trim_end_matches(ACTION.1)).trim();
    let Some(rest) = text.strip_prefix('@').filter(|_| told.line.at(Tag::ParentId).is_some()) else { return text };
    let (name, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let names = [told.line.words(Tag::ParentLogin), told.line.words(Tag::ParentName)];
    let is_parent = names.into_iter().flatten().any(|parent| parent.eq_ignore_ascii_case(name));
    if is_parent { behind.trim_start() } else { text }
}
