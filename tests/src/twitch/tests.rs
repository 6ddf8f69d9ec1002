use std::time::Duration;

use super::{Breach, Chat, Event, Fault, Line, Modes, Network, Out, Refusal, Tags, Viewer, Wire};

const CHAT: [&str; 3] = ["chat:read", "chat:edit", "user:write:chat"];

/// A network with one channel and two accounts, the first of them connected there.
struct Stage {
    network: Network,
    wire: Wire,
    at: Duration,
}

impl Stage {
    fn set() -> Self {
        let mut network = Network::default();
        network.channel("streamer");
        let token = network.account(Duration::ZERO, "omar", &CHAT).access;
        network.account(Duration::ZERO, "shuhi", &CHAT);
        let wire = network.connect(Duration::ZERO);
        let mut stage = Self { network, wire, at: Duration::ZERO };
        let heard =
            stage.send(&format!("CAP REQ :twitch.tv/tags twitch.tv/commands\r\nPASS oauth:{token}\r\nNICK omar"));
        assert!(heard.iter().any(|line| line.contains(" 376 omar ")), "{heard:?}");
        assert!(heard.iter().any(|line| line.ends_with("GLOBALUSERSTATE")), "{heard:?}");
        stage
    }

    /// Somebody who hears the channel.
    fn joined() -> Self {
        let mut stage = Self::set();
        let heard = stage.send("JOIN #streamer");
        assert_eq!(heard.iter().filter(|line| line.contains("ROOMSTATE #streamer")).count(), 1, "{heard:?}");
        stage
    }

    fn send(&mut self, line: &str) -> Vec<String> {
        self.network.read(self.at, self.wire, format!("{line}\r\n").as_bytes());
        self.heard()
    }

    fn heard(&mut self) -> Vec<String> {
        let mut text = String::new();
        while let Some((wire, out)) = self.network.take() {
            match out {
                Out::Bytes(bytes) if wire == self.wire => text += &String::from_utf8_lossy(&bytes),
                Out::Bytes(_) => {}
                end => text.extend([&format!("{end:?}"), "\r\n"]),
            }
        }
        text.split_terminator("\r\n").map(str::to_owned).collect()
    }

    fn wait(&mut self, seconds: f64) {
        self.at += Duration::from_secs_f64(seconds);
    }

    fn breaches(&self) -> Vec<Breach> {
        self.network.report().breaches.iter().map(|committed| committed.breach).collect()
    }
}

#[test]
fn tags_are_escaped_and_read_again() {
    let tags = Tags::default().set("system-msg", "a; b\\c\r\n").set("id", "1").set("empty", "");
    let line = format!("{tags}:a!a@a.tmi.twitch.tv PRIVMSG #streamer :one :two");
    assert!(line.starts_with(r"@empty=;id=1;system-msg=a\:\sb\\c\r\n :a!a@"), "{line}");
    let read = Line::read(&line);
    assert_eq!(read.tags, tags);
    assert_eq!((read.command.as_str(), read.param(0), read.param(1)), ("PRIVMSG", "#streamer", "one :two"));
    assert_eq!(Line::read("PING").param(0), "");
}

#[test]
fn a_wrong_token_a_strange_account_and_a_planned_failure_do_not_log_in() {
    for (pass, nick) in [("oauth:wrong", "omar"), ("oauth:wrong", "nobody"), ("wrong", "omar")] {
        let mut stage = Stage::set();
        stage.wire = stage.network.connect(stage.at);
        let heard = stage.send(&format!("PASS {pass}\r\nNICK {nick}"));
        assert!(heard[0].starts_with(":tmi.twitch.tv NOTICE * :"), "{heard:?}");
        assert_eq!(heard[1], "Close");
    }
    let mut stage = Stage::set();
    let token = stage.network.token(stage.at, "omar", &CHAT).access;
    stage.network.fault(stage.at, "omar", Fault::AuthFails);
    assert_eq!(stage.heard(), ["Reset"]);
    for (nth, words) in ["Login authentication failed", "Welcome"].into_iter().enumerate() {
        stage.wire = stage.network.connect(stage.at);
        let heard = stage.send(&format!("PASS oauth:{token}\r\nNICK omar"));
        assert!(heard[0].contains(words), "{nth}: {heard:?}");
    }
}

