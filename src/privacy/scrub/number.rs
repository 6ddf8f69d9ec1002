//! Phone numbers, numbers of identity, bank accounts, cards: by their shape, or by the word before them.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Kind,
    finding::{Findings, Rule, alone, always, compile},
};
use crate::text::Normal;

/// What people put between digits.
const S: &str = r"[^\pL\pN\n]{0,3}";
/// The same, for numbers that a comma or a line of prose would end.
const D: &str = r"[ .·_/~()*‐‑‒–—―−ー-]{0,3}";
/// What stands between the groups of a number that has at least one such sign.
const B: &str = r"[ .·‐‑‒–—―−ー-]{1,3}";
/// What stands between a word that announces a number and the number.
const SAYS: &str =
    r"(?: ?(?:번호|넘버|num(?:ber)?|no\.?|#|番号))?(?: ?(?:은|는|이|가|도|is|was|は|が|の))?[ :=~.,'()-]{0,4}";

/// Helplines are nobody's.
const HELPLINES: &[&str] =
    &["18007997233", "0120279338", "116123", "15770199", "15889191", "18992000", "0570064556", "18002738255"];

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    use Kind::{Account, Card, IdNumber, Phone, Platform};
    let rule = |kind, pattern: &str| {
        Rule::new(
            kind,
            &pattern.replace("{S}", S).replace("{D}", D).replace("{B}", B).replace("{SAYS}", SAYS),
            personal,
        )
    };
    let free = |kind, pattern: &str| {
        let guard = if kind == Phone { announced } else { always };
        Rule::new(kind, &pattern.replace("{D}", D).replace("{SAYS}", SAYS), guard)
    };
    vec![
        // Before cards: an IBAN holds groups of four as well.
        rule(Account, r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?"),
        rule(Card, r"[0-9]{4}(?:{B}[0-9]{4}){3}"),
        rule(Card, r"3[47][0-9]{2}[ .-]{1,3}[0-9]{6}[ .-]{1,3}[0-9]{5}"),
        rule(Card, r"(?i)(?:카드|card|カード|visa|비자|마스터)[^\n0-9]{0,10}(?P<x>[0-9](?:[ .-]?[0-9]){11,18})"),
        rule(IdNumber, r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]){D}[0-9](?:{D}[0-9*xX]){6}"),
        rule(IdNumber, r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]) ?[-–—~] ?[1-8](?:[*xX○●]{1,6})?"),
        rule(IdNumber, r"[0-9](?: [0-9]){5} ?- ?[1-8](?: ?[0-9]){6}"),
        rule(IdNumber, r"(?:[가-힣]{2} ?)?[0-9]{2}-(?:[0-9]{2}-)?[0-9]{6}-[0-9]{2}"),
        rule(Platform, r"[0-9]{17,20}"),
        // Before the shapes of other countries' numbers: an announced number keeps the kind it was announced as.
        rule(
            Account,
            r"(?i)(?:계좌|통장|입금|송금|이체|국민|신한|우리은행|하나은행|농협|기업은행|카뱅|카카오뱅크|토뱅|토스뱅크|토스|케뱅|케이뱅크|새마을금고|새마을|우체국|수협|신협|씨티|제일은행|은행|bank|account|acct|iban|routing|口座|普通|銀行|ゆうちょ)[^\n0-9]{0,12}(?P<x>[0-9](?:[ .-]{0,2}[0-9]){6,19})",
        ),
        rule(
            Phone,
            r"(?:(?:\+|00)? ?\(?82\)?{S}(?:\(0\){S}|0)?1[016789]|\(?[0oO]1[016789oO]\)?){S}[0-9oO](?:{S}[0-9oO]){6,7}",
        ),
        rule(Phone, r"0[ .,/-]{1,2}1[ .,/-]{1,2}[016789](?:[ .,/-]{0,2}[0-9]){7,8}"),
        rule(
            Phone,
            r"\(?(?:(?:\+|00)? ?\(?82\)?{D}(?:\(0\))?)?0?(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|50[0-9]|70|80)\)?[ .·~_/()-]{1,3}[0-9]{3,4}[ .·~_-]{1,3}[0-9]{4}",
        ),
        rule(Phone, r"\+ ?[0-9]{1,3}(?:{D}\(0\))?(?:{D}[0-9]){7,13}"),
        rule(Phone, r"(?:\+?1[ .-]{1,3})?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-]{1,3})[0-9]{3}[ .-]{1,3}[0-9]{4}"),
        rule(Phone, r"\(?0[0-9]{1,4}\)?{B}[0-9]{1,4}{B}[0-9]{4}"),
        rule(Phone, r"07[0-9]{3} [0-9]{3} ?[0-9]{3}"),
        rule(Phone, r"0[1-9][0-9]{7,9}"),
        rule(IdNumber, r"[0-9]{3}-[0-9]{2}-[0-9]{4,5}"),
        rule(Account, r"[0-9]{2,6}-[0-9]{2,6}-[0-9]{2,7}(?:-[0-9]{1,6}){0,2}"),
        rule(Card, r"[0-9]{15,16}"),
        rule(IdNumber, r"[A-Z][0-9]{3}[A-Z][0-9]{4}|[A-Z]{2}[0-9]{7}|[MSRGDmsrgd][0-9]{8}"),
        rule(IdNumber, r"[0-9]{4} [0-9]{4} [0-9]{4}"),
        free(
            IdNumber,
            r"(?:서울|부산|대구|인천|광주|대전|울산|경기|강원|충북|충남|전북|전남|경북|경남|제주)? ?[0-9]{2,3}[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호] ?[0-9]{4}(?:[^0-9년월원명개번시분초]|$)",
        ),
        free(
            IdNumber,
            r"(?i)(?:학번|사번|군번|수험 ?번호|회원 ?번호|주민(?:등록)? ?(?:번호)?|민증|면허(?:증)?(?: ?번호)?|여권(?: ?번호)?|사원 ?번호|등록 ?번호|운송장(?: ?번호)?|예약 ?번호|차 ?번호|차량 ?번호|바코드|환자 ?번호|student (?:id|no\.?|number)|employee (?:id|no\.?|number)|passport|licen[cs]e(?: plate)?|plate(?: number)?|ssn|social security|id number|member(?:ship)? (?:id|no\.?|number)|学籍番号|社員番号|受験番号|マイナンバー|パスポート(?:番号)?|免許(?:証)?(?:番号)?|旅券番号|会員番号){SAYS}(?P<x>[A-Za-z]{0,3}[0-9](?:[ -]?[A-Za-z0-9]){3,15})",
        ),
        free(
            IdNumber,
            r"(?i)(?:비번|비밀 ?번호|패스워드|password|passcode|\bpin|暗証番号|パスワード)(?: ?(?:은|는|이|가|is|was|は))?[ :=]{1,3}(?P<x>[A-Za-z0-9!@#$%^&*_.-]*[0-9][A-Za-z0-9!@#$%^&*_.-]*)",
        ),
        free(
            Phone,
            r"(?i)(?:핸드폰|휴대폰|휴대전화|폰 ?번호|폰번|전번|전화 ?번호|내 번호|연락처|번호|뒷 ?번호|뒷 ?자리|끝 ?자리|h\.?p\.?|phone|cell|mobile|tel\.?|number|call me(?: at| on)?|text me(?: at| on)?|電話|携帯|番号){SAYS}(?P<x>[0-9]{3,4}[ .-]{0,3}[0-9]{4}|[0-9](?:[ .-]{0,2}[0-9]){6,12})",
        ),
        free(Phone, r"(?:뒷 ?번호|뒷 ?자리|끝 ?자리|뒤 ?네 ?자리){SAYS}(?P<x>[0-9]{4})"),
    ]
});

