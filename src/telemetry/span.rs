//! The one span of a message. Its fields are filled in as the rooms learn them.

use tracing::{Span, field::Empty, info_span};

use crate::chat::{PersonaId, Platform};

/// The span of a message from where it is heard to where its answer is delivered. Enter it with `Instrument`.
#[must_use]
pub fn heard(platform: Platform) -> Span {
    info_span!("message", platform = platform.as_str(), kind = Empty, personas = Empty, class = Empty)
}

/// Notes by what (`mention`, `panel`, ..) and whom the message calls.
pub fn routed(span: &Span, kind: &'static str, personas: &[PersonaId]) {
    let personas: Vec<_> = personas.iter().map(PersonaId::as_str).collect();
    span.record("kind", kind);
    span.record("personas", personas.join(","));
}

/// Notes the scheduler's class (`paid`, `free`, ..).
pub fn classified(span: &Span, class: &'static str) {
    span.record("class", class);
}
