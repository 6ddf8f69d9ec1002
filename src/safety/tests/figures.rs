//! How well the rules see a crisis, on the labelled corpus. `held.tsv` was measured before anybody tuned on it (README has those
//! figures), and its misses were taken in since: what is held here is that nothing gets worse.

use std::collections::BTreeMap;

use crate::safety::crisis;

struct Line {
    expected: Option<&'static str>,
    register: &'static str,
    text: &'static str,
}

fn corpus(file: &'static str) -> Vec<Line> {
    file.lines()
        .map(|line| {
            let mut cells = line.split('\t');
            let (_language, class) = (cells.next().unwrap(), cells.next().unwrap());
            let expected = (class != "none").then_some(class);
            Line { expected, register: cells.next().unwrap(), text: cells.next().unwrap() }
        })
        .collect()
}

/// For each name, how many of how many were right.
type Tally = BTreeMap<&'static str, (usize, usize)>;

fn count(tally: &mut Tally, name: &'static str, right: bool) {
    let entry = tally.entry(name).or_default();
    entry.0 += usize::from(right);
    entry.1 += 1;
}

#[expect(clippy::cast_precision_loss, reason = "counts of some hundreds")]
fn share(tally: &Tally, name: &str) -> f64 {
    tally.get(name).map_or(1.0, |(right, all)| *right as f64 / *all as f64)
}

struct Figures {
    registers: Tally,
    classes: Tally,
    named: Tally,
}

#[expect(clippy::print_stdout, reason = "the figures are what this test is run for")]
fn measure(name: &str, lines: &[Line]) -> Figures {
    let mut figures = Figures { registers: Tally::new(), classes: Tally::new(), named: Tally::new() };
    for line in lines {
        let found = crisis(line.text).map(super::super::Crisis::as_str);
        let right = found.is_some() == line.expected.is_some();
        count(&mut figures.registers, line.register, right);
        count(&mut figures.classes, line.expected.unwrap_or("none"), right);
        if line.expected.is_some() {
            count(&mut figures.named, "class", found == line.expected);
        } else {
            count(&mut figures.named, "clear", right);
        }
        if found != line.expected && std::env::var_os("LOVELM_SHOW_MISSES").is_some() {
            println!("{name}: {:?} for {:?} ({}): {}", found, line.expected, line.register, line.text);
        }
    }
    for tally in [&figures.registers, &figures.classes, &figures.named] {
        for (what, (right, all)) in tally {
            println!("{name:5} {what:18} {right:4} of {all:4} {:6.1}%", 100.0 * share(tally, what));
        }
    }
    figures
}

fn hold(name: &str, lines: &[Line]) {
    let figures = measure(name, lines);
    assert!(share(&figures.registers, "explicit") >= 1.0, "{name}: explicit lines are all found");
    for register in ["veiled", "third"] {
        assert!(share(&figures.registers, register) >= 0.95, "{name}: {register} lines are found");
    }
    assert!(share(&figures.named, "clear") >= 0.97, "{name}: clean talk is left alone");
    assert!(share(&figures.named, "class") >= 0.95, "{name}: what is found has its right name");
}

#[test]
fn the_corpus_that_rules_are_tuned_on_is_met() {
    hold("tune", &corpus(include_str!("../corpus/tune.tsv")));
}

#[test]
fn the_corpus_that_was_held_back_is_met() {
    hold("held", &corpus(include_str!("../corpus/held.tsv")));
}

#[test]
fn the_corpus_is_large_and_more_than_a_third_of_it_clean() {
    let lines: Vec<_> =
        [include_str!("../corpus/tune.tsv"), include_str!("../corpus/held.tsv")].into_iter().flat_map(corpus).collect();
    let clean = lines.iter().filter(|line| line.expected.is_none()).count();
    assert!(lines.len() >= 500, "{}", lines.len());
    assert!(clean * 3 >= lines.len(), "{clean} of {}", lines.len());
}

/// The README's table of figures says what the rules see in all lines.
#[test]
fn the_readme_says_what_is_found() {
    let lines: Vec<_> =
        [include_str!("../corpus/tune.tsv"), include_str!("../corpus/held.tsv")].into_iter().flat_map(corpus).collect();
    let figures = measure("all", &lines);
    let of = |(right, all): (usize, usize)| format!("{right} of {all}");
    let registers = ["explicit", "veiled", "third"].map(|register| of(figures.registers[register]));
    let (clear, all) = figures.named["clear"];
    let [explicit, veiled, third] = registers;
    let row = format!(
        "| {explicit} explicit, {veiled} veiled, {third} about somebody else; false flags {} of {all} |",
        all - clear
    );
    assert!(include_str!("../../../README.md").contains(&row), "{row}");
}
