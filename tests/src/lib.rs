//! What stands in for the world in tests: models that say what a script says, a town of people around the real pipeline, and
//! the program itself as a process. Deterministic, on this machine only.

pub mod database;
pub mod discord;
pub mod openai;
pub mod program;
pub mod redis;
pub mod scripted;
pub mod soak;
pub mod town;
pub mod twitch;

mod speech;
