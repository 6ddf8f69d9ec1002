use super::*;

#[track_caller]
fn assert_calls(persona: &[&str], lines: &[&str]) {
    for line in lines {
        assert_eq!(called(line), persona, "{line}");
    }
}

#[test]
fn a_korean_name_with_a_calling_ending_calls() {
    assert_calls(
        &["hongcha"],
        &[
            "홍차야",
            "홍차야 나 어떡해",
            "홍차야, 나 어떡해",
            "홍차야아아 도와줘",
            "홍차야ㅠㅠ 도와줘",
            "홍차야❤️",
            "나 어떡해 홍차야",
            "나 진짜 힘든데 홍차야?",
            "어떡하지…홍차야",
            "홍차님 안녕하세요",
            "오늘 홍차님께 여쭤보고 싶은 게 있어요",
            "홍차 언니 나 고민 있어",
            "근데 홍차 언니, 이거 맞아?",
            "홍차언니야 들어봐",
            "이건 홍차한테 물어봐야지",
            "홍차에게만 말할게",
            "안녕 홍차 나 왔어",
            "안녕\n홍차야 나 왔어",
            "\u{feff}홍차야",
        ],
    );
    assert_calls(
        &["omar"],
        &["오마르님", "오마르야 팩트로 말해줘", "오마르 형, 이거 뭐야", "오마르씨 도와줘", "omar야 도와줘"],
    );
    assert_calls(&["kimdal"], &["김달아", "김달아 자니", "오늘 김달이한테 물어볼게", "김달이야 나 힘들어", "김달님!"]);
    assert_calls(&["shuhi"], &["슈히한테 물어볼래", "저기 슈히누나", "슈히여 대답하라"]);
}

#[test]
fn a_name_that_leads_its_line_calls() {
    assert_calls(
        &["omar"],
        &[
            "Omar: should I text him",
            "omar, should I?",
            "OMAR!! help",
            "hey omar what now",
            "ok so, omar what now",
            "omar?",
            "so many questions\nomar should I go",
            "what should I do, Omar?",
            "오마르, 나 어때?",
            "😭 오마르 나 어때?",
            "**Omar** help",
        ],
    );
    assert_calls(&["omar"], &["Omar is this normal?", "오마르"]);
}

#[test]
fn a_japanese_name_with_an_honorific_calls() {
    assert_calls(
        &["hongcha"],
        &["ホンチャさん、助けて", "ねえホンチャさん助けて", "ホンチャ、どうしよう", "ねえホンチャ！"],
    );
    assert_calls(&["shuhi"], &["シュヒちゃん！", "彼氏のことシュヒちゃんに聞きたい", "シュヒ先輩どう思う？"]);
    assert_calls(
        &[],
        &["ホンチャさんは優しい", "昨日ホンチャさんの配信見た", "シュヒちゃんが好き", "レモンホンチャさん"],
    );
}

#[test]
fn talking_about_somebody_calls_nobody() {
    assert_calls(
        &[],
        &[
            "홍차를 마셨어",
            "아침에 홍차가 맛있더라",
            "나는 홍차는 별로야",
            "오늘은 홍차 마셨어",
            "이건 홍차야",
            "내가 좋아하는 건 홍차야.",
            "이거 홍차야?",
            "홍차라떼야",
            "아이스홍차야",
            "홍차야말로 최고지",
            "어제 오마르님이 그랬잖아",
            "오마르님들 모여라",
            "슈히한테서 들었어",
            "김달에게서 온 편지",
            "어제 홍차 언니 방송 봤어",
            "이 사람 김달이야",
            "I love omar",
            "Omar is so mean lol",
            "Omar's take was harsh",
            "Omar and I broke up",
            "omargic, omar2, omar_tv, omar-ish and theomar",
            "mail me at omar@omar.com",
            "https://omar.com/omar, look",
            "www.omar.com, look",
            "see omar.com",
            "#omar, lol",
            ":omar: <:omar:123>",
            "> 홍차야 나 어떡해\n이거 누가 썼어",
            "홍ㅤ차야",
            "",
            " \r\n\t",
        ],
    );
}

#[test]
fn a_written_mention_calls_whatever_stands_behind_it() {
    assert_calls(
        &["omar"],
        &[
            "@omar hi",
            "@Omar, hi",
            "hi @오마르",
            "@오마르야 안녕",
            "@오마르가 그랬어",
            "@omar는 어때",
            "＠omar hi",
            "@omar.",
            "(@omar)",
        ],
    );
    assert_calls(&["hongcha"], &["@hongcha my boyfriend forgot my birthday", "@홍차한테 물어볼래", "@홍차 언니"]);
    assert_calls(&[], &["@omar_tv hi", "@omarion", "@omar2", "@홍차사랑", "a@omar", "@omar.kim", "@@omar", "@"]);
}

#[test]
fn everybody_who_is_called_answers_once_in_the_order_of_the_text() {
    assert_calls(
        &["shuhi", "omar"],
        &["슈히야 오마르야 누가 맞아?", "@shuhi @omar @shuhi 싸우지 마", "shuhi, omar, shuhi: fight"],
    );
    assert_calls(&["kimdal", "hongcha"], &["김달아 이거 홍차한테 물어봐도 돼? 김달님?"]);
    assert_calls(&["hongcha", "omar", "kimdal", "shuhi"], &["@홍차 @오마르 @김달 @슈히"]);
}

