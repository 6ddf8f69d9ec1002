//! Takes text, gives it without anything that a platform would act on. Knows nothing of length.
//!
//! | platform | what goes |
//! |---|---|
//! | all | control, bidi, zero-width and tag characters; more than four marks on a letter; what is not NFC |
//! | Discord | mentions of every kind, masked links, invites, headings, `>>>`, spoilers, a code fence that stays open |
//! | Twitch | line ends, mentions, a command mark in front (`/` `.` `!`), links that are not on the list |
//! | console | nothing more: escape sequences are control characters |

mod discord;
mod twitch;
mod visible;

use crate::chat::Platform;

/// The text as it may be shown on a platform. The same text again changes nothing.
#[must_use]
pub fn neutral(platform: Platform, text: &str) -> String {
    let text = visible::visible(text);
    match platform {
        Platform::Console => text,
        Platform::Discord => discord::neutral(&text),
        Platform::Twitch => twitch::neutral(&text),
    }
}