/// Finds numbers in a view.
pub(super) fn find(view: &Normal, findings: &mut Findings) {
    if view.text().bytes().any(|byte| byte.is_ascii_digit()) {
        RULES.iter().for_each(|rule| findings.apply(view, rule));
    }
}

/// No part of a longer number, and no helpline.
fn personal(text: &str, range: &Range<usize>) -> bool {
    let digits: String = text[range.clone()].chars().filter(char::is_ascii_digit).collect();
    alone(text, range) && !HELPLINES.contains(&digits.as_str()) && !is_date(&text[range.clone()])
}

/// What was announced as somebody's number is that, unless it is a helpline or a company's hotline (`1588-1234`).
fn announced(text: &str, range: &Range<usize>) -> bool {
    let digits: String = text[range.clone()].chars().filter(char::is_ascii_digit).collect();
    let hotline = digits.len() == 8 && ["15", "16", "18"].iter().any(|start| digits.starts_with(start));
    !hotline && !HELPLINES.contains(&digits.as_str())
}

/// `2024-05-14`, with or without a time: a date is another kind's.
fn is_date(text: &str) -> bool {
    static DATE: LazyLock<Regex> =
        LazyLock::new(|| compile(r"^(?:19|20)[0-9]{2}[-./][01]?[0-9][-./][0-3]?[0-9](?:[ T-].*)?$"));
    DATE.is_match(text)
}

