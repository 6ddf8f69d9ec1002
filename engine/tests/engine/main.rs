//! Every test that needs the engine crate, in the one binary that links mistral.rs. Those of a model use the real default
//! model, fetched by the program's own code into the user's cache, and share one copy of it in memory.

#![expect(clippy::unwrap_used, reason = "a test says where it fails")]

mod answers;
mod continuing;
mod draw;
mod fixture;
mod prefixes;
mod preparation;
mod remote;
mod sources;
mod text;
mod trouble;
