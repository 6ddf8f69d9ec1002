//! Journeys of people through the program itself: pipes, signals, files, a simulated model server and the real model.

mod answers;
mod check;
mod discord;
mod endings;
mod faults;
mod input;
mod inspect;
mod machines;
mod model;
mod operators;
mod personas;
mod simulate;
mod storm;
mod twitch;

use lovelm_tests::{
    openai::Server,
    program::{Folder, Program},
};

/// A fleet on the terminal whose model is the simulated server.
fn run(folder: &Folder, server: &Server) -> Program {
    Program::new(folder, ["run"]).env("LOVELM_MODEL", server.url())
}

/// The same on a database that is there already.
fn run_on(folder: &Folder, server: &Server, database: &lovelm_tests::database::Database) -> Program {
    run(folder, server).env("DATABASE_URL", database.url())
}
