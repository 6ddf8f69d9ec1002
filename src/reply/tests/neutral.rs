use proptest::prelude::*;

use crate::{
    chat::Platform::{self, Console, Discord, Twitch},
    reply::neutral,
};

fn assert_shown(platform: Platform, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(neutral(platform, text), *expected, "{text:?}");
    }
}

#[test]
fn nowhere_anything_invisible_is_shown() {
    for platform in [Console, Discord, Twitch] {
        assert_shown(
            platform,
            &[
                ("\u{202e}뒤집기\u{202c} \u{2066}x\u{2069}", "뒤집기 x"),
                ("사\u{200b}랑\u{feff}해\u{2060}\u{3164}\u{115f}", "사랑해"),
                ("ab\u{200d}c\u{200c}d", "abcd"),
                (
                    "👩\u{200d}❤\u{fe0f}\u{200d}👨 🏳️\u{200d}🌈 1️⃣ ☕️",
                    "👩\u{200d}❤\u{fe0f}\u{200d}👨 🏳️\u{200d}🌈 1️⃣ ☕️",
                ),
                ("👩\u{200d}", "👩"),
                ("hi\u{e0041}\u{e007f}\u{e000}", "hi"),
                ("가\u{fe0f}\u{fe00}", "가"),
                ("홍차", "홍차"),
                ("z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "z\u{300}\u{301}\u{302}\u{303}"),
                ("\u{301}a", "a"),
                ("\u{1b}[31mred\u{1b}[0m \u{9b}2Jx \u{1b}]0;title\u{7}y\u{8}", "red x y"),
                ("a\0b\u{1}c\td", "a b c d"),
                (" \n\u{3000}\u{200b} ", ""),
            ],
        );
    }
}

#[test]
fn the_console_keeps_lines_and_marks() {
    assert_shown(
        Console,
        &[("a\r\nb\rc\u{2028}d\u{85}e", "a\nb\nc\nd\ne"), ("# @everyone ||x|| /me", "# @everyone ||x|| /me")],
    );
}

#[test]
fn discord_finds_nothing_live() {
    assert_shown(
        Discord,
        &[
            ("@everyone @HERE @minsu", "＠everyone ＠HERE @minsu"),
            ("<@1> <@!1> <@&1> <#1>", "‹@1> ‹@!1> ‹@&1> ‹#1>"),
            (
                "</ask:1> <id:browse> <t:1:R> <:a:1> <a:b:1> 1 < 2 <b>",
                "‹/ask:1> ‹id:browse> ‹t:1:R> ‹:a:1> ‹a:b:1> 1 < 2 <b>",
            ),
            ("[safe](https://evil.com)", "[safe] (https://evil.com)"),
            ("discord.gg/x DISCORD.com/invite/x", "discord[.]gg/x DISCORD[.]com/invite/x"),
            ("@\u{200b}everyone <\u{2060}@1> [a]\u{200b}(b)", "＠everyone ‹@1> [a] (b)"),
            (
                "# 제목\n-# 작게\n  ## x\n> # y\n- ### z\n#태그 a # b",
                "\\# 제목\n\\-# 작게\n  \\## x\n> \\# y\n- \\### z\n#태그 a # b",
            ),
            (">>> 끝까지\n> 한 줄", "\\>>> 끝까지\n> 한 줄"),
            ("\u{3000}# x", "\\# x"),
            ("||비밀|| a|b |||", "\\|\\|비밀\\|\\| a|b \\|\\|\\|"),
            ("```rust\nlet x;", "'''rust\nlet x;"),
            ("```a``` ```b", "```a``` '''b"),
            ("```a```", "```a```"),
        ],
    );
}

#[test]
fn twitch_gets_one_harmless_line() {
    assert_shown(
        Twitch,
        &[
            ("hi\r\nPRIVMSG #victim :/ban y\0\u{1}", "hi PRIVMSG #victim :/ban y"),
            ("/ban x", "／ban x"),
            ("\r\n \u{200b}/ban x", "／ban x"),
            (".timeout x", "．timeout x"),
            ("!cmd", "！cmd"),
            ("...글쎄", "…글쎄"),
            ("안녕! /me는 아니야. !more", "안녕! /me는 아니야. !more"),
            ("@minsu 안녕 @ x", "＠minsu 안녕 @ x"),
            ("여기 https://evil.com/x?y 봐", "여기 […] 봐"),
            ("봐evil.com/x이거, (www.evil.net).", "봐[…]이거, ([…])."),
            ("bit.ly/x t.me/x 한글.com http://1.2.3.4 HTTP://EVIL", "[…] […] […] […] […]"),
            ("https://findahelpline.com/kr findahelpline.com.", "https://findahelpline.com/kr findahelpline.com."),
            ("https://findahelpline.com@evil.com findahelpline.com.evil.com evilfindahelpline.com", "[…] […] […]"),
            ("findahelpline.com홍.com evil.com.a x.co/a#b:c 1.co\u{fe0f}", "findahelpline.com[…] […] […] […]"),
            ("1.5배 3.14 e.g. 끝.다음 Mr.Kim", "1.5배 3.14 e.g. 끝.다음 Mr.Kim"),
        ],
    );
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "@",
            "everyone",
            "here",
            "<",
            ">",
            "<@",
            "<#",
            "</",
            "<t:",
            "[",
            "](",
            ")",
            "discord",
            ".",
            "gg/",
            ".com",
            "://",
            "www.",
            "#",
            "# ",
            "-",
            "-#",
            ">>>",
            "|",
            "||",
            "`",
            "```",
            "\n",
            "\r",
            "\0",
            "\u{1}",
            "\u{1b}",
            "\u{1b}[",
            "m",
            "/",
            "!",
            "...",
            " ",
            "\u{3000}",
            "\u{200d}",
            "\u{200b}",
            "\u{202e}",
            "\u{301}",
            "\u{958}",
            "\u{fe0f}",
            "👩",
            "홍",
            "차",
            "ᄒ",
            "ᅩ",
            "ᆼ",
            "\\",
            "findahelpline.com",
            "a",
            "1",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_same_text_again_changes_nothing(text in hostile()) {
        for platform in [Console, Discord, Twitch] {
            let once = neutral(platform, &text);
            prop_assert_eq!(neutral(platform, &once), once.clone(), "{} {:?}", platform, text);
        }
    }

    #[test]
    fn nothing_live_is_left(text in hostile()) {
        let lower = neutral(Discord, &text).to_lowercase();
        for live in ["@everyone", "@here", "<@", "<#", "</", "<t:", "<:", "](", "||", "discord.gg"] {
            prop_assert!(!lower.contains(live), "{} in {:?}", live, lower);
        }
        prop_assert_eq!(lower.matches("```").count() % 2, 0);
        prop_assert!(!lower.lines().any(|line| line.trim_start().starts_with("# ") || line.trim_start().starts_with(">>>")));
        let line = neutral(Twitch, &text);
        prop_assert!(!line.starts_with(['/', '.', '!']) && !line.contains(['\r', '\n', '\0', '\u{1}']), "{:?}", line);
        prop_assert!(!line.contains("://") || line.contains("findahelpline.com"), "{:?}", line);
        let shown = neutral(Console, &text);
        prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{:?}", shown);
    }
}
