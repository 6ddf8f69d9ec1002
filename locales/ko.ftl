# What the fleet says of itself. A message has the same variables in all three files; a test holds them to that.
# $mark is what commands begin with ("/" or "!"), $persona a persona's shown name, $wait one of the about-* lines below.
# Every sentence fits into one line of chat (480 characters). No particle stands right behind a variable: it could not fit
# every name (홍차는, 오마르는, 김달은).

## How long: rounded up, because being early pleases and being late does not.

about-seconds = 약 { $n }초
about-minutes = 약 { $n }분
about-hours = 약 { $n }시간

## Waiting in line

line-place = { $ahead ->
    [0] 바로 다음 차례예요. { $wait } 뒤에 답해 드릴게요.
   *[other] 앞에 질문이 { $ahead }개 있어요. { $wait } 뒤에 답해 드릴게요.
}

## Not now

refused-too-fast = 잠깐 숨 한번 고를까요? { $wait } 뒤에 다시 물어봐 주세요.
refused-place-busy = 지금 이 채널에 질문이 많아요. { $wait } 뒤에 다시 물어봐 주세요.
refused-persona-busy = { $persona }님에게 질문이 몰려 있어요. { $wait } 뒤에 다시 물어보시거나, 다른 상담사에게 물어봐 주세요.
refused-daily-cap = 오늘은 이야기를 많이 나눴네요. 마음을 조금 쉬게 해 주시고, 가까운 사람과도 이야기해 보세요. 내일 다시 만나요.
refused-just-had-turn = 방금 차례가 지나갔고, 다른 분들이 기다리고 있어요. { $wait } 뒤에 다시 물어봐 주세요.
refused-enough-waiting = 이미 기다리고 있는 질문이 여러 개예요. 하나라도 답을 받으신 다음에 다시 물어봐 주세요.
refused-newcomers = 지금 처음 오신 분들의 질문이 많아요. { $wait } 뒤에 다시 물어봐 주세요.
refused-too-long = 지금은 제때 답해 드릴 수가 없어서 질문을 받지 못해요. 나중에 다시 물어봐 주세요.
refused-line-full = 지금은 줄이 꽉 찼어요. 잠시 뒤에 다시 물어봐 주세요.
refused-stopping = 지금 다시 시작하는 중이라 새 질문을 받지 못해요. 몇 분 뒤에 다시 물어봐 주세요.

## What became of a question

shed = 질문이 한꺼번에 너무 많이 와서 이번 질문에는 답하지 못했어요. 죄송해요. 잠시 뒤에 다시 물어봐 주세요.
expired = 제때 답해 드리지 못했어요. 죄송해요. 잠시 뒤에 다시 물어봐 주세요.
expired-paid = 후원까지 해 주셨는데 제때 답해 드리지 못했어요. 정말 죄송해요. 이 채널의 관리자에게 말씀해 주세요.
cancelled = 질문을 취소했어요. 더 답하지 않을게요.
engine-trouble = 생각하다가 문제가 생겼어요. 죄송해요. 잠시 뒤에 다시 물어봐 주세요.
engine-cut = 중간에 문제가 생겨서 답이 여기서 끊겼어요. 죄송해요.
answer-refused = 이 채널의 규칙에 걸려서 답을 보여 드리지 못했어요. 죄송해요. 조금 다르게 물어봐 주시겠어요?
not-said = 그 말은 제가 할 수 없는 말이에요. 마음에 걸리는 일이 있다면, 그 이야기를 들려주시면 좋겠어요.
not-said-further = 여기서부터는 제가 할 수 없는 말이라 이만 줄일게요. 마음에 걸리는 일이 있다면 들려주세요.
overdue = 시간이 너무 오래 걸려서 답을 여기서 마칠게요. 죄송해요.
in-doubt = 방금 드린 답이 안 보였을 수도 있어요. 안 보인다면 { $mark }more 라고 적어 주세요.
in-doubt-restarted = 다시 시작되기 직전에 드린 답이 안 보였을 수도 있어요. 안 보인다면 한 번만 더 물어봐 주세요. 죄송해요.
stopping = 지금 다시 시작하는 중이라 끝까지 답하지 못했어요. 죄송해요. 몇 분 뒤에 다시 물어봐 주세요.
stopping-paid = 지금 다시 시작하는 중이에요. 질문은 잘 보관해 두었다가 돌아오는 대로 답해 드릴게요.
noted-late = 지금 기록이 잠시 늦어지고 있어요. 보내 주신 후원과 질문은 받아 두었고, 기록이 돌아오는 대로 답해 드릴게요.

