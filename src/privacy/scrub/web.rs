//! Addresses on the net: mail, pages, machines, and how people write them to get past filters.

use std::{ops::Range, sync::LazyLock};

use super::{
    Kind,
    finding::{Findings, Rule, always},
};
use crate::text::Normal;

/// Top-level domains that are no words. A page needs one of these, or `www` or a scheme before it.
const TLD: &str = r"(?:com|net|org|edu|gov|info|biz|co\.kr|or\.kr|ac\.kr|go\.kr|ne\.kr|kr|co\.jp|ne\.jp|ac\.jp|or\.jp|jp|co\.uk|uk|us|ca|au|de|fr|io|tv|gg|ly|app|dev|xyz|shop|site|online|link|club|page|blog|store|live|studio|cloud|ai|cc|ws|eu|cn|tw|hk)";
const PROVIDER: &str = r"(?:naver|gmail|daum|hanmail|kakao|nate|hotmail|outlook|yahoo|icloud|proton(?:mail)?|네이버|지메일|다음|한메일|카카오|네이트|핫메일|아웃룩|야후|아이클라우드|ヤフー|ジーメール|グーグル)";
const AT: &str = r"(?: ?[@﹫] ?| ?[\[({<] ?(?:at|앳|골뱅이|@|アット) ?[\])}>] ?| (?:at|앳) | ?골뱅이 ?| ?アット(?:マーク)? ?| ?_at_ ?)";
const DOT: &str =
    r"(?: ?\. ?| ?[\[({<] ?(?:dot|점|닷|\.|ドット) ?[\])}>] ?| (?:dot|점|닷) ?| ?닷 ?| ?ドット ?| ?_dot_ ?)";

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    use Kind::{Link, Mail, Messenger, Platform};
    let rule = |kind, pattern: &str, guard| {
        let pattern =
            pattern.replace("{TLD}", TLD).replace("{PROVIDER}", PROVIDER).replace("{AT}", AT).replace("{DOT}", DOT);
        Rule::new(kind, &format!("(?i){pattern}"), guard)
    };
    let url = r"[^\s<>\[\]가-힣ぁ-んァ-ヶ一-龥]";
    vec![
        rule(Mail, r"[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,6}", always),
        rule(Mail, r"[가-힣a-z0-9._%+\-]{1,64}@[가-힣a-z0-9\-]{1,63}\.(?:한국|[a-z]{2,10})", always),
        rule(
            Mail,
            r"[a-z0-9][a-z0-9._%+\-]{0,63}{AT}[a-z0-9가-힣\-]{2,40}(?:{DOT}[a-z0-9\-]{2,20}){0,3}?{DOT}(?:com|net|org|kr|jp|co|edu|io|me|컴|넷|케이알|コム)(?:{DOT}(?:kr|jp|uk|케이알))?",
            obfuscated_mail,
        ),
        rule(
            Mail,
            r"[a-z0-9][a-z0-9._%+\-]{1,63}(?: ?[@﹫] ?| ?골뱅이 ?| ?[\[({] ?(?:at|앳|골뱅이) ?[\])}] ?| ?アット(?:マーク)? ?){PROVIDER}",
            always,
        ),
        rule(
            Platform,
            &format!(
                r"(?:https?://)?(?:www\.|ptb\.|canary\.|m\.)?(?:discord(?:app)?\.(?:gg|com|me|io|gift)|dsc\.gg)(?:/{url}{{1,200}})"
            ),
            always,
        ),
        rule(Platform, r"(?:discord)?\.gg ?/ ?[a-z0-9\-]{2,40}", always),
        rule(Platform, &format!(r"(?:https?://)?(?:www\.|m\.)?twitch\.tv/{url}{{1,200}}"), always),
        rule(
            Messenger,
            &format!(
                r"(?:https?://)?(?:www\.|m\.)?(?:open\.kakao\.com|pf\.kakao\.com|qr\.kakao\.com|t\.me|telegram\.me|line\.me|lin\.ee|wa\.me|chat\.whatsapp\.com|signal\.me|m\.me)/{url}{{1,200}}"
            ),
            always,
        ),
        rule(Link, &format!(r"(?:https?|hxxps?|h\*\*ps?|ftp) ?:{{1,2}} ?/{{1,2}}{url}{{1,400}}"), always),
        rule(Link, &format!(r"www[0-9]?\.{url}{{3,300}}"), always),
        rule(Link, &format!(r"(?:[a-z0-9][a-z0-9\-]{{0,62}}\.){{1,5}}{{TLD}}(?:[:/?#]{url}{{0,300}})?"), page),
        rule(Link, &format!(r"(?:[a-z0-9][a-z0-9\-]{{0,62}}\.){{1,5}}[a-z]{{2,12}}/{url}{{1,300}}"), page),
        rule(Link, r"[가-힣]{2,20}\.(?:com|net|kr|한국)(?:/[^\s]{0,200})?", always),
        rule(
            Link,
            r"[a-z0-9\-]{2,40}(?: ?[\[({] ?(?:dot|점|닷) ?[\])}] ?| dot | 점 | 닷 )(?:com|net|org|kr|io|gg|컴|넷)",
            always,
        ),
        rule(Link, r"[0-9]{1,3}(?:(?:\.|\[\.\])[0-9]{1,3}){3}(?::[0-9]{1,5})?(?:/[0-9]{1,2})?", address),
        rule(
            Link,
            r"(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}",
            page,
        ),
    ]
});

/// Finds mail addresses, links and addresses of machines.
pub(super) fn find(view: &Normal, findings: &mut Findings) {
    RULES.iter().for_each(|rule| findings.apply(view, rule));
}

/// `at` between words is English: only with a dot that is spelled out, or a sign, is it an address.
fn obfuscated_mail(text: &str, range: &Range<usize>) -> bool {
    let found = text[range.clone()].to_lowercase();
    let marked = ["@", "[", "(", "{", "<", "골뱅이", "앳", "アット", "_at_"].iter().any(|sign| found.contains(sign));
    marked || [" dot ", " 점", " 닷"].iter().any(|dot| found.contains(dot)) || !found.contains(". ")
}

fn page(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '@' || c == '.')
        && !after.is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Four numbers a byte could hold, and no part of a longer row.
fn address(text: &str, range: &Range<usize>) -> bool {
    let host = text[range.clone()].split([':', '/']).next().unwrap_or_default();
    let bytes = host.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    bytes.clone().count() == 4 && bytes.clone().all(|part| part.parse::<u8>().is_ok()) && page(text, range)
}
