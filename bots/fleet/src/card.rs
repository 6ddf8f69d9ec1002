//! `lovelm persona`: characters come from other programs and go there, as Character Cards V3.

use std::{fs, io::Write as _, path::Path, process::ExitCode};

use anyhow::{Context as _, anyhow, bail};
use lovelm::{config::Loaded, persona::card::Card};

use crate::{
    cli::{self, Export, Import, Persona},
    wiring,
};

/// # Errors
/// When a file cannot be read or written, or is no card.
pub fn persona(loaded: &Loaded, persona: &Persona) -> anyhow::Result<ExitCode> {
    match persona {
        Persona::Export(export) => self::export(loaded, export),
        Persona::Import(import) => self::import(loaded, import),
    }
}

fn export(loaded: &Loaded, export: &Export) -> anyhow::Result<ExitCode> {
    let personas = wiring::personas(&loaded.config)?;
    let roster = personas.roster();
    let found = roster.find(&export.persona).and_then(|id| personas.get(id));
    let persona = found.with_context(|| format!("no persona is called `{}`", export.persona))?;
    let card = Card::of(persona, export.language.unwrap_or(loaded.config.fleet.language));
    let bytes = match (ending(&export.to), &export.face) {
        ("png", face) => {
            let face = face.as_deref().map(|face| read(face).map(|bytes| (face, bytes))).transpose()?;
            let drawn = card.to_png(face.as_ref().map(|(_, bytes)| bytes.as_slice()), persona.colour());
            drawn.with_context(|| face.map_or_else(String::new, |(face, _)| face.display().to_string()))?
        }
        ("json", None) => card.to_json().into_bytes(),
        ("json", Some(_)) => bail!("--face: a JSON card has no picture; name a .png file"),
        _ => bail!("{}: a card's file ends in .json or .png", export.to.display()),
    };
    create(&export.to, &bytes)?;
    Ok(ExitCode::SUCCESS)
}

fn import(loaded: &Loaded, import: &Import) -> anyhow::Result<ExitCode> {
    let card = Card::read(&read(&import.card)?).map_err(|error| anyhow!("{}: {error}", import.card.display()))?;
    let draft = card.draft(import.id.as_deref());
    let file = loaded.config.personas.dir.join(&draft.file);
    if draft.faults.is_empty() {
        create(&file, draft.text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    // Nothing that is not whole lies where the fleet reads.
    let unfinished = file.with_extension("toml.draft");
    create(&unfinished, draft.text.as_bytes())?;
    let faults = draft.faults.iter().map(|fault| format!("{}: {}", fault.key, fault.problem));
    let faults = faults.collect::<Vec<_>>().join("\n");
    let end = "the card says too little for a persona: fill the draft in and rename it";
    Ok(cli::fail(&anyhow!("{}: {end}\n{faults}", unfinished.display())))
}

fn ending(file: &Path) -> &str {
    file.extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(file).with_context(|| file.display().to_string())
}

/// Writes a file that was not there: nobody's persona is written over.
fn create(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let written = fs::File::create_new(file).and_then(|mut new| new.write_all(bytes));
    written.with_context(|| file.display().to_string())
}
