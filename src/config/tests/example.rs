//! `deploy/lovelm.toml` and `deploy/.env.example` say what the code says.

use figment::{
    Provider,
    error::Kind,
    providers::{Format, Toml},
    value::{Dict, Value},
};

use super::*;

const EXAMPLE: &str = include_str!("../../../deploy/lovelm.toml");
const ENV_EXAMPLE: &str = include_str!("../../../deploy/.env.example");

/// Settings are commented out as `#key = value`, prose as `# prose`.
fn uncommented(text: &str) -> String {
    text.lines().map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', '#'])).unwrap_or(line)).fold(
        String::new(),
        |mut all, line| {
            all.push_str(line);
            all.push('\n');
            all
        },
    )
}

fn tree(toml: &str) -> Value {
    let profiles = Toml::string(toml).data().expect("TOML");
    Value::from(profiles.into_values().next().unwrap_or_default())
}

/// The keys that the code knows in the table at `path`: what it offers when asked for one that it cannot know.
fn known_keys(path: &[&str]) -> BTreeSet<String> {
    let mut probe = Value::from(Dict::from([("no such key".to_owned(), Value::from(true))]));
    for table in path.iter().rev() {
        probe = Value::from(Dict::from([((*table).to_owned(), probe)]));
    }
    match probe.deserialize::<Config>().expect_err("no such key").kind {
        Kind::UnknownField(_, known) => known.iter().map(|key| (*key).to_owned()).collect(),
        kind => panic!("{path:?}: {kind}"),
    }
}

fn assert_complete(tree: &Value, path: &[&str]) {
    let table = tree.as_dict().expect("a table");
    let shown: BTreeSet<_> = table.keys().cloned().collect();
    assert_eq!(shown, known_keys(path), "the keys of [{}]", path.join("."));
    // An empty table is one of tables that operators name.
    for (key, value) in table.iter().filter(|(_, value)| value.as_dict().is_some_and(|table| !table.is_empty())) {
        assert_complete(value, &[path, &[key.as_str()]].concat());
    }
}

#[test]
fn the_example_sets_nothing() {
    assert_default(parsed(EXAMPLE, &[]));
}

#[test]
fn the_example_shows_every_key_at_its_default() {
    let everything = uncommented(EXAMPLE);
    assert_ne!(everything, EXAMPLE);
    assert_default(parsed(&everything, &[]));
    assert_complete(&tree(&everything), &[]);
}

#[test]
fn the_example_environment_names_every_variable() {
    let shown: BTreeSet<_> = ENV_EXAMPLE
        .lines()
        .filter_map(|line| line.strip_prefix('#').unwrap_or(line).split_once('='))
        .map(|(name, _)| name.trim())
        .filter(|name| !name.contains(' '))
        .collect();
    for name in &shown {
        let general =
            environment::NAMED.iter().any(|(named, _)| named == name) || *name == environment::CONFIG_VARIABLE;
        assert!(general || Secrets::knows(name) || name.contains("__"), "{name} is read by nobody");
    }
    let named = environment::NAMED.iter().map(|(name, _)| *name).chain([environment::CONFIG_VARIABLE]);
    for name in named.chain(Secrets::names()) {
        assert!(shown.iter().any(|line| line.starts_with(name)), "{name} is not in deploy/.env.example");
    }
}
