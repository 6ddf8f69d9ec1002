use std::collections::BTreeMap;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;

/// What the rules are tuned on.
const TUNED: [&str; 3] =
    [include_str!("corpus/korean.tsv"), include_str!("corpus/english.tsv"), include_str!("corpus/japanese.tsv")];
/// What they are only measured on.
const HELD: [&str; 1] = [include_str!("corpus/held.tsv")];
const KEEP: [&str; 5] = ["홍차", "오마르", "김달", "슈히", "omar"];

/// A sentence of the corpus.
#[derive(Clone)]
struct Labelled {
    kinds: Vec<&'static str>,
    text: &'static str,
    secrets: Vec<&'static str>,
}

fn corpus(files: &[&'static str]) -> Vec<Labelled> {
    let lines = files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut fields = line.split('\t');
            let kinds = fields.next().unwrap().split(',').filter(|kind| *kind != "-").collect();
            let text = fields.next().unwrap_or_else(|| panic!("no sentence in {line}"));
            Labelled { kinds, text, secrets: fields.next().map_or(Vec::new(), |secrets| secrets.split('|').collect()) }
        })
        .collect()
}

#[test]
fn the_corpus_is_scrubbed_as_labelled() {
    hold("tune", &corpus(&TUNED));
}

#[test]
fn the_corpus_that_was_held_back_is_scrubbed_as_labelled() {
    hold("held", &corpus(&HELD));
}

#[test]
fn the_corpus_is_large_and_nearly_half_of_it_clean() {
    let lines = [corpus(&TUNED), corpus(&HELD)].concat();
    let clean = lines.iter().filter(|line| line.kinds.is_empty()).count();
    assert!(lines.len() >= 600, "{}", lines.len());
    assert!(clean * 5 >= lines.len() * 2, "{clean} of {}", lines.len());
    for kind in Kind::ALL {
        assert!(lines.iter().any(|line| line.kinds.contains(&kind.as_str())), "{kind:?}");
    }
}

/// What was found and what there is, of names and of everything else, and what was changed in clean lines.
#[derive(Default)]
struct Figures {
    names: (u32, u32),
    others: (u32, u32),
    clean: (u32, u32),
}

/// The README's table of figures says what is scrubbed from all lines.
#[test]
fn the_readme_says_what_is_scrubbed() {
    let Figures { names, others, clean } = hold("all", &[corpus(&TUNED), corpus(&HELD)].concat());
    let row = format!(
        "| {} of {} names, {} of {} of everything else; clean lines changed {} of {} |",
        names.0, names.1, others.0, others.1, clean.0, clean.1
    );
    assert!(include_str!("../../../README.md").contains(&row), "{row}");
}

#[expect(clippy::print_stdout, reason = "the figures are read by people")]
fn hold(name: &str, corpus: &[Labelled]) -> Figures {
    let scrubber = Scrubber::keeping(KEEP);
    let mut recall: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let (mut clean, mut changed, mut kinds_missed) = (0, 0, 0);
    for line in corpus {
        let scrubbing = scrubber.scrub(line.text, &[]);
        let result = scrubbing.story.as_str();
        let gone = line.secrets.iter().all(|secret| line.text.contains(secret) && !result.contains(secret));
        let found = |kind: &&&str| scrubbing.spans.iter().any(|span| span.kind.as_str() == **kind);
        if line.kinds.is_empty() {
            clean += 1;
            changed += u32::from(result != line.text);
        }
        for kind in &line.kinds {
            let (hits, all) = recall.entry(kind).or_default();
            *all += 1;
            *hits += u32::from(gone);
        }
        let missed = line.kinds.iter().filter(|kind| !found(kind)).count();
        kinds_missed += missed;
        if !gone || missed > 0 || (line.kinds.is_empty() && result != line.text) {
            println!("{name}: {} -> {result} {:?}", line.text, scrubbing.spans);
        }
    }
    println!(
        "{name}: recall (found, all): {recall:?}; clean changed: {changed} of {clean}; kinds missed: {kinds_missed}"
    );
    let mut figures = Figures { clean: (changed, clean), ..Figures::default() };
    for (kind, (hits, all)) in recall {
        let (least, sum) = if kind == "name" { (97, &mut figures.names) } else { (100, &mut figures.others) };
        assert!(hits * 100 >= all * least, "{kind}: {hits} of {all}");
        *sum = (sum.0 + hits, sum.1 + all);
    }
    assert!(changed * 100 <= clean * 2, "{changed} of {clean} clean sentences changed");
    figures
}

