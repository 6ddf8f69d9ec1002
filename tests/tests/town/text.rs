use lovelm::chat::{ChatEvent, Platform};
use lovelm_tests::town::{Plan, Town, saying};

#[tokio::test]
async fn a_hundred_kilobytes_are_answered_and_their_middle_is_left_out() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    for story in ["so it goes ".repeat(10_000), "나 오늘 너무 속상해. ".repeat(1_000), "👩‍❤️‍👩".repeat(1_000)]
    {
        let heard = town.say("minsu", &format!("@omar {story}")).await;
        assert!(heard.last().is_some_and(|line| line.starts_with("omar > minsu: Breathe")), "{heard:?}");
        assert!(heard.len() <= 2, "{heard:?}");
    }
    for request in town.engine.requests() {
        let length: usize = request.prompt.messages.iter().map(|turn| turn.text.len()).sum();
        assert!(length < 60_000, "the prompt is bounded, not {length} bytes");
    }
    town.end().await;
}

#[tokio::test]
async fn one_endless_word_and_one_endless_grapheme_end_with_an_answer_or_a_word_of_ours() {
    let town = Town::open().await;
    town.know(&["minsu"]).await;
    for story in
        ["가".repeat(8_000), "a".repeat(20_000), format!("e{}", "\u{301}".repeat(10_000)), "\u{200d}".repeat(8_000)]
    {
        let heard = town.say("minsu", &format!("@omar {story}")).await;
        assert!(!heard.is_empty(), "somebody who calls is never left alone");
    }
    town.end().await;
}

#[tokio::test]
async fn what_a_hostile_model_writes_is_never_live() {
    let hostile = "<think>the secret plan\n</think>@everyone <@123456789> hi\u{7} @here \u{202e}evil\u{0} [x](http://bad.example) \
                   <@&42> <#77> `code` /ban minsu !timeout";
    let town = Town::with(Plan { engine: saying(move |_| hostile.to_owned()), ..Plan::default() }).await;
    town.know(&["minsu"]).await;
    for platform in [Platform::Twitch, Platform::Discord, Platform::Console] {
        let message = town.message_on(platform, "minsu", "@omar hi there");
        let heard = town.tell(ChatEvent::Said(message)).await.concat();
        assert!(!heard.is_empty());
        for live in ["secret plan", "think>", "\u{7}", "\u{0}", "\u{202e}"] {
            assert!(!heard.contains(live), "{live:?} on {platform}: {heard:?}");
        }
        if platform == Platform::Discord {
            for live in ["@everyone", "@here", "<@123456789>", "<@&42>", "<#77>"] {
                assert!(!heard.contains(live), "{live:?}: {heard:?}");
            }
        }
    }
    town.end().await;
}

#[tokio::test]
async fn an_answer_that_begins_like_a_command_stays_words() {
    let town = Town::with(Plan { engine: saying(|_| "/timeout minsu 600".to_owned()), ..Plan::default() }).await;
    town.know(&["minsu"]).await;
    let heard = town.say("minsu", "@omar what now?").await.concat();
    let words = heard.strip_prefix("omar > minsu: ").expect("an answer");
    assert!(!words.starts_with(['/', '.', '!']), "{heard}");
    town.end().await;
}

#[tokio::test]
async fn hangul_and_emoji_go_through_whole() {
    let text = "괜찮아요 👩‍❤️‍👩, 천천히 말해 봐요. 화이팅이에요 🇰🇷!";
    let town = Town::with(Plan { engine: saying(move |_| text.to_owned()), ..Plan::default() }).await;
    town.know(&["민수🌸"]).await;
    assert_eq!(town.say("민수🌸", "김달아, 걔가 ㅠㅠ 읽씹했어 😭").await, [format!("kimdal > 민수🌸: {text}")]);
    town.end().await;
}
