//! An answer that was cut goes on as if it had not been.

use lovelm::engine::{Chunk, Finish, Prompt};

use crate::fixture::{answer, greedy, model, prompt, within};

const GUIDE: &str = "You are a kind friend.";

/// The first `tokens` of an answer, cut by its reader as the scheduler does.
async fn begin(asked: &Prompt, chunks: usize) -> String {
    let engine = model().await;
    let mut stream = engine.start(greedy(asked.clone(), 60)).await.unwrap();
    let mut text = String::new();
    for _ in 0..chunks {
        match within(stream.next()).await.unwrap() {
            Chunk::Text(more) => text.push_str(&more),
            Chunk::Done(usage) => panic!("{text:?} ended after {usage:?}"),
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_answer_joins_without_a_seam() {
    let engine = model().await;
    let asked = prompt(GUIDE, "Tell me a story about a cat and a dog.");
    let (whole, _) = answer(&*engine, greedy(asked.clone(), 30)).await.unwrap();
    for chunks in [1, 2, 7, 12] {
        let so_far = begin(&asked, chunks).await;
        assert!(whole.starts_with(&so_far), "{so_far:?} of {whole:?}");
        let continued = Prompt { so_far: so_far.clone(), ..asked.clone() };
        assert_eq!(engine.count(&continued), engine.count(&asked) + chunks, "a chunk is a token here");
        let (rest, usage) = answer(&*engine, greedy(continued, 8)).await.unwrap();
        // Prefill and decode round differently, so later words may differ; the seam is what must hold.
        let joined = format!("{so_far}{rest}");
        let seam = whole.floor_char_boundary((so_far.len() + 6).min(whole.len()));
        assert!(joined.starts_with(&whole[..seam]), "{joined:?} is not {whole:?}");
        assert_eq!(usage.output_tokens, 8);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_space_at_a_seam_is_neither_lost_nor_doubled() {
    let engine = model().await;
    let asked = prompt("Repeat what the user says, word for word.", "one two three four five six seven eight");
    for (so_far, next) in [("one two three", " four"), ("one two three four five", " six")] {
        let continued = Prompt { so_far: so_far.into(), ..asked.clone() };
        let (rest, _) = answer(&*engine, greedy(continued, 3)).await.unwrap();
        assert!(rest.starts_with(next), "{so_far:?} + {rest:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hangul_and_emoji_continue_within_a_word() {
    let engine = model().await;
    let line = "나는 오늘 학교에 갔다. ";
    let asked = prompt("Repeat what the user says, word for word.", &line.repeat(3));
    for so_far in [
        line.to_owned(),
        format!("{line}나는 오"),
        format!("{line}나는 오늘 학교에 갔다. 나는 오늘 학"),
        "👩‍👩‍👧 나는 ".to_owned(),
    ] {
        let continued = Prompt { so_far: so_far.clone(), ..asked.clone() };
        assert!(engine.count(&continued) > engine.count(&asked) + so_far.chars().count() / 2);
        let (rest, usage) = answer(&*engine, greedy(continued, 12)).await.unwrap();
        assert!(!rest.contains(char::REPLACEMENT_CHARACTER), "{so_far:?} + {rest:?}");
        assert_eq!(usage.prompt_tokens, engine.count(&Prompt { so_far, ..asked.clone() }));
    }
    let half = Prompt { so_far: format!("{line}나는 오늘 학교에 갔"), ..asked };
    let (rest, _) = answer(&*engine, greedy(half, 12)).await.unwrap();
    assert!(rest.starts_with("다."), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cut_within_a_character_ends_whole() {
    let engine = model().await;
    // A Hangul syllable is several tokens of this model: some of these limits fall within one.
    let asked = prompt("Repeat what the user says, word for word.", "나는 오늘 학교에 갔다.");
    for most in 1..=5 {
        let (text, usage) = answer(&*engine, greedy(asked.clone(), most)).await.unwrap();
        assert_eq!((usage.finish, usage.output_tokens), (Finish::Length, most), "{text:?}");
        assert!(!text.contains(char::REPLACEMENT_CHARACTER), "{text:?}");
    }
}
