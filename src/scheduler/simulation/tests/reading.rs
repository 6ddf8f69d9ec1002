//! What an operator reads.

use super::{crowd, paid, secs};
use crate::scheduler::{
    Class, SchedulerConfig,
    simulation::{Scenario, Study, jain, picture, table},
};

fn study(scenario: Scenario) -> Study {
    Study::of(&SchedulerConfig::default(), scenario)
}

#[test]
fn the_flood_in_a_table() {
    insta::assert_snapshot!(table(&study(Scenario::open("flood").unwrap())));
}

#[test]
fn the_raid_in_a_table() {
    insta::assert_snapshot!(table(&study(Scenario::open("raid").unwrap())));
}

#[test]
fn the_readme_shows_the_flood_as_it_is() {
    let flood = study(Scenario::open("flood").unwrap());
    let renew =
        "run `lovelm simulate --scenario flood --svg deploy/scenarios/flood.svg`, and show the table in README.md";
    assert!(include_str!("../../../../README.md").contains(table(&flood).trim_end()), "{renew}");
    assert!(include_str!("../../../../deploy/scenarios/flood.svg") == picture(&flood), "{renew}");
}

#[test]
fn what_cannot_be_compared_is_left_out() {
    let calm = study(super::scenario(vec![crowd(Class::Free, 5, secs(60))]));
    let text = table(&calm);
    assert!(!text.contains("first token p99") && !text.contains("answers in time"), "{text}");
    assert_eq!(calm.json()["paid"]["over_alone"], serde_json::Value::Null);
    let only_paid = study(super::scenario(vec![paid()]));
    assert!(!table(&only_paid).contains("nobody else"));
}

#[test]
fn json_says_what_the_table_says() {
    let study = study(Scenario::open("evening").unwrap());
    let json = study.json();
    assert_eq!(json["scenario"], "evening");
    let free = study.policy.of(Class::Free);
    assert_eq!(json["classes"]["free"]["asked"], free.asked);
    assert_eq!(json["classes"]["free"]["wait_p99_s"], free.wait(990).as_secs_f64());
    assert_eq!(json["paid"]["over_alone"].as_f64(), study.paid_over_alone());
    assert!(json["jain"].as_f64().unwrap() > 0.99, "in a calm evening everybody has what they ask for: {json}");
}

#[test]
fn the_picture_has_a_line_and_a_name_for_every_class_on_both_sides() {
    let mut scenario = Scenario::open("flood").unwrap();
    scenario.name = "a<b".to_owned();
    let svg = picture(&study(scenario));
    assert_eq!(svg.matches("<path").count(), 6, "{svg}");
    for name in ["paid", "supporter", "free"] {
        assert_eq!(svg.matches(&format!(">{name}</text>")).count(), 2, "{svg}");
    }
    assert!(svg.contains("a&lt;b") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
}

#[test]
fn the_index_is_one_for_even_shares_and_one_in_many_for_one_hog() {
    let close = |index: f64, to: f64| assert!((index - to).abs() < 1e-9, "{index} is not {to}");
    close(jain([3.0; 10]), 1.0);
    close(jain([0.0, 0.0, 0.0, 5.0]), 0.25);
    close(jain([]), 1.0);
}
