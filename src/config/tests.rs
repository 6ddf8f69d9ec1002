use std::{collections::BTreeSet, fs, time::Duration};

use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::*;
use crate::chat::{Language, PersonaId};

fn environment(variables: &[(&str, &str)]) -> Environment {
    let home = [("HOME", "/home/someone")];
    Environment::new(home.iter().chain(variables).map(|(name, value)| (*name, *value)), false)
}

fn parsed(toml: &str, variables: &[(&str, &str)]) -> Result<Config, Faults> {
    layers::merge("lovelm.toml", toml, &environment(variables))
}

/// Compared by what they print, because a section may hold a secret, which cannot be compared.
fn assert_default(config: Result<Config, Faults>) {
    assert_eq!(format!("{:#?}", config.expect("no fault")), format!("{:#?}", Config::default()));
}

/// The faults of a file and an environment, as an operator sees them.
fn faults(toml: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let faults = parsed(toml, variables).expect_err("there is a fault");
    faults.to_string().lines().map(str::to_owned).collect()
}

#[test]
fn nothing_given_is_the_default() {
    assert_default(parsed("", &[]));
    assert_default(parsed("# nothing\r\n[fleet]\r\n", &[]));
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let toml = "[fleet]\nlanguage = \"ja\"\ndrain = \"1m 30s\"\n[personas]\nhost = \"omar\"\n";
    let config = parsed(toml, &[("LOVELM_FLEET__DRAIN", "5s"), ("LOVELM_STORE__CONNECTIONS", "3")]).expect("no fault");
    assert_eq!(config.fleet.language, Language::Ja);
    assert_eq!(config.fleet.drain, Duration::from_secs(5));
    assert_eq!(config.personas.host, PersonaId::new("omar"));
    assert_eq!(config.personas.dir, PersonasConfig::default().dir);
    assert_eq!(config.store.connections, 3);
}

#[test]
fn names_that_scripts_rely_on_set_their_keys_whatever_the_value_looks_like() {
    let named = [
        ("LOVELM_DATA_DIR", "/데이터/[x]"),
        ("LOVELM_CACHE_DIR", "12"),
        ("LOVELM_LOG", "true"),
        ("LOVELM_MODEL", "7"),
        ("LOVELM_CI_TARGET", "x"),
    ];
    let config = parsed("[store]\ndata_dir = \"/elsewhere\"\n", &named).expect("no fault");
    assert_eq!(config.store.data_dir, PathBuf::from("/데이터/[x]"));
    assert_eq!(config.fleet.cache_dir, PathBuf::from("12"));
    assert_eq!(config.telemetry.log, "true");
    assert_eq!(config.engine.model, "7");
}

#[test]
fn an_empty_variable_counts_as_unset() {
    assert_default(parsed("", &[("LOVELM_DATA_DIR", ""), ("LOVELM_NONSENSE", ""), ("DATABASE_URL", "")]));
    assert!(Secrets::read(&environment(&[("DATABASE_URL", "")])).expect("no fault").get("DATABASE_URL").is_none());
}

#[test]
fn an_unknown_key_is_named_with_the_one_that_was_meant() {
    assert_eq!(
        faults("[fleet]\nlangauge = \"ko\"\n", &[]),
        ["lovelm.toml: fleet.langauge: unknown key `langauge`; did you mean `language`?"]
    );
    assert_eq!(
        faults("[flet]\ndrain = \"1s\"\n", &[]),
        ["lovelm.toml: flet: unknown key `flet`; did you mean `fleet`?"]
    );
    assert_eq!(
        faults("[console]\n\"홍차\" = 1\n", &[]),
        ["lovelm.toml: console.홍차: unknown key `홍차`; known are viewer"]
    );
    assert_eq!(
        faults("[store]\nstore = 1\n", &[]),
        [
            "lovelm.toml: store.store: unknown key `store`; known are data_dir, keys_file, connections, forgets_kept, away"
        ]
    );
}

#[test]
fn a_wrong_value_is_named_with_what_would_be_right() {
    for (toml, line) in [
        (
            "[fleet]\ndrain = \"soon\"",
            "lovelm.toml: fleet.drain: expected a duration such as \"1m 30s\", found string \"soon\"",
        ),
        ("[fleet]\ndrain = 5", "lovelm.toml: fleet.drain: expected a duration such as \"1m 30s\", found number `5`"),
        ("[fleet]\nlanguage = \"kp\"", "lovelm.toml: fleet.language: unknown value `kp`; did you mean `ko`?"),
        ("[store]\nconnections = 0", "lovelm.toml: store.connections: must be 1 to 100"),
        ("[scheduler]\nphi = 1.5", "lovelm.toml: scheduler.phi: must lie between 0 and 1"),
        (
            "[scheduler.patience]\nfan = 1",
            "lovelm.toml: scheduler.patience.fan: expected a duration such as \"1m 30s\", found number `1`",
        ),
        ("[engine]\nmax_answer = 4096", "lovelm.toml: engine.max_answer: must be 16 or more and below `context`"),
        (
            "[engine]\nlanguages = [\"en\", \"fr\"]",
            "lovelm.toml: engine.languages.1: unknown value `fr`; known are ko, en, ja",
        ),
        ("[engine]\nslots = -1", "lovelm.toml: engine.slots: expected usize, found number `-1`"),
        ("[limits]\nperson = { burst = 3 }", "lovelm.toml: limits.person: missing field `every`"),
        ("fleet = 3", "lovelm.toml: fleet: expected a table, found number `3`"),
    ] {
        assert_eq!(faults(toml, &[]), [line], "{toml}");
    }
    let told = faults("", &[("LOVELM_LOG", "lovelm=loud")]);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("LOVELM_LOG: telemetry.log: not a log filter: "), "{told:?}");
}

