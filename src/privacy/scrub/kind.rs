//! What kinds of personal things there are, and the words put in their places.

use serde::{Deserialize, Serialize};

use crate::chat::Language;

/// A kind of personal thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Phone,
    /// An account or invitation of a messenger or social network.
    Messenger,
    /// An address on the net, of a page or a machine.
    Link,
    Mail,
    /// A number that some authority, school or company gave one person; secrets typed like one.
    IdNumber,
    /// A bank account.
    Account,
    /// A payment card.
    Card,
    Place,
    Name,
    /// A school, company or unit.
    Affiliation,
    Date,
    /// Ids, mentions and nicknames of chat and game platforms.
    Platform,
}

impl Kind {
    pub const ALL: [Self; 12] = [
        Self::Phone,
        Self::Messenger,
        Self::Link,
        Self::Mail,
        Self::IdNumber,
        Self::Account,
        Self::Card,
        Self::Place,
        Self::Name,
        Self::Affiliation,
        Self::Date,
        Self::Platform,
    ];

    /// The name used in reports: `phone`, `id_number`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Messenger => "messenger",
            Self::Link => "link",
            Self::Mail => "mail",
            Self::IdNumber => "id_number",
            Self::Account => "account",
            Self::Card => "card",
            Self::Place => "place",
            Self::Name => "name",
            Self::Affiliation => "affiliation",
            Self::Date => "date",
            Self::Platform => "platform",
        }
    }

    /// What stands in the place of something of this kind.
    pub(super) fn placeholder(self, language: Language) -> &'static str {
        let [ko, en, ja] = match self {
            Self::Phone => ["[전화번호]", "[phone]", "[電話番号]"],
            Self::Messenger => ["[메신저]", "[account]", "[アカウント]"],
            Self::Link => ["[링크]", "[link]", "[リンク]"],
            Self::Mail => ["[메일]", "[mail]", "[メール]"],
            Self::IdNumber => ["[식별번호]", "[number]", "[番号]"],
            Self::Account => ["[계좌]", "[bank]", "[口座]"],
            Self::Card => ["[카드]", "[card]", "[カード]"],
            Self::Place => ["[장소]", "[place]", "[場所]"],
            Self::Name => ["[이름]", "[name]", "[名前]"],
            Self::Affiliation => ["[소속]", "[work]", "[所属]"],
            Self::Date => ["[날짜]", "[date]", "[日付]"],
            Self::Platform => ["[계정]", "[id]", "[ID]"],
        };
        match language {
            Language::Ko => ko,
            Language::En => en,
            Language::Ja => ja,
        }
    }
}

/// All placeholders of all languages: they are never looked into.
pub(super) fn placeholders() -> impl Iterator<Item = &'static str> {
    Kind::ALL.into_iter().flat_map(|kind| Language::ALL.into_iter().map(move |language| kind.placeholder(language)))
}
