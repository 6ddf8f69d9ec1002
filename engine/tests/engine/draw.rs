//! Drawing tokens, without a model.

use lovelm::engine::Sampling;
use lovelm_engine::local::draw::Draw;

const LOGITS: [f32; 6] = [0.1, 3.0, -1.0, 2.9, f32::NAN, 0.0];

fn sampling(temperature: f64, top_k: usize, top_p: f64, repetition_penalty: f32) -> Sampling {
    Sampling { temperature, top_p, top_k, repetition_penalty }
}

fn draws(sampling: Sampling, seed: u64, count: usize) -> Vec<u32> {
    (0..count).map(|at| Draw::new(sampling, &[], seed + at as u64).next(&mut LOGITS.clone())).collect()
}

#[test]
fn no_temperature_draws_the_likeliest() {
    assert_eq!(draws(sampling(0.0, 40, 0.9, 1.0), 0, 3), [1, 1, 1]);
}

#[test]
fn the_same_seed_draws_the_same() {
    let hot = sampling(2.0, 0, 1.0, 1.0);
    assert_eq!(draws(hot, 7, 50), draws(hot, 7, 50));
    assert_ne!(draws(hot, 7, 50), draws(hot, 1007, 50));
}

#[test]
fn top_k_and_top_p_bound_the_choice() {
    assert!(draws(sampling(5.0, 2, 1.0, 1.0), 0, 200).iter().all(|token| [1, 3].contains(token)));
    assert!(draws(sampling(5.0, 1, 1.0, 1.0), 0, 50).iter().all(|token| *token == 1));
    assert!(draws(sampling(0.5, 0, 0.5, 1.0), 0, 200).iter().all(|token| *token == 1));
    let all = draws(sampling(5.0, 0, 1.0, 1.0), 0, 500);
    assert!([0, 1, 2, 3, 5].iter().all(|token| all.contains(token)) && !all.contains(&4), "all but what is no number");
}

#[test]
fn shares_follow_the_weights() {
    let drawn = draws(sampling(1.0, 2, 1.0, 1.0), 0, 4000);
    let ones = drawn.iter().filter(|token| **token == 1).count();
    // exp(3.0) / (exp(3.0) + exp(2.9)) = 0.525
    assert!((2000..2200).contains(&ones), "{ones}");
}

#[test]
fn what_was_said_weighs_less_and_the_prompt_does_not_count() {
    let mut draw = Draw::new(sampling(0.0, 0, 1.0, 1.2), &[], 0);
    assert_eq!(draw.next(&mut LOGITS.clone()), 1);
    assert_eq!(draw.next(&mut LOGITS.clone()), 3, "1 was said");
    let mut continued = Draw::new(sampling(0.0, 0, 1.0, 1.2), &[1], 0);
    assert_eq!(continued.next(&mut LOGITS.clone()), 3, "1 was said before the cut");
}

#[test]
fn odd_rows_and_settings_draw_something_valid() {
    for sampling in [
        sampling(f64::NAN, 0, f64::NAN, f32::NAN),
        sampling(1e9, usize::MAX / 4, 2.0, 0.0),
        sampling(1e-9, 3, 0.0, -1.0),
    ] {
        for row in [vec![], vec![f32::NAN; 3], vec![f32::INFINITY, 0.0], vec![f32::NEG_INFINITY; 4], vec![1.0]] {
            let token = Draw::new(sampling, &[9], 1).next(&mut row.clone());
            assert!((token as usize) < row.len().max(1), "{token} of {row:?}");
        }
    }
}

#[test]
fn a_real_vocabulary_keeps_its_top() {
    let row: Vec<f32> = (0..49_152_u32)
        .map(|at| f32::from(u16::try_from((at.wrapping_mul(2_654_435_761) >> 8) % 10_007).unwrap()))
        .collect();
    let mut order: Vec<usize> = (0..row.len()).collect();
    order.sort_by(|a, b| row[*b].total_cmp(&row[*a]));
    let floor = row[order[39]];
    for seed in 0..50 {
        let token = Draw::new(sampling(1e6, 40, 1.0, 1.0), &[], seed).next(&mut row.clone());
        assert!(row[token as usize] >= floor);
    }
}
