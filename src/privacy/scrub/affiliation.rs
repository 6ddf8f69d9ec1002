//! Where somebody studies, works or serves. What kind of place it is stays; which one goes.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Kind,
    finding::{Findings, Put, begins_word, compile},
};
use crate::text::Normal;

/// A pattern, what its group `x` (or all of it) becomes, and whether the match must begin a word.
struct General {
    pattern: Regex,
    words: &'static str,
    begins: bool,
}

const UNIVERSITY: &str = r"(?:서울|연세|고려|서강|성균관|한양|중앙|경희|한국외국어|외국어|한국외|시립|서울시립|건국|동국|홍익|숙명여|이화여|국민|숭실|세종|광운|인하|아주|가천|단국|명지|상명|덕성여|동덕여|서울여|성신여|한성|삼육|서경|가톨릭|경기|경북|경상|부산|부경|동아|동의|영남|계명|대구|전남|전북|조선|충남|충북|강원|제주|한림|한동|울산|인천|순천향|호서|백석|선문|한국교원|서울교|경인교|한국항공|한국체육|한국예술종합|육군사관|해군사관|공군사관|경찰|을지|차의과|포항공|국립|안동|군산|원광|우석|배재|한밭|목원|남서울|안양|수원|협성|강남|용인|한신|경성|신라|인제|창원|경남|방송통신|방통|사이버|전문)대";
const UNIVERSITY_SHORT: &str = r"(?:외대|시립대|건대|홍대|숙대|인하대|경희대|서강대|카이스트|kaist|포스텍|포항공대|postech|유니스트|unist|지스트|디지스트|dgist|한예종|교원대|항공대|경찰대|서울과기대|과기대|방통대)";
const COMPANY: &str = r"(?:삼전|하닉|현차|네카라(?:쿠배)?|삼성(?:전자|sdi|sds|디스플레이|물산|생명|화재|전기|바이오로직스|증권|카드)?|(?:sk|에스케이) ?(?:하이닉스|텔레콤|이노베이션|에너지|c&c)?|하이닉스|lg ?(?:전자|화학|디스플레이|이노텍|생활건강|유플러스|cns|에너지솔루션)?|엘지(?:전자)?|현대(?:자동차|차|모비스|건설|카드|중공업|백화점|제철)?|기아(?:자동차|차)?|네이버|카카오(?:뱅크|페이|엔터)?|쿠팡|배민|배달의민족|우아한형제들|토스|비바리퍼블리카|라인(?:플러스)?|당근(?:마켓)?|야놀자|직방|kt&?g?|skt|포스코|한화(?:생명|솔루션|시스템)?|롯데(?:마트|백화점|케미칼|칠성|호텔)?|cj ?(?:제일제당|대한통운|enm)?|gs ?(?:칼텍스|리테일|건설)?|신세계|이마트|홈플러스|두산(?:중공업|에너빌리티)?|대한항공|아시아나(?:항공)?|제주항공|진에어|셀트리온|엔씨소프트|엔씨|넥슨|넷마블|크래프톤|스마일게이트|펄어비스|하이브|sm ?엔터(?:테인먼트)?|jyp|yg|국민은행|신한은행|우리은행|하나은행|농협(?:은행)?|기업은행|산업은행|한국은행|한전|한국전력|코레일|한국철도공사|lh|국정원|국세청|금감원|건강보험공단|국민연금공단|아모레퍼시픽|오뚜기|농심|빙그레|올리브영|다이소|스타벅스|스벅|투썸|이디야|메가커피|맥도날드|버거킹|롯데리아|파리바게뜨|파바|뚜레쥬르|배스킨라빈스|cgv|메가박스|아웃백|gs25|cu|세븐일레븐|이케아|무신사|구글|google|애플|apple|마이크로소프트|microsoft|아마존|amazon|메타|meta|테슬라|tesla|엔비디아|nvidia|넷플릭스|netflix|삼정|안진|삼일|김앤장)";
/// What shows that somebody works there.
const WORKS: &str = r"(?:다니|다녀|다닌|다녔|근무|재직|입사|취업|취직|직원|대리|과장|차장|부장|주임|책임|선임|사원|인턴|알바|개발자|디자이너|연구원|출근|퇴사|이직|합격|면접|신입|소속|본사|지점|공장|일하|일해|일했|직장|매니저|점장|바리스타|승무원|상담원|회계사|변호사|간호사|의사|기사로)";
const UNIT: &str = r"(?: ?[가-힣A-Za-z0-9]{1,8} ?(?:부문|사업부|사업팀|본부|팀|센터|캠퍼스|연구소|지점|공장|지사|오피스|타워|사옥|[A-Za-z]?점))?(?: ?(?:코리아|korea|재팬|본사|계열사|법인))?";

