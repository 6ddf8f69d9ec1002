//! Journeys of people through the whole library: the transcript is the assertion.

mod calls;
mod canaries;
mod commands;
mod crisis;
mod endings;
mod engine;
mod limits;
mod money;
mod people;
mod rights;
mod sentences;
mod text;
