//! Names that people have on messengers, networks, chat platforms and in games.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::{
    Kind,
    finding::{Findings, Put, Rule, alone, always, begins_word, compile},
};
use crate::text::{self, Normal};

const MESSENGER: &str = r"(?:카카오톡|카카오|카톡|까톡|깨톡|ㅋㅌ|kakao ?talk|kakao|katalk|인스타그램|인스타|인별그램|인별|insta(?:gram)?|ig|텔레그램|텔레|telegram|tg|스냅챗|스냅|snap(?:chat)?|라인|line|위챗|wechat|왓츠앱|왓챗|whats ?app|트위터|twitter|틱톡|tik ?tok|페이스북|페북|페메|facebook|fb|메신저|messenger|스레드|threads|유튜브|youtube|스카이프|skype|시그널|signal|네이트온|부계정|부계|비계|본계|sns|dm|디엠|카스|블로그|インスタ(?:グラム)?|カカオ(?:トーク)?|ライン|ツイッター|テレグラム|ティックトック|フェイスブック|スナチャ)";
const GAME: &str = r"(?:롤|배그|배틀그라운드|오버워치|옵치|메이플|발로란트|발로|피파|로스트아크|로아|던파|스팀|닌텐도|플스|배틀태그|배틀넷|서든|마크|마인크래프트|포켓몬|원신|브롤|게임|디스코드|디코|트위치|아프리카|치지직|lol|steam|psn|xbox|riot|valorant|battle(?:tag|net)|gamer ?tag|discord|twitch|minecraft|roblox|genshin|switch|ゲーム|スイッチ|ディスコード|ディスコ|フレンド(?:コード)?|原神|荒野)";
const ID_WORD: &str = r"(?:아이디|아뒤|아디|ㅇㄷ|id|dm|디엠|주소|핸들|계정|닉네임|닉|닉넴|username|user ?name|user|handle|account|acc|acct|tag|code|친구 ?코드|친추|친구추가|캐릭터(?:명)?|ユーザー名|ユーザーid|アカウント|アカ|ハンドル|コード|名前)";
const HANDLE: &str = r"@?[a-z0-9][a-z0-9._\-]{1,29}";

static MARKUP: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        Rule::new(
            Kind::Platform,
            r"<(?:@[!&]?|#|id:)[0-9a-z]{1,24}>|<a?:[A-Za-z0-9_]{1,40}:[0-9]{1,24}>|</[^<>\n:]{1,60}:[0-9]{1,24}>",
            always,
        ),
        Rule::new(Kind::Platform, r"SW-[0-9]{4}-[0-9]{4}-[0-9]{4}", always),
    ]
});

/// A handle after the name of its network; `how` says what stands between.
static MESSENGERS: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?i)(?:^|[^a-z])(?:{MESSENGER})(?P<how>(?: ?{ID_WORD})?(?: ?(?:은|는|이|가|도|으로|로|에|is|=|:|は|が|→|->|~|-|,|\()){{0,2}} ?)(?P<x>{HANDLE})"
    ))
});
static GAMES: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?i)(?:^|[^a-z가-힣])(?:{GAME})(?: ?에서)? ?(?:{ID_WORD})(?: ?(?:은|는|이|가|is|=|:|は|が)){{0,2}} ?(?P<x>[@\pL\pN_.\-]{{2,24}}(?:#[a-z0-9]{{2,6}})?)"
    ))
});
static IDS: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?i)(?:아이디|아뒤|아디|(?:^|[^a-z])id|계정|user ?name|handle|ユーザー名|アカウント)(?P<how>(?: ?(?:은|는|이|가|is|=|:|は|が)){{0,2}} ?)(?P<x>{HANDLE})"
    ))
});
static NICKS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        Rule::new(Kind::Platform, r"[A-Za-z0-9.]{1,20}_[A-Za-z0-9_.]{1,20}", alone),
        Rule::new(Kind::Platform, r"[\pL\pN_.]{2,24}#[A-Za-z0-9]{2,6}", tagged),
        Rule::new(
            Kind::Platform,
            r"(?i)(?:닉네임|닉넴|닉|ニックネーム|nickname)(?: ?(?:은|는|이|가|is|は|が)| ?[:=]) ?(?P<x>[\pL\pN_.\-]{2,24})",
            nickname,
        ),
    ]
});
/// A word that says that a handle is near, and what looks like one then.
static ANNOUNCED: LazyLock<Regex> =
    LazyLock::new(|| compile(&format!("(?i)(?:{MESSENGER}|아이디|아디|계정|추가|친추|맞팔|follow|add me)")));
static NUMBERED: LazyLock<Rule> =
    LazyLock::new(|| Rule::new(Kind::Messenger, r"[A-Za-z]{4,20}[0-9]{2,6}[A-Za-z]{0,4}", alone));
static MENTION: LazyLock<Regex> = LazyLock::new(|| compile(r"[@﹫](?P<x>[\pL\pN_][\pL\pN_.-]{0,29})"));

