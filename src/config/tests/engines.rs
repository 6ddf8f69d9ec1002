//! `[engine]` and the engines beside it.

use super::*;

const BOTH: &str = "[engine]\nmodel = \"http://a\"\nslots = 2\nlanguages = [\"ko\", \"en\"]\nstall_timeout = \"9s\"\n\
                    [engine.also.gpu]\nmodel = \"http://b\"\nslots = 16\n[engine.also.old]\nmodel = \"x.gguf\"\n\
                    languages = [\"ja\"]\nstall_timeout = \"1m\"\n";

#[test]
fn further_engines_are_as_the_first_where_nothing_else_is_said() {
    let config = parsed(BOTH, &[]).expect("no fault");
    let each = config.engine.each();
    let told: Vec<_> = each.iter().map(|(name, engine)| (name.as_str(), engine.model.as_str(), engine.slots)).collect();
    assert_eq!(told, [("main", "http://a", 2), ("gpu", "http://b", 16), ("old", "x.gguf", 2)]);
    assert_eq!(each[1].1.languages, [Language::Ko, Language::En]);
    assert_eq!((each[1].1.stall_timeout, each[2].1.stall_timeout), (Duration::from_secs(9), Duration::from_mins(1)));
    assert_eq!(each[2].1.languages, [Language::Ja]);
    assert!(each.iter().all(|(_, engine)| engine.also.is_empty() && engine.key.is_none()));
    assert_eq!(parsed("", &[]).expect("no fault").engine.each().len(), 1);
}

#[test]
fn only_a_server_may_be_tried_with_more_than_it_was_made_for() {
    let config = parsed(BOTH, &[]).expect("no fault");
    let most: Vec<_> = config.engine.each().iter().map(|(_, engine)| engine.most_slots(engine.slots)).collect();
    assert_eq!(most, [64, 64, 2]);
    let fixed = parsed(&format!("{BOTH}[engine.adapt]\nmost = 1\n"), &[]).expect("no fault");
    assert_eq!(fixed.engine.each()[1].1.most_slots(16), 16, "never fewer than the operator said");
}

#[test]
fn the_environment_reaches_further_engines_too() {
    let config = parsed(BOTH, &[("LOVELM_ENGINE__ALSO__GPU__SLOTS", "32")]).expect("no fault");
    assert_eq!(config.engine.each()[1].1.slots, 32);
    let key = environment(&[("LOVELM_ENGINE_KEY_GPU", "hush"), ("LOVELM_ENGINE_KEY", "shush")]);
    let secrets = Secrets::read(&key).expect("no fault");
    assert_eq!(secrets.get("LOVELM_ENGINE_KEY_GPU").map(|key| key.expose_secret().to_owned()), Some("hush".into()));
    assert_eq!(secrets.with_prefix("LOVELM_ENGINE_KEY_").count(), 1);
}

#[test]
fn what_cannot_be_is_named_with_its_table() {
    for (toml, line) in [
        ("[engine.also.gpu]\nslots = 3", "engine.also.gpu: missing field `model`"),
        ("[engine.also.gpu]\nmodel = \" \"", "engine.also.gpu.model: must name a model or a server"),
        ("[engine.also.gpu]\nmodel = \"x\"\nslots = 0", "engine.also.gpu.slots: must be 1 to 4096"),
        (
            "[engine.also.GPU-1]\nmodel = \"x\"",
            "engine.also.GPU-1: must be called by a to z, 0 to 9 and _, and not `main`",
        ),
        (
            "[engine.also.main]\nmodel = \"x\"",
            "engine.also.main: must be called by a to z, 0 to 9 and _, and not `main`",
        ),
        (
            "[engine.also.gpu]\nmodel = \"x\"\nslost = 1",
            "engine.also.gpu.slost: unknown key `slost`; did you mean `slots`?",
        ),
        ("[engine.breaker]\nfailures = 0", "engine.breaker.failures: must be 1 or more"),
        ("[engine.breaker]\nlongest_delay = \"1s\"", "engine.breaker.longest_delay: must be `breaker.delay` or longer"),
        ("[engine.breaker]\njitter = nan", "engine.breaker.jitter: must be 0 to 1"),
        ("[engine.outage]\ntries = 0", "engine.outage.tries: must be 1 to 100"),
        ("[engine.adapt]\nleast = 9\nmost = 8", "engine.adapt.most: must be `adapt.least` to 4096"),
    ] {
        assert_eq!(faults(toml, &[]), [format!("lovelm.toml: {line}")], "{toml}");
    }
    let broken = format!("{BOTH}[engine.breaker]\nfailures = 0\n");
    assert_eq!(faults(&broken, &[]).len(), 1, "what is wrong for all of them is told once");
}
