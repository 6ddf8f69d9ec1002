//! Takes a message key and arguments, gives a sentence. Knows nothing of when or where it is said.
//!
//! Every sentence that the fleet says of itself lies in `locales/{ko,en,ja}.ftl`, compiled in. The keys and variables are the
//! same in all three.

mod arg;

use std::fmt;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

pub use self::arg::Arg;
use crate::chat::{Language, Localized};

/// The fleet's sentences in all its languages.
pub struct Locale(Localized<FluentBundle<FluentResource>>);

impl Locale {
    /// Reads the compiled-in files.
    ///
    /// # Panics
    /// When a file is not well formed or names a message twice, which a test rules out.
    #[must_use]
    pub fn new() -> Self {
        Self(Localized {
            ko: bundle(Language::Ko, include_str!("../../locales/ko.ftl")),
            en: bundle(Language::En, include_str!("../../locales/en.ftl")),
            ja: bundle(Language::Ja, include_str!("../../locales/ja.ftl")),
        })
    }

    /// The sentence under `key`, its variables filled in. A key or variable that is missing is a bug: it panics where debug
    /// assertions are on, else it says what it can.
    #[must_use]
    pub fn say(&self, language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.try_say(language, key, args).unwrap_or_else(|bug| {
            debug_assert!(false, "locale: {bug}");
            format!("[{key}]")
        })
    }

    fn try_say(&self, language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> Result<String, String> {
        let bundle = self.0.get(language);
        let message = bundle.get_message(key).and_then(|message| message.value());
        let pattern = message.ok_or_else(|| format!("no message `{key}` in {language}"))?;
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            values.set(*name, self.value(language, arg)?);
        }
        let mut errors = Vec::new();
        let sentence = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if errors.is_empty() { Ok(sentence) } else { Err(format!("`{key}` in {language}: {errors:?}")) }
    }

    fn value<'a>(&self, language: Language, arg: &Arg<'a>) -> Result<FluentValue<'a>, String> {
        Ok(match arg {
            Arg::Text(text) => FluentValue::from(text.clone()),
            Arg::Count(count) => FluentValue::from(*count),
            Arg::Wait(wait) => {
                let (key, n) = arg::rounded(*wait);
                FluentValue::from(self.try_say(language, key, &[("n", Arg::Count(n))])?)
            }
        })
    }
}

impl Default for Locale {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Locale(ko, en, ja)")
    }
}

fn bundle(language: Language, source: &str) -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(source.to_owned())
        .unwrap_or_else(|(_, errors)| panic!("locale file {language} is not well formed: {errors:?}"));
    let id: LanguageIdentifier = language.as_str().parse().expect("our language codes are language identifiers");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks are for mixed directions; none of our languages has them, and chat platforms show them as boxes.
    bundle.set_use_isolating(false);
    if let Err(errors) = bundle.add_resource(resource) {
        panic!("a locale file names a message twice: {errors:?}");
    }
    bundle
}

#[cfg(test)]
mod tests;
