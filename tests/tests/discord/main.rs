//! Journeys of a guild through the real Discord adapter: what the channels show is the assertion.

mod buttons;
mod calls;
mod commands;
mod faults;
mod load;
mod moderation;
mod money;
mod panel;
mod silence;
mod soak;
mod text;