/// Finds the markup of platforms: mentions, custom emoji, channels.
pub(super) fn find_markup(view: &Normal, findings: &mut Findings) {
    MARKUP.iter().for_each(|rule| findings.apply(view, rule));
}

/// Finds handles, nicknames and mentions. A mention of a name in `keep` is nobody's.
pub(super) fn find(view: &Normal, keep: &HashSet<String>, findings: &mut Findings) {
    let text = view.text();
    for (pattern, kind) in [(&MESSENGERS, Kind::Messenger), (&GAMES, Kind::Platform), (&IDS, Kind::Messenger)] {
        for captures in pattern.captures_iter(text) {
            let (Some(handle), how) = (captures.name("x"), captures.name("how").map(|how| how.as_str())) else {
                continue;
            };
            let rest = &text[handle.end()..];
            let shape = handle.as_str().trim_end_matches(['.', '-']);
            let certain =
                how.is_none_or(|how| how.contains([':', '=', '(', '→']) || names_id(how)) || shape.starts_with('@');
            if !keep.contains(&shape.to_lowercase()) && is_handle(shape, certain, rest, how.is_none()) {
                findings.add(view, kind, &(handle.start()..handle.start() + shape.len()), Put::Placeholder);
            }
        }
    }
    NICKS.iter().for_each(|rule| findings.apply(view, rule));
    if ANNOUNCED.is_match(text) {
        findings.apply(view, &NUMBERED);
    }
    find_mentions(view, keep, findings);
}

fn find_mentions(view: &Normal, keep: &HashSet<String>, findings: &mut Findings) {
    let text = view.text();
    for captures in MENTION.captures_iter(text) {
        let (Some(whole), Some(name)) = (captures.get(0), captures.name("x")) else { continue };
        let lower = text::normalize(name.as_str()).text().to_owned();
        let kept = keep.iter().any(|keep| lower == *keep || (!keep.is_ascii() && lower.starts_with(keep.as_str())));
        if !kept && !matches!(lower.as_str(), "everyone" | "here") && begins_word(text, &whole.range()) {
            let end = whole.start() + whole.as_str().trim_end_matches(['.', '-']).len();
            findings.add(view, Kind::Platform, &(whole.start()..end), Put::Placeholder);
        }
    }
}

fn names_id(how: &str) -> bool {
    static WORD: LazyLock<Regex> = LazyLock::new(|| compile(&format!("(?i){ID_WORD}")));
    WORD.is_match(how)
}

/// Whether a word behind a network's name is somebody's name there. An uncertain one has to look like one: a digit, a dot
/// or an underscore in it, or a Korean ending right behind it.
fn is_handle(word: &str, certain: bool, rest: &str, any_script: bool) -> bool {
    let bare = word.trim_start_matches('@');
    if STOP.contains(&bare.to_lowercase().as_str()) || bare.chars().count() < 2 {
        return false;
    }
    let inner = bare.contains(['_', '.'])
        || (bare.contains(|c: char| c.is_ascii_digit()) && bare.contains(char::is_alphabetic));
    let latin = bare.bytes().all(|byte| byte.is_ascii_lowercase()) && bare.len() >= 4;
    let ended = latin
        && ["로 ", "으로 ", "이야", "야", "임", "이에요", "예요", "입니다", "인데", "추가", " 추가"]
            .iter()
            .any(|end| rest.starts_with(end));
    certain && (any_script || !bare.bytes().all(|byte| byte.is_ascii_digit()) || bare.len() > 3) || inner || ended
}

fn tagged(text: &str, range: &std::ops::Range<usize>) -> bool {
    begins_word(text, range) && !text[range.end..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric())
}

fn nickname(text: &str, range: &std::ops::Range<usize>) -> bool {
    let name = &text[range.clone()];
    !["뭐", "뭔", "예쁘", "이쁘", "귀엽", "웃기", "바꿨", "바꾸", "같은", "똑같", "있", "없", "이상", "너무", "진짜"]
        .iter()
        .any(|word| name.starts_with(word))
}

#[rustfmt::skip]
const STOP: &[&str] = &[
    "about", "account", "active", "add", "after", "again", "all", "and", "any", "app", "are", "at", "back", "be", "because", "but",
    "by", "calls", "can", "chat", "check", "day", "did", "dm", "dms", "do", "does", "every", "feed", "followers", "for", "from",
    "group", "guy", "he", "her", "him", "his", "id", "if", "in", "instead", "is", "it", "just", "last", "like", "likes", "me",
    "message", "messages", "my", "no", "not", "now", "of", "off", "on", "or", "our", "out", "pic", "pics", "photo", "photos",
    "post", "posts", "private", "profile", "reel", "reels", "reply", "she", "so", "stalking", "still", "stories", "story",
    "streak", "streaks", "that", "the", "their", "them", "then", "they", "this", "to", "too", "up", "us", "was", "we", "what",
    "when", "where", "which", "who", "with", "you", "your", "yet", "24", "vip", "pro", "pc", "tv", "ok", "sns", "talk", "read",
];
