# What the fleet says of itself. A message has the same variables in all three files; a test holds them to that.
# $mark is what commands begin with ("/" or "!"), $persona a persona's shown name, $wait one of the about-* lines below.
# Every sentence fits into one line of chat (480 characters).

## How long: rounded up, because being early pleases and being late does not.

about-seconds = 約{ $n }秒
about-minutes = 約{ $n }分
about-hours = 約{ $n }時間

## Waiting in line

line-place = { $ahead ->
    [0] 次があなたの番です。{ $wait }後にお答えします。
   *[other] 前に質問が{ $ahead }件あります。{ $wait }後にお答えします。
}

## Not now

refused-too-fast = ひと息つきましょう。{ $wait }後にもう一度聞いてください。
refused-place-busy = いまこのチャンネルには質問がたくさん来ています。{ $wait }後にもう一度聞いてください。
refused-persona-busy = いま{ $persona }さんに質問が集まっています。{ $wait }後にもう一度聞くか、ほかの相談役に聞いてみてください。
refused-daily-cap = 今日はたくさんお話ししましたね。少し心を休めて、身近な人とも話してみてください。また明日お会いしましょう。
refused-just-had-turn = 先ほどあなたの番があり、ほかの方が待っています。{ $wait }後にもう一度聞いてください。
refused-enough-waiting = 待っている質問がもういくつもあります。どれかにお答えしてから、また聞いてください。
refused-newcomers = いま初めての方からの質問が多くなっています。{ $wait }後にもう一度聞いてください。
refused-too-long = いまは時間内にお答えできないため、質問をお受けできません。あとでもう一度聞いてください。
refused-line-full = いま列がいっぱいです。しばらくしてからもう一度聞いてください。
refused-stopping = いま再起動中のため、新しい質問を受けられません。数分後にもう一度聞いてください。

## What became of a question

shed = 質問が一度にたくさん届き、今回はお答えできませんでした。ごめんなさい。しばらくしてからもう一度聞いてください。
expired = 時間内にお答えできませんでした。ごめんなさい。しばらくしてからもう一度聞いてください。
expired-paid = 応援していただいたのに、時間内にお答えできませんでした。本当に申し訳ありません。このチャンネルのモデレーターにお知らせください。
cancelled = 質問を取り消しました。これ以上はお答えしません。
engine-trouble = 考えている途中で問題が起きました。ごめんなさい。少ししてからもう一度聞いてください。
engine-cut = 途中で問題が起きたため、答えはここまでです。ごめんなさい。
answer-refused = このチャンネルのルールに引っかかって、回答を表示できませんでした。ごめんなさい。少し違う聞き方をしてもらえますか？
overdue = 時間がかかりすぎたので、答えはここまでにします。ごめんなさい。
in-doubt = いまの答えが表示されていないかもしれません。見当たらなければ{ $mark }moreと書いてください。
in-doubt-restarted = 途中で再起動したため、答えが表示されていないかもしれません。見当たらなければ、もう一度聞いてください。すみません。
stopping = いま再起動中のため、最後までお答えできませんでした。ごめんなさい。数分後にもう一度聞いてください。
stopping-paid = いま再起動中です。質問は大切にお預かりし、戻りしだいお答えします。
noted-late = いま記録に少し時間がかかっています。応援と質問はお預かりしましたので、記録が戻りしだいお答えします。

## With an answer

# Where every line counts, the notice that an AI answers stands behind the answer.
ai-tag = (AIの回答)
more-hint = （続き：{ $mark }more）
too-long = お話が一度に読める長さを超えていたので、途中を省いて読みました。
context-dropped = 前の会話が長すぎたので、今回の質問だけを見てお答えしました。
other-language = 私が使うモデルはまだ日本語をうまく書けないので、{ $language ->
    [ko] 韓国語
    [en] 英語
   *[ja] 日本語
}でお答えします。

