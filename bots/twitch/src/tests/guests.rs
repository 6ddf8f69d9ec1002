use std::time::Duration;

use lovelm::chat::SendError;
use tokio::time::timeout;

use super::far::{Far, post, settings};
use crate::{
    Settings,
    channels::{Channels, Wish},
};

fn with(folder: &std::path::Path, configured: &[&str], invited: usize) -> Settings {
    let channels = configured.iter().map(|name| (*name).to_owned()).collect();
    Settings { tokens: Some(folder.join("twitch")), channels, invited, ..settings() }
}

#[test]
fn what_streamers_ask_for_outlives_the_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = with(folder.path(), &["a", "b"], 2);
    let mut channels = Channels::of(&settings);
    let wishes = [channels.join("c"), channels.join("c"), channels.leave("a"), channels.leave("x"), channels.join("d")];
    assert_eq!(wishes, [Wish::Done, Wish::AsItIs, Wish::Done, Wish::AsItIs, Wish::Done]);
    assert_eq!(channels.join("e"), Wish::Full);
    let file = crate::channels::path(&settings).expect("a file");
    channels.asked().write(&file).expect("written");
    assert_eq!(Channels::of(&settings).all(), ["b", "c", "d"]);

    let mut again = Channels::of(&settings);
    assert_eq!((again.join("a"), again.leave("c"), again.join("e")), (Wish::Done, Wish::Done, Wish::Done));
    assert_eq!(again.all(), ["a", "b", "d", "e"]);
    assert_eq!(Channels::of(&with(folder.path(), &["b", "c"], 0)).all(), ["b", "c"], "nobody is invited any more");
    std::fs::write(&file, "{").expect("written");
    assert_eq!(Channels::of(&settings).all(), ["a", "b"], "a broken file is as good as none");
}

#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let settings = with(folder.path(), &[], 2);
    let file = crate::channels::path(&settings).expect("a file");
    Channels::of(&settings).asked().write(&file).expect("written");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().expect("a folder"))), (0o600, 0o700));
}

#[tokio::test(start_paused = true)]
async fn a_streamer_is_followed_home_and_left_again() {
    let mut far = Far::open(&["hongcha"], &["a"]);
    let mut home = far.accept().await;
    assert_eq!(home.join().await, "a");
    home.tell("@id=m-1;user-id=42 :minsu!m@m PRIVMSG #a :!lovelm join").await;
    let said = [home.next().await, home.next().await];
    assert!(said.contains(&"JOIN #minsu".to_owned()), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("@reply-parent-msg-id=m-1 PRIVMSG #a :")), "{said:?}");
    home.tell("@id=m-9 :tmi.twitch.tv USERSTATE #a").await;
    home.tell(":hongcha_bot!h@h JOIN #minsu").await;
    // Changing one's mind at once is not heard; later it is.
    home.tell("@id=m-2;user-id=42;badges=broadcaster/1 :minsu!m@m PRIVMSG #minsu :!lovelm leave").await;
    assert!(timeout(Duration::from_secs(40), home.next()).await.is_err(), "nothing is said");
    home.tell("@id=m-3;user-id=42;badges=broadcaster/1 :minsu!m@m PRIVMSG #minsu :!lovelm leave").await;
    let mut said = Vec::new();
    while let Ok(line) = timeout(Duration::from_secs(3), home.next()).await {
        said.push(line);
        if said.len() > 20 {
            break;
        }
    }
    assert_eq!(said.iter().filter(|line| *line == "PART #minsu").count(), 1, "{said:?}");
    assert_eq!(far.outbox.send(&post("hongcha", "minsu", "안녕")).await, Err(SendError::Gone), "nothing is said there");
}
