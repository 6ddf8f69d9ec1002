//! Scenarios as they are written down.

use crate::scheduler::simulation::{BUILT_IN, Scenario};

const CALM: &str = "length = '1h'\n[[crowd]]\nclass = 'free'\npeople = 10\nper_minute = 2.0\n";

#[test]
fn every_built_in_scenario_is_sound() {
    for (name, _) in BUILT_IN {
        let scenario = Scenario::open(name).unwrap();
        assert_eq!(scenario.name, name);
        assert!(scenario.load() > 0.2, "{name}: {}", scenario.load());
    }
    let load = |name| Scenario::open(name).unwrap().load();
    assert!((10.0..11.0).contains(&load("flood")), "{}", load("flood"));
    assert!((0.6..0.9).contains(&load("evening")), "{}", load("evening"));
}

#[test]
fn an_unknown_name_is_told_what_there_is() {
    let error = Scenario::open("floood").unwrap_err().to_string();
    for (name, _) in BUILT_IN {
        assert!(error.contains(name) && error.contains("`floood`"), "{error}");
    }
    let error = Scenario::open("/nowhere/at/all.toml").unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/at/all.toml: cannot be read"), "{error}");
}

#[test]
fn a_broken_file_is_told_by_line_or_key() {
    let fault = |text: &str| Scenario::parse("my.toml", text).unwrap_err().to_string();
    assert!(Scenario::parse("my.toml", CALM).is_ok());
    for (from, to, said) in [
        ("length = '1h'", "length = '1 hour", "my.toml line 1: "),
        ("'free'", "'freeloader'", "my.toml line 3: unknown variant `freeloader`"),
        ("people", "persons", "my.toml line 4: unknown field `persons`"),
        ("people = 10\n", "", "missing field `people`"),
        ("people = 10", "people = -10", "my.toml line 4: "),
        ("'1h'", "'0s'", "my.toml: length must be above 0 s and at most 7 days"),
        ("'1h'", "'900000h'", "my.toml: length must be"),
        ("people = 10", "people = 0", "my.toml: crowd 1 (free): people must be 1 to 1000000"),
        ("2.0", "0.0", "my.toml: crowd 1 (free): per_minute must be"),
        ("2.0", "nan", "my.toml: crowd 1 (free): per_minute must be"),
        ("2.0", "-inf", "my.toml: crowd 1 (free): per_minute must be"),
        ("2.0", "1e6", "my.toml: crowd.per_minute make"),
        ("2.0", "2.0\nanswer = [90, 30]", "my.toml: crowd 1 (free): answer must be two numbers"),
        ("2.0", "2.0\nquestion = [0, 30]", "my.toml: crowd 1 (free): question must be two numbers"),
        ("2.0", "2.0\ncents = [2, 1]", "my.toml: crowd 1 (free): cents must be two numbers"),
        ("2.0", "2.0\nfrom = '1h'", "my.toml: crowd 1 (free): from must lie before"),
        ("2.0", "2.0\nto = '2h'", "my.toml: crowd 1 (free): to must not lie behind"),
        ("2.0", "2.0\ndeadline = '0s'", "my.toml: crowd 1 (free): deadline must be"),
        ("[[crowd]]", "[engine]\nslots = 0\n[[crowd]]", "my.toml: engine.slots must be 1 to 1024"),
        ("[[crowd]]", "[engine]\noutput_token = '1h'\n[[crowd]]", "my.toml: engine.output_token must be"),
    ] {
        let error = fault(&CALM.replacen(from, to, 1));
        assert!(error.contains(said), "{error:?} does not say {said:?}");
        assert!(error.starts_with("my.toml") && error.lines().count() == 1, "{error:?}");
    }
    assert!(fault("length = '1h'\ncrowd = []").contains("crowd must be there"));
}

#[test]
fn the_saturated_form_asks_for_just_the_whole_engine() {
    let flood = Scenario::open("flood").unwrap();
    let saturated = flood.saturated().unwrap();
    assert!((saturated.load() - 1.0).abs() < 1e-6, "{}", saturated.load());
    assert_eq!(saturated.crowds[0], flood.crowds[0], "what is paid for stays");
    for without in ["evening", "raid", "day"] {
        assert_eq!(Scenario::open(without).unwrap().saturated(), None, "{without}");
    }
}