#[test]
fn what_is_said_reaches_whoever_joined_and_not_its_sender() {
    let mut stage = Stage::joined();
    let said =
        stage.network.say(stage.at, "streamer", &Viewer::named("Minsu").shown_as("민수"), &Chat::said("hi").bits(100));
    assert_eq!(said.reached, 1);
    let heard = Line::read(&stage.heard()[0]);
    assert_eq!(heard.tags.get("bits"), Some("100"));
    assert_eq!(heard.tags.get("display-name"), Some("민수"));
    assert_eq!(heard.tags.get("id"), Some(said.id.as_str()));
    assert_eq!(heard.param(1), "hi");

    let heard = stage.send(&format!("@reply-parent-msg-id={} PRIVMSG #streamer :. hello", said.id));
    assert_eq!(heard.len(), 1, "only USERSTATE: {heard:?}");
    assert!(heard[0].contains("USERSTATE #streamer") && heard[0].contains(";id="), "{heard:?}");
    let shown = &stage.network.shown()[0];
    assert_eq!((shown.text.as_str(), shown.reply_to.as_deref()), ("hello", Some("minsu")));
    assert!(stage.breaches().is_empty());
}

#[test]
fn twenty_lines_in_half_a_minute_are_enough_unless_privileged() {
    let mut stage = Stage::joined();
    for nth in 0..20 {
        stage.wait(1.4);
        assert!(stage.send(&format!("PRIVMSG #streamer :line {nth}"))[0].contains("USERSTATE"));
    }
    stage.wait(1.4);
    assert_eq!(stage.send("PRIVMSG #streamer :one more"), [""; 0], "dropped without a word");
    assert_eq!(stage.breaches(), [Breach::Rate]);
    stage.wait(60.0);
    assert_eq!(stage.send("PRIVMSG #streamer :still nothing"), [""; 0]);
    assert_eq!(stage.network.shown().len(), 20);

    let mut stage = Stage::joined();
    stage.network.promote("streamer", "omar");
    for nth in 0..100 {
        assert!(stage.send(&format!("PRIVMSG #streamer :line {nth}"))[0].contains("mod=1"));
    }
    assert_eq!(stage.breaches(), []);
    stage.send("PRIVMSG #streamer :one more");
    assert_eq!(stage.breaches(), [Breach::Rate]);
}

#[test]
fn what_a_channel_does_not_want_is_refused_with_its_reason() {
    for (modes, wait, words, id, breach) in [
        (Modes::default(), 0.9, "other", "msg_ratelimit", Breach::ChannelRate),
        (Modes::default(), 29.0, " same  words ", "msg_duplicate", Breach::Duplicate),
        (Modes { slow: 10, ..Modes::default() }, 9.0, "other", "msg_slowmode", Breach::SlowMode),
        (Modes { unique: true, ..Modes::default() }, 31.0, "same words", "msg_r9k", Breach::Unique),
        (Modes { emote_only: true, ..Modes::default() }, 1.5, "other", "msg_emoteonly", Breach::EmoteOnly),
    ] {
        let mut stage = Stage::joined();
        stage.send("PRIVMSG #streamer :same words");
        stage.network.set_modes(stage.at, "streamer", modes);
        stage.heard();
        stage.wait(wait);
        let heard = stage.send(&format!("PRIVMSG #streamer :{words}"));
        assert!(heard[0].starts_with(&format!("@msg-id={id} :tmi.twitch.tv NOTICE #streamer :")), "{heard:?}");
        assert_eq!(stage.breaches(), [breach]);
        assert_eq!(stage.network.report().refused[id], 1);
    }
}

#[test]
fn a_ban_is_told_and_only_going_on_is_a_breach() {
    let mut stage = Stage::joined();
    stage.network.ban(stage.at, "streamer", "omar", None);
    assert!(stage.heard()[0].ends_with("CLEARCHAT #streamer :omar"));
    for expected in [vec![], vec![Breach::AgainRefused]] {
        stage.wait(2.0);
        assert!(stage.send("PRIVMSG #streamer :let me in")[0].contains("msg_banned"));
        assert_eq!(stage.breaches(), expected);
    }
    stage.network.pardon("streamer", "omar");
    stage.network.plan("omar", Refusal::Rejected);
    stage.wait(2.0);
    assert!(stage.send("PRIVMSG #streamer :sorry")[0].contains("msg_rejected"));
    stage.wait(2.0);
    assert!(stage.send("PRIVMSG #streamer :sorry")[0].contains("USERSTATE"));
}

