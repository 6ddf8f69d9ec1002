//! Takes visible text, gives it without anything that Discord would act on. Knows no other platform.

/// What Discord reads as something live when it follows `<`: members, roles, channels, commands, guild pages, times and
/// custom emoji.
const LIVE: [&str; 7] = ["@", "#", "/", "id:", "t:", ":", "a:"];
const EVERYBODY: [&str; 2] = ["everyone", "here"];
const INVITES: [&str; 6] =
    ["discord.gg", "discord.com/invite", "discordapp.com/invite", "discord.app.com/invite", "dsc.gg", "invite.gg"];
const FENCE: &str = "```";

pub(super) fn neutral(text: &str) -> String {
    let text = without_invites(&without_live(text));
    let lines: Vec<String> = text.split('\n').map(without_block_mark).collect();
    closed(lines.join("\n"))
}

/// One sign of each live token becomes another that looks alike.
fn without_live(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Each of a run of two or more.
    let bars = |rest: &str, out: &str| rest.starts_with("||") || (rest.starts_with('|') && out.ends_with("\\|"));
    for (at, c) in text.char_indices() {
        let (rest, behind) = (&text[at..], &text[at + c.len_utf8()..]);
        match c {
            '<' if starts_with_any(behind, &LIVE) => out.push('‹'),
            '@' if starts_with_any(behind, &EVERYBODY) => out.push('＠'),
            '|' if bars(rest, &out) => out.push_str("\\|"),
            '(' if out.ends_with(']') => out.push_str(" ("),
            _ => out.push(c),
        }
    }
    out
}

/// `discord.gg/x` becomes `discord[.]gg/x`.
fn without_invites(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if let Some(host) = INVITES.iter().find(|host| starts_with_any(rest, &[host])) {
            out.push_str(&rest[..host.len()].replacen('.', "[.]", 1));
            host.len()
        } else {
            out.push(c);
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    out
}

/// Headings (`# `, `-# `) and quotes to the end of the message (`>>> `), inside lists and quotes too.
fn without_block_mark(line: &str) -> String {
    let mut marks = 0;
    loop {
        let rest = &line[marks..];
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let heading = (1..=3).contains(&hashes) && rest[hashes..].starts_with(char::is_whitespace);
        if heading || rest.starts_with("-#") || rest.starts_with(">>>") {
            return format!("{}\\{}", &line[..marks], rest);
        }
        match rest.chars().next() {
            Some(c) if c.is_whitespace() || c.is_ascii_digit() || matches!(c, '>' | '-' | '*' | '+' | '.') => {
                marks += c.len_utf8();
            }
            _ => return line.to_owned(),
        }
    }
}

/// A fence that opens code and does not close it would swallow what comes after.
fn closed(text: String) -> String {
    match text.rfind(FENCE) {
        Some(at) if text.matches(FENCE).count() % 2 == 1 => format!("{}'''{}", &text[..at], &text[at + FENCE.len()..]),
        _ => text,
    }
}

fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    starts
        .iter()
        .any(|start| text.len() >= start.len() && text.as_bytes()[..start.len()].eq_ignore_ascii_case(start.as_bytes()))
}
