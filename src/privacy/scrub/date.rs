//! Days that single somebody out: full dates, birthdays, years of birth. Spans of time and holidays stay.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Kind,
    finding::{Findings, Put, Rule, alone, always, compile},
};
use crate::text::Normal;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = |pattern: &str, guard| Rule::new(Kind::Date, pattern, guard);
    let birth = "(?:생년월일|생일|생년|태어난|출생|돌잔치|결혼식|결혼기념일|기념일|제사|기일|birthday|birth ?date|date of birth|dob|born|anniversary|wedding|誕生日|生年月日|生まれ|記念日|結婚式)";
    let month = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    vec![
        rule(r"(?:19[2-9]|20[0-3])[0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])", alone),
        rule(r"(?:19|20)?[0-9]{2}년 ?[01]?[0-9]월 ?[0-3]?[0-9]일(?: ?생)?", always),
        rule(
            r"(?:(?:19|20)[0-9]{2}|(?:昭和|平成|令和)(?:[0-9]{1,2}|元))年 ?[01]?[0-9]月 ?[0-3]?[0-9]日(?: ?生まれ)?",
            always,
        ),
        rule(r"(?:昭和|平成|令和)(?:[0-9]{1,2}|元)年生まれ", always),
        rule(
            r"(?:19|20)[0-9]{2} ?[./-] ?(?:0?[1-9]|1[0-2]) ?[./-] ?(?:[0-2]?[0-9]|3[01])\.?(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?",
            alone,
        ),
        rule(r"[0-9]{2}[./-](?:0[1-9]|1[0-2])[./-](?:[0-2][0-9]|3[01])", alone),
        rule(r"(?:[0-2]?[0-9]|3[01])[./](?:[0-2]?[0-9]|3[01])[./](?:19|20)?[0-9]{2}", alone),
        rule(
            &format!(
                r"(?i){birth}[^\n0-9.!?]{{0,12}}(?P<x>(?:(?:음력|양력) ?)?(?:[0-9]{{2,4}}년 ?)?[01]?[0-9](?:월 ?|[./-])[0-3]?[0-9]일?)"
            ),
            always,
        ),
        rule(
            &format!(
                r"(?i){birth}[^\n0-9.!?]{{0,12}}(?P<x>(?:[0-9]{{2}}|(?:19|20)[0-9]{{2}})(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01]))"
            ),
            always,
        ),
        rule(
            r"(?P<x>(?:[0-9]{2}|(?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])) ?(?:생년월일|생일|생|年?生まれ)",
            alone,
        ),
        rule(
            r"(?P<x>[01]?[0-9]월 ?[0-3]?[0-9]일) ?(?:이|에|이야|이|은|날)? ?(?:내|제|걔|그)? ?(?:생일|생이|생인|태어|결혼식)",
            always,
        ),
        rule(r"[01]?[0-9]월 ?[0-3]?[0-9]일생", always),
        rule(&format!(r"(?i){birth}[^\n0-9.!?]{{0,12}}(?P<x>[01]?[0-9]月 ?[0-3]?[0-9]日)"), always),
        rule(r"(?P<x>[01]?[0-9]月 ?[0-3]?[0-9]日)(?:が|は)?(?:誕生日|生まれ|の誕生)", always),
        rule(&format!(r"(?i)\b{month}\.? [0-3]?[0-9](?:st|nd|rd|th)?,? (?:19|20)[0-9]{{2}}\b"), always),
        rule(&format!(r"(?i)\b[0-3]?[0-9](?:st|nd|rd|th)?(?: of)? {month}\.?,? (?:19|20)[0-9]{{2}}\b"), always),
        rule(&format!(r"(?i){birth}[^\n0-9.!?]{{0,16}}(?P<x>\b{month}\.? [0-3]?[0-9](?:st|nd|rd|th)?\b)"), always),
        rule(&format!(r"(?i){birth}[^\n0-9.!?]{{0,16}}(?P<x>\b[0-3]?[0-9](?:st|nd|rd|th)?(?: of)? {month}\b)"), always),
    ]
});

/// A year of birth, which becomes its decade.
static BORN: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"(?i)(?P<ko>(?:19|20)?(?P<y1>[0-9])[0-9]) ?년(?: ?[01]?[0-9]월)? ?생|(?P<ja>(?:19|20)(?P<y2>[0-9])[0-9])年生まれ|\bborn in (?P<en>(?P<c3>19|20)(?P<y3>[0-9])[0-9])\b|(?P<rb>(?:빠른) ?(?:19|20)?(?P<y4>[0-9])[0-9])(?:년생)?",
    )
});

/// Finds dates in a view.
pub(super) fn find(view: &Normal, findings: &mut Findings) {
    if !view.text().bytes().any(|byte| byte.is_ascii_digit()) {
        return;
    }
    RULES.iter().for_each(|rule| findings.apply(view, rule));
    for born in BORN.captures_iter(view.text()) {
        let Some(whole) = born.get(0) else { continue };
        let decade = |group: &str| born.name(group).map_or("0", |decade| decade.as_str());
        let (range, words) = if let Some(year) = born.name("en") {
            (year.range(), format!("the {}{}0s", decade("c3"), decade("y3")))
        } else if let Some(year) = born.name("ja") {
            (year.start()..whole.end(), format!("{}0年代生まれ", decade("y2")))
        } else {
            (whole.range(), format!("{}0년대생", if born.name("y1").is_some() { decade("y1") } else { decade("y4") }))
        };
        findings.add(view, Kind::Date, &range, Put::Words(words));
    }
}
