use lovelm::{
    chat::{Language, PersonaId},
    config::{self, Environment},
};
use secrecy::ExposeSecret as _;

use crate::{Settings, Tcp};

fn settings(variables: &[(&str, &str)]) -> Option<Settings> {
    let folders = [("LOVELM_DATA_DIR", "/nowhere"), ("LOVELM_CACHE_DIR", "/nowhere")];
    let variables = folders.iter().chain(variables).copied();
    let loaded = config::load(None, &Environment::new(variables, false)).expect("good");
    let personas = ["hongcha", "omar"].map(PersonaId::new);
    Settings::of(&loaded.config.twitch, Language::Ko, &loaded.secrets, &personas, "/nowhere/twitch".into())
}

#[test]
fn a_token_switches_its_persona_on() {
    assert!(settings(&[("LOVELM_TWITCH_CLIENT_ID", "c"), ("LOVELM_TWITCH_TOKEN_NOBODY", "t")]).is_none());
    let settings = settings(&[
        ("LOVELM_TWITCH_TOKEN_OMAR", "t"),
        ("LOVELM_TWITCH_REFRESH_OMAR", "r"),
        ("LOVELM_TWITCH__CHANNELS", "[\"#Somebody\", \"somebody\", \"other\"]"),
        ("LOVELM_TWITCH__LOGIN__OMAR__NAME", "Omar_Bot"),
    ])
    .expect("on");
    assert_eq!(settings.accounts.len(), 1);
    let omar = &settings.accounts[0];
    assert_eq!((omar.persona.as_str(), omar.login.as_str(), omar.token.expose_secret()), ("omar", "omar_bot", "t"));
    assert_eq!(settings.channels, ["somebody", "other"]);
    assert!(settings.client.is_none(), "half an application is none");
    assert!(!format!("{settings:?}").contains("\"t\""), "secrets are not printed");
}

#[test]
fn what_cannot_be_is_named_by_its_key() {
    for (variable, value, key) in [
        ("LOVELM_TWITCH__IRC_URL", "wss://x", "irc_url"),
        ("LOVELM_TWITCH__CHANNELS", "[\"not a name\"]", "channels"),
        ("LOVELM_TWITCH__INVITED", "1001", "invited"),
        ("LOVELM_TWITCH__LOGIN__OMAR__NAME", "omar!", "login"),
        ("LOVELM_TWITCH__LIMITS__LINE", "501", "limits.line"),
        ("LOVELM_TWITCH__LIMITS__JOINS", "0", "limits.joins"),
    ] {
        let variables = [("LOVELM_DATA_DIR", "/nowhere"), ("LOVELM_CACHE_DIR", "/nowhere"), (variable, value)];
        let faults = config::load(None, &Environment::new(variables, false)).expect_err(variable).to_string();
        assert!(faults.contains(&format!("twitch.{key}: must")), "{faults}");
    }
}

#[test]
fn addresses_are_read() {
    for (url, shown) in [
        ("irc://127.0.0.1:4711", "host: \"127.0.0.1\", port: 4711"),
        ("ircs://irc.chat.twitch.tv", "host: \"irc.chat.twitch.tv\", port: 6697"),
        ("irc://[::1]:1/", "host: \"::1\", port: 1"),
        ("irc://[::1]", "host: \"::1\", port: 6667"),
    ] {
        assert!(format!("{:?}", Tcp::to(url).expect(url)).contains(shown), "{url}");
    }
    for url in ["", "http://x", "irc://", "irc://x:port", "irc://:1"] {
        assert!(Tcp::to(url).is_err(), "{url}");
    }
}
