//! Takes a prompt on one machine, gives its tokens on another. Knows nothing of chat, people or models.
//!
//! [`Relay`] is the engine of a gateway: it sends each prompt to the worker that claimed its call. [`Worker`] claims, lets its own
//! engine answer, and sends back what comes. A piece of text says where in the answer it belongs, and both ends repeat
//! themselves freely: a letter that is lost or comes twice changes nothing. All letters are sealed and gone within seconds.

mod answering;
mod gateway;
mod hearing;
mod letter;
mod post;
mod profile;
mod slot;
#[cfg(test)]
mod tests;
mod worker;

pub use self::{
    gateway::{Patience, Relay},
    post::{Post, RelayError, fresh_name},
    profile::{Published, common},
    worker::Worker,
};
