//! Takes visible text, gives it as one line without anything that Twitch or its bots would act on. Knows no other platform.

/// Hosts that may be named: where a crisis card sends people.
const ALLOWED: [&str; 1] = ["findahelpline.com"];
/// What stands where a link was.
const CUT: &str = "[…]";
/// Top-level domains that Twitch turns into links without a scheme; before a `/` any two letters do.
const TOP_LEVEL: [&str; 42] = [
    "com", "net", "org", "info", "biz", "io", "gg", "tv", "me", "co", "kr", "jp", "us", "uk", "de", "ru", "cn", "fr",
    "xyz", "link", "ly", "be", "dev", "app", "site", "online", "club", "live", "shop", "store", "stream", "top", "icu",
    "gl", "to", "cc", "ws", "fm", "ai", "page", "moe", "chat",
];

pub(super) fn neutral(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(without_links).collect();
    without_command(&without_mentions(&words.join(" ")))
}

/// `@name` calls a viewer: the sign becomes one that looks alike.
fn without_mentions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let live = c == '@' && chars.peek().is_some_and(|next| next.is_alphanumeric() || *next == '_');
        out.push(if live { '＠' } else { c });
    }
    out
}

/// A line that begins with `/` or `.` is a command to Twitch, with `!` one to other bots.
fn without_command(text: &str) -> String {
    if let Some(rest) = text.strip_prefix("...") {
        return format!("…{rest}");
    }
    let mut rest = text.chars();
    let mark = match rest.next() {
        Some('/') => '／',
        Some('.') => '．',
        Some('!') => '！',
        _ => return text.to_owned(),
    };
    format!("{mark}{}", rest.as_str())
}

fn without_links(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(link) = first_link(rest) {
        let (start, end) = link.span;
        out.push_str(&rest[..start]);
        out.push_str(if link.allowed { &rest[start..end] } else { CUT });
        // A selector belongs to the letter before it, which may be gone.
        rest = rest[end..].trim_start_matches(['\u{fe0e}', '\u{fe0f}']);
    }
    out.push_str(rest);
    out
}

struct Link {
    span: (usize, usize),
    allowed: bool,
}

fn first_link(word: &str) -> Option<Link> {
    let schemed = word.find("://").map(|at| (at, at + 3));
    let named = word.match_indices('.').find_map(|(dot, _)| top_level(word, dot).map(|end| (dot, end)));
    let (at, behind) = match (schemed, named) {
        (Some(schemed), Some(named)) => schemed.min(named),
        (schemed, named) => schemed.or(named)?,
    };
    let start = begin(word, at);
    let end = behind + tail(&word[behind..]);
    Some(Link { span: (start, end), allowed: is_allowed(&word[start..end]) })
}

/// Where the domain behind the dot ends when it makes a link.
fn top_level(word: &str, dot: usize) -> Option<usize> {
    let tail = &word[dot + 1..];
    let length = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
    let (domain, behind) = tail.split_at(length);
    let named =
        TOP_LEVEL.iter().any(|known| known.eq_ignore_ascii_case(domain)) || (length > 1 && behind.starts_with('/'));
    let goes_on = behind.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_'));
    (named && !goes_on && word[..dot].ends_with(char::is_alphanumeric)).then_some(dot + 1 + length)
}

/// Where scheme and host begin before the byte `at`.
fn begin(word: &str, at: usize) -> usize {
    let before = &word[..at];
    let ascii =
        before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '/' | '@'));
    if ascii.len() < at { ascii.len() } else { before.trim_end_matches(char::is_alphanumeric).len() }
}

/// The bytes of host and path that go on behind a top-level domain or a scheme.
fn tail(behind: &str) -> usize {
    let path = behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let host = behind.len() - path.len();
    let goes_on = path.starts_with(['/', '?', '#', ':', '@']);
    let end = if goes_on { path.find(|c: char| !c.is_ascii_graphic()).unwrap_or(path.len()) } else { 0 };
    behind[..host + end].trim_end_matches(['.', ',', '!', '?', ')', '"', '\'', ':']).len()
}

fn is_allowed(link: &str) -> bool {
    let host = link.strip_prefix("https://").unwrap_or(link);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    ALLOWED.iter().any(|allowed| host == *allowed || host.strip_suffix(allowed).is_some_and(|sub| sub.ends_with('.')))
}