#[test]
fn the_question_is_what_is_not_a_call() {
    let cases = [
        ("홍차야, 나 어떡해?", "나 어떡해?"),
        ("hey omar, what now", "what now"),
        ("@hongcha my boyfriend forgot", "my boyfriend forgot"),
        ("슈히야 오마르야! 누가 맞아?", "누가 맞아?"),
        ("안녕 홍차 언니~ 나 왔어", "나 왔어"),
        ("나 어떡해 홍차야", "나 어떡해 홍차야"),
        ("should I listen to @omar or @shuhi?", "should I listen to omar or shuhi?"),
        ("@홍차가 말한 거 맞아?", "홍차가 말한 거 맞아?"),
        ("@omar는 어때", "omar는 어때"),
        ("ホンチャさん、助けて", "助けて"),
        ("나 왔어\n홍차야 들어봐", "나 왔어\n홍차야 들어봐"),
        ("홍차야 😭", "😭"),
        ("홍차야?", ""),
        ("@omar ...!", ""),
    ];
    for (line, expected) in cases {
        assert_eq!(question(line), expected, "{line}");
    }
}

#[test]
fn decomposed_text_calls_and_asks_as_composed_text_does() {
    let line = "홍차야 나 어떡해? 김달아";
    let decomposed: String = line.nfd().collect();
    assert_ne!(line, decomposed);
    assert_eq!(called(&decomposed), called(line));
    assert_eq!(question(&decomposed), question(line));
}

#[test]
fn names_call_only_where_the_place_allows_it() {
    let quiet = Home { name_calls: false, ..home() };
    assert!(route(message("홍차야 안녕"), None, &names(), &quiet).is_none());
    assert_eq!(route(message("@홍차 안녕"), None, &names(), &quiet).unwrap().kind, CallKind::Mention);
}

#[test]
fn an_account_mention_calls_even_without_a_word() {
    let mut line = message("");
    line.mentions = vec![id("kimdal")];
    let call = route(line, None, &names(), &home()).unwrap();
    assert_eq!((call.personas, call.kind, call.question.expose()), (vec![id("kimdal")], CallKind::Mention, ""));
}

#[test]
fn a_reply_goes_to_whom_it_answers_unless_somebody_is_named() {
    let reply = |text| Message { reply_to: Some(id("omar")), ..message(text) };
    let call = route(reply("왜?"), None, &names(), &home()).unwrap();
    assert_eq!((call.personas, call.kind), (vec![id("omar")], CallKind::Reply));
    let call = route(reply("슈히야 너는?"), None, &names(), &home()).unwrap();
    assert_eq!((call.personas, call.kind), (vec![id("shuhi")], CallKind::Name));
}

#[test]
fn money_with_words_goes_to_whom_it_names_or_to_the_host() {
    let paid = |text| route(message(text), Some(bits(100)), &names(), &home()).map(|call| (call.personas, call.kind));
    assert_eq!(paid("오마르님 어떻게 생각해요"), Some((vec![id("omar")], CallKind::Payment)));
    assert_eq!(paid("나 고백할까?"), Some((vec![id("shuhi")], CallKind::Payment)));
    assert_eq!(paid("  "), None);
}

#[test]
fn a_plain_line_goes_to_the_current_persona_where_there_is_one() {
    let console = Home { plain: PlainLines::Answered(id("kimdal")), ..home() };
    let call = route(message("나 외로워"), None, &names(), &console).unwrap();
    assert_eq!((call.personas, call.kind, call.question.expose()), (vec![id("kimdal")], CallKind::Plain, "나 외로워"));
    assert!(route(message(" "), None, &names(), &console).is_none());
    assert_eq!(route(message("오마르야"), None, &names(), &console).unwrap().personas, [id("omar")]);
}

#[test]
fn bots_are_never_answered() {
    let mut line = message("@omar 홍차야");
    line.author.is_bot = true;
    line.reply_to = Some(id("omar"));
    assert!(route(line.clone(), Some(bits(5)), &names(), &home()).is_none());
    assert!(panel(line.clone(), &RawText::new("x"), &roster()).is_none());
    assert!(ask(line, None, &RawText::new("x"), &home()).is_none());
}

#[test]
fn a_panel_asks_everybody_once_in_order() {
    let mut twice = roster();
    twice.personas.push(id("omar"));
    let call = panel(message("/panel"), &RawText::new(" should I? "), &twice).unwrap();
    assert_eq!(call.personas, roster().personas);
    assert_eq!((call.kind, call.question.expose()), (CallKind::Panel, "should I?"));
    assert!(panel(message("/panel"), &RawText::new("x"), &Roster::default()).is_none());
}

#[test]
fn a_command_asks_the_persona_it_names_or_the_host() {
    let asked = |persona| ask(message("/ask"), persona, &RawText::new("x"), &home()).unwrap().personas;
    assert_eq!(asked(Some(id("omar"))), [id("omar")]);
    assert_eq!(asked(None), [id("shuhi")]);
}

#[test]
fn several_calls_are_one_with_the_words_of_all_and_each_only_once() {
    let call = |text: &str| route(message(text), None, &names(), &home()).unwrap();
    let later = ["@omar\r\n바람을", "오마르야", "@omar 바람을", "@omar 피웠어"].map(call);
    let joined = call("@omar 우리 남친이").joined(&later.each_ref());
    assert_eq!(joined.question.expose(), "우리 남친이 바람을 피웠어");
    assert_eq!(joined.personas, [id("omar")]);
    assert!(joined.message.text.expose().ends_with("@omar 바람을 @omar 피웠어"), "the whole of it is looked at");
    assert_eq!(call("@omar 가").joined(&[]).question.expose(), "가");
}
