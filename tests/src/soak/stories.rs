//! Stories with identifiers in them, no two alike, and people with ids.

use lovelm::chat::{ChannelId, EventId, Message, MessageId, PersonaId, Place, Platform, Quoted, RawText, UserId};

use super::{scan::Needle, seed::Seed};

/// Stories that one person tells.
const EACH: usize = 4;

/// How an identifier is told. `{}` stands for it.
const TOLD: [(&str, &str); 24] = [
    ("phone", "그 사람 번호가 {} 인데 먼저 연락할까요?"),
    ("phone", "{}로 전화하라는데 어떡하죠?"),
    ("phone", "he gave me his number {} and never picks up"),
    ("phone", "電話番号は {} です。かけてもいいですか"),
    ("phone_bare", "번호 {} 저장했는데 지워야 할까요?"),
    ("phone_abroad", "my ex texted from {} last night, should I answer?"),
    ("mail", "내 메일은 {} 인데 답장이 안 와요"),
    ("mail", "she only writes to {} now, is it over?"),
    ("mail", "メールは {} です。返事が来ません"),
    ("instagram", "인스타 @{} 팔로우를 끊었어요"),
    ("instagram", "his insta is @{} and he blocked me"),
    ("kakao", "카톡 아이디 {}로 연락 달래요"),
    ("telegram", "텔레그램 t.me/{} 로만 연락해요"),
    ("open_chat", "https://open.kakao.com/o/{} 여기서 만났어요"),
    ("web", "she wrote about us on https://{}.example.com/us and left"),
    ("web", "블로그 https://blog.naver.com/{} 에 제 얘기를 썼어요"),
    ("resident", "주민번호 {} 까지 알려 줬는데 헤어졌어요"),
    ("resident", "제 번호는 {} 이에요. 믿어도 될까요?"),
    ("card", "카드 {} 로 선물을 샀는데 차였어요"),
    ("card", "I paid the dinner with {} and she left"),
    ("bank", "국민 {} 로 데이트 비용을 보내래요"),
    ("mention", "<@{}> keeps liking my posts, what now?"),
    ("bare_id", "제 아이디는 {} 인데 차단당했어요"),
    ("invite", "we met at discord.gg/{} and now silence"),
];

/// What the model makes up of a person.
pub(super) const MADE_UP: [(&str, &str); 2] =
    [("made_up_phone", "010-5512-7735"), ("made_up_mail", "gyzqkwhmpt@example.org")];

/// A line of chat, and all of it that is to be found nowhere.
pub(super) struct Story {
    pub message: Message,
    pub needles: Vec<Needle>,
}

/// Tells story number `number`: said by somebody who tells a few, on each platform in turn.
pub(super) fn story(seed: &mut Seed, number: usize, at: chrono::DateTime<chrono::Utc>) -> Story {
    let (kind, told) = TOLD[number % TOLD.len()];
    let mut needles = Vec::new();
    let text = told.replace("{}", &identifier(seed, kind, &mut needles));
    let platform = [Platform::Twitch, Platform::Discord, Platform::Console][number / EACH % 3];
    let mut note = |kind, text: String| {
        needles.push(Needle { kind, text: text.clone() });
        text
    };
    let person = number / EACH;
    let channel = note("channel_id", format!("84{:016}", 7 * (person % 40) + 3));
    let user = note("user_id", format!("73{:016}", 11 * person + 5));
    let event = note("event_id", format!("evgk-{number:08}-zzqw"));
    let id = note("message_id", format!("61{:016}", 13 * number + 9));
    let name = note("name", format!("nvkq{}", letters(person)));
    let place = Place { platform, channel: ChannelId::new(channel) };
    let persona = ["omar", "shuhi", "kimdal", "hongcha"][number % 4];
    let spoken = format!("@{persona} {text}");
    let mut message = Message::said(EventId::new(event), place, UserId::new(user), RawText::new(spoken), at);
    message.id = Some(MessageId::new(id));
    message.author.name = RawText::new(name);
    message.mentions = vec![PersonaId::new(persona)];
    if number.is_multiple_of(5) {
        let quoted = TOLD[(number + 7) % TOLD.len()];
        let quoted = quoted.1.replace("{}", &identifier(seed, quoted.0, &mut needles));
        message.context = vec![Quoted { speaker: None, text: RawText::new(quoted) }];
    }
    Story { message, needles }
}

/// An identifier of a kind, as it is told, and how it could be found: as it stands, and without its marks.
fn identifier(seed: &mut Seed, kind: &'static str, needles: &mut Vec<Needle>) -> String {
    let mut digits = |count: usize| -> String { (0..count).map(|_| seed.below(10).to_string()).collect() };
    let grouped = |groups: &[String]| (groups.join("-"), Some(groups.concat()));
    let (text, bare) = match kind {
        "phone" => grouped(&["010".to_owned(), format!("7{}", digits(3)), digits(4)]),
        "phone_bare" => (format!("0107{}", digits(7)), None),
        "phone_abroad" => (format!("+82 10-7{}-{}", digits(3), digits(4)), None),
        "resident" => grouped(&[format!("9{}1021", digits(1)), format!("1{}", digits(6))]),
        "card" => grouped(&["4111".to_owned(), digits(4), digits(4), digits(4)]),
        "bank" => grouped(&[digits(6), "04".to_owned(), digits(6)]),
        "mention" | "bare_id" => (format!("9{}", digits(17)), None),
        "mail" => (format!("{}@example.org", word(seed)), None),
        _ => (word(seed), None),
    };
    needles.push(Needle { kind, text: text.clone() });
    needles.extend(bare.map(|text| Needle { kind, text }));
    text
}

/// Letters that are no hexadecimal digits, and no word.
fn word(seed: &mut Seed) -> String {
    (0..12).map(|_| char::from(b"ghjkmnpqrstvwxyz"[usize::try_from(seed.below(16)).unwrap_or(0)])).collect()
}

fn letters(mut number: usize) -> String {
    let mut text = String::new();
    for _ in 0..6 {
        text.push(char::from(b"ghjkmnpqrstvwxyz"[number % 16]));
        number /= 16;
    }
    text
}
