//! Tokens to text, with the default model's tokenizer.

use std::sync::Arc;

use lovelm_engine::{Progress, local::text::Detokenizer, model};
use tokenizers::Tokenizer;

use crate::fixture::cache;

fn tokenizer() -> Arc<Tokenizer> {
    let model = model::prepare(&model::Recipe::default_model(), &cache(), &model::Machine, Progress::Hidden).unwrap();
    Arc::new(Tokenizer::from_file(model.tokenizer.join("tokenizer.json")).unwrap())
}

const TEXTS: [&str; 7] = [
    "Hello, world!  Two spaces.\n\n\tAnd a tab. 1234 don't",
    "나는 오늘 학교에 갔다. ㅋㅋㅋ ㅠㅠ",
    "👩‍👩‍👧 family, 🇰🇷 flag, 👍🏽 skin",
    "mixed 한국어와 English と日本語 😊",
    "Ünïcödé e\u{301} \u{200d} zero width",
    " leading and trailing ",
    "\r\nlines\r\n",
];

#[test]
fn every_text_survives() {
    let tokenizer = tokenizer();
    for text in TEXTS {
        let tokens = tokenizer.encode_fast(text, false).unwrap().get_ids().to_vec();
        let mut detokenizer = Detokenizer::behind(&[], Arc::clone(&tokenizer));
        let chunks: Vec<String> = tokens.iter().filter_map(|token| detokenizer.push(*token)).collect();
        assert_eq!(chunks.concat(), text);
        assert!(chunks.iter().all(|chunk| !chunk.is_empty() && !chunk.contains(char::REPLACEMENT_CHARACTER)));
    }
}

#[test]
fn it_continues_at_every_token() {
    let tokenizer = tokenizer();
    for text in TEXTS {
        let tokens = tokenizer.encode_fast(text, false).unwrap().get_ids().to_vec();
        for cut in 0..=tokens.len() {
            let so_far = tokenizer.decode(&tokens[..cut], true).unwrap();
            if so_far.ends_with(char::REPLACEMENT_CHARACTER) {
                continue;
            }
            let mut detokenizer = Detokenizer::behind(&tokens[..cut], Arc::clone(&tokenizer));
            let rest: String = tokens[cut..].iter().filter_map(|token| detokenizer.push(*token)).collect();
            assert_eq!(format!("{so_far}{rest}"), text, "cut at {cut}");
        }
    }
}

#[test]
fn special_tokens_give_no_text() {
    let tokenizer = tokenizer();
    let mut detokenizer = Detokenizer::behind(&[], Arc::clone(&tokenizer));
    for special in ["<|im_start|>", "<|im_end|>", "<|endoftext|>"] {
        assert_eq!(detokenizer.push(tokenizer.token_to_id(special).unwrap()), None);
    }
}

#[test]
fn digits_are_split_as_the_model_was_trained() {
    assert_eq!(tokenizer().encode_fast("20264", false).unwrap().get_ids().len(), 5);
}
