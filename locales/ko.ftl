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
privacy-under-age = 만 14세 미만이신 분의 이야기는 하루 넘게 보관하지 않아서 켤 수 없어요.
mydata-none = 보관하고 있는 것이 없어요.
mydata-head = 보관하고 있는 것들이에요:
mydata-consultations = 상담 기록 { $count }개
mydata-fandom = 팬 활동 집계 { $count }개
mydata-recent = 하루 안에 드린 답 { $count }개 (암호로 잠가 두었어요)
mydata-pending = 아직 답하지 못한 질문 { $count }개
mydata-payments = { $count }번의 응원: 금액만
mydata-settings = 설정: 언어와 보관 동의
forget-done = 다 지웠어요. { $count }개를 지웠고, 여기에 남은 것은 없어요.
forget-none = 지울 것이 없었어요.
about = 저희는 { $personas }, 연애 고민을 듣는 AI예요. 저희는 이 자리를 위해 지어낸 가상의 캐릭터이고, 실제 인물의 말이나 모습을 쓰지 않았어요. 틀릴 수 있고, 가까운 사람이나 전문가를 대신하지 못해요. 이름, 번호, 주소는 모델이 읽기 전에 지우고, 허락 없이는 대화를 잠가 둔 채 하루만 두었다가 지워요 ({ $mark }privacy, { $mark }mydata, { $mark }forget).

## Guests

raid-welcome = { $count ->
    [0] 함께 와 주셔서 고마워요!
   *[other] 시청자 { $count }분과 함께 와 주셔서 고마워요!
} 고민이 있으면 저희를 불러 주세요.

## Moderators

mod-changed = { $state ->
    [paused] 이 채널에서는 쉴게요. 다시 부르려면 { $mark }lovelm resume 이라고 적어 주세요.
    [quiet] 이 채널에서는 답만 하고 다른 말은 하지 않을게요. 되돌리려면 { $mark }lovelm resume 이라고 적어 주세요.
   *[open] 이 채널에서 다시 답할게요.
}
mod-skipped = { $count ->
    [0] 지금 쓰고 있는 답이 없어요.
   *[other] 쓰고 있던 답을 멈췄어요.
}
mod-status = 이 채널: { $state ->
    [paused] 쉬는 중
    [quiet] 답만 하는 중
   *[open] 답하는 중
}. 모든 채널을 합쳐 쓰고 있는 답 { $running }개, 기다리는 질문 { $count }개.
paused-paid = 후원까지 해 주셨는데, 지금은 관리자분이 이 채널을 쉬게 해 두어서 답해 드릴 수가 없어요. 정말 죄송해요. 관리자분께 말씀해 주세요.

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
