//! One fleet as several processes over one Redis server.

use lovelm_tests::{
    database::Database,
    openai::{Server, Setup},
    program::{Folder, Program},
    redis::RedisServer,
};
use rustix::process::Signal;

async fn adviser() -> Server {
    Setup::default().script(|_| "Breathe first. Then ask.".to_owned()).start().await.expect("a server")
}

/// Waits until so many workers have joined the line.
async fn workers(redis: &RedisServer, count: usize) {
    let joined = async {
        while redis.say("HLEN {lovelm}:workers") != format!(":{count}\r\n") {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), joined).await.expect("they join");
}

#[tokio::test]
async fn a_gateway_answers_with_the_model_of_a_worker_that_has_no_database() {
    let (folder, server, redis, database) =
        (Folder::default(), adviser().await, RedisServer::start(), Database::open().await);
    // One process makes the keyring that all of them share.
    let alone = Program::new(&folder, ["run"]).env("LOVELM_MODEL", server.url()).env("REDIS_URL", redis.url());
    let alone = alone.env("DATABASE_URL", database.url()).run("@omar should I go?\n").await.fine();
    assert!(alone.stdout.contains("Breathe first."), "both roles in one process: {}\n{}", alone.stdout, alone.stderr);
    let worker = Program::new(&folder, ["run", "--role", "worker"]).env("LOVELM_MODEL", server.url());
    // An address where no database is shows that none is asked for.
    let worker = worker.env("REDIS_URL", redis.url()).env("DATABASE_URL", "postgres://nobody@127.0.0.1:9/none");
    let worker = worker.start();
    workers(&redis, 1).await;
    let gateway = Program::new(&folder, ["run", "--role", "gateway"]).env("REDIS_URL", redis.url());
    let gateway = gateway.env("LOVELM_MODEL", "/nowhere/model.gguf").env("DATABASE_URL", database.url());
    let said = gateway.run("@omar should I go?\n/panel should I stay?\n").await.fine();
    let answers = said.stdout.lines().filter(|line| line.ends_with(": Breathe first. Then ask.")).count();
    assert_eq!(answers, 5, "{}\n{}", said.stdout, said.stderr);
    worker.signal(Signal::TERM);
    let ended = worker.wait().await.fine();
    assert_eq!(ended.stdout, "", "a worker has nothing to say");
    workers(&redis, 0).await;
}
