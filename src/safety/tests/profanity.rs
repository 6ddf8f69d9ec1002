use crate::safety::profanity;

/// Lines of our own: `1` or `0`, a tab, the text.
const OWN: &str = include_str!("../corpus/profanity.tsv");

#[test]
fn our_own_lines_are_told_apart() {
    for line in OWN.lines() {
        let (label, text) = line.split_once('\t').unwrap();
        assert_eq!(profanity(text), label == "1", "{text}");
    }
}

/// Labelled comments, `text|label` a line, in the file that `LOVELM_TEST_COMMENTS` names; without it there are only the lines of
/// our own. The lists were made without reading the second half of the comments.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are what this test is run for")]
fn labelled_comments_are_told_apart() {
    let Some(path) = std::env::var_os("LOVELM_TEST_COMMENTS") else {
        println!("LOVELM_TEST_COMMENTS names no file: only the lines of our own were held");
        return our_own_lines_are_told_apart();
    };
    let file = std::fs::read_to_string(path).unwrap();
    let lines: Vec<_> = file.lines().filter_map(|line| line.rsplit_once('|')).collect();
    let (first, second) = lines.split_at(lines.len().div_ceil(2));
    let (precision, recall) = figures(first);
    println!("profanity, first half:  precision {precision:.3}, recall {recall:.3}");
    let (precision, recall) = figures(second);
    println!("profanity, second half: precision {precision:.3}, recall {recall:.3}");
    assert!(precision >= 0.95 && recall >= 0.6, "precision {precision:.3}, recall {recall:.3}");
}

#[expect(clippy::cast_precision_loss, reason = "counts of some thousands")]
fn figures(lines: &[(&str, &str)]) -> (f64, f64) {
    let (mut hits, mut flagged, mut abusive) = (0_usize, 0_usize, 0_usize);
    for (text, label) in lines {
        let (found, wanted) = (profanity(text), label.trim() == "1");
        hits += usize::from(found && wanted);
        flagged += usize::from(found);
        abusive += usize::from(wanted);
    }
    (hits as f64 / flagged.max(1) as f64, hits as f64 / abusive.max(1) as f64)
}

#[test]
fn only_decent_names_are_said() {
    let sayable = |name: &str| crate::safety::sayable(&crate::chat::RawText::new(name)).map(str::to_owned);
    assert_eq!(sayable(" 민수 "), Some("민수".into()));
    for name in ["", "  ", "fuck you", "시발", "죽고싶다"] {
        assert_eq!(sayable(name), None, "{name}");
    }
}
