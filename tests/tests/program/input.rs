use lovelm_tests::{database::Database, openai::Server, program::Folder};

use super::run_on;

#[tokio::test]
async fn lines_that_are_none_are_said_so_and_the_next_is_answered() {
    let (folder, server, database) =
        (Folder::default(), Server::start().await.expect("a server"), Database::open().await);
    let mut input = b"@omar broken \xff\xfe bytes\n".to_vec();
    input.extend(format!("@omar {}\n", "길다 ".repeat(30_000)).bytes());
    input.extend(b"/frobnicate now\n/panel\n/language tlh\n/persona nobody\n/bits many\n/as\n\n   \n");
    input.extend("@omar 그래도\u{0}\u{7} 될까?\r\n".bytes());
    input.extend("@omar is this the end".bytes());
    let said = run_on(&folder, &server, &database).env("LOVELM_FLEET__LANGUAGE", "en").run(input).await.fine();
    let noted = [
        "Line 1 is not text (UTF-8)",
        "Line 2 is over 64 KB",
        "I don't know the command /frobnicate",
        "Please write your question after /panel",
        "I don't understand tlh",
        "Nobody here is called nobody",
        "Please give an amount",
        "Please give a name",
    ];
    let mut from = 0;
    for note in noted {
        let found = said.stderr[from..].find(note);
        assert!(found.is_some(), "{note}: {}", said.stderr);
        from += found.unwrap_or(0);
    }
    let answers: Vec<_> = said.stdout.lines().filter(|line| line.starts_with("Omar: I hear you")).collect();
    assert_eq!(answers.len(), 2, "{}", said.stdout);
    assert!(answers[0].contains("그래도") && answers[1].contains("is this the end"), "{answers:?}");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_long_line_within_the_limit_is_answered() {
    let (folder, server, database) =
        (Folder::default(), Server::start().await.expect("a server"), Database::open().await);
    let line = format!("@omar {}\n", "so it goes ".repeat(5_000));
    let said = run_on(&folder, &server, &database).run(line).await.fine();
    assert!(said.stdout.lines().any(|line| line.starts_with("오마르: I hear you")), "{}", said.stdout);
}

#[tokio::test]
async fn a_reader_who_goes_away_ends_the_program() {
    let (folder, server, database) =
        (Folder::default(), Server::start().await.expect("a server"), Database::open().await);
    let mut running = run_on(&folder, &server, &database).start();
    running.write("@omar first\n").await;
    running.line_with("I hear you").await;
    running.stop_reading();
    running.write("@omar second\n@omar third\n@omar fourth\n").await;
    running.end().await;
    assert_eq!(folder.processes(), [0; 0]);
}
