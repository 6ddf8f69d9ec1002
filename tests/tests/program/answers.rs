use lovelm_tests::{
    database::Database,
    openai::{Server, Setup},
    program::{Folder, Program},
};

use super::{run, run_on};

const TWO_LINES: &str = "@hongcha my boyfriend forgot my birthday\n/panel should I text my ex?\n";

async fn adviser() -> Server {
    Setup::default().script(|_| "Breathe first. Then ask.".to_owned()).start().await.expect("a server")
}

/// Who answered, in order.
fn speakers(stdout: &str) -> Vec<&str> {
    let answers = stdout.lines().filter(|line| line.ends_with(": Breathe first. Then ask."));
    answers.filter_map(|line| line.split(':').next()).collect()
}

#[tokio::test]
async fn two_piped_lines_get_five_answers_and_the_second_run_finds_everything() {
    let (folder, server) = (Folder::default(), adviser().await);
    let first = run(&folder, &server).run(TWO_LINES).await.fine();
    let five = ["홍차", "홍차", "오마르", "김달", "슈히"];
    assert_eq!(speakers(&first.stdout), five, "{}\n{}", first.stdout, first.stderr);
    assert!(first.stdout.contains("AI"), "strangers are told: {}", first.stdout);
    assert_eq!(folder.processes(), [0; 0], "nothing is left running");
    let keys = std::fs::read(folder.path("data/keys")).expect("a keyring");

    let second = run(&folder, &server).run(TWO_LINES).await.fine();
    assert_eq!(speakers(&second.stdout), five, "{}", second.stdout);
    assert_eq!(second.stdout.lines().count(), 5, "no stranger any more: {}", second.stdout);
    assert_eq!(std::fs::read(folder.path("data/keys")).expect("a keyring"), keys);
}

#[tokio::test]
async fn an_empty_input_plays_the_scene() {
    let (folder, server, database) = (Folder::default(), adviser().await, Database::open().await);
    let played = run_on(&folder, &server, &database).run("").await.fine();
    assert!(played.stdout.contains("minsu: ") && played.stdout.contains("emma: "), "{}", played.stdout);
    assert_eq!(speakers(&played.stdout), ["홍차", "오마르"], "{}", played.stdout);
}

#[tokio::test]
async fn people_pay_change_and_ask_what_is_kept() {
    let (folder, server, database) = (Folder::default(), adviser().await, Database::open().await);
    let lines = "/as emma\n/language en\n/privacy on\n/bits 100 should I go?\n/bits 50\n/persona kimdal\nand now?\n/mydata\n/as minsu\n\
                 @슈히 고백할까?\n/forget\n/about\n/quit\nnever read\n";
    let said = run_on(&folder, &server, &database).run(lines).await.fine();
    assert_eq!(speakers(&said.stdout), ["홍차", "김달", "슈히"], "{}", said.stdout);
    assert!(said.stdout.contains("2 conversations"), "{}", said.stdout);
    assert_eq!(database.number("select sum(cents)::bigint from ledger").await, 150);
    assert_eq!(database.number("select count(*) from pending").await, 0);
    let rows = database.dump().await;
    for trace in ["emma", "minsu", "terminal"] {
        assert!(!rows.contains(trace) && !said.log().contains(trace), "{trace}: {rows}\n{}", said.log());
    }
    for word in ["should I go", "고백할까", "Breathe"] {
        assert!(!said.log().contains(word), "{word} is in the log: {}", said.log());
    }
}

#[tokio::test]
async fn one_question_is_answered_and_nothing_is_kept() {
    let (folder, server) = (Folder::default(), adviser().await);
    let ask = |persona: &str, words: &[&str]| {
        let arguments =
            ["ask", "--persona", persona].iter().chain(words).map(|word| (*word).to_owned()).collect::<Vec<_>>();
        Program::new(&folder, arguments).env("LOVELM_MODEL", server.url())
    };
    for persona in ["omar", "홍차", "@shuhi", "Kimdal", "シュヒ"] {
        let answered = ask(persona, &["should", "I text my ex?"]).run("").await.fine();
        assert_eq!(answered.stdout, "Breathe first. Then ask.\n", "{persona}");
    }
    assert!(!folder.path("data").exists(), "nothing is kept");
    let asked = server.asked();
    assert!(asked[0].last("user").is_some_and(|text| text.contains("should I text my ex?")), "{:?}", asked[0].body);
    let crisis = ask("omar", &["I want to kill myself tonight"]).run("").await.fine();
    assert!(crisis.stdout.contains("988"), "{}", crisis.stdout);
    assert_eq!(server.asked().len(), 5, "no model saw it");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_gone_round() {
    let (folder, server, database) = (Folder::default(), adviser().await, Database::open().await);
    let config = format!(
        "[engine]\nmodel = \"http://127.0.0.1:9\"\n[engine.also.near]\nmodel = \"{}\"\n[console]\nviewer = \"emma\"\n",
        server.url()
    );
    let file = folder.write("lovelm.toml", config);
    let program = Program::new(&folder, ["run", "--config", file.to_str().expect("UTF-8")]);
    let said =
        program.env("DATABASE_URL", database.url()).run("should I go?\nand now?\n/bits 100 and now?\n").await.fine();
    assert_eq!(speakers(&said.stdout).len(), 3, "{}", said.stdout);
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn where_no_server_is_there_every_question_has_its_word_and_the_program_ends() {
    let (folder, database) = (Folder::default(), Database::open().await);
    let program = Program::new(&folder, ["run"]).env("LOVELM_MODEL", "http://127.0.0.1:9");
    let said = program.env("DATABASE_URL", database.url()).env("LOVELM_ENGINE__OUTAGE__PATIENCE", "1s");
    let said = said.run("/language en\nshould I go?\n/as emma\n/bits 100 and now?\n").await.fine();
    let told = format!("{}{}", said.stdout, said.stderr);
    assert!(told.matches("주전자").count() + told.matches("kettle").count() >= 2, "{told}");
    assert_eq!(database.number("select count(*) from pending").await, 0);
}
