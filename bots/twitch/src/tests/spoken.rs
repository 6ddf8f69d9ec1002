use lovelm::chat::MessageId;
use proptest::prelude::*;

use crate::{Line, desk::Spoken};

#[test]
fn nothing_that_obeys_begins_a_line() {
    for (given, shown) in [
        ("/ban minsu", "／ban minsu"),
        (".timeout minsu", "．timeout minsu"),
        ("hi\r\nPRIVMSG #victim :/ban y", "hi PRIVMSG #victim :/ban y"),
        (" \t /me", "／me"),
        ("\0\u{1}ACTION x\u{1}", "ACTION x"),
        ("가나\u{7f}다", "가나 다"),
    ] {
        assert_eq!(Spoken::of(given, 480).expect("words").as_str(), shown);
    }
    assert!(Spoken::of(" \r\n\0", 480).is_none());
}

proptest! {
    #[test]
    fn any_text_is_one_harmless_line(text in "[\\PC\r\n\0/. \t가-힣\u{1}]{0,700}", most in 100_usize..480) {
        let Some(spoken) = Spoken::of(&text, most) else { return Ok(()) };
        let wire = spoken.privmsg("channel1", Some(&MessageId::new("m-1")));
        prop_assert!(!wire.contains(['\r', '\n', '\0']));
        prop_assert!(spoken.as_str().chars().count() <= most);
        prop_assert!(!spoken.as_str().starts_with(['/', '.']));
        let read = Line::parse(&wire).expect("a line");
        prop_assert_eq!(read.command, "PRIVMSG");
        prop_assert_eq!(read.raw("reply-parent-msg-id"), Some("m-1"));
        prop_assert_eq!(read.channel(), "channel1");
    }
}