#[test]
fn every_fault_is_told_at_once_and_where_it_comes_from() {
    let toml = "[fleet]\nlangauge = \"ko\"\ndrain = 3\n[store]\nconnections = 1000\n[personas]\nhots = 1\n";
    let variables = [("LOVELM_STORE__KONNECTIONS", "1"), ("LOVELM_DATADIR", "/x"), ("LOVELM_CONSOLE__VIEWER", "[1]")];
    let faults: BTreeSet<_> = faults(toml, &variables).into_iter().collect();
    let expected = [
        "LOVELM_CONSOLE__VIEWER: console.viewer: expected a string, found a list",
        "LOVELM_DATADIR: unknown variable `LOVELM_DATADIR`; did you mean `LOVELM_DATA_DIR`?",
        "LOVELM_STORE__KONNECTIONS: store.konnections: unknown key `konnections`; did you mean `connections`?",
        "lovelm.toml: fleet.drain: expected a duration such as \"1m 30s\", found number `3`",
        "lovelm.toml: fleet.langauge: unknown key `langauge`; did you mean `language`?",
        "lovelm.toml: personas.hots: unknown key `hots`; did you mean `host`?",
        "lovelm.toml: store.connections: must be 1 to 100",
    ];
    assert_eq!(faults, expected.map(str::to_owned).into());
}

#[test]
fn a_file_that_is_no_toml_is_one_line_without_the_line_it_quotes() {
    let told = faults("[fleet]\ndrain = canary-secret\n", &[]);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("lovelm.toml: TOML parse error at line 2, column 9"), "{told:?}");
    assert!(!told[0].contains("canary"), "{told:?}");
}

#[test]
fn a_secret_in_the_file_is_a_fault_and_not_shown() {
    let told = faults(
        "DATABASE_URL = \"canary\"\n[store]\nurl = \"postgres://me:canary@db/x\"\n[discord]\ntoken = \"canary\"\n[engine]\nkey=\"canary\"",
        &[],
    );
    assert!(!told.join(" ").contains("canary"), "{told:?}");
    for key in ["DATABASE_URL: a secret", "store.url: a secret", "discord.token: a secret", "engine.key: a secret"] {
        assert_eq!(told.iter().filter(|line| line.contains(key)).count(), 1, "{key} in {told:?}");
    }
    assert!(told.iter().any(|line| line.contains("set DATABASE_URL, or the same with _FILE")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("set LOVELM_DISCORD_TOKEN_PERSONA, or")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("set LOVELM_ENGINE_KEY, or")), "{told:?}");
}

#[test]
fn an_address_without_a_password_is_no_secret() {
    let told = faults("[fleet]\nurl = \"http://someone@127.0.0.1:80/a:b@c\"\n", &[]);
    assert!(told[0].contains("unknown key `url`"), "{told:?}");
}

#[test]
fn secrets_come_from_the_environment_or_from_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    fs::write(&file, "from-file\n").expect("written");
    let path = file.to_str().expect("UTF-8");
    let given = [("DATABASE_URL", "postgres://a:b@c/d"), ("LOVELM_DISCORD_TOKEN_OMAR_FILE", path)];
    let secrets = Secrets::read(&environment(&given)).expect("no fault");
    assert_eq!(secrets.get("DATABASE_URL").expect("given").expose_secret(), "postgres://a:b@c/d");
    let tokens: Vec<_> = secrets.with_prefix("LOVELM_DISCORD_TOKEN_").collect();
    assert_eq!(tokens.len(), 1);
    assert_eq!((tokens[0].0.as_str(), tokens[0].1.expose_secret()), ("omar", "from-file"));
    assert!(!format!("{secrets:?} {:?}", environment(&given)).contains("from-file"));
    assert!(!format!("{secrets:?} {:?}", environment(&given)).contains("a:b@c"));
}

