//! The age that somebody states of themselves.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::text::normalize;

/// A way of stating one's own age: of `n` years, or in the year `g` of a school that begins at an age.
struct Way {
    pattern: Regex,
    /// The age of the year 0 of a school, or the age itself where no number is named.
    base: u8,
}

/// The writer speaks: a sentence begins, or a word for oneself stands shortly before.
const KO_SELF: &str = r"(?:^|[.!?\n,] ?|(?:^|[^가-힣])(?:저는|저도|저|나는|나도|난|나|전|제가|내가) ?(?:지금 |올해 |아직 |이제 |겨우 |만 )*)(?:만 ?)?";
const KO_END: &str = r" ?(?:이에요|에요|예요|이고|인데|인데요|입니다|이야|야|이다|이라|임|여자|남자|여학생|남학생|학생|이거든|인 ?나|$|[,.!])";
const EN_SELF: &str = r"\bi(?:['’]?m| am)(?: only| just| a| an| still| literally| currently)* ";
const JA_SELF: &str = r"(?:^|[。！？!?\n、 ]|私は?|僕は?|俺は?|わたしは?|あたしは?|うちは?)";
const JA_END: &str = r"(?:です|の(?:女|男|学生|jk|jc)|なんです|だ(?:けど|よ|$)|、|。|で[すも、]|$)";

static WAYS: LazyLock<Vec<Way>> = LazyLock::new(|| {
    let way = |pattern: String, base| Way {
        pattern: Regex::new(&pattern.replace(r"\b", r"(?-u:\b)")).expect("the pattern is valid"),
        base,
    };
    vec![
        way(format!("{KO_SELF}(?P<n>[0-9]{{1,2}}) ?(?:살|세){KO_END}"), 0),
        way(format!("{KO_SELF}초(?:등학교|등)? ?(?P<g>[1-6])(?:학년)?{KO_END}"), 6),
        way(format!("{KO_SELF}중(?:학교|등)? ?(?P<g>[1-3])(?:학년)?{KO_END}"), 12),
        way(format!("{KO_SELF}고(?:등학교|등)? ?(?P<g>[1-3])(?:학년)?{KO_END}"), 15),
        way(format!("{KO_SELF}(?:초등학생|초딩){KO_END}"), 10),
        way(format!("{KO_SELF}(?:중학생|중딩|여중생|남중생){KO_END}"), 13),
        way(format!("{KO_SELF}(?:고등학생|고딩|여고생|남고생|미성년자|청소년){KO_END}"), 16),
        way(
            format!(
                r"{EN_SELF}(?P<n>[0-9]{{1,2}})(?: ?(?:years? old|yrs? old|y/?o|f|m)\b| ?(?:and|but|so|with|now|girl|boy)\b|[.,!;)]|$)"
            ),
            0,
        ),
        way(r"(?:^|[( ])(?P<n>1[0-9]) ?/?[fm](?:[) ,.]|$)".to_owned(), 0),
        way(format!(r"{EN_SELF}(?:in )?(?:(?:elementary|primary) school|[3-6](?:rd|th) grade)\b"), 10),
        way(format!(r"{EN_SELF}(?:in )?(?:middle school(?:er)?|[78]th grade)\b"), 13),
        way(
            format!(r"{EN_SELF}(?:in )?(?:high ?school(?:er)?|(?:9|10|11|12)th grade|minor|underage|teen(?:ager)?)\b"),
            16,
        ),
        way(format!("{JA_SELF}(?P<n>[0-9]{{1,2}}) ?(?:歳|才){JA_END}"), 0),
        way(format!("{JA_SELF}小学?(?:校)?(?P<g>[1-6])(?:年生)?{JA_END}"), 6),
        way(format!("{JA_SELF}中学?(?:校)?(?P<g>[1-3])(?:年生)?{JA_END}"), 12),
        way(format!("{JA_SELF}高校?(?P<g>[1-3])(?:年生)?{JA_END}"), 15),
        way(format!("{JA_SELF}小学生{JA_END}"), 10),
        way(format!("{JA_SELF}(?:中学生|jc){JA_END}"), 13),
        way(format!("{JA_SELF}(?:高校生|jk|未成年){JA_END}"), 16),
    ]
});

impl Way {
    fn years(&self, found: &Captures<'_>) -> Option<u8> {
        let number = |name: &str| found.name(name).map(|digits| digits.as_str().parse::<u8>().ok());
        match (number("n"), number("g")) {
            (Some(years), _) => years.filter(|years| (5..=99).contains(years)),
            (None, Some(year)) => year.map(|year| self.base + year - 1),
            (None, None) => Some(self.base),
        }
    }
}

/// The age in years that a text states of its writer, the lowest where it states several. A school stands for the lowest
/// age at which most people are there. Linear in the length of the text.
#[must_use]
pub fn stated_age(text: &str) -> Option<u8> {
    let seen = normalize(text);
    let found =
        WAYS.iter().flat_map(|way| way.pattern.captures_iter(seen.text()).filter_map(|found| way.years(&found)));
    found.min()
}
