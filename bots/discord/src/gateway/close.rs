//! Takes the code with which the gateway closed, gives what follows from it.

use std::fmt;

/// What a close means. Codes from Discord's documentation of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Close {
    /// The session goes on over another connection.
    Lost,
    /// The session is over; another may be begun.
    Over,
    /// 4004: the token is not accepted.
    Token,
    /// 4010, 4011: more servers than one connection may serve, or a wrong division of them.
    Shards,
    /// 4012: this version of the gateway is no longer spoken.
    Version,
    /// 4013, 4014: the application may not ask for what we ask for.
    Intents,
}

impl Close {
    pub(crate) fn of(code: Option<u16>) -> Self {
        match code {
            Some(4004) => Self::Token,
            Some(4010 | 4011) => Self::Shards,
            Some(4012) => Self::Version,
            Some(4013 | 4014) => Self::Intents,
            Some(4007 | 4009) => Self::Over,
            _ => Self::Lost,
        }
    }
}

/// What an operator can do about it.
impl fmt::Display for Close {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost | Self::Over => "the connection was lost",
            Self::Token => "its token is not accepted: get a new one in the developer portal (Bot, Reset Token)",
            Self::Shards => "it serves more servers than its connections may: start the fleet again",
            Self::Version => "Discord no longer speaks this version of its gateway: update lovelm",
            Self::Intents => {
                "an intent is not allowed: switch Message Content Intent on in the developer portal (Bot), or \
                 discord.message_content off"
            }
        })
    }
}
