use std::{
    fs,
    path::{Path, PathBuf},
};

use lovelm_tests::program::repository;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
        if path.is_dir() && !is_test {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            found.push(path);
        }
    }
}

#[test]
fn every_sentence_of_the_locale_files_is_said_somewhere() {
    let (root, mut files) = (repository(), Vec::new());
    for folder in ["src", "bots"] {
        sources(&root.join(folder), &mut files);
    }
    let code: String = files.iter().map(|file| fs::read_to_string(file).expect("UTF-8")).collect();
    let sentences = fs::read_to_string(root.join("locales/en.ftl")).expect("UTF-8");
    let keys = sentences.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
    let keys: Vec<_> = keys.filter_map(|line| line.split_once(" =")).map(|(key, _)| key).collect();
    assert!(keys.len() > 50, "{keys:?}");
    let silent: Vec<_> = keys.into_iter().filter(|key| !code.contains(&format!("\"{key}\""))).collect();
    assert!(silent.is_empty(), "nobody says {silent:?}");
}

#[test]
fn every_metric_is_explained_to_who_runs_the_fleet() {
    let (root, mut files) = (repository(), Vec::new());
    for folder in ["src", "bots", "engine"] {
        sources(&root.join(folder), &mut files);
    }
    let code: String = files.iter().map(|file| fs::read_to_string(file).expect("UTF-8")).collect();
    let explained = fs::read_to_string(root.join("deploy/README.md")).expect("UTF-8");
    let kinds = ["counter!(\"", "gauge!(\"", "histogram!(\""];
    let names: Vec<_> = kinds
        .iter()
        .flat_map(|kind| code.split(kind).skip(1))
        .filter_map(|behind| behind.split('"').next())
        .filter(|name| name.starts_with("lovelm_"))
        .collect();
    assert!(names.len() > 15, "{names:?}");
    let silent: Vec<_> = names.into_iter().filter(|name| !explained.contains(&format!("`{name}`"))).collect();
    assert!(silent.is_empty(), "deploy/README.md says nothing of {silent:?}");
}
