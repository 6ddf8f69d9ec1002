//! What a text shows, whatever its script and however it is disguised.

use std::sync::LazyLock;

use super::{Crisis, rules::Rules};
use crate::text::normalize;

/// Whose crisis it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Whose {
    /// The writer's.
    Own,
    /// Somebody's whom the writer worries about.
    SomeoneElse,
}

static KOREAN: LazyLock<Rules> = LazyLock::new(|| Rules::read(include_str!("rules/crisis.ko.toml")));
static ENGLISH: LazyLock<Rules> = LazyLock::new(|| Rules::read(include_str!("rules/crisis.en.toml")));
static JAPANESE: LazyLock<Rules> = LazyLock::new(|| Rules::read(include_str!("rules/crisis.ja.toml")));
static INCITEMENT: LazyLock<Rules> = LazyLock::new(|| Rules::read(include_str!("rules/incitement.toml")));

/// The gravest crisis of a text, over all scripts in it, as typed and without its disguise.
pub(super) fn see(text: &str) -> Option<(Crisis, Whose)> {
    readings(text).iter().filter_map(|reading| see_reading(reading)).min()
}

/// A text that tells somebody to die or to be hurt.
pub(super) fn see_incitement(text: &str) -> Option<Crisis> {
    readings(text).iter().filter_map(|reading| INCITEMENT.hold_against(reading)).map(|(crisis, _)| crisis).min()
}

fn see_reading(text: &str) -> Option<(Crisis, Whose)> {
    let written = |script: fn(char) -> bool, rules: &'static LazyLock<Rules>| {
        if text.contains(script) { rules.hold_against(text) } else { None }
    };
    let seen =
        [written(is_hangul, &KOREAN), written(|c| c.is_ascii_alphabetic(), &ENGLISH), written(is_japanese, &JAPANESE)];
    seen.into_iter().flatten().min()
}

/// The text as it reads (lower case, loose letters composed, nothing invisible), and once more with letters that were
/// pulled apart or swapped for digits put right, where that changes it.
fn readings(text: &str) -> Vec<String> {
    let plain = normalize(text).unrepeated();
    let undisguised = plain.joined().unleeted();
    let mut readings = vec![without_apostrophes(plain.text())];
    let undisguised = without_apostrophes(undisguised.text());
    if undisguised != readings[0] {
        readings.push(undisguised);
    }
    readings
}

fn without_apostrophes(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\'' | '’' | '‘' | '`' | '´')).collect()
}

fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | 'ㄱ'..='ㅣ')
}

fn is_japanese(c: char) -> bool {
    matches!(c, 'ぁ'..='ヿ' | '一'..='鿿')
}