## With an answer

# Where every line counts, the notice that an AI answers stands behind the answer.
ai-tag = (AI 답변)
more-hint = (이어서 보기: { $mark }more)
too-long = 사연이 한 번에 읽기에는 길어서 가운데 부분은 빼고 읽었어요.
context-dropped = 앞의 대화가 너무 길어서 이번 질문만 보고 답했어요.
other-language = 제가 쓰는 모델이 아직 한국어를 잘 쓰지 못해서, { $language ->
    [en] 영어
    [ja] 일본어
   *[ko] 한국어
}로 답할게요.

# $names are those who asked the same as somebody else, $others how many more did.
same-question = { $others ->
    [0] { $names }님도 같은 질문을 하셨어요. 방금 드린 말은 함께 드리는 거예요.
   *[other] { $names }님 외 { $others }분도 같은 질문을 하셨어요. 방금 드린 말은 모두에게 드리는 거예요.
}
same-question-count = { $count }분이 같은 질문을 하셨어요. 방금 드린 말은 함께 드리는 거예요.

# Stands for an answer until it begins.
thinking = { $emoji } 생각하고 있어요…
quote-question = 이 글을 쓴 사람에게 어떤 말을 해 주고 싶나요?
quote-empty = 읽을 수 있는 글이 없어요.
not-yours = 이 질문을 한 사람만 누를 수 있어요.
again-none = 다시 물어볼 질문이 없어요. 질문은 길어도 하루만 보관해요.
cancel-none = 멈출 답이 없어요. 이미 끝난 것 같아요.
answer-waiting = 아직 답을 쓰고 있어요. 조금만 더 기다려 주세요.
answer-none = 가져올 답이 없어요. 답은 길어도 하루만 보관해요.
moderators-only = 관리자만 쓸 수 있는 명령이에요.
paused-here = 지금 이 채널에서는 잠시 쉬고 있어요.

## Payments

amount = { $kind ->
    [bits] { $units } 비트
    [hype_chat] 하이프 챗
    [sub] 구독 { $units }개월
    [gift] 구독 선물 { $units }개
    [boost] 부스트 { $units }개
   *[other] 후원
}

## Commands

more-none = 이어서 보여 드릴 내용이 없어요. 답은 길어도 하루만 보관해요.
queue-empty = 기다리고 있는 질문이 없어요.
queue-head = 기다리고 있는 질문이 { $count }개 있어요:
queue-item = { $persona }: { $ahead ->
    [0] 다음 차례, { $wait }
   *[other] 앞에 { $ahead }개, { $wait }
}
# For moderators: the whole line, without anybody in it. $load is in percent.
queue-line = { $count ->
    [0] 기다리는 질문이 없어요
   *[other] 기다리는 질문 { $count }개, 가장 오래된 것은 { $wait }째
} · 동시에 쓸 수 있는 답 { $slots }개 중 { $running }개 쓰는 중 · 후원 질문이 엔진의 { $load }% 사용
queue-class = { $class ->
    [moderator] 관리자
    [paid] 후원
    [supporter] 구독자
    [fan] 팬
    [free] 일반
   *[idle] 혼잣말
}: { $count }개
persona-head = 이야기할 수 있는 상담사예요:
persona-item = { $persona } (@{ $id }): { $line }
persona-changed = 이제 이름 없이 적은 말에는 { $persona }님이 답할게요.
language-current = 지금은 한국어로 답하고 있어요. 바꾸려면 { $mark }language 뒤에 ko, en, ja 중 하나를 적어 주세요.
language-changed = 이제 한국어로 답할게요.

## What is kept