#[test]
fn a_secret_that_cannot_be_had_is_told_without_its_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let (empty, long) = (folder.path().join("empty"), folder.path().join("long"));
    fs::write(&empty, " \n").expect("written");
    fs::write(&long, "two canaries").expect("written");
    let (empty, long) = (empty.display().to_string(), long.display().to_string());
    let given = [
        ("DATABASE_URL", "postgres://canary"),
        ("DATABASE_URL_FILE", "/x"),
        ("REDIS_URL_FILE", "/nowhere/at/all"),
        ("LOVELM_TWITCH_TOKEN_OMAR_FILE", empty.as_str()),
        ("LOVELM_TWITCH_TOKEN_KIMDAL_FILE", long.as_str()),
    ];
    let told = Secrets::read(&environment(&given)).expect_err("four faults").to_string();
    assert_eq!(told.lines().count(), 4, "{told}");
    assert!(told.contains("DATABASE_URL_FILE: DATABASE_URL is set as well"), "{told}");
    assert!(told.contains("REDIS_URL_FILE: /nowhere/at/all cannot be read: No such file"), "{told}");
    assert!(told.contains("LOVELM_TWITCH_TOKEN_OMAR_FILE: ") && told.contains("is empty"), "{told}");
    assert!(told.contains("holds more than one word") && !told.contains("canar"), "{told}");
}

#[test]
fn the_folders_follow_the_system_and_who_one_is() {
    let folders = |variables: &[(&str, &str)], root| {
        let environment = Environment::new(variables.iter().copied(), root);
        let config = layers::merge("x", "", &environment).expect("no fault");
        environment.folders(&config.fleet.cache_dir, &config.store)
    };
    let of =
        |data: &str, cache: &str, keys: &str| Ok(Folders { data: data.into(), cache: cache.into(), keys: keys.into() });
    let home = [("HOME", "/home/a"), ("XDG_DATA_HOME", "relative")];
    assert_eq!(
        folders(&home, false),
        of("/home/a/.local/share/lovelm", "/home/a/.cache/lovelm", "/home/a/.local/share/lovelm/keys")
    );
    assert_eq!(folders(&home, true), of("/var/lib/lovelm", "/var/cache/lovelm", "/var/lib/lovelm/keys"));
    let xdg = [("HOME", "/home/a"), ("XDG_DATA_HOME", "/d"), ("XDG_CACHE_HOME", "/c")];
    assert_eq!(folders(&xdg, false), of("/d/lovelm", "/c/lovelm", "/d/lovelm/keys"));
    let named = [("LOVELM_DATA_DIR", "d"), ("LOVELM_CACHE_DIR", "c"), ("LOVELM_KEYS_FILE", "/k")];
    assert_eq!(folders(&named, true), of("d", "c", "/k"));
    let homeless = folders(&[], false).expect_err("no folder").to_string();
    assert_eq!(homeless.lines().count(), 2, "{homeless}");
    assert!(homeless.contains("LOVELM_DATA_DIR: neither it, XDG_DATA_HOME nor HOME is set"), "{homeless}");
}

#[test]
fn the_file_is_the_one_given_or_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (given, named) = (folder.path().join("given.toml"), folder.path().join("named.toml"));
    fs::write(&given, "[console]\nviewer = \"given\"\n").expect("written");
    fs::write(&named, "[console]\nviewer = \"named\"\n").expect("written");
    let environment = environment(&[("LOVELM_CONFIG", named.to_str().expect("UTF-8"))]);
    assert_eq!(load(Some(&given), &environment).expect("no fault").config.console.viewer, "given");
    let loaded = load(None, &environment).expect("no fault");
    assert_eq!((loaded.config.console.viewer.as_str(), loaded.file), ("named", Some(named)));
}

#[test]
fn a_file_that_cannot_be_read_is_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing.toml");
    let told = load(Some(&missing), &environment(&[])).expect_err("no file").to_string();
    assert!(told.ends_with("missing.toml: cannot be read: No such file or directory (os error 2)"), "{told}");
    let broken = folder.path().join("broken.toml");
    fs::write(&broken, b"[fleet]\nlanguage = \"\xff\"\n").expect("written");
    let told = load(Some(&broken), &environment(&[])).expect_err("not UTF-8").to_string();
    assert!(told.contains("broken.toml: cannot be read:") && told.lines().count() == 1, "{told}");
}

proptest! {
    #[test]
    fn nothing_that_anybody_writes_stops_the_search_for_faults(
        sections in prop::collection::vec(("fleet|store|limits|engine|scheduler|[a-z]{0,6}", "[a-z_]{1,9}", VALUE), 0..6),
        variables in prop::collection::vec(("LOVELM_(FLEET|STORE|LIMITS|ENGINE)?_{0,3}[A-Z]{0,8}(__[A-Z]{0,4})?", ".{0,12}"), 0..6),
    ) {
        let lines = sections.iter().map(|(section, key, value)| format!("{section}.{key} = {value}"));
        let toml = lines.collect::<Vec<_>>().join("
");
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if let Err(faults) = parsed(&toml, &variables) {
            prop_assert!(!faults.0.is_empty());
            let one_line = |fault: &Fault| !fault.to_string().contains('\n') && !fault.source.is_empty();
            prop_assert!(faults.0.iter().all(one_line), "{}", faults);
        }
    }
}

/// Any kind of TOML value.
const VALUE: &str = r#"-?[0-9]{1,20}|true|"[^"\\\p{Cc}]{0,9}"|\[[0-9]?\]|\{ [a-z]{1,3} = 1 \}|[0-9]\.[0-9]"#;

mod engines;
mod example;
