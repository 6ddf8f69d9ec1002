//! `lovelm check`: everything a fleet needs, looked at one by one; every fault named, nothing started that stays.

use std::{io::Write as _, process::ExitCode, sync::Arc};

use lovelm::{
    clock::SystemClock, config::Loaded, engine::Member, locale::Locale, privacy::Keyring, store::cluster::DataDir,
};
use lovelm_twitch::{Examined, World};
use serde_json::json;

use crate::{live, machines, wiring};

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    found: Result<String, String>,
}

impl Finding {
    fn new(what: &'static str, found: anyhow::Result<String>) -> Self {
        Self { what, found: found.map_err(|error| format!("{error:#}")) }
    }
}

/// Prints a line for each thing, or one JSON object. Fails when anything is wrong.
///
/// # Errors
/// When standard output is gone.
pub async fn check(loaded: &Loaded, as_json: bool) -> anyhow::Result<ExitCode> {
    let mut findings = vec![
        Finding::new("configuration", Ok(file(loaded))),
        Finding::new("personas", personas(loaded)),
        Finding::new("locale files", Ok(locale())),
        Finding::new("keys", keys(loaded)),
        Finding::new("database", database(loaded).await),
        Finding::new("model", model(loaded).await),
    ];
    if loaded.secrets.get("REDIS_URL").is_some() {
        findings.push(Finding::new("redis", redis(loaded).await));
    }
    findings.extend(strangers(loaded));
    findings.extend(discord(loaded).await);
    findings.extend(twitch(loaded).await);
    let mut out = std::io::stdout().lock();
    if as_json {
        let rows: Vec<_> = findings.iter().map(row).collect();
        writeln!(out, "{}", json!({ "ok": findings.iter().all(|finding| finding.found.is_ok()), "checks": rows }))?;
    } else {
        for Finding { what, found } in &findings {
            let (mark, detail) = match found {
                Ok(detail) => ("ok   ", detail),
                Err(detail) => ("FAULT", detail),
            };
            for line in detail.lines() {
                writeln!(out, "{mark}  {what:<14}{line}")?;
            }
        }
    }
    let sound = findings.iter().all(|finding| finding.found.is_ok());
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn row(finding: &Finding) -> serde_json::Value {
    let (Ok(detail) | Err(detail)) = &finding.found;
    json!({ "check": finding.what, "ok": finding.found.is_ok(), "detail": detail })
}

fn file(loaded: &Loaded) -> String {
    loaded.file.as_ref().map_or_else(|| "defaults and environment".to_owned(), |file| file.display().to_string())
}

fn personas(loaded: &Loaded) -> anyhow::Result<String> {
    let personas = wiring::personas(&loaded.config)?;
    let names: Vec<_> = personas.iter().map(|persona| persona.id().to_string()).collect();
    Ok(names.join(", "))
}

/// The sentences are compiled in, and a test holds them together; reading them here shows that this build has them.
fn locale() -> String {
    let _sentences = Locale::new();
    "ko, en, ja".to_owned()
}

fn keys(loaded: &Loaded) -> anyhow::Result<String> {
    let file = &loaded.folders.keys;
    DataDir::open(&loaded.folders.data)?;
    let keyring = Arc::new(Keyring::open_or_create(file)?);
    Ok(format!("{}, version {}", file.display(), keyring.current()))
}

async fn database(loaded: &Loaded) -> anyhow::Result<String> {
    let dir = DataDir::open(&loaded.folders.data)?;
    let (store, cluster) = wiring::database(loaded, &dir).await?;
    let answered = store.ping().await;
    store.close().await;
    let name = if cluster.is_some() { format!("embedded, in {}", dir.path().display()) } else { "DATABASE_URL".into() };
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    answered?;
    Ok(name)
}

/// The address is a secret: only that it answers is said.
async fn redis(loaded: &Loaded) -> anyhow::Result<String> {
    machines::link(loaded).await?;
    Ok("REDIS_URL".to_owned())
}

/// Tokens and logins of nobody.
fn strangers(loaded: &Loaded) -> Vec<Finding> {
    let Ok(personas) = wiring::personas(&loaded.config) else { return Vec::new() };
    let strangers = live::strangers(loaded, &personas).into_iter();
    strangers.map(|fault| Finding { what: "accounts", found: Err(fault) }).collect()
}

/// Every account on Discord; nothing when there is none.
async fn discord(loaded: &Loaded) -> Vec<Finding> {
    let what = "discord";
    let Ok(personas) = wiring::personas(&loaded.config) else { return Vec::new() };
    let Some(settings) = live::discord_settings(loaded, &personas) else { return Vec::new() };
    match lovelm_discord::examine(&settings, Arc::new(SystemClock::default())).await {
        Ok(examined) => {
            let finding = |examined: lovelm_discord::Examined| {
                let lovelm_discord::Examined { persona, found } = examined;
                let found =
                    found.map(|found| format!("{persona} as {found}")).map_err(|fault| format!("{persona}: {fault}"));
                Finding { what, found }
            };
            examined.into_iter().map(finding).collect()
        }
        Err(fault) => vec![Finding { what, found: Err(fault.to_string()) }],
    }
}

/// Every account on Twitch; nothing when there is none.
async fn twitch(loaded: &Loaded) -> Vec<Finding> {
    let what = "twitch";
    let Ok(personas) = wiring::personas(&loaded.config) else { return Vec::new() };
    let Some(settings) = live::twitch_settings(loaded, &personas) else { return Vec::new() };
    let mut findings = Vec::new();
    if settings.channels.is_empty() {
        findings.push("twitch.channels: there is none, so nobody is heard".to_owned());
    }
    let mut findings: Vec<_> = findings.into_iter().map(|fault| Finding { what, found: Err(fault) }).collect();
    match World::real(&settings, Arc::new(SystemClock::default())) {
        Ok(world) => findings.extend(lovelm_twitch::examine(&settings, &world).await.into_iter().map(|examined| {
            let Examined { persona, found } = examined;
            Finding { what, found: found.map(|found| format!("{persona} as {found}")) }
        })),
        Err(fault) => findings.push(Finding { what, found: Err(fault.to_string()) }),
    }
    findings
}

/// A line for each engine; several are named.
async fn model(loaded: &Loaded) -> anyhow::Result<String> {
    let engines = wiring::engines(loaded).await?;
    let line = |member: &Member| {
        let profile = member.engine.profile();
        let languages: Vec<_> = profile.languages.iter().map(|language| language.as_str()).collect();
        let name = if engines.len() > 1 { format!("{}: ", member.name) } else { String::new() };
        let (slots, context, languages) = (profile.slots, profile.context, languages.join(", "));
        format!("{name}{}, {slots} at once, {context} tokens, writes {languages}", profile.name)
    };
    Ok(engines.iter().map(line).collect::<Vec<_>>().join("\n"))
}
