//! Journeys of viewers and moderators through the real Twitch adapter: what the channel shows is the assertion.

mod calls;
mod faults;
mod invited;
mod limits;
mod moderation;
mod money;
mod night;
mod silence;
mod soak;
mod tokens;
mod whispers;
