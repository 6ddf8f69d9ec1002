use std::time::Duration;

use super::{Due, Owed, Times, Uncommitted};

const SECOND: Duration = Duration::from_secs(1);

fn times(tell: u32, deadline: u32) -> Times {
    Times { tell: Some(SECOND * tell), deadline: Some(SECOND * deadline) }
}

fn drained(queue: &mut Uncommitted<&'static str, u8>) -> Vec<String> {
    let mut all = Vec::new();
    while let Some((_, owed)) = queue.pop() {
        all.push(match owed {
            Owed::Call(call) => call.to_owned(),
            Owed::Note(note) => note.to_string(),
        });
    }
    all
}

#[test]
fn what_came_first_goes_first_also_after_it_was_put_back() {
    let mut queue = Uncommitted::new(9, 9);
    queue.push_note(1).unwrap();
    queue.push_call("emma", Times::default()).unwrap();
    queue.push_note(2).unwrap();
    let (place, owed) = queue.pop().unwrap();
    queue.push_call("minsu", Times::default()).unwrap();
    queue.put_back(place, owed);
    assert_eq!(drained(&mut queue), ["1", "emma", "2", "minsu"]);
    assert_eq!((queue.calls(), queue.notes()), (0, 0));
}

#[test]
fn calls_and_notes_have_bounds_of_their_own_and_come_back_when_full() {
    let mut queue = Uncommitted::new(1, 2);
    queue.push_call("emma", Times::default()).unwrap();
    assert_eq!(queue.push_call("minsu", Times::default()), Err("minsu"));
    queue.push_note(1).unwrap();
    queue.push_note(2).unwrap();
    assert_eq!(queue.push_note(3), Err(3));
    assert_eq!((queue.calls(), queue.notes()), (1, 2));
}

#[test]
fn a_call_is_told_late_once_and_expires_once() {
    let mut queue = Uncommitted::<_, u8>::new(9, 9);
    queue.push_call("emma", times(5, 90)).unwrap();
    queue.push_call("minsu", Times::default()).unwrap();
    assert_eq!(queue.next_due(), Some(SECOND * 5));
    assert!(queue.due(Duration::from_secs(4)).is_none());
    assert!(matches!(queue.due(Duration::from_secs(5)), Some(Due::Late(&"emma"))));
    assert!(queue.due(Duration::from_secs(89)).is_none());
    assert_eq!(queue.next_due(), Some(SECOND * 90));
    assert!(matches!(queue.due(Duration::from_secs(90)), Some(Due::Expired("emma"))));
    assert_eq!((queue.next_due(), queue.calls()), (None, 1));
    assert_eq!(drained(&mut queue), ["minsu"]);
}

#[test]
fn what_is_taken_out_is_not_spoken_of_and_what_is_put_back_is() {
    let mut queue = Uncommitted::<_, u8>::new(9, 9);
    queue.push_call("emma", times(5, 9)).unwrap();
    let (place, owed) = queue.pop().unwrap();
    assert_eq!(queue.next_due(), None);
    assert!(queue.due(Duration::from_mins(1)).is_none());
    queue.put_back(place, owed);
    // Both are due: one word is enough.
    assert!(matches!(queue.due(Duration::from_secs(9)), Some(Due::Expired("emma"))));
    assert!(queue.due(Duration::from_secs(9)).is_none());
}
