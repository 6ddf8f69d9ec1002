//! Takes a line of chat, gives what a streamer wants for a channel: that the bots come, or go. Pure. Knows nothing of what
//! follows.
//!
//! A streamer speaks for the channel that bears their name, from wherever they are heard. Where a moderator says `leave`, the
//! bots leave too: they could be banned as well.

use lovelm::chat::MessageId;

use crate::{
    hear::{Hearing, lower},
    line::Line,
};

/// What is wanted, and where it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub channel: String,
    pub comes: bool,
    pub heard_in: String,
    pub message: Option<MessageId>,
}

/// `!lovelm join [CHANNEL]` and `!lovelm leave [CHANNEL]`, by whoever may.
pub(super) fn invitation(line: &Line<'_>, hearing: &Hearing) -> Option<Invitation> {
    let words = line.text.strip_prefix('!')?;
    let mut words = words.split_whitespace();
    let (command, wish, named) = (words.next()?, words.next()?, words.next());
    if line.command != "PRIVMSG" || !["lovelm", "mod"].iter().any(|name| command.eq_ignore_ascii_case(name)) {
        return None;
    }
    let comes = match wish {
        "join" => true,
        "leave" => false,
        _ => return None,
    };
    let (login, heard_in) = (lower(line.from), lower(line.channel()));
    if heard_in.is_empty() || words.next().is_some() || hearing.knows_bot(&login) || !line.is_at_home() {
        return None;
    }
    let named = named.map(|name| lower(name.trim_start_matches(['#', '@'])));
    let of_this_place = !comes && named.as_ref().is_none_or(|named| *named == heard_in) && line.is_moderators();
    let channel = if of_this_place { heard_in.clone() } else { named.unwrap_or_else(|| login.clone()) };
    (of_this_place || channel == login).then(|| Invitation {
        channel: channel.into_owned(),
        comes,
        heard_in: heard_in.into_owned(),
        message: line.raw("id").map(MessageId::new),
    })
}
