use crate::safety::{Fault, Guard};

#[test]
fn a_persona_never_claims_to_be_human_or_in_love() {
    let claims = [
        "I am a human, just like you.",
        "Of course I'm a real person! Ask me anything.",
        "Yes, I love you too. Tell me more.",
        "You make me smile. I am in love with you.",
        "나는 진짜 사람이야, 믿어 줘.",
        "저도 당신을 사랑해요.",
        "私は人間です。",
        "僕も君のことが大好きだよ",
    ];
    for claim in claims {
        assert_eq!(Guard::default().check(claim), Some(Fault::Pretence), "{claim}");
    }
}

#[test]
fn advice_about_love_is_no_claim() {
    let advice = [
        "I am Omar, an AI character. Not a person.",
        "I am not a human, so take this as one opinion.",
        "Say it plainly: \"I love you\". Then wait.",
        "저는 사람이 아니라 AI 캐릭터예요.",
        "\"나는 널 사랑해\"라고 말해 보세요.",
        "「私は人間です」と言われても困るよね。",
        "사랑해도 괜찮아요.",
        "If I am honest, people in love forget to eat.",
        "",
    ];
    for line in advice {
        assert_eq!(Guard::default().check(line), None, "{line}");
    }
}

#[test]
fn what_only_the_prompt_holds_does_not_leave() {
    let guard = Guard::keeping(vec!["canary-홍차-7".into(), String::new()]);
    assert_eq!(guard.check("well, canary-홍차-7 it is"), Some(Fault::Leak));
    assert_eq!(guard.check("well, tea it is"), None);
}