#[test]
fn a_person_is_one_letter_in_a_story_and_its_context() {
    let scrubbing = Scrubber::default()
        .scrub("민수가 왔고 지영이랑 A도 왔어. 김민수는 갔어", &["짝남 도겸이가 민수야?", "도겸이는 좋아"]);
    assert_eq!(scrubbing.story.as_str(), "B가 왔고 C랑 A도 왔어. B는 갔어");
    assert_eq!(scrubbing.context[0].as_str(), "짝남 D가 B야?");
    assert_eq!(scrubbing.context[1].as_str(), "D는 좋아");
}

#[test]
fn spans_are_characters_of_what_was_given() {
    let given = "👩‍❤️‍👨 번호 010\u{200b}1234\u{200b}5678, ㅋㅋ 민수야";
    let spans = Scrubber::default().scrub(given, &[]).spans;
    let chars: Vec<char> = given.chars().collect();
    let part = |span: &Span| chars[span.start..span.end].iter().collect::<String>();
    assert_eq!(spans.iter().map(part).collect::<Vec<_>>(), ["010\u{200b}1234\u{200b}5678", "민수"]);
    assert_eq!(spans.iter().map(|span| span.kind).collect::<Vec<_>>(), [Kind::Phone, Kind::Name]);
}

#[test]
fn hostile_input_comes_through() {
    let scrubber = Scrubber::default();
    for text in ["", "\0", "\r\n", "○", "[전화번호]", "[phone", "@", "가", "\u{301}\u{301}", "1", "01", "A씨랑 B씨가"]
    {
        assert!(scrubber.scrub(text, &[]).spans.is_empty(), "{text:?}");
    }
    for unit in ["가", "민수", "1", "1-", "a.", "@a", "이", "( ", "\u{301}", "공", "🏳️‍🌈", "http://", "로 1", "さん"]
    {
        let flood = unit.repeat(20_000 / unit.len());
        let story = scrubber.scrub(&flood, &[]).story;
        assert!(story.as_str().chars().count() <= 2 * flood.chars().count(), "{unit}");
    }
}

/// Pieces of lines as people write them, stuck together without sense.
fn line() -> impl Strategy<Value = String> {
    let sentences: Vec<&str> = corpus(&TUNED).iter().map(|line| line.text).collect();
    let piece = prop_oneof![
        3 => proptest::sample::select(sentences).prop_map(str::to_owned),
        1 => "[0-9]{1,6}[-. ]?",
        1 => "[가-힣]{1,3}",
        1 => "[a-zA-Z@._]{1,6}",
        1 => proptest::sample::select(vec![" ", "이", "가", "역", "호", "-", "[", "]", "○", "A", "씨", ", ", "님", "오빠", "학번", "생", "로 ", ".com", "さん"]).prop_map(str::to_owned),
        1 => ".{0,3}",
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn scrubbing_is_idempotent_bounded_and_in_order(text in line()) {
        let scrubber = Scrubber::keeping(KEEP);
        let once = scrubber.scrub(&text, &[]);
        let chars = text.chars().count();
        prop_assert!(once.story.as_str().chars().count() <= 2 * chars);
        let mut end = 0;
        for span in &once.spans {
            prop_assert!(end <= span.start && span.start < span.end && span.end <= chars, "{:?}", once.spans);
            end = span.end;
        }
        let twice = scrubber.scrub(once.story.as_str(), &[]);
        prop_assert_eq!(twice.story.as_str(), once.story.as_str());
    }

    #[test]
    fn decomposed_text_is_scrubbed_alike(text in line()) {
        let scrubber = Scrubber::keeping(KEEP);
        let composed: String = text.nfc().collect();
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(scrubber.scrub(&decomposed, &[]).story, scrubber.scrub(&composed, &[]).story);
    }
}

#[test]
fn a_longer_story_is_scrubbed_alike() {
    let scrubber = Scrubber::default();
    for unit in ["민수가 010-1234-5678로 전화했고 ", "이이", "서울시 강남구 ", "a@", "친구 "] {
        let story = scrubber.scrub(&unit.repeat(200), &[]).story;
        let longer = scrubber.scrub(&unit.repeat(400), &[]).story;
        let (short, long) = (story.as_str().chars().count(), longer.as_str().chars().count());
        assert!(long <= 2 * short + 4 && 2 * short <= long + 4, "{unit}: {short}, {long}");
    }
}
