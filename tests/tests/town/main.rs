//! Journeys of people through the whole library: the transcript is the assertion.

mod bursts;
mod calls;
mod canaries;
mod commands;
mod county;
mod crisis;
mod crowds;
mod endings;
mod engine;
mod limits;
mod moderators;
mod money;
mod outage;
mod outages;
mod people;
mod rights;
mod sentences;
mod text;
mod told;
