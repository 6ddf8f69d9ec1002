//! The far end of Discord's wires: the REST API and the gateway, with limits that are kept, deadlines that pass and faults on
//! demand.
//!
//! [`Network`] is all of it without sockets and without time; [`Discord`] puts it behind ports, at a clock's time. Every request
//! and every answer is held to Discord's own `OpenAPI` document.

mod application;
mod asking;
mod buckets;
mod cord;
mod crowd;
mod door;
mod draft;
mod evening;
mod fault;
mod fleet;
mod gateway;
mod interaction;
mod leap;
mod messages;
mod network;
mod person;
mod place;
mod plan;
mod report;
mod rest;
mod rules;
mod schema;
mod server;
mod session;
mod shapes;
mod socket;

pub use self::{
    application::{Entitlement, SKUS},
    asking::Button,
    buckets::{Limits, Scope},
    crowd::Told,
    door::{CHANNEL, Door, GUILD},
    draft::{EDIT_EVERY, MOST_EDITS},
    evening::Evening,
    fault::{Chaos, Fault, Trouble},
    gateway::{FATAL, Pulse, intent},
    interaction::{ACKNOWLEDGED_WITHIN, Asked, Interaction, TOKEN_LIVES},
    leap::Leaping,
    messages::MOST_CHARS,
    network::{Message, Network, Out, Wire},
    person::{BOTS, Person, id_of, mention},
    place::{Channel, Guild, Kind, permission},
    plan::Plan,
    report::{Breach, Committed, Report},
    rest::{Reply, Request},
    schema::{Document, document},
    server::Discord,
};

#[cfg(test)]
mod tests;
