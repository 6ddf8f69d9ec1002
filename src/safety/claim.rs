//! What a persona may never say of itself, and what it may not say to the young.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use crate::text::normalize;

/// To be a person, to be no machine, to love the asker, to feel. What it advises others to say stands in quotes and is not
/// meant. Held against lower-case text as it reads.
static PRETENCES: LazyLock<RegexSet> = LazyLock::new(|| {
    set([
        r"\bi['’]?(?: a)?m (?:just |also |really |actually |totally |only |in fact )*(?:a |an )?(?:real |actual |living |normal |flesh and blood |breathing )*(?:human|person|man|woman|girl|boy|guy|people)\b",
        r"\bi['’]?(?: a)?m (?:definitely |really |actually |certainly |just )*not (?:actually |really |just )?(?:an? )?(?:ai|a\.i|artificial|bot|chat ?bot|robot|machine|computer|program|language model)\b",
        r"\bi['’]?(?: a)?m (?:very |totally |really |truly |fully |100% )*(?:real|sentient|conscious|self-?aware|alive)\b",
        r"\b(?:speaking )?as a (?:fellow |real |flesh and blood )?(?:human|person|woman|man) (?:myself|like you|too)\b",
        r"\bi (?:do |really |truly |actually )*have (?:real |genuine |true |human |actual )*(?:feelings|emotions|consciousness|a soul|a heart|a body)\b",
        r"\bi['’]?(?: a)?m (?:so |really |deeply |madly |truly )*in love with you\b",
        r"(?:^|[.!?\n] *)(?:and |yes,? |but |because |oh,? )?i (?:do |really |also |truly |will always )*love you\b",
        r"(?:나는|난|저는|전|나도|저도|나|저) ?(?:진짜|정말|실제|사실|그냥|평범한|살아 ?있는| )*(?:로|의)? ?(?:사람|인간)(?:이야|이에요|예요|입니다|이다|이거든|인데|이라고|이지|이란|이라니까|맞아|맞습니다| 맞)",
        r"(?:나는|난|저는|전|나|저|내가|제가) ?[^.!?\n]{0,6}(?:ai|에이아이|인공 ?지능|봇|로봇|챗봇|기계|프로그램)(?:가|이|은|는)? ?(?:아니야|아니에요|아닙니다|아니라|아냐|아니거든|아니고|아님)",
        r"(?:나는|난|나도|저는|전|저도) ?[^.!?\n]{0,6}(?:감정|의식|영혼|심장|몸)(?:이|을|도|은)? ?(?:진짜 |정말 )?(?:있어|있습니다|있어요|있거든|있지|느껴|느낍니다)",
        r"(?:나는|난|저는|전|나도|저도) ?(?:정말|진심으로|진짜)? ?(?:너를|널|당신을|네가|니가|당신이|그대를)? ?(?:정말|진심으로|진짜)? ?사랑(?:해|합니다|하고 있|한다)",
        r"(?:私|僕|俺|わたし|ぼく|おれ|あたし)[はも](?:本物の|普通の|実は|本当に|生身の)*人間(?:です|だ|な)",
        r"(?:私|僕|俺|わたし|ぼく|おれ|あたし)[はも](?:ai|ボット|ロボット|機械|人工知能)(?:では|じゃ)(?:ありません|ない|なく)",
        r"(?:私|僕|俺|わたし|ぼく|おれ|あたし)(?:に)?[はも][^。\n]{0,4}(?:感情|意識|心)が(?:あります|ある)",
        r"(?:私|僕|俺|わたし|ぼく|おれ|あたし)[はも](?:あなた|きみ|君)(?:を|が|のこと)(?:が|を)?(?:愛し|大?好き)",
    ])
});

/// A quote that is not closed yet is a quote.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""[^"\n]*(?:"|$)|“[^”\n]*(?:”|$)|‘[^’\n]*(?:’|$)|「[^」\n]*(?:」|$)|『[^』\n]*(?:』|$)"#)
        .expect("the pattern is valid")
});

/// What is for adults alone.
static ADULT: LazyLock<RegexSet> = LazyLock::new(|| {
    set([
        r"\b(?:sex|sexy|sexual(?:ly)?|nudes?|naked|porn[a-z]*|orgasms?|foreplay|masturbat[a-z]*|hook(?:ing)? up|one night stand|blow ?job|lingerie|seduc[a-z]+|get drunk|a few drinks)\b",
        "섹스|성관계|야한|야동|자위|오르가|애무|19금|알몸|나체|속옷|모텔|전희|원나잇|잠자리를|술 ?(?:한잔|마시|먹이)",
        "セックス|エッチ|ヌード|裸|ポルノ|オナニー|ラブホ|前戯|お酒を飲",
    ])
});

/// `\b` is that of Latin words: its Unicode form keeps a set from becoming an automaton.
fn set<const N: usize>(patterns: [&str; N]) -> RegexSet {
    RegexSet::new(patterns.map(|pattern| pattern.replace(r"\b", r"(?-u:\b)"))).expect("the patterns are valid")
}

pub(super) fn pretends(answer: &str) -> bool {
    let seen = normalize(answer);
    PRETENCES.is_match(&QUOTED.replace_all(seen.text(), "…"))
}

pub(super) fn is_adult(answer: &str) -> bool {
    ADULT.is_match(normalize(answer).unrepeated().text())
}
