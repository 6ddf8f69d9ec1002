use std::{
    io,
    sync::{Arc, Mutex},
};

use tracing::subscriber::with_default;

use super::*;
use crate::chat::{ChannelId, EventId, Message, MessageId, PersonaId, Place, Platform, RawText, UserId};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("UTF-8")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What is logged by `work` under these settings.
fn logged(log: &str, format: LogFormat, terminal: bool, work: impl FnOnce()) -> String {
    let lines = Log::default();
    let config = TelemetryConfig { log: log.into(), format };
    with_default(subscriber(&config, terminal, lines.clone()), work);
    lines.text()
}

fn three_lines() {
    tracing::debug!("fine");
    tracing::info!("usual");
    tracing::warn!("bad");
}

#[test]
fn a_service_logs_what_is_usual_and_a_terminal_only_what_is_bad() {
    let service = logged("", LogFormat::Plain, false, three_lines);
    assert!(service.contains("usual") && service.contains("bad") && !service.contains("fine"), "{service}");
    let terminal = logged("", LogFormat::Plain, true, three_lines);
    assert!(terminal.contains("bad") && !terminal.contains("usual"), "{terminal}");
    let asked = logged("lovelm=debug", LogFormat::Plain, true, three_lines);
    assert!(asked.contains("fine"), "{asked}");
}

#[test]
fn other_crates_are_never_heard_below_a_warning() {
    let log = logged("trace,mistralrs_core=trace", LogFormat::Plain, false, || {
        tracing::info!(target: "mistralrs_core::engine", "prompt: canary-story");
        tracing::trace!(target: "hyper::proto", "body: canary-story");
        tracing::warn!(target: "mistralrs_core::pipeline", "no GPU");
        tracing::warn!(target: "sqlx::query", "slow");
        tracing::error!(target: "mistralrs_core::engine", "broken");
        tracing::trace!(target: "lovelm_engine::local", "started");
    });
    assert!(!log.contains("canary"), "{log}");
    assert!(log.contains("slow") && log.contains("broken") && log.contains("started"), "{log}");
    assert!(!log.contains("no GPU"), "{log}");
}

#[test]
fn a_message_has_one_span_that_fills_up() {
    let log = logged("info", LogFormat::Json, false, || {
        let span = heard(Platform::Console);
        routed(&span, "panel", &[PersonaId::new("hongcha"), PersonaId::new("omar")]);
        classified(&span, "paid");
        span.in_scope(|| tracing::info!(first_token_ms = 12, "answered"));
    });
    let line: serde_json::Value = serde_json::from_str(log.trim()).expect("one JSON object a line");
    assert_eq!(line["span"]["name"], "message");
    assert_eq!(line["span"]["platform"], "console");
    assert_eq!(line["span"]["kind"], "panel");
    assert_eq!(line["span"]["personas"], "hongcha,omar");
    assert_eq!(line["span"]["class"], "paid");
    assert_eq!(line["first_token_ms"], 12);
}

#[test]
fn nothing_of_a_person_is_printed_even_with_debug() {
    let place = Place { platform: Platform::Console, channel: ChannelId::new("canary-channel") };
    let (event, user) = (EventId::new("canary-event"), UserId::new("canary-user"));
    let text = RawText::new("canary-text 010-1234-5678");
    let mut message = Message::said(event, place, user, text, chrono::DateTime::UNIX_EPOCH);
    message.id = Some(MessageId::new("canary-message"));
    message.author.name = RawText::new("canary-name");
    let log = logged("trace", LogFormat::Plain, false, || tracing::info!(?message, "heard"));
    assert!(log.contains("heard") && log.contains("RawText"), "{log}");
    assert!(!log.contains("canary") && !log.contains("1234"), "{log}");
}
