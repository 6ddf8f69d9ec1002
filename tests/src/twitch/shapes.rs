//! Lines of every shape that Twitch sends, as a reader of a busy channel meets them: for figures and for hostile company.

use std::time::Duration;

use super::{
    Modes,
    chat::Chat,
    network::{Network, Out, Wire},
    notice::Event,
    viewer::Viewer,
};

const ROOM: &str = "streamer";
const READER: &str = "reader";
/// Ids of these lines are no other network's.
const ELSEWHERE: u64 = 1 << 24;
/// What viewers say to each other, and sometimes to a persona.
const WORDS: [&str; 12] = [
    "ㅋㅋㅋㅋㅋㅋ 이게 되네",
    "오늘 방송 몇 시까지 해요?",
    "홍차야 남자친구가 답장을 안 해, 어떡하지?",
    "@omar_bot should I text my ex tonight?",
    "LUL LUL PogChamp what a play",
    "that was close, honestly. I thought we'd lost it for sure",
    "슈히한테 물어보고 싶은 게 있는데요",
    "おつかれさまです！今日も楽しかった",
    "シュヒ、彼女と仲直りしたいです",
    "홍차나무 키우는 사람 있나요",
    "@viewer12 no way, he said that?",
    "!so someone",
];

/// So many lines without their ends, a new id on each; `seed` says where the mixture begins.
pub fn lines(count: usize, seed: usize) -> Vec<String> {
    let mut booth = Booth::new();
    (0..count).map(|nth| booth.line(nth + seed)).collect()
}

/// Somebody who hears a channel in which everything happens.
struct Booth {
    network: Network,
    wire: Wire,
    last: String,
}

impl Booth {
    fn new() -> Self {
        let mut network = Network::default();
        network.number_from(ELSEWHERE);
        network.channel(ROOM);
        let token = network.account(Duration::ZERO, READER, &["chat:read"]).access;
        let wire = network.connect(Duration::ZERO);
        let hello = format!(
            "CAP REQ :twitch.tv/tags twitch.tv/commands\r\nPASS oauth:{token}\r\nNICK {READER}\r\nJOIN #{ROOM}\r\n"
        );
        network.read(Duration::ZERO, wire, hello.as_bytes());
        while network.take().is_some() {}
        Self { network, wire, last: String::new() }
    }

    fn line(&mut self, nth: usize) -> String {
        let at = Duration::from_millis(u64::try_from(nth).unwrap_or_default() * 40);
        match nth % 20 {
            // Most lines are plain.
            0..=12 => self.said(at, nth, &Chat::said(WORDS[nth % WORDS.len()])),
            13 => {
                let last = self.last.clone();
                self.said(at, nth, &Chat::said("그건 아닌 것 같아요").reply_to(&last));
            }
            14 | 15 => self.said(at, nth, &paid(nth / 20)),
            16 | 17 => drop(self.network.announce(at, ROOM, &viewer(nth), &event(nth / 20))),
            18 => self.moderated(at, nth / 20),
            _ => self.seldom(at, nth / 20),
        }
        self.heard()
    }

    fn said(&mut self, at: Duration, nth: usize, chat: &Chat) {
        self.last = self.network.say(at, ROOM, &viewer(nth), chat).id;
    }

    fn moderated(&mut self, at: Duration, nth: usize) {
        let last = self.last.clone();
        match nth % 4 {
            0 => self.network.delete(at, ROOM, "viewer3", &last),
            1 => self.network.ban(at, ROOM, "viewer4", Some(600)),
            2 => self.network.ban(at, ROOM, "viewer5", None),
            _ => self.network.clear(at, ROOM),
        }
    }

    fn seldom(&mut self, at: Duration, nth: usize) {
        match nth % 5 {
            0 => self.network.set_modes(at, ROOM, Modes { slow: 10, ..Modes::default() }),
            1 => self.network.set_modes(at, ROOM, Modes::default()),
            2 => self.network.whisper(&viewer(nth), READER, "오마르님, 저 고민이 있어요"),
            3 => self.network.read(at, self.wire, b"PING :shape\r\n"),
            _ => self.network.read(at, self.wire, format!("JOIN #{ROOM}\r\n").as_bytes()),
        }
    }

    /// The last line that the reader was told.
    fn heard(&mut self) -> String {
        let mut last = Vec::new();
        while let Some((wire, out)) = self.network.take() {
            if let (true, Out::Bytes(bytes)) = (wire == self.wire, out) {
                last = bytes;
            }
        }
        String::from_utf8_lossy(&last).trim_end().to_owned()
    }
}

fn viewer(nth: usize) -> Viewer {
    let viewer = Viewer::named(&format!("viewer{}", nth % 977));
    match nth % 11 {
        0 => viewer.moderator(),
        1 => viewer.vip(),
        2..=5 => viewer.subscriber(u32::try_from(nth % 40).unwrap_or_default() + 1),
        6 => viewer.shown_as("시청자").badge("bits", "1000"),
        _ => viewer,
    }
}

fn paid(nth: usize) -> Chat {
    match nth % 8 {
        0 => Chat::said("Cheer100 홍차야 고백할까?").bits(100),
        1 => Chat::said("cheer500 omar what should I say to her").bits(500),
        2 => Chat::said("제 이야기 좀 들어주세요").hype(5000, 2, "KRW"),
        3 => Chat::said("look at this").power_up("gigantified-emote-message"),
        4 => Chat::said("highlight me").power_up("highlighted-message"),
        5 => Chat::said("상담 부탁드려요").reward("92af127c-7326-4483-a52b-b0da0be61c01"),
        6 => Chat::said("hello from next door").shared_from("99887766", "4083dadc-9f20-40f9-ba92-949ebf6bc294"),
        _ => Chat::said("waves").action(),
    }
}

fn event(nth: usize) -> Event {
    match nth % 14 {
        0 => Event::sub(1),
        1 => Event::resub(0, 13).saying("13 months already"),
        2 => Event::gift(1, "lucky", None),
        3 => Event::anonymous_gift(1, "lucky"),
        4 => Event::mass_gift(1, 20, "e8f1aa20"),
        5 => Event::gift(1, "lucky", Some("e8f1aa20")),
        6 => Event::gift_upgrade("giver"),
        7 => Event::prime_upgrade(2),
        8 => Event::pay_forward("giver", None),
        9 => Event::raid("guest", 321),
        10 => Event::announcement("PURPLE", "오늘의 주제는 첫사랑입니다"),
        11 => Event::watch_streak(5),
        12 => Event::other("bitsbadgetier"),
        _ => Event::raid("guest", 12).shared_from("99887766", "b3a1"),
    }
}