static GENERALS: LazyLock<Vec<General>> = LazyLock::new(|| {
    let general = |pattern: &str, words, begins| General {
        pattern: compile(
            &format!("(?i){pattern}")
                .replace("{UNIVERSITY}", &format!("(?:{UNIVERSITY}(?:학교)?|{UNIVERSITY_SHORT})"))
                .replace("{COMPANY}", COMPANY)
                .replace("{WORKS}", WORKS)
                .replace("{UNIT}", UNIT),
        ),
        words,
        begins,
    };
    let major = r"(?: ?[가-힣]{1,8}(?:대학원|대학|학부|학과|전공|공학|과))?(?: ?(?:경영|경제|법|의예|의|약|공|컴공|전자|기계|화공|심리|국문|영문|사회|정외|행정|간호|미대|음대|체대|수학|물리|화학|생명|통계|건축|디자인))?(?: ?[가-힣]{1,8}(?:학부|학과|전공|과))?";
    vec![
        general(&format!(r"{{UNIVERSITY}}{major} ?[0-9]{{2}} ?학번"), "대학생", true),
        general(r"(?:[가-힣]{1,8}(?:학부|학과|과|대) ?)?(?P<x>[0-9]{2} ?학번)", "대학생", false),
        general(r"(?:{UNIVERSITY}|연대|고대|성대|중대|동대|이대)생", "대학생", true),
        general(r"(?:{UNIVERSITY}) ?(?:의대|치대|약대|법대|공대|경영대|대학원|병원)?", "대학교", true),
        general(
            r"(?P<x>연대|고대|성대|중대|한대|동대|이대|육사|해사|설대)(?: ?(?:에|를|을|의)?) ?(?:다니|다녀|다닌|출신|나온|나왔|졸업|입학|편입|합격|재학|학생|[가-힣]{1,6}과 |[가-힣]{1,6}학과|의대|법대|대학원|생이|생인|생 |[0-9]학년)",
            "대학교",
            true,
        ),
        general(r"[가-힣]{2,8}(?:대학교|대학원|여대|과학기술원)", "대학교", true),
        general(
            r"[가-힣]{1,8}(?:고등학교|여고|외고|과고|예고|국제고|체고|공고|상고|자사고|마이스터고|특성화고)",
            "고등학교",
            true,
        ),
        general(
            r"(?P<x>[가-힣]{2,4}고)(?: ?(?:[1-3]학년|다니|다녀|다닌|졸업|학생|출신|나온|나왔|전교|[0-9]{1,2}기))",
            "고등학교",
            true,
        ),
        general(r"[가-힣]{1,8}(?:중학교|여중|남중)", "중학교", true),
        general(r"(?P<x>[가-힣]{2,4}중)(?: ?(?:[1-3]학년|다니|다녀|다닌|졸업|학생|출신|나온|나왔))", "중학교", true),
        general(r"[가-힣]{1,8}(?:초등학교|초교|유치원|어린이집)", "학교", true),
        general(r"[가-힣A-Za-z0-9]{2,12}(?:어학원|학원|독서실|스터디카페)", "학원", true),
        general(r"(?P<x>[1-6] ?학년 ?[0-9]{1,2} ?반(?: ?[0-9]{1,2} ?번)?)", "어느 반", false),
        general(
            r"(?:\(주\)|㈜|주식회사) ?[가-힣A-Za-z0-9]{2,12}|[가-힣A-Za-z0-9]{2,12} ?(?:\(주\)|㈜|주식회사)",
            "회사",
            false,
        ),
        general(
            r"(?P<x>{COMPANY}{UNIT})(?: ?(?:에서|에|를|을|의|으로|로))?(?: [가-힣]{1,5}(?:로|으로|에서|째|차))?[ ,]{0,2}{WORKS}",
            "대기업",
            true,
        ),
        general(r"{COMPANY} [가-힣A-Za-z0-9]{1,8}(?:부문|사업부|본부|팀|센터|캠퍼스|연구소|공장)", "대기업", true),
        general(
            r"(?P<x>[가-힣A-Za-z]{1,10}(?:전자|건설|물산|화학|제약|중공업|은행|증권|보험|산업|통신|엔지니어링|테크|소프트|회계법인|법무법인|로펌|엔터|상사|미디어|스튜디오))(?: ?(?:에서|에|를|을))? ?{WORKS}",
            "회사",
            true,
        ),
        general(
            r"(?P<x>[가-힣]{2,10}(?:대병원|병원|의원|한의원|치과|성형외과|피부과|약국))(?: ?(?:에서|에|를|을))? ?(?:다니는|근무|일하|일해|간호사|의사|직원|인턴|레지던트|실습)",
            "병원",
            true,
        ),
        general(
            r"(?P<x>[가-힣]{2,8}(?:시청|구청|군청|도청|경찰서|지구대|파출소|소방서|교육청|세무서|우체국|보건소|법원|검찰청|주민센터))(?: ?(?:에서|에|를|을))? ?(?:다니|다녀|다닌|근무|일하|일해|직원|공무원|발령|경찰|소방관|계장|과장|주무관)",
            "관공서",
            true,
        ),
        general(
            r"(?:제 ?)?[0-9]{1,4} ?(?:전투|보병|기갑|포병|공병)?(?:사단|여단|연대|대대|부대|비행단|함대|군단|기동대)|(?:백골|백마|맹호|청룡|해병대? ?[0-9]사단|노도|이기자|칠성|승리|열쇠|필승|오뚜기|태풍|비룡|상승|화랑|율곡|전진|충성|불무리|번개|독수리)부대",
            "군부대",
            false,
        ),
        general(
            r"(?P<x>[가-힣]{1,8}교회|[가-힣]{2,8}성당)(?: ?(?:에|를|을))? ?(?:다니|다녀|다닌|청년부|집사|찬양)",
            "교회",
            true,
        ),
        general(r"\b(?:the )?(?:university|college|institute) of [A-Za-z]+(?: [A-Z][a-z]+)?", "a university", true),
        general(
            r"\b(?-i:[A-Z][A-Za-z.&'-]+)(?: (?-i:[A-Z][A-Za-z.&'-]+)){0,3} (?:university|college|institute of technology)\b",
            "a university",
            true,
        ),
        general(
            r"\b(?:harvard|stanford|yale|princeton|cornell|columbia|mit|ucla|ucsd|ucsb|uc (?:berkeley|davis|irvine)|berkeley|nyu|usc|oxford|cambridge|caltech|georgetown|dartmouth|vanderbilt|penn state|ohio state|purdue|snu|yonsei|kaist|todai|waseda|keio)\b",
            "college",
            true,
        ),
        general(
            r"\b(?-i:[A-Z][A-Za-z.'-]+)(?: (?-i:[A-Z][A-Za-z.'-]+)){0,3} (?:high(?: school)?|middle school|elementary(?: school)?|academy|prep)\b",
            "a school",
            true,
        ),
        general(
            r"\b(?:work(?:s|ed|ing)?|job|intern(?:s|ed|ing|ship)?|employed|manager|engineer|nurse|teacher|barista|cashier|waiter|waitress|designer|analyst|consultant) (?:at|for|with) (?:the )?(?P<x>(?-i:[A-Z][A-Za-z0-9.&'-]*)(?: (?-i:[A-Z0-9][A-Za-z0-9.&'-]*)){0,3})",
            "a company",
            true,
        ),
        general(
            r"\b(?:works? (?:at|for)|job at|employed (?:at|by)|intern at) (?P<x>google|apple|amazon|meta|facebook|microsoft|netflix|tesla|samsung|walmart|target|starbucks|mcdonald'?s|costco|ikea|uber|deloitte|kpmg|pwc|ey|goldman sachs|jp ?morgan|boeing|intel|nvidia|sony|toyota|honda|nintendo|disney)\b",
            "a company",
            true,
        ),
        general(
            r"(?-i:[一-龥ァ-ヶーA-Za-z]{1,12})(?:大学院|大学|女子大|短大|高専)(?:[一-龥]{1,6}学部)?",
            "大学",
            false,
        ),
        general(
            r"(?:慶應|慶応|早稲田|早大|東大|京大|阪大|東工大|一橋|上智|明治|青学|立教|中央大|法政|日大|駒澤|同志社|立命館|関学|関大|マーチ)(?:[一-龥]{1,4}学部|大学|大)?(?:[0-9]年)?",
            "大学",
            false,
        ),
        general(r"[一-龥ァ-ヶー]{1,10}(?:高校|高等学校|女子高|商業高|工業高)", "高校", false),
        general(r"[一-龥ァ-ヶー]{1,10}(?:中学校?|小学校|幼稚園|保育園)", "学校", false),
        general(
            r"(?:株式会社|\(株\)|㈱)[一-龥ァ-ヶーぁ-んA-Za-z]{2,12}|[一-龥ァ-ヶーA-Za-z]{2,12}(?:株式会社|\(株\)|㈱)",
            "会社",
            false,
        ),
        general(
            r"(?P<x>[一-龥ァ-ヶーA-Za-z]{2,12})(?:に|で)?(?:勤務|勤めて|勤める|就職|入社|働いて|働く|のバイト|でバイト|の社員)",
            "会社",
            false,
        ),
        general(r"[1-6]年[0-9A-D]組(?:[0-9]{1,2}番)?", "あるクラス", false),
    ]
});