consent-question = 더 나은 상담을 위해 질문과 답을 이름 없이 보관해도 될까요? 허락해 주시기 전에는 잠가 둔 채 하루만 두었다가 지워요. 허락하시려면 { $mark }privacy on 이라고 적어 주세요. 언제든 { $mark }privacy off 로 되돌릴 수 있어요.
privacy-status = 보관 설정이에요. 이름 없는 상담 기록: { $consultation ->
    [on] 켜짐
   *[off] 꺼짐
}, 팬 활동 집계: { $fandom ->
    [on] 켜짐
   *[off] 꺼짐
}. 바꾸려면 { $mark }privacy on 또는 off, 하나만 바꾸려면 { $mark }privacy fandom on 처럼 적어 주세요.
privacy-on = { $consent ->
    [consultation] 이제 질문과 답을 이름 없이 보관할게요. 믿어 주셔서 고마워요.
    [fandom] 이제 팬 활동을 이름 없이 집계할게요.
   *[all] 이제 상담 기록과 팬 활동 집계를 이름 없이 보관할게요. 믿어 주셔서 고마워요.
}
privacy-off = { $consent ->
    [consultation] 이제 상담 기록을 보관하지 않을게요. 지금까지 보관한 것은 지웠어요.
    [fandom] 이제 팬 활동을 집계하지 않을게요. 지금까지 집계한 것은 지웠어요.
   *[all] 이제 상담 기록도 팬 활동 집계도 보관하지 않을게요. 지금까지의 것은 지웠어요. 하루만 두는 답과 설정까지 지우려면 { $mark }forget 이라고 적어 주세요.
}
privacy-under-age = 만 14세 미만이신 분의 이야기는 보관하지 않아서 켤 수 없어요.
mydata-none = 보관하고 있는 것이 없어요.
mydata-head = 보관하고 있는 것들이에요:
mydata-consultations = 상담 기록 { $count }개
mydata-fandom = 팬 활동 집계 { $count }개
mydata-recent = 하루 안에 드린 답 { $count }개 (암호로 잠가 두었어요)
mydata-pending = 아직 답하지 못한 질문 { $count }개
mydata-payments = { $count }번의 응원: 금액만
mydata-other = 그 밖의 기록 { $count }개 ({ $what })
mydata-settings = 설정: 언어와 보관 동의
forget-done = 다 지웠어요. { $count }개를 지웠고, 여기에 남은 것은 없어요.
forget-none = 지울 것이 없었어요.
confided-asked = 무엇을 보관하는지는 본인에게만 말해요. 귓속말이나 개인 메시지로 { $mark }mydata 나 { $mark }privacy 라고 보내 주세요.
confided-done = 처리했어요. 자세한 것은 본인에게만 말해요. 귓속말이나 개인 메시지로 { $mark }mydata 라고 보내 주세요.
about = 저희는 { $personas }, 연애 고민을 듣는 AI예요. 저희는 이 자리를 위해 지어낸 가상의 캐릭터이고, 실제 인물의 말이나 모습을 쓰지 않았어요. 틀릴 수 있고, 가까운 사람이나 전문가를 대신하지 못해요. 이름, 번호, 주소는 모델이 읽기 전에 지우고, 허락 없이는 대화를 잠가 둔 채 하루만 두었다가 지워요 ({ $mark }privacy, { $mark }mydata, { $mark }forget).

## Guests

raid-welcome = { $count ->
    [0] 함께 와 주셔서 고마워요!
   *[other] 시청자 { $count }분과 함께 와 주셔서 고마워요!
} 고민이 있으면 저희를 불러 주세요.

## Moderators

