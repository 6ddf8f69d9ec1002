//! What moderators write.

use super::*;

fn read(line: &str) -> Result<Command, CommandError> {
    Command::parse(line, &Roster::default())
}

fn order(line: &str) -> Moderation {
    match read(&format!("mod {line}")) {
        Ok(Command::Moderate(order)) => order,
        other => panic!("{line}: {other:?}"),
    }
}

fn named(name: &str) -> Whom {
    Whom::Named(RawText::new(name))
}

#[test]
fn every_order_has_its_words() {
    let hours = HoursChange::Set(Hours::new(23 * 60, 7 * 60).unwrap());
    let orders = [
        ("", Moderation::Status),
        ("PAUSE", Moderation::Pause),
        ("quiet", Moderation::Quiet),
        ("resume", Moderation::Resume),
        ("skip", Moderation::Skip(None)),
        ("skip all", Moderation::Skip(None)),
        ("skip #17", Moderation::Skip(Some(17))),
        ("clear", Moderation::Clear),
        ("queue", Moderation::Queue),
        ("block  @민수 ", Moderation::Block(named("민수"))),
        ("block Big Minsu", Moderation::Block(named("Big Minsu"))),
        ("unblock discord:1234", Moderation::Unblock(Whom::On(Platform::Discord, UserId::new("1234")))),
        ("block 시간:여행자", Moderation::Block(named("시간:여행자"))),
        ("limits", Moderation::Limits(LimitsChange::Show)),
        ("limits minute 2", Moderation::Limits(LimitsChange::PerMinute(2))),
        ("limits day 20", Moderation::Limits(LimitsChange::PerDay(20))),
        ("limits reset", Moderation::Limits(LimitsChange::Reset)),
        ("channel allow", Moderation::Allow),
        ("channel deny", Moderation::Deny),
        ("alerts", Moderation::Alerts(AlertsChange::Show)),
        ("alerts here", Moderation::Alerts(AlertsChange::Here)),
        ("alerts off", Moderation::Alerts(AlertsChange::Off)),
        ("alerts pair", Moderation::Alerts(AlertsChange::Pair)),
        ("alerts 0a1b", Moderation::Alerts(AlertsChange::With(RawText::new("0a1b")))),
        ("hours 23:00-07:00", Moderation::QuietHours(hours)),
        ("hours 23~7", Moderation::QuietHours(hours)),
        ("hours off", Moderation::QuietHours(HoursChange::Off)),
        ("log", Moderation::Log),
        ("help", Moderation::Help),
    ];
    for (line, expected) in orders {
        assert_eq!(order(line), expected, "{line}");
    }
}

#[test]
fn nothing_is_guessed() {
    let lines = [
        "pause now",
        "skip -1",
        "skip 0",
        "skip 99999999999",
        "block",
        "block @",
        "limits minute",
        "limits minute 0",
        "limits week 1",
        "channel",
        "channel maybe",
        "hours 7",
        "hours 07:00-07:00",
        "hours 25-7",
        "hours 7:60-8",
        "hours 24-00",
        "hours -7",
        "hours 7-",
        "hours 007-8",
        "하하",
    ];
    for line in lines {
        let given = read(&format!("lovelm {line}"));
        assert!(matches!(given, Err(CommandError::BadArgument { .. })), "{line}: {given:?}");
    }
}

#[test]
fn everywhere_is_a_command_of_its_own() {
    assert_eq!(read("mod all pause"), Ok(Command::ModerateAll(Moderation::Pause)));
    assert_eq!(read("lovelm ALL  hours off"), Ok(Command::ModerateAll(Moderation::QuietHours(HoursChange::Off))));
    assert_eq!(read("mod all"), Ok(Command::ModerateAll(Moderation::Status)));
    assert!(read("mod allow").is_err());
}

#[test]
fn hours_are_read_as_they_are_written() {
    for hours in ["23:00-07:00", "00:00-00:01", "07:30-12:00"] {
        assert_eq!(hours.parse::<Hours>().unwrap().to_string(), hours);
    }
    assert_eq!("22-24".parse::<Hours>().unwrap().to_string(), "22:00-00:00");
}