# $names are those who asked the same as somebody else, $others how many more did.
same-question = { $others ->
    [0] { $names }さんも同じ質問でした。いまの言葉はご一緒にお届けします。
   *[other] { $names }さんとほか{ $others }人も同じ質問でした。いまの言葉は皆さんにお届けします。
}
same-question-count = ほかに{ $count }人が同じ質問でした。いまの言葉はご一緒にお届けします。

## Payments

amount = { $kind ->
    [bits] { $units }ビッツ
    [hype_chat] ハイプチャット
    [sub] { $units }か月のサブスク
    [gift] ギフトサブ{ $units }件
    [boost] ブースト{ $units }個
   *[other] ご支援
}

## Commands

more-none = 続きはありません。答えの保管は長くても一日です。
queue-empty = 待っている質問はありません。
queue-head = 待っている質問が{ $count }件あります：
queue-item = { $persona }：{ $ahead ->
    [0] 次の番、{ $wait }
   *[other] 前に{ $ahead }件、{ $wait }
}
# For moderators: the whole line, without anybody in it. $load is in percent.
queue-line = { $count ->
    [0] 待っている質問はありません
   *[other] 待っている質問{ $count }件、いちばん古いものは{ $wait }前から
}。同時に書ける答え{ $slots }件のうち{ $running }件を書いています。有料の質問がエンジンの{ $load }%を使っています。
queue-class = { $class ->
    [moderator] モデレーター
    [paid] 有料
    [supporter] サブスク
    [fan] ファン
    [free] 一般
   *[idle] ひとりごと
}：{ $count }件
persona-head = お話しできる相談役です：
persona-item = { $persona }（@{ $id }）：{ $line }
persona-changed = これからは、名前を付けずに書いたときは{ $persona }さんがお答えします。
language-current = いまは日本語でお答えしています。変えるには { $mark }language のあとに ko、en、ja のどれかを書いてください。
language-changed = これからは日本語でお答えします。

## What is kept

consent-question = よりよい相談のために、質問と答えを名前なしで保管してもよいでしょうか。同意をいただくまでは、暗号化して一日だけ保管し、そのあと消します。よければ { $mark }privacy on と書いてください。いつでも { $mark }privacy off で取り消せます。
privacy-status = 保管の設定です。名前のない相談の記録：{ $consultation ->
    [on] オン
   *[off] オフ
}、ファン活動の集計：{ $fandom ->
    [on] オン
   *[off] オフ
}。変えるには { $mark }privacy on か off、一つだけなら { $mark }privacy fandom on のように書いてください。
privacy-on = { $consent ->
    [consultation] これからは質問と答えを名前なしで保管します。信じてくださってありがとうございます。
    [fandom] これからはファン活動を名前なしで集計します。
   *[all] これからは相談の記録とファン活動の集計を名前なしで保管します。信じてくださってありがとうございます。
}
privacy-off = { $consent ->
    [consultation] これからは相談の記録を保管しません。これまでの記録は消しました。
    [fandom] これからはファン活動を集計しません。これまでの集計は消しました。
   *[all] これからは相談の記録もファン活動の集計も保管しません。これまでの分は消しました。一日だけ置く答えと設定も消すには { $mark }forget と書いてください。
}
privacy-under-age = 14歳未満の方のお話は一日を超えて保管しないため、オンにできません。
mydata-none = 保管しているものはありません。
mydata-head = 保管しているものです：
mydata-consultations = 相談の記録 { $count }件
mydata-fandom = ファン活動の集計 { $count }件
mydata-recent = 一日以内の答え { $count }件（暗号化しています）
mydata-pending = まだお答えしていない質問 { $count }件
mydata-payments = { $count }回のご支援：金額だけ
mydata-settings = 設定： 言語と保管の同意
forget-done = すべて消しました。{ $count }件を消し、ここにはもう何も残っていません。
forget-none = 消すものはありませんでした。
about = 私たちは{ $personas }、恋の悩みを聞くAIです。このために作られた架空のキャラクターで、実在の人の言葉や姿は使っていません。間違えることもあり、身近な人や専門家の代わりにはなれません。名前、番号、住所はモデルが読む前に取り除き、同意がなければ会話は暗号化して一日だけ保管し、そのあと消します（{ $mark }privacy、{ $mark }mydata、{ $mark }forget）。