mod-changed = { $state ->
    [paused] 이 채널에서는 쉴게요. 다시 부르려면 { $mark }mod resume 이라고 적어 주세요.
    [quiet] 이 채널에서는 답만 하고 다른 말은 하지 않을게요. 되돌리려면 { $mark }mod resume 이라고 적어 주세요.
   *[open] 이 채널에서 다시 답할게요.
}
mod-changed-everywhere = { $state ->
    [paused] 모든 채널에서 쉴게요. 다시 부르려면 { $mark }mod all resume 이라고 적어 주세요.
    [quiet] 모든 채널에서 답만 하고 다른 말은 하지 않을게요. 되돌리려면 { $mark }mod all resume 이라고 적어 주세요.
   *[open] 따로 정해 둔 채널이 아니면 어디서나 다시 답할게요.
}
mod-channel = { $state ->
    [on] 이 채널에서 답할게요.
   *[off] 이 채널에서는 답하지 않을게요. 다시 부르려면 { $mark }mod channel allow 라고 적어 주세요.
}
mod-skipped = { $count ->
    [0] 지금 쓰고 있는 답이 없어요.
    [one] 쓰고 있던 답을 멈췄어요.
   *[other] 쓰고 있던 답 { $count }개를 멈췄어요.
}
mod-skipped-one = { $count ->
    [0] 여기에는 { $number }번 질문이 없어요. 번호는 { $mark }mod queue 로 볼 수 있어요.
   *[other] { $number }번 질문을 뺐어요.
}
mod-cleared = { $count ->
    [0] 여기서 기다리는 질문이 없어요.
   *[other] 여기서 기다리던 질문 { $count }개를 모두 비웠어요.
}
mod-status = 이 채널: { $state ->
    [paused] 쉬는 중
    [quiet] 답만 하는 중
   *[open] 답하는 중
}. 모든 채널을 합쳐 쓰고 있는 답 { $running }개, 기다리는 질문 { $count }개.
mod-hours = 조용한 시간: { $hours }. 그동안에는 후원 질문에만 답해요.
mod-no-hours = 정해 둔 조용한 시간이 없어요.
mod-blocks = 여기서 { $count }명이 차단되어 있어요.
mod-limits = 여기서는 한 분이 1분에 { $minute }번, 하루에 { $day }번까지 물어볼 수 있어요.
mod-limits-most = 운영자가 허락한 { $most }번까지만 정할 수 있어요.
mod-queue = { $count ->
    [0] 여기서 기다리는 질문이 없어요.
   *[other] 여기서 기다리는 질문이 { $count }개 있어요:
}
mod-queue-item = { $number }번 { $class ->
    [moderator] 관리자
    [paid] 후원
    [supporter] 구독자
    [fan] 팬
    [free] 일반
   *[idle] 혼잣말
} → { $persona }, { $wait }째
mod-queue-more = 그 밖에 { $count }개
mod-blocked = 이제 여기서 이분의 말은 듣지 않을게요. 위급해 보일 때의 도움말만은 그대로 건네요.
mod-unblocked = 이제 여기서 이분의 말을 다시 들을게요.
mod-not-blocked = 이분은 여기서 차단되어 있지 않아요.
mod-unknown-person = 어느 분인지 모르겠어요. 최근 여기서 저희에게 말을 건 분의 이름을 적어 주세요.
mod-blocks-full = 여기서 이미 { $most }명이 차단되어 있어 더 넣을 수 없어요. 먼저 누군가의 차단을 풀어 주세요.
mod-alerts-on = 여기서 누군가 도움이 필요해 보이면, 그 말은 빼고 알림 채널에 바로 알릴게요.
mod-alerts-off = 여기서 누군가 도움이 필요해 보이면 운영자의 기록에만 남겨요. 알림을 받을 채널에서 { $mark }mod alerts pair 라고 적으면 바꿀 수 있어요.
mod-alerts-code = 다른 채널의 관리자가 그곳에서 { $mark }mod alerts { $code } 라고 적으면, 그 채널의 알림이 여기로 와요. 이 코드는 { $wait } 안에 한 번만 쓸 수 있어요.
mod-alerts-no-code = 모르는 코드예요. 이미 썼거나 너무 오래됐을 수 있어요. { $mark }mod alerts pair 로 새로 받을 수 있어요.
mod-log = 최근 여기서 관리자가 한 일:
mod-log-empty = 아직 여기서 관리자가 한 일이 없어요.
# $detail is a number or hours, or none; $who is a name, or none once it is forgotten.
mod-log-item = { $when } { $who ->
    [none] { "" }
   *[other] { $who }:{ " " }
}{ $deed ->
    [pause] 쉬게 함
    [quiet] 답만 하게 함
    [resume] 다시 시작
    [skip] 답을 멈춤
    [clear] 줄을 비움
    [block] 한 명 차단
    [unblock] 한 명 차단 해제
    [limits] 횟수 제한 변경
    [allow] 채널 허용
    [deny] 채널 금지
    [alerts] 알림 변경
    [pair-alerts] 알림 코드 받음
    [hours] 조용한 시간 변경
   *[other] 살펴봄
}{ $detail ->
    [none] { "" }
   *[other] { " " }({ $detail })
}
mod-not-everywhere = 그건 채널 하나에만 쓸 수 있고, 모든 채널에 한꺼번에는 쓸 수 없어요.
mod-unwritten = 지금 기록 보관함에 닿지 않아요. 지금부터 그대로 하고, 닿는 대로 적어 둘게요.
mod-help = { $mark }mod 뒤에 쓸 수 있는 말: pause, quiet, resume, skip, skip 3, clear, queue, status, block 이름, unblock 이름, limits minute 2, limits day 20, limits reset, channel allow, channel deny, alerts here, alerts off, alerts pair, hours 23:00-07:00, hours off, log.
paused-paid = 후원까지 해 주셨는데, 지금은 관리자분이 이 채널을 쉬게 해 두어서 답해 드릴 수가 없어요. 정말 죄송해요. 관리자분께 말씀해 주세요.
skipped-paid = 후원까지 해 주셨는데, 답이 끝나기 전에 관리자분이 질문을 빼셨어요. 정말 죄송해요. 관리자분께 말씀해 주세요.
blocked-paid = 후원해 주신 마음은 잘 받았어요, 고맙습니다. 다만 이곳 관리자분들의 결정으로 답은 드리지 못해요. 관리자분께 말씀해 주세요. 어떤 일을 겪고 계시든, 들어 줄 사람은 있어요.
quiet-hours-now = 지금은 이 채널의 조용한 시간이에요. { $until }부터 다시 물어봐 주세요. 푹 쉬세요.
copies-held = 같은 글이 아주 많이 올라오고 있어서, 한 분 한 분께 되풀이해 답하지는 않을게요.

