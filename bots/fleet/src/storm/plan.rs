//! Who asks what, and how often.

use std::{
    fs,
    str::FromStr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use anyhow::Context as _;
use lovelm::scheduler::Class;
use rand::{SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};

use crate::cli::Storm;

/// Questions, unless there is a file of them or a number.
const CALLS: usize = 40;
/// What a viewer can be. Whether somebody is a fan, their consent says, and idle talk is nobody's.
const CLASSES: [Class; 4] = [Class::Moderator, Class::Paid, Class::Supporter, Class::Free];

/// Matters and how one asks about them: every pair is another question.
const QUESTIONS: [(&[&str], &[&str]); 3] = [
    (
        &[
            "남자친구가 기념일을 또 잊었어요.",
            "썸 타던 사람이 사흘째 답이 없어요.",
            "여자친구가 전 애인이랑 아직 연락해요.",
            "장거리 연애 반년 만에 지쳤어요.",
            "직장 동료가 좋아졌는데 티를 못 내겠어요.",
            "싸우고 나면 늘 제가 먼저 사과해요.",
        ],
        &["어떻게 말을 꺼낼까요?", "제가 예민한 걸까요?", "기다리는 게 맞을까요?", "솔직한 생각을 들려주세요."],
    ),
    (
        &[
            "My boyfriend forgot our anniversary again.",
            "We matched, talked for a week, and now it is silent.",
            "My girlfriend still texts her ex every day.",
            "Long distance wears us both down.",
            "I like somebody at work and cannot show it.",
            "After every fight I am the one who says sorry.",
        ],
        &["How do I bring it up?", "Am I too sensitive?", "Should I wait?", "Tell me what you really think."],
    ),
    (
        &[
            "彼氏がまた記念日を忘れました。",
            "いい感じだった人から三日も返事がありません。",
            "彼女がまだ元カレと連絡しています。",
            "遠距離に疲れてきました。",
            "職場の人を好きになりました。",
            "けんかのたびに私から謝っています。",
        ],
        &["どう切り出せばいいですか。", "気にしすぎでしょうか。", "待つべきですか。", "正直な意見を聞かせてください。"],
    ),
];

/// How viewers divide into classes, in parts.
#[derive(Clone, Debug)]
pub struct Mix(Vec<Class>);

impl FromStr for Mix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = CLASSES.map(Class::as_str).join(", ");
        let mut parts = Vec::new();
        for part in text.split(',') {
            let fault = || format!("`{part}` is no CLASS=PARTS with a class of {known} and 0 to 1000 parts");
            let (name, count) = part.split_once('=').ok_or_else(fault)?;
            let class = CLASSES.into_iter().find(|class| class.as_str() == name.trim()).ok_or_else(fault)?;
            let count: usize = count.trim().parse().ok().filter(|count| *count <= 1000).ok_or_else(fault)?;
            parts.extend(std::iter::repeat_n(class, count));
        }
        if parts.is_empty() { Err(format!("there is nobody in `{text}`")) } else { Ok(Self(parts)) }
    }
}

/// What the viewers go by.
#[derive(Debug)]
pub struct Plan {
    pub viewers: usize,
    pub seed: u64,
    /// How long they ask.
    pub length: Option<Duration>,
    /// Mean time from the end of a viewer's call to the next.
    pub pause: Duration,
    mix: Mix,
    questions: Vec<String>,
    calls: usize,
    asked: AtomicUsize,
}

impl Plan {
    /// # Errors
    /// When the file of questions cannot be read or has none.
    pub fn of(storm: &Storm) -> anyhow::Result<Self> {
        let (viewers, mut chances) = (storm.viewers, StdRng::seed_from_u64(storm.seed));
        let mut questions = match &storm.questions {
            Some(file) => {
                let text = fs::read_to_string(file);
                let text = text.with_context(|| format!("--questions: {} cannot be read", file.display()))?;
                let lines: Vec<_> =
                    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
                anyhow::ensure!(!lines.is_empty(), "--questions: {} has no question", file.display());
                lines
            }
            None => own(),
        };
        questions.shuffle(&mut chances);
        let length = storm.minutes.map(|minutes| Duration::from_mins(minutes.into()));
        let unbounded = if length.is_some() { usize::MAX } else { CALLS };
        let calls = storm.calls.map_or(unbounded, |calls| usize::try_from(calls).unwrap_or(usize::MAX));
        Ok(Self {
            viewers: usize::try_from(viewers).unwrap_or(usize::MAX),
            seed: storm.seed,
            length,
            pause: Duration::from_mins(1) * viewers / storm.rate,
            mix: storm.mix.clone(),
            questions,
            calls,
            asked: AtomicUsize::new(0),
        })
    }

    /// The class of a viewer.
    pub fn class(&self, viewer: usize) -> Class {
        self.mix.0[viewer % self.mix.0.len()]
    }

    /// What is asked next. `None` when all was asked.
    pub fn next(&self) -> Option<&str> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        (number < self.calls).then(|| self.questions[number % self.questions.len()].as_str())
    }
}

fn own() -> Vec<String> {
    let pairs = QUESTIONS.into_iter().flat_map(|(matters, askings)| {
        matters.iter().flat_map(move |matter| askings.iter().map(move |asking| format!("{matter} {asking}")))
    });
    pairs.collect()
}