## Guests

raid-welcome = { $count ->
    [0] 遊びに来てくれてありがとうございます！
   *[other] { $count }人の視聴者さんと一緒に来てくれてありがとうございます！
}悩みがあれば、私たちを呼んでくださいね。

## Moderators

mod-changed = { $state ->
    [paused] このチャンネルではお休みします。再開するには { $mark }lovelm resume と書いてください。
    [quiet] このチャンネルでは回答だけにして、ほかのことは言いません。戻すには { $mark }lovelm resume と書いてください。
   *[open] このチャンネルでまた回答します。
}
mod-skipped = { $count ->
    [0] いま書いている回答はありません。
   *[other] 書いていた回答を止めました。
}
mod-status = このチャンネル: { $state ->
    [paused] お休み中
    [quiet] 回答のみ
   *[open] 受付中
}。全チャンネル合計で回答中 { $running }件、待っている質問 { $count }件です。
paused-paid = ご支援までいただいたのに、いまはモデレーターさんがこのチャンネルをお休みにしているため、お答えできません。本当に申し訳ありません。モデレーターさんにお伝えください。

## What was not understood

empty-question = 聞いています。どんなお悩みですか？
unknown-command = { $command } というコマンドはありません。使えるのは ask、panel、more、queue、persona、language、privacy、mydata、forget、about です。
unknown-persona = { $name } という相談役はいません。ここにいるのは { $known } です。
missing-text = { $mark }{ $command } のあとに質問を書いてください。
bad-argument = 「{ $given }」がわかりませんでした。書けるのは { $expected } です。
store-trouble = いま記録に手が届かず、処理できませんでした。少ししてからもう一度お試しください。

## The console

console-welcome = ターミナルの lovelm です。そのまま書くと{ $persona }さんが、@名前 を付けるとほかの相談役がお答えします。/help は使い方、/quit は終了です。
console-scene = 言葉が届かず、キーボードの前にもどなたもいないので、短い場面をお見せします：
console-help = @名前 質問、/panel 質問、/more、/queue、/persona 名前、/language ko、/privacy、/mydata、/forget、/about。/as 名前 は別の視聴者として話す、/bits 100 質問 は応援する、/sub と /mod は立場の切り替え、/quit は終了。
console-speaking-as = いまから{ $name }さんとして話します。
console-bits-usage = 金額を書いてください。質問を付けてもかまいません：/bits 100 質問
console-stopping = 始めた答えを終わらせています。すぐに止めるには Ctrl-C をもう一度押してください。
console-scene-1 = minsu: 홍차야, 일주일째 답장이 없는데 먼저 연락해도 될까?
console-scene-2 = emma: @omar My boyfriend forgot my birthday. Should I be angry?
console-scene-3 = minsu: /about
console-line-not-text = { $line }行目は文字（UTF-8）として読めなかったので、とばしました。
console-line-too-long = { $line }行目は{ $limit }KBを超えているので、読みませんでした。
console-whisper = { $persona }（ささやき）
console-alert = [モデレーターへ] 助けが必要かもしれない人がいます：{ $class ->
    [suicide] 自殺や自傷
    [partner_violence] 恋人や配偶者からの暴力
    [intimate_images] 写真や動画を使った脅し
    [sexual_violence] 性暴力
    [minor] 危険のある未成年
    [violence] ほかの人を傷つけるおそれ
    [eating] 食べることの問題
   *[other] 危機
}
console-as-usage = 名前を入れてください：/as minsu
console-supporter = { $name }さんのサポーター表示：{ $state ->
    [on] オン
   *[off] オフ
}
console-moderator = { $name }さんのモデレーター表示：{ $state ->
    [on] オン
   *[off] オフ
}