/// Finds schools, companies and units, and says less of them.
pub(super) fn find(view: &Normal, findings: &mut Findings) {
    for general in GENERALS.iter() {
        for captures in general.pattern.captures_iter(view.text()) {
            let Some(found) = captures.name("x").or_else(|| captures.get(0)) else { continue };
            let starts = !general.begins || begins_word(view.text(), &found.range());
            let rest = &view.text()[found.end()..];
            let station = rest.starts_with("입구") || rest.starts_with('역');
            if starts && !station && !is_general(found.as_str()) && found.as_str() != general.words {
                findings.add(view, Kind::Affiliation, &found.range(), Put::Words(general.words.to_owned()));
            }
        }
    }
}

/// Before `고` these are verbs (`해보고 졸업했어`), not schools.
const VERB_STEMS: &str = "하되보가오먹자주사알살지치내타쓰나있없같싶였했됐갔놀듣읽끝두대러려이광경권창참최중";

/// What a place may be called without saying which one it is.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "대학교", "대학원", "대학", "여대", "고등학교", "여고", "외고", "과고", "예고", "공고", "상고", "중학교", "여중", "남중", "초등학교", "유치원", "어린이집", "학원", "어학원", "독서실", "스터디카페", "병원", "의원", "한의원",
    "치과", "성형외과", "피부과", "약국", "회사", "은행", "증권", "보험", "건설", "통신", "교회", "성당", "시청", "구청", "경찰서", "소방서", "우체국", "보건소", "엔터", "미디어", "스튜디오", "테크", "소프트", "로펌", "전자",
];
#[rustfmt::skip]
const VAGUE: &[&str] = &[
    "", "우리", "다른", "같은", "남자", "여자", "옆", "근처", "동네", "무슨", "어느", "어떤", "전문", "지방", "명문", "사립", "국립", "공립", "외국", "해외", "모교", "일반", "인문계", "실업계", "특목", "작은", "큰", "요가", "피아노", "미술", "영어",
    "수학", "보습", "입시", "재수", "운전", "댄스", "보컬", "태권도", "음악", "컴퓨터", "간호", "미용", "요리", "그", "이", "저", "내", "종합", "개인", "동물", "정신", "산부인과", "대학", "대형", "중소", "시골", "남친", "여친", "남자친구", "여자친구", "친구", "새",
];
const VAGUE_JAPANESE: &[&str] = &[
    "会社",
    "企業",
    "女子",
    "男子",
    "私立",
    "国立",
    "公立",
    "地元",
    "大手",
    "同じ",
    "近く",
    "別",
    "他",
    "銀行",
    "外資",
    "飲食店",
    "工場",
    "病院",
    "コンビニ",
    "カフェ",
    "スーパー",
    "アルバイト",
    "バイト",
    "正社員",
    "フルタイム",
    "職場",
    "東京",
    "大阪",
    "海外",
    "都内",
    "一緒",
    "彼氏",
    "彼女",
];

/// Words that say no more than the one they would become.
fn is_general(found: &str) -> bool {
    let lower = found.to_lowercase();
    let vague =
        VAGUE.iter().filter_map(|vague| lower.strip_prefix(vague)).any(|kind| KINDS.contains(&kind.trim_start()));
    let verb = found.strip_suffix('고').is_some_and(|stem| stem.ends_with(|c: char| VERB_STEMS.contains(c)));
    let english = ["a ", "my ", "her ", "his ", "the high", "in "].iter().any(|start| lower.starts_with(start));
    vague || verb || english || VAGUE_JAPANESE.iter().any(|vague| lower.starts_with(vague))
}