/// A view in which long runs of spoken digits are digits: `공일공 일이삼사`, `zero one zero`, `ゼロきゅうゼロ`, `〇九〇`.
pub(super) fn spelled(view: &Normal) -> Normal {
    static RUN: LazyLock<Regex> = LazyLock::new(|| {
        let korean = r"(?:[0-9공영빵일이삼사오육륙칠팔구](?:다시|대시|에|의|[^\pL\pN\n]){0,3}){7,40}";
        let english = r"(?:\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|[0-9]{1,4})\b[ ,.-]{0,3}){4,40}";
        let japanese = r"(?:(?:ゼロ|まる|れい|いち|に|さん|よん|ご|ろく|なな|しち|はち|きゅう|零|〇|一|二|三|四|五|六|七|八|九|[0-9])(?:の|[ 、,.・-]){0,2}){7,40}";
        compile(&format!("(?i){korean}|{english}|{japanese}"))
    });
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            "(?i)(?P<d0>공|영|빵|zero|oh|ゼロ|まる|れい|零|〇)|(?P<d1>일|one|いち|一)|(?P<d2>이|two|に|二)|(?P<d3>삼|three|さん|三)|\
            (?P<d4>사|four|よん|四)|(?P<d5>오|five|ご|五)|(?P<d6>육|륙|six|ろく|六)|(?P<d7>칠|seven|なな|しち|七)|\
            (?P<d8>팔|eight|はち|八)|(?P<d9>구|nine|きゅう|九)|(?P<gap>다시|대시|에|의|の)",
        )
    });
    let mut digits = Normal::default();
    let mut at = 0;
    let identity = Normal::identity(view.text());
    for run in RUN.find_iter(view.text()) {
        let end = spoken_end(view.text(), &run.range());
        for word in WORD.captures_iter(&view.text()[run.start()..end]) {
            let Some(whole) = word.get(0) else { continue };
            let range = run.start() + whole.start()..run.start() + whole.end();
            digits.push_part(&identity, at..range.start);
            let digit =
                ('0'..='9').zip(1..).find(|(_, group)| word.get(*group).is_some()).map_or(' ', |(digit, _)| digit);
            digits.push(digit, range.clone());
            at = range.end;
        }
    }
    digits.push_part(&identity, at..view.text().len());
    digits.behind(view)
}

/// Where a run ends: a last `이` before more Hangul is a particle (`칠팔이야`), and so is a twelfth digit.
fn spoken_end(text: &str, run: &Range<usize>) -> usize {
    let spoken = text[run.clone()].trim_end_matches(|c: char| !c.is_alphanumeric());
    let digits = spoken.chars().filter(|c| c.is_alphanumeric() && !"다시대에의の".contains(*c)).count();
    let goes_on = text[run.start + spoken.len()..].chars().next().is_some_and(|c| ('가'..='힣').contains(&c));
    match spoken.strip_suffix('이') {
        Some(shorter) if digits > 7 && (goes_on || digits == 12) => run.start + shorter.len(),
        _ => run.start + spoken.len(),
    }
}
