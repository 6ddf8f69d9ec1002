use lovelm_tests::{
    database::Database,
    openai::{Behaviour, Server},
    program::Folder,
};
use rustix::process::Signal;

use super::{run, run_on};

#[tokio::test]
async fn a_signal_while_an_answer_hangs_ends_the_program_and_its_database() {
    for signal in [Signal::INT, Signal::TERM] {
        let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
        let mut running = run(&folder, &server).env("LOVELM_FLEET__DRAIN", "1s").start();
        running.write("@omar hello there\n").await;
        running.line_with("I hear you").await;
        assert!(!folder.processes().is_empty(), "its Postgres runs");
        server.plan(Behaviour::Stall(2));
        running.write("@omar are you there?\n").await;
        while server.asked().len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        running.signal(signal);
        let ended = running.wait().await.fine();
        assert_eq!(folder.processes(), [0; 0], "{signal:?} leaves nothing behind: {}", ended.stderr);
    }
}

#[tokio::test]
async fn a_second_signal_cuts_the_drain_short() {
    let (folder, server, database) =
        (Folder::default(), Server::start().await.expect("a server"), Database::open().await);
    let mut running = run_on(&folder, &server, &database)
        .env("LOVELM_FLEET__DRAIN", "10m")
        .env("LOVELM_FLEET__LANGUAGE", "en")
        .start();
    server.plan(Behaviour::Hang);
    running.write("@omar are you there?\n").await;
    while server.asked().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    running.signal(Signal::INT);
    running.line_with("Press Ctrl-C again").await;
    running.signal(Signal::INT);
    assert!(running.wait().await.status.success());
}

#[tokio::test]
async fn a_killed_program_starts_again_and_answers_what_was_paid_for() {
    let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
    let mut running = run(&folder, &server).start();
    running.write("@omar hello there\n").await;
    running.line_with("I hear you").await;
    server.plan(Behaviour::Hang);
    running.write("/bits 100 @omar should I pay?\n").await;
    while server.asked().len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    running.signal(Signal::KILL);
    running.wait().await;
    assert!(!folder.processes().is_empty(), "Postgres is an orphan now");

    let again = run(&folder, &server).run("@shuhi hello again\n").await.fine();
    let paid = again.stdout.lines().filter(|line| line.contains("should I pay?")).count();
    assert_eq!(paid, 1, "{}\n{}", again.stdout, again.stderr);
    assert!(again.stdout.contains("hello again"), "{}", again.stdout);
    assert_eq!(folder.processes(), [0; 0]);
    let last = run(&folder, &server).run("@shuhi once more\n").await.fine();
    assert!(!last.stdout.contains("should I pay?"), "{}", last.stdout);
}

#[tokio::test]
async fn a_second_fleet_on_one_data_folder_is_told_so_and_the_first_goes_on() {
    let (folder, server) = (Folder::default(), Server::start().await.expect("a server"));
    let mut first = run(&folder, &server).start();
    first.write("@omar hello there\n").await;
    first.line_with("I hear you").await;
    let second = run(&folder, &server).run("@omar me too\n").await;
    assert!(second.fault().contains("another lovelm runs on"), "{}", second.stderr);
    first.write("@omar still there?\n").await;
    first.line_with("still there?").await;
    assert!(first.end().await.status.success());
    assert_eq!(folder.processes(), [0; 0]);
}