## What was not understood

empty-question = 듣고 있어요. 어떤 고민이 있으세요?
unknown-command = { $command } 명령은 몰라요. 이런 명령을 알아요: ask, panel, more, queue, persona, language, privacy, mydata, forget, about.
unknown-persona = { $name }(이)라는 상담사는 없어요. 부를 수 있는 상담사: { $known }.
missing-text = { $mark }{ $command } 뒤에 질문을 적어 주세요.
bad-argument = "{ $given }" 부분을 이해하지 못했어요. 이렇게 적을 수 있어요: { $expected }.
store-trouble = 지금 기록 보관함에 닿지 않아서 처리하지 못했어요. 잠시 뒤에 다시 해 주세요.

## The console

console-welcome = 터미널에서 만나는 lovelm이에요. 그냥 적으면 { $persona }님이 답하고, @이름 을 붙이면 다른 상담사가 답해요. /help 는 도움말, /quit 는 끝내기예요.
console-scene = 들어온 말이 없고 키보드 앞에 아무도 없어서, 짧은 장면을 하나 보여 드릴게요:
console-help = @이름 질문, /panel 질문, /more, /queue, /persona 이름, /language ko, /privacy, /mydata, /forget, /about; /as 이름 은 다른 시청자로 말하기, /bits 100 질문 은 후원하기, /sub 와 /mod 는 구독자나 관리자로 바꾸기, /quit 는 끝내기.
console-speaking-as = 이제 { $name }님으로 말해요.
console-bits-usage = 금액을 적어 주세요. 질문을 덧붙여도 돼요: /bits 100 질문
console-stopping = 시작한 답을 마무리하고 있어요. 바로 끝내려면 Ctrl-C 를 한 번 더 눌러 주세요.
console-scene-1 = minsu: 홍차야, 일주일째 답장이 없는데 먼저 연락해도 될까?
console-scene-2 = emma: @omar My boyfriend forgot my birthday. Should I be angry?
console-scene-3 = minsu: /about
console-line-not-text = { $line }번째 줄은 글(UTF-8)이 아니라서 건너뛰었어요.
console-line-too-long = { $line }번째 줄은 { $limit }KB가 넘어서 읽지 않았어요.
console-whisper = { $persona } (귓속말)
console-alert = [관리자 알림] 도움이 필요해 보이는 사람이 있어요: { $class ->
    [suicide] 자살이나 자해
    [partner_violence] 연인이나 배우자의 폭력
    [intimate_images] 사진이나 영상을 이용한 협박
    [sexual_violence] 성폭력
    [minor] 위험에 놓인 청소년
    [violence] 다른 사람을 해칠 위험
    [eating] 섭식 문제
   *[other] 위기 상황
}
console-as-usage = 이름을 적어 주세요: /as minsu
console-supporter = { $name }님의 구독 표시: { $state ->
    [on] 켜짐
   *[off] 꺼짐
}
console-moderator = { $name }님의 관리자 표시: { $state ->
    [on] 켜짐
   *[off] 꺼짐
}

# Twitch: a streamer invites the bots, or sends them away.
twitch-comes = { $channel } 채널에 갈게요. 거기서 제 이름을 불러 주세요.
twitch-leaves = { $channel } 채널에서 물러날게요. 불러 주셔서 고마웠어요.
twitch-full = 지금은 더 갈 수 있는 채널이 없어요. 저희를 운영하는 분께 말씀해 주세요.

## On Discord

