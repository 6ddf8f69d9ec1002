//! The numbers that the scheduling policy is held to, from the simulation: the same on every machine.

#![expect(clippy::print_stdout, reason = "a benchmark's result")]

use lovelm::scheduler::{SchedulerConfig, simulation::figures};

const SEEDS: std::ops::Range<u64> = 7..10;

fn main() {
    for seed in SEEDS {
        println!("seed {seed}");
        for figure in figures(&SchedulerConfig::default(), seed) {
            println!("{figure}");
        }
    }
}
