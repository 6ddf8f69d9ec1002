//! Takes the name of a refusal, gives what follows from it. Knows nothing of what was refused.

use std::time::Duration;

/// How long an account rests that was told it speaks too much: longer than any window.
const RATE: Duration = Duration::from_secs(31);
/// Before a line that was taken for a repetition is said in other words: few times within the patience of a delivery.
const AGAIN: Duration = Duration::from_secs(5);
/// How long a channel is left alone in which an account may not speak. A changed room state ends it.
const CLOSED: Duration = Duration::from_mins(10);

/// What a NOTICE, or the drop reason of an acknowledged send, means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The account rests that long, everywhere; the line may be tried again.
    TooFast(Duration),
    /// The channel is slower than believed; the line may be tried again.
    Slow,
    /// The account may not speak there at all for that long.
    Closed(Duration),
    /// The channel's mode lets the account not speak.
    Mode(Duration),
    /// The line was said before. Varied it may be said, after that long.
    Again(Duration),
    /// This text is not wanted.
    Text(&'static str),
}

/// `None` for notices that refuse no line.
pub(super) fn refusal(id: &str) -> Option<Refusal> {
    let found = match id {
        "msg_ratelimit" | "rate_limit_exceeded" => Refusal::TooFast(RATE),
        "msg_slowmode" | "msg_timedout_slow" => Refusal::Slow,
        "msg_banned"
        | "msg_banned_email_alias"
        | "msg_channel_suspended"
        | "msg_room_not_found"
        | "msg_suspended"
        | "msg_channel_blocked"
        | "tos_ban"
        | "msg_timedout"
        | "user_banned"
        | "channel_settings_banned" => Refusal::Closed(CLOSED),
        "msg_subsonly"
        | "msg_followersonly"
        | "msg_followersonly_followed"
        | "msg_followersonly_zero"
        | "msg_emoteonly"
        | "msg_requires_verified_phone_number"
        | "msg_verified_email"
        | "msg_facebook"
        | "followers_only_mode"
        | "subs_only_mode"
        | "emote_only_mode" => Refusal::Mode(CLOSED),
        "msg_duplicate" | "duplicate_message" => Refusal::Again(AGAIN),
        "msg_r9k" => Refusal::Text("r9k"),
        "msg_rejected" | "msg_rejected_mandatory" | "automod_held" | "channel_settings" | "msg_warned" => {
            Refusal::Text("rejected")
        }
        "msg_bad_characters" | "unrecognized_cmd" | "no_permission" | "msg_too_long" => Refusal::Text("malformed"),
        other if other.starts_with("msg_") => Refusal::Text("other"),
        _ => return None,
    };
    Some(found)
}

impl Refusal {
    /// The name used in metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TooFast(_) => "rate",
            Self::Slow => "slow",
            Self::Closed(_) => "closed",
            Self::Mode(_) => "mode",
            Self::Again(_) => "duplicate",
            Self::Text(name) => name,
        }
    }
}
