use lovelm_tests::{
    database::Database,
    program::{Folder, Program},
};

/// With the default model, in the place where this machine keeps it.
fn real(folder: &Folder, arguments: &[&str]) -> Program {
    Program::new(folder, arguments).without("LOVELM_CACHE_DIR")
}

#[tokio::test]
async fn the_real_model_answers_on_the_command_line_and_in_a_pipe() {
    let (folder, database) = (Folder::default(), Database::open().await);
    let asked = real(&folder, &["ask", "--persona", "omar", "Should I text my ex?"]).run("").await.fine();
    assert!(asked.stdout.trim().len() > 10, "an answer: {}", asked.stdout);
    assert!(!folder.path("data").exists(), "nothing is kept");

    let lines = "/as canaryminsu\n/language en\n/privacy on\n@hongcha my boyfriend forgot my birthday, call me at 010-7391-2846\n";
    let said = real(&folder, &["run"]).env("DATABASE_URL", database.url()).run(lines).await.fine();
    let answer = said.stdout.lines().rfind(|line| line.starts_with("홍차: ")).unwrap_or_default();
    assert!(answer.len() > 20, "an answer: {}\n{}", said.stdout, said.stderr);
    assert_eq!(database.number("select count(*) from consultation").await, 1);
    assert_eq!(database.number("select count(*) from answer where length(text) > 10").await, 1);
    let rows = database.dump().await;
    for trace in ["canaryminsu", "7391-2846", "73912846", "terminal"] {
        assert!(!rows.contains(trace) && !said.log().contains(trace), "{trace}: {rows}\n{}", said.log());
    }
}
