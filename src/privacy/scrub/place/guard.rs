//! What looks like a place and is none.

use std::ops::Range;

use super::super::finding::begins_word;

/// Units of what is counted: `카페로 5시`.
const UNITS: &str = "시 분 초 년 월 일 주 개 명 살 번 원 만 천 억 % 퍼 배 차 회 잔 병 장 권 통 점 등 위 박 대 학년 반 층 kg km cm m kcal : 달 가지 마디 키로 킬로 미터";
const ADVERBS: &str = "그대로 이대로 마음대로 맘대로 제대로 저대로 나대로 대로 말대로 앞으로 뒤로 바로 서로 따로 스스로 실제로 진짜로 정말로";
const NO_CITIES: &str = "다시 잠시 혹시 역시 몇시 일시 즉시 무시 택시 접시 감시 표시 도시 당시 수시 필시 임시 동시";
const NO_DISTRICTS: &str = "행동 운동 활동 감동 친구 화면 장면 반면 측면 라면 우리 머리 소리 거리 다리 정리 연구 누구 욕구 자리 하면 되면 보면 가면 오면 그러면 이면";
const BRANDS: &str = "래미안 푸르지오 힐스테이트 롯데캐슬 아이파크 더샵 편한세상 트리마제 시그니엘 타워팰리스 레미안 하이페리온 꿈에그린 데시앙";
const BUILDINGS: &str = "아파트 빌라 오피스텔 맨션 주공 고시원 자이";
const ANY_BUILDING: &str = "우리 같은 옆 신축 남친 여친 친구 복도식 그 이 새 근처 전세 월세 고급 임대 걔네 너네 저희 자기 회사 학교 동네 차이 여자 남자 무슨";
const NO_STATIONS: &str = "지역 구역 영역 무역 전역 병역 통역 번역 용역 방역 주역 반역 배역 단역 조역 이역 광역 음역 권역 해역 수역 면역 현역 하역 환승역 다음역 종착역 지하철역 기차역 전철역 도착역 출발역 악역 아역 성역 부역 노역 중역 교역 고역 내역 급행역 간이역 무인역 대역 징역 복역 예비역 보충역 공익역 우리역 가까운역 상대역 남편역 엄마역 아빠역 조연역 주연역 연인역 여친역 남친역 한역 오역 퇴역 담당역 대표역 검역 홍역 근처역 동네역 이번역 집앞역 무슨역 어느역";
const NO_BRANCHES: &str = "장점 단점 시점 관점 그점 이점";
const ANY_STATION: &str = "最寄り駅 最寄駅 終着駅 各駅 この駅 次駅 隣駅 乗換駅 地元駅 同じ駅";

fn any(words: &'static str, matches: impl Fn(&str) -> bool) -> bool {
    words.split(' ').any(matches)
}

/// What may follow a number that counts something.
fn counted(text: &str, range: &Range<usize>) -> bool {
    let rest = text[range.end..].trim_start_matches(' ');
    let decimal = rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    text[range.clone()].ends_with(|c: char| c.is_ascii_digit())
        && (decimal || any(UNITS, |unit| rest.starts_with(unit)))
}

/// A road's name and a number. Without a district before it `로` is a particle more often than a road.
pub(super) fn road(text: &str, range: &Range<usize>) -> bool {
    let found = &text[range.clone()];
    let (name, number) = found.split_at(found.find(|c: char| c.is_ascii_digit()).unwrap_or(found.len()));
    let name = name.trim_end();
    let district = ["구 ", "시 ", "군 ", "대로"].iter().any(|sign| name.contains(sign));
    let door = found.contains("번길") || found.ends_with("번지") || found.ends_with(['호', '동']);
    let one_word = name.chars().count() >= 3 && !name.contains(' ');
    let lane = name.ends_with('길') && one_word;
    let bare =
        name.ends_with('로') && !name.ends_with("으로") && one_word && name.chars().count() >= 4 && number.len() >= 2;
    let adverb = any(ADVERBS, |word| name == word || (word.len() > 6 && name.ends_with(word)));
    begins_word(text, range)
        && !adverb
        && (district || door || lane || bare)
        && !counted(text, range)
        && name.chars().count() > 1
}

/// A lot's number is long, or says that it is one: `운동 2-3번` is none.
pub(super) fn lot(text: &str, range: &Range<usize>) -> bool {
    let found = &text[range.clone()];
    let long = found.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() >= 3);
    let said = ["번지", "구 ", "호"].iter().any(|sign| found.contains(sign));
    begins_word(text, range) && !counted(text, range) && (long || said)
}

/// A city and a district of it.
pub(super) fn region(text: &str, range: &Range<usize>) -> bool {
    let mut parts = text[range.clone()].split(' ');
    let (city, district) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    begins_word(text, range)
        && !any(NO_CITIES, |word| city.ends_with(word))
        && !any(NO_DISTRICTS, |word| district.starts_with(word))
}

/// One-syllable names of neighbourhoods (`우동`, `중동`, `창동`) are words too: they need a number or somebody living there.
pub(super) fn neighbourhood(text: &str, range: &Range<usize>) -> bool {
    let found = &text[range.clone()];
    let rest = &text[range.end..];
    let lives = rest.trim_start_matches(' ').starts_with("사는") || rest.starts_with("에 살");
    begins_word(text, range) && (found.chars().count() > 2 || lives || found.contains('-'))
}

/// A building with a number or a name of its own.
pub(super) fn building(text: &str, range: &Range<usize>) -> bool {
    let found = text[range.clone()].trim_end();
    let numbered = ["호", "동", "단지"].iter().any(|sign| found.ends_with(sign));
    let own = |name: &str| name.chars().count() >= 2 && !name.ends_with(' ');
    let named = any(BUILDINGS, |kind| found.strip_suffix(kind).is_some_and(own))
        && !any(ANY_BUILDING, |word| found.starts_with(word));
    begins_word(text, range) && (numbered || named || any(BRANDS, |brand| found.contains(brand)))
}

/// A station by name; `지역` and `번역` only end like one.
pub(super) fn station(text: &str, range: &Range<usize>) -> bool {
    let found = &text[range.clone()];
    let station = found.find('역').map_or(found, |at| &found[..at + '역'.len_utf8()]);
    begins_word(text, range)
        && !any(NO_STATIONS, |word| station == word || (word.chars().count() > 2 && station.ends_with(word)))
}

/// A branch of a chain, where somebody can be found. One where somebody works is an affiliation and was found before.
pub(super) fn not_this_shop(text: &str, range: &Range<usize>) -> bool {
    begins_word(text, range) && !any(NO_BRANCHES, |word| text[range.clone()].ends_with(word))
}

/// `2 years is a long way` ends like an address: where the last word is a common one, the name before it has a capital.
pub(super) fn street(text: &str, range: &Range<usize>) -> bool {
    let lower = text[range.clone()].to_lowercase();
    let last = lower.trim_end_matches('.').rsplit(' ').next().unwrap_or_default();
    let common = ["way", "dr", "st", "close", "square", "circle", "drive", "ct", "ter", "cir", "sq", "court", "lane"]
        .contains(&last);
    let name = text[range.clone()].split(' ').nth(1).unwrap_or_default();
    !common || name.starts_with(char::is_uppercase) || lower.contains("apt") || lower.contains('#')
}

pub(super) fn japanese_station(text: &str, range: &Range<usize>) -> bool {
    !any(ANY_STATION, |word| text[range.clone()].starts_with(word))
}
