//! Names in Japanese: before honorifics, behind relations, and by lists.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::{super::finding::compile, Found, words};

static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("japanese_names.txt")));
const PARTICLE: &str =
    "(?:です|だ|じゃ|が|は|と|に|を|の|も|から|って|へ|より|とは|には|だけ|、|。|！|？|!|\\?|,|\\.| |$)";

static HONOURED: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?P<x>[一-龥々]{1,5}|[ァ-ヴー]{2,8}|[A-Za-z]{2,12}|[ぁ-ん]{2,4})(?P<title>さん|くん|ちゃん|君|様|先輩|ちゃま|たん|氏|先生|課長|部長|店長|社長|係長|主任|教授|コーチ)",
    )
});
static RELATED: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?:彼氏|元彼|元カレ|今彼|カレシ|彼女|元カノ|カノジョ|友達|友人|親友|幼馴染|先輩|後輩|同僚|上司|同級生|兄|弟|姉|妹|夫|妻|旦那|嫁|息子|娘|片思い相手|相手|名前|名|本名)(?:の|は|が、?|: ?|、)(?P<x>[一-龥々]{1,4}|[ァ-ヴー]{2,8})(?:が|は|と|に|を|も|から|って|です|だ|、|。)",
    )
});
static LISTED: LazyLock<Regex> = LazyLock::new(|| {
    let kana = |name: &str| name.starts_with(|c: char| ('ぁ'..='ん').contains(&c));
    let long = |name: &&str| name.chars().count() > if kana(name) { 2 } else { 1 };
    let mut names: Vec<&str> = NAMES.iter().copied().filter(long).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let names = names.join("|");
    compile(&format!("(?P<x>(?:{names})(?:{names})?){PARTICLE}"))
});

/// The names in a text.
pub(super) fn find(text: &str) -> Vec<Found> {
    if !text.contains(|c: char| matches!(u32::from(c), 0x3041..=0x30FF | 0x4E00..=0x9FFF)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for captures in HONOURED.captures_iter(text) {
        let (Some(name), Some(title)) = (captures.name("x"), captures.name("title")) else { continue };
        if let Some(name) = honoured(name.as_str(), title.as_str()).map(|skipped| name.start() + skipped..name.end()) {
            found.push(Found { key: text[name.clone()].to_lowercase(), range: name });
        }
    }
    for (pattern, listed) in [(&RELATED, false), (&LISTED, true)] {
        for name in pattern.captures_iter(text).filter_map(|captures| captures.name("x")) {
            let apart = !text[..name.start()].ends_with(|c: char| same_script(c, name.as_str()));
            if (listed && apart)
                || (!listed && !WORDS.contains(&name.as_str()) && !is_word(name.as_str()) && !is_thing(name.as_str()))
            {
                found.push(Found { range: name.range(), key: name.as_str().to_owned() });
            }
        }
    }
    found
}

/// Names known from elsewhere. Japanese has no spaces: only names of two or more characters are looked for.
pub(super) fn find_known(text: &str, known: impl Fn(&str) -> bool) -> Vec<Found> {
    static RUN: LazyLock<Regex> = LazyLock::new(|| compile("[一-龥々]{2,5}|[ァ-ヴー]{2,8}"));
    let runs = RUN.find_iter(text).filter(|run| known(run.as_str()));
    runs.map(|run| Found { range: run.range(), key: run.as_str().to_owned() }).collect()
}

/// How many bytes before an honorific's word are no part of the name; `None` when it is none.
fn honoured(word: &str, title: &str) -> Option<usize> {
    let kana = word.chars().all(|c| ('ぁ'..='ん').contains(&c));
    if kana {
        // Particles run into a name in hiragana: only a name that a list knows is cut out.
        let starts = word.char_indices().map(|(at, _)| at);
        return starts.filter(|at| word.len() - at >= 6).find(|at| NAMES.contains(&word[*at..]));
    }
    let whole = format!("{word}{title}");
    let common = WORDS.contains(&word) || COMMON.iter().any(|common| whole.ends_with(common));
    let short = matches!(title, "様" | "氏" | "先生" | "先輩" | "教授" | "君")
        && !NAMES.contains(word)
        && word.chars().count() < 2;
    (!common && !short).then_some(0)
}

/// One ideograph behind a relation is a name only where a list knows it, and it is nothing that people have.
fn is_thing(name: &str) -> bool {
    name.chars().nth(1).is_none() && (!NAMES.contains(name) || ["愛", "心", "光", "夢", "学", "誠"].contains(&name))
}

fn is_word(name: &str) -> bool {
    COMMON.iter().any(|common| common.starts_with(name))
        || ["浮気", "連絡", "返信", "仕事", "誕生", "態度", "気持", "場合", "自分", "結婚"]
            .iter()
            .any(|word| name.starts_with(word))
}

fn same_script(c: char, name: &str) -> bool {
    let script = |c: char| match u32::from(c) {
        0x3041..=0x309F => 1,
        0x30A0..=0x30FF => 2,
        0x4E00..=0x9FFF => 3,
        _ => 0,
    };
    name.chars()
        .next()
        .is_some_and(|first| script(first) == script(c) && script(c) > 0 && !"のとはがにもをで".contains(c))
}

#[rustfmt::skip]
const COMMON: &[&str] = &[
    "父さん", "母さん", "兄さん", "姉さん", "爺さん", "婆さん", "祖父さん", "祖母さん", "客さん", "奥さん", "旦那さん", "息子さん", "娘さん", "彼氏さん", "彼女さん", "店員さん", "医者さん", "屋さん", "赤ちゃん", "皆さん", "皆様",
    "嫁さん", "友達さん", "神様", "王様", "客様", "上司さん", "先輩さん", "後輩さん", "相手さん", "叔父さん", "叔母さん", "伯父さん", "伯母さん", "看護師さん", "美容師さん", "警察さん", "隣人さん", "大家さん", "弟さん", "妹さん", "兄ちゃん", "姉ちゃん",
    "父ちゃん", "母ちゃん", "爺ちゃん", "婆ちゃん", "誰かさん", "担任先生", "部活先輩", "会社先輩", "大学先輩", "職場先輩", "バイト先輩", "学校先生", "塾先生", "ママさん", "パパさん", "サラリーマンさん", "お母様", "奥様", "旦那様", "彼君", "主人様", "同様", "多様", "仕様", "模様", "様様", "某氏", "彼氏", "華氏", "摂氏", "同氏",
    "元彼氏", "今彼氏", "新彼氏", "ファンさん", "運転手さん", "芸人さん", "職人さん", "業者さん", "作家さん", "患者さん", "学生さん", "新人さん", "ワンちゃん", "ネコちゃん", "猫ちゃん", "犬ちゃん", "何様", "貴様", "殿様", "王子様", "同級生さん",
];
const WORDS: &[&str] = &[
    "親友",
    "友達",
    "友人",
    "会社",
    "職場",
    "大学",
    "学校",
    "部活",
    "高校",
    "中学",
    "バイト",
    "サークル",
    "一番",
    "憧れ",
    "女性",
    "男性",
    "他人",
    "本人",
    "彼女",
    "彼氏",
    "旦那",
    "相手",
    "先輩",
    "後輩",
    "上司",
    "同僚",
    "スマホ",
    "ライン",
    "連絡",
    "誕生日",
    "結婚",
    "喧嘩",
];