# What Discord shows of commands: `name | what it does`. Names have no spaces, and descriptions at most 100 characters.
command-ask = 질문 | 상담사 한 명에게 물어봐요
command-panel = 패널 | 상담사 모두에게 한꺼번에 물어봐요
command-story = 사연 | 다른 사람에게 보이지 않게 긴 사연을 보내요
command-answer = 답변 | 마지막 답을 나에게만 다시 보여 줘요
command-more = 더보기 | 마지막 답의 나머지를 읽어요
command-queue = 대기 | 내 질문이 몇 번째인지 봐요
command-persona = 상담사 | 상담사를 보거나 골라요
command-language = 언어 | 답하는 언어를 보거나 골라요
command-privacy = 개인정보 | 무엇을 보관하는지 보고, 허락하거나 거절해요
command-mydata = 내정보 | 나에 대해 보관하고 있는 것을 봐요
command-forget = 잊어줘 | 나에 대해 보관하고 있는 것을 모두 지워요
command-about = 소개 | 이것이 무엇인지 알려 줘요
menu-quote = 이 글 상담받기
# For moderators.
command-mod = 관리 | 이곳의 관리자가 할 수 있는 일
command-pause = 멈춤 | 다시 시작할 때까지 아무것도 답하지 않아요
command-quiet = 조용히 | 다시 시작할 때까지 답만 하고 다른 말은 하지 않아요
command-resume = 다시시작 | 평소처럼 다시 답해요
command-skip = 건너뛰기 | 쓰고 있는 답을 멈춰요. 번호를 주면 그 질문만 멈춰요
command-clear = 비우기 | 여기서 기다리는 질문을 모두 내려요
command-mod-queue = 대기 | 여기서 기다리는 것을 내용과 이름 없이 봐요
command-status = 상태 | 지금 상태와 기다리는 수를 봐요
command-block = 차단 | 이 사람의 말을 더는 듣지 않아요
command-unblock = 차단해제 | 이 사람의 말을 다시 들어요
command-limits = 제한 | 한 사람이 얼마나 자주 물어볼 수 있는지 정해요
command-channel = 채널 | 이 채널에서 답할지 정해요
command-alerts = 알림 | 도움이 필요한 사람이 있을 때 어디에 알릴지 정해요
command-hours = 조용한시간 | 방해하지 않을 시간을 정해요
command-log = 기록 | 관리자가 최근에 여기서 한 일을 봐요
command-help = 도움말 | 무엇을 할 수 있는지 알려 줘요
# What can be filled in.
option-question = 내용 | 물어보고 싶은 것
option-persona = 상담사 | 누가 답할지
option-language = 언어 | 답하는 언어
option-consent = 항목 | 무엇을 허락하거나 거절할지
option-allowed = 허락 | 예 또는 아니요
option-user = 사용자 | 누구를
option-number = 번호 | 질문 하나의 번호
option-minute = 분당 | 한 사람이 일 분에 할 수 있는 질문 수
option-day = 하루 | 한 사람이 하루에 할 수 있는 질문 수
option-reset = 되돌리기 | 원래대로 되돌려요
option-access = 답변 | 여기서 답할지
option-to = 위치 | 어디에 알릴지
option-code = 코드 | 다른 곳에서 받은 코드
option-hours = 시간 | 23:00-07:00처럼 쓰거나, off
choice-korean = 한국어
choice-english = English
choice-japanese = 日本語
choice-all = 모두
choice-consultation = 이름 없는 대화
choice-fandom = 팬 활동 수
choice-allow = 여기서 답하기
choice-deny = 여기서 답하지 않기
choice-here = 이 채널에
choice-off = 운영자 기록에
choice-pair = 다른 곳에서 쓸 코드 받기
story-title = 사연 보내기
story-label = 무슨 일이 있었나요?
story-hint = 답은 나에게만 보여요. 이름이나 연락처는 적지 말아 주세요.
button-cancel = 그만
button-again = 한 번 더
discord-alert = [관리자 알림] { $place } 채널에 도움이 필요해 보이는 사람이 있어요: { $class ->
    [suicide] 자살이나 자해
    [partner_violence] 연인이나 배우자의 폭력
    [intimate_images] 사진이나 영상을 이용한 협박
    [sexual_violence] 성폭력
    [minor] 위험에 놓인 청소년
    [violence] 다른 사람을 해칠 위험
    [eating] 섭식 문제
   *[other] 위기 상황
}
