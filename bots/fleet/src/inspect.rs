//! `lovelm inspect`: what the bots would make of each line, one JSON object a line. Opens configuration and personas only.

use std::{
    io::{self, BufRead as _, Write as _},
    process::ExitCode,
};

use lovelm::{config::Loaded, pipeline::Inspector};

use crate::wiring;

/// Reads standard input to its end.
///
/// # Errors
/// When personas cannot be read or standard output is gone.
pub fn inspect(loaded: &Loaded) -> anyhow::Result<ExitCode> {
    let personas = wiring::personas(&loaded.config)?;
    let inspector = Inspector::new(personas.roster(), loaded.config.personas.host.clone());
    let (mut input, mut output) = (io::stdin().lock(), io::BufWriter::new(io::stdout().lock()));
    let (mut line, mut number) = (Vec::new(), 0_usize);
    while input.read_until(b'\n', &mut line)? > 0 {
        number += 1;
        let text = String::from_utf8_lossy(&line);
        if text.contains('\u{FFFD}') && std::str::from_utf8(&line).is_err() {
            tracing::warn!(line = number, "not UTF-8: what is broken is read as U+FFFD");
        }
        let seen = inspector.inspect(text.trim_end_matches(['\n', '\r']));
        serde_json::to_writer(&mut output, &seen)?;
        output.write_all(b"\n")?;
        // Whoever sends a line may wait for its object before the next.
        output.flush()?;
        line.clear();
    }
    Ok(ExitCode::SUCCESS)
}