#[test]
fn commands_stray_lines_and_too_much_text_are_noticed() {
    let mut stage = Stage::joined();
    stage.send("PRIVMSG #streamer :/ban minsu\r\nPRIVMSG #streamer :.timeout minsu\r\nMODE #streamer +o omar\r\nPRIVMSG #streamer :");
    stage.send(&format!("PRIVMSG #streamer :{}", "가".repeat(501)));
    let all = [Breach::Command, Breach::Command, Breach::Stray, Breach::Empty, Breach::TooLong];
    assert_eq!(stage.breaches(), all);
    assert_eq!(stage.network.shown()[0].text.chars().count(), 500);
}

#[test]
fn joins_and_logins_have_a_pace() {
    let mut stage = Stage::set();
    for nth in 0..25 {
        stage.network.channel(&format!("room{nth}"));
        stage.send(&format!("JOIN #room{nth}"));
    }
    assert_eq!(stage.breaches(), [Breach::JoinRate; 5]);
    assert_eq!(stage.network.hears("omar").len(), 20);
    assert!(stage.send("JOIN #nowhere").is_empty(), "still too fast");
    stage.wait(11.0);
    assert!(stage.send("JOIN #nowhere")[0].contains("msg_channel_suspended"));
    let token = stage.network.token(stage.at, "omar", &CHAT).access;
    for _ in 0..21 {
        stage.wire = stage.network.connect(stage.at);
        stage.send(&format!("PASS oauth:{token}\r\nNICK omar"));
    }
    assert_eq!(stage.breaches().last(), Some(&Breach::LoginRate));
}

#[test]
fn pings_go_both_ways_and_are_missed() {
    let mut stage = Stage::set();
    assert_eq!(stage.send("PING :x"), [":tmi.twitch.tv PONG tmi.twitch.tv :x"]);
    for _ in 0..2 {
        stage.wait(301.0);
        stage.network.tick(stage.at);
        assert_eq!(stage.heard(), ["PING :tmi.twitch.tv"]);
        stage.send("PONG :tmi.twitch.tv");
    }
    stage.wait(301.0);
    stage.network.tick(stage.at);
    stage.wait(11.0);
    stage.network.tick(stage.at);
    assert_eq!(stage.heard(), ["PING :tmi.twitch.tv", "Close"]);
    assert_eq!(stage.breaches(), [Breach::NoPong]);
}

#[test]
fn every_fault_is_what_it_is_called() {
    for fault in Fault::ALL {
        let mut stage = Stage::joined();
        assert_eq!(stage.network.fault(stage.at, "omar", fault).len(), 1);
        let heard = stage.heard();
        let ended = heard.last().is_some_and(|line| line.ends_with("Close") || line.ends_with("Reset"));
        assert_eq!(ended, !fault.is_a_line() && fault != Fault::Silence, "{fault:?}: {heard:?}");
        let said = stage.network.say(stage.at, "streamer", &Viewer::named("minsu"), &Chat::said("hi"));
        assert_eq!(said.reached, usize::from(fault.is_a_line()), "{fault:?}");
    }
}

#[test]
fn notices_carry_what_they_are_about() {
    let mut stage = Stage::joined();
    let who = Viewer::named("emma");
    let told = stage.network.shower(stage.at, "streamer", &who, 3);
    let heard: Vec<_> = stage.heard().iter().map(|line| Line::read(line)).collect();
    assert_eq!(heard.len(), 4);
    assert_eq!(heard[0].tags.get("msg-id"), Some("submysterygift"));
    assert_eq!(heard[0].tags.get("msg-param-mass-gift-count"), Some("3"));
    assert_eq!(heard[0].tags.get("id"), Some(told.id.as_str()));
    let gift = heard[0].tags.get("msg-param-community-gift-id");
    assert!(heard[1..].iter().all(|line| line.tags.get("msg-param-community-gift-id") == gift));
    stage.network.announce(stage.at, "streamer", &who, &Event::resub(2, 7).saying("seven months!"));
    let resub = Line::read(&stage.heard()[0]);
    assert_eq!((resub.command.as_str(), resub.param(1)), ("USERNOTICE", "seven months!"));
    assert_eq!(resub.tags.get("msg-param-sub-plan"), Some("2000"));
    let raid = Event::raid("guest", 42).shared_from("99", "abc");
    stage.network.announce(stage.at, "streamer", &who, &raid);
    let shared = Line::read(&stage.heard()[0]);
    assert_eq!(shared.tags.get("msg-id"), Some("sharedchatnotice"));
    assert_eq!(shared.tags.get("source-msg-id"), Some("raid"));
}

mod sockets;
