//! A study as a picture: how long each class waits, over time, beside first in, first out.

use std::{fmt, fmt::Write as _, time::Duration};

use super::{
    report::{Outcome, Report, quantile},
    scenario::Scenario,
    study::Study,
    table::{grouped, span},
};
use crate::scheduler::Class;

/// Moments that a line is drawn through.
const STEPS: u32 = 24;
/// The inside of a panel, in pixels.
const WIDTH: f64 = 330.0;
const HEIGHT: f64 = 210.0;
const TOP: f64 = 84.0;
/// Where the panels begin; right of each is room for the names of its lines.
const LEFT: [f64; 2] = [56.0, 524.0];
/// Between the names of two lines.
const LINE: f64 = 16.0;

/// Readable on white and on black.
const STYLE: &str = "\
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.page { fill: #ffffff } .faint { fill: #59636e } .grid { stroke: #d1d9e0 } .title { font-weight: 600; font-size: 15px }
path { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .page { fill: #0d1117 } .faint { fill: #9198a1 } .grid { stroke: #3d444d }
}
</style>";

/// An SVG of 960 by 356 pixels: for every class what nine of ten waited at most, by when they asked.
#[must_use]
pub fn picture(study: &Study) -> String {
    let mut svg = String::new();
    // Writing to a `String` cannot fail.
    let _ = write(&mut svg, study);
    svg
}

fn write(out: &mut String, study: &Study) -> fmt::Result {
    let (scenario, longest) = (&study.scenario, longest(study));
    writeln!(out, r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 356" role="img">"#)?;
    let name = escaped(&scenario.name);
    writeln!(out, "<title>Waits by class in the simulated scenario {name}</title>\n{STYLE}")?;
    writeln!(out, r#"<rect class="page" width="960" height="356" rx="8"/>"#)?;
    writeln!(
        out,
        r#"<text class="title" x="24" y="30">How long each class waits: scenario {name}, seed {}</text>"#,
        scenario.seed
    )?;
    let panels = [("This scheduler", &study.policy), ("First in, first out, a line of the same length", &study.fifo)];
    for ((title, report), left) in panels.into_iter().zip(LEFT) {
        panel(out, title, report, scenario, (left, longest))?;
    }
    writeln!(out, "</svg>")
}

fn panel(
    out: &mut String,
    title: &str,
    report: &Report,
    scenario: &Scenario,
    (left, longest): (f64, f64),
) -> fmt::Result {
    writeln!(
        out,
        r#"<text x="{left}" y="58">{title}</text><text class="faint" x="{left}" y="75">{}</text>"#,
        answered(report)
    )?;
    axes(out, scenario, left, longest)?;
    let mut names = Vec::new();
    for class in report.classes() {
        let line: Vec<_> = steps(report.of(class), scenario.length).collect();
        let y = |wait: f64| TOP + HEIGHT * (1.0 - wait / longest);
        draw(out, class, line.iter().map(|step| step.map(y)), left)?;
        names.extend(line.iter().rev().flatten().next().map(|last| (y(*last), class)));
    }
    for (y, class) in apart(names) {
        let x = left + WIDTH + 6.0;
        writeln!(out, r#"<text x="{x}" y="{:.1}" style="fill: {}">{}</text>"#, y + 4.0, colour(class), class.as_str())?;
    }
    Ok(())
}

fn answered(report: &Report) -> String {
    let of = |class: Class| {
        let Outcome { asked, answered, .. } = report.of(class);
        format!("{} of {} {}", grouped(*answered), grouped(*asked), class.as_str())
    };
    let told = [Class::Paid, Class::Free].into_iter().filter(|class| report.of(*class).asked > 0);
    format!("answered: {}", told.map(of).collect::<Vec<_>>().join(", "))
}

fn axes(out: &mut String, scenario: &Scenario, left: f64, longest: f64) -> fmt::Result {
    for quarter in 0..=4_u32 {
        let part = f64::from(quarter) / 4.0;
        let (x, y) = (left + WIDTH * part, TOP + HEIGHT * (1.0 - part));
        writeln!(out, r#"<line class="grid" x1="{left}" x2="{}" y1="{y:.1}" y2="{y:.1}"/>"#, left + WIDTH)?;
        let (wait, at) = (longest * part, TOP + HEIGHT + 20.0);
        writeln!(
            out,
            r#"<text class="faint" x="{}" y="{:.1}" text-anchor="end">{wait} s</text>"#,
            left - 6.0,
            y + 4.0
        )?;
        let time = span(scenario.length * quarter / 4);
        writeln!(out, r#"<text class="faint" x="{x:.1}" y="{at}" text-anchor="middle">{time}</text>"#)?;
    }
    let (x, y) = (left + WIDTH / 2.0, TOP + HEIGHT + 42.0);
    writeln!(
        out,
        r#"<text class="faint" x="{x}" y="{y}" text-anchor="middle">when they asked; nine of ten waited at most so long</text>"#
    )
}

fn draw(out: &mut String, class: Class, line: impl Iterator<Item = Option<f64>>, left: f64) -> fmt::Result {
    write!(out, r#"<path stroke="{}" d=""#, colour(class))?;
    let mut pen_down = false;
    for (step, y) in (0..STEPS).zip(line) {
        if let Some(y) = y {
            let x = left + WIDTH * (f64::from(step) + 0.5) / f64::from(STEPS);
            write!(out, "{}{x:.1} {y:.1}", if pen_down { 'L' } else { 'M' })?;
        }
        pen_down = y.is_some();
    }
    writeln!(out, r#""/>"#)
}

/// What nine of ten waited at most in each step, in seconds. None where no call was begun.
fn steps(outcome: &Outcome, length: Duration) -> impl Iterator<Item = Option<f64>> + '_ {
    (0..STEPS).map(move |step| {
        let during = length * step / STEPS..length * (step + 1) / STEPS;
        let waits: Vec<_> =
            outcome.begun.iter().filter(|begun| during.contains(&begun.at)).map(|begun| begun.wait).collect();
        (!waits.is_empty()).then(|| quantile(waits.into_iter(), 900).as_secs_f64())
    })
}

/// The upper end of the scale: four whole steps.
fn longest(study: &Study) -> f64 {
    let reports = [&study.policy, &study.fifo].into_iter();
    let waits =
        reports.flat_map(|report| report.classes().flat_map(|class| steps(report.of(class), study.scenario.length)));
    let longest = waits.flatten().fold(0.0, f64::max);
    let scales = [4.0, 8.0, 12.0, 20.0, 40.0, 60.0, 80.0, 120.0, 200.0, 400.0, 600.0, 1200.0];
    scales.into_iter().find(|scale| *scale >= longest).unwrap_or(longest.ceil())
}

/// The names of the lines, none on another, and none below the panel.
fn apart(mut names: Vec<(f64, Class)>) -> Vec<(f64, Class)> {
    names.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut free = TOP + HEIGHT;
    for (y, _) in &mut names {
        *y = y.min(free);
        free = *y - LINE;
    }
    names
}

fn colour(class: Class) -> &'static str {
    match class {
        Class::Moderator => "#a371f7",
        Class::Paid => "#db6d28",
        Class::Supporter => "#2da44e",
        Class::Fan => "#0a9bb5",
        Class::Free => "#4184e4",
        Class::Idle => "#848d97",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
