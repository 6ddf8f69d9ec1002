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
not-said = それは私には言えないことです。気になっていることがあれば、そのお話を聞かせてください。
not-said-further = ここから先は私には言えないことなので、ここまでにしますね。気になっていることがあれば聞かせてください。
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

# Stands for an answer until it begins.
thinking = { $emoji } 考えています…
quote-question = これを書いた人に、どんな言葉をかけますか？
quote-empty = 読める文章がありません。
not-yours = 質問したご本人だけが使えます。
again-none = もう一度聞ける質問がありません。質問の保管は長くても一日です。
cancel-none = 止める回答がありません。もう終わっているようです。
answer-waiting = まだ回答を書いています。もう少しお待ちください。
answer-none = お渡しできる回答がありません。回答の保管は長くても一日です。
moderators-only = モデレーターだけが使えるコマンドです。
paused-here = いまこのチャンネルではお休みしています。

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
privacy-under-age = 14歳未満の方のお話は保管しないため、オンにできません。
mydata-none = 保管しているものはありません。
mydata-head = 保管しているものです：
mydata-consultations = 相談の記録 { $count }件
mydata-fandom = ファン活動の集計 { $count }件
mydata-recent = 一日以内の答え { $count }件（暗号化しています）
mydata-pending = まだお答えしていない質問 { $count }件
mydata-payments = { $count }回のご支援：金額だけ
mydata-other = そのほかの記録 { $count }件（{ $what }）
mydata-settings = 設定： 言語と保管の同意
forget-done = すべて消しました。{ $count }件を消し、ここにはもう何も残っていません。
forget-none = 消すものはありませんでした。
confided-asked = 保管している内容は、ご本人だけにお伝えします。ささやきかダイレクトメッセージで { $mark }mydata か { $mark }privacy と送ってください。
confided-done = 処理しました。くわしいことはご本人だけにお伝えします。ささやきかダイレクトメッセージで { $mark }mydata と送ってください。
about = 私たちは{ $personas }、恋の悩みを聞くAIです。このために作られた架空のキャラクターで、実在の人の言葉や姿は使っていません。間違えることもあり、身近な人や専門家の代わりにはなれません。名前、番号、住所はモデルが読む前に取り除き、同意がなければ会話は暗号化して一日だけ保管し、そのあと消します（{ $mark }privacy、{ $mark }mydata、{ $mark }forget）。

## Guests

raid-welcome = { $count ->
    [0] 遊びに来てくれてありがとうございます！
   *[other] { $count }人の視聴者さんと一緒に来てくれてありがとうございます！
}悩みがあれば、私たちを呼んでくださいね。

## Moderators

mod-changed = { $state ->
    [paused] このチャンネルではお休みします。再開するには { $mark }mod resume と書いてください。
    [quiet] このチャンネルでは回答だけにして、ほかのことは言いません。戻すには { $mark }mod resume と書いてください。
   *[open] このチャンネルでまた回答します。
}
mod-changed-everywhere = { $state ->
    [paused] すべてのチャンネルでお休みします。再開するには { $mark }mod all resume と書いてください。
    [quiet] すべてのチャンネルで回答だけにして、ほかのことは言いません。戻すには { $mark }mod all resume と書いてください。
   *[open] 個別に決めてあるチャンネルを除いて、どこでもまた回答します。
}
mod-channel = { $state ->
    [on] このチャンネルで回答します。
   *[off] このチャンネルでは回答しません。戻すには { $mark }mod channel allow と書いてください。
}
mod-skipped = { $count ->
    [0] いま書いている回答はありません。
    [one] 書いていた回答を止めました。
   *[other] 書いていた回答{ $count }件を止めました。
}
mod-skipped-one = { $count ->
    [0] ここに{ $number }番の質問はありません。番号は { $mark }mod queue で見られます。
   *[other] { $number }番の質問を外しました。
}
mod-cleared = { $count ->
    [0] ここで待っている質問はありません。
   *[other] ここで待っていた質問{ $count }件をすべて外しました。
}
mod-status = このチャンネル: { $state ->
    [paused] お休み中
    [quiet] 回答のみ
   *[open] 受付中
}。全チャンネル合計で回答中 { $running }件、待っている質問 { $count }件です。
mod-hours = 静かな時間: { $hours }。この間はご支援の質問だけにお答えします。
mod-no-hours = 静かな時間は決まっていません。
mod-blocks = ここでは{ $count }人がブロックされています。
mod-limits = ここでは、おひとり1分に{ $minute }回、1日に{ $day }回まで質問できます。
mod-limits-most = 運営者が許している{ $most }回までしか決められません。
mod-queue = { $count ->
    [0] ここで待っている質問はありません。
   *[other] ここで待っている質問が{ $count }件あります：
}
mod-queue-item = { $number }番 { $class ->
    [moderator] モデレーター
    [paid] ご支援
    [supporter] サブスク
    [fan] ファン
    [free] 一般
   *[idle] ひとりごと
} → { $persona }、{ $wait }前から
mod-queue-more = ほか{ $count }件
mod-blocked = これからこの方の言葉はここでは聞きません。危険が迫っていそうなときの案内だけは、これまで通りお届けします。
mod-unblocked = これからこの方の言葉をまたここで聞きます。
mod-not-blocked = この方はここではブロックされていません。
mod-unknown-person = どなたのことか分かりません。最近ここで私たちに話しかけた方の名前を書いてください。
mod-blocks-full = ここではすでに{ $most }人がブロックされていて、これ以上は増やせません。先にどなたかのブロックを解いてください。
mod-alerts-on = ここで誰かが助けを必要としていそうなときは、その言葉は伏せて、お知らせ用のチャンネルにすぐ知らせます。
mod-alerts-off = ここで誰かが助けを必要としていそうなときは、運営者の記録だけに残します。知らせを受けるチャンネルで { $mark }mod alerts pair と書くと変えられます。
mod-alerts-code = 別のチャンネルのモデレーターがそこで { $mark }mod alerts { $code } と書くと、そのチャンネルのお知らせがここに届きます。このコードは{ $wait }以内に一度だけ使えます。
mod-alerts-no-code = 知らないコードです。使用済みか、古すぎるのかもしれません。{ $mark }mod alerts pair で新しいコードを受け取れます。
mod-log = 最近ここでモデレーターがしたこと：
mod-log-empty = ここでモデレーターがしたことはまだありません。
# $detail is a number or hours, or none; $who is a name, or none once it is forgotten.
mod-log-item = { $when } { $who ->
    [none] { "" }
   *[other] { $who }:{ " " }
}{ $deed ->
    [pause] お休みにした
    [quiet] 回答のみにした
    [resume] 再開した
    [skip] 回答を止めた
    [clear] 列を空にした
    [block] 一人ブロックした
    [unblock] 一人のブロックを解いた
    [limits] 回数の制限を変えた
    [allow] チャンネルを許可した
    [deny] チャンネルを禁止した
    [alerts] お知らせ先を変えた
    [pair-alerts] お知らせ用のコードを受け取った
    [hours] 静かな時間を変えた
   *[other] 確認した
}{ $detail ->
    [none] { "" }
   *[other] { " " }({ $detail })
}
mod-not-everywhere = それは一つのチャンネルだけのもので、すべてのチャンネルにまとめては使えません。
mod-unwritten = いま記録に届きません。いまからその通りにして、届き次第書き留めます。
mod-help = { $mark }mod のあとに書けるもの: pause, quiet, resume, skip, skip 3, clear, queue, status, block 名前, unblock 名前, limits minute 2, limits day 20, limits reset, channel allow, channel deny, alerts here, alerts off, alerts pair, hours 23:00-07:00, hours off, log.
paused-paid = ご支援までいただいたのに、いまはモデレーターさんがこのチャンネルをお休みにしているため、お答えできません。本当に申し訳ありません。モデレーターさんにお伝えください。
skipped-paid = ご支援までいただいたのに、お答えし終える前にモデレーターさんが質問を外しました。本当に申し訳ありません。モデレーターさんにお伝えください。
blocked-paid = ご支援は確かに受け取りました。ありがとうございます。ただ、ここのモデレーターさんの判断で、お答えはできません。モデレーターさんにご相談ください。どんなことがあっても、話を聞いてくれる人はいます。
quiet-hours-now = いまはこのチャンネルの静かな時間です。{ $until }からまた聞いてください。ゆっくりお休みください。
copies-held = まったく同じ文章がたくさん届いているので、お一人ずつ同じ答えを繰り返すことはしませんね。

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

# Twitch: a streamer invites the bots, or sends them away.
twitch-comes = { $channel }のチャンネルに行きますね。そこで名前を呼んでください。
twitch-leaves = { $channel }のチャンネルを離れますね。呼んでくださってありがとうございました。
twitch-full = いまはこれ以上ほかのチャンネルに行けません。運営している方にお伝えください。

## On Discord

# What Discord shows of commands: `name | what it does`. Names have no spaces, and descriptions at most 100 characters.
command-ask = 質問 | 相談相手の一人に質問します
command-panel = パネル | 相談相手の全員に一度に質問します
command-story = お悩み | ほかの人には見えないように長い相談を送ります
command-answer = 回答 | 最後の回答を自分だけにもう一度表示します
command-more = 続き | 最後の回答の続きを読みます
command-queue = 待ち順 | 自分の質問が何番目かを見ます
command-persona = 相談相手 | 相談相手を見るか、選びます
command-language = 言語 | 回答の言語を見るか、選びます
command-privacy = プライバシー | 保管しているものを見て、同意するかどうかを決めます
command-mydata = マイデータ | 自分について保管しているものを見ます
command-forget = 削除 | 自分について保管しているものをすべて消します
command-about = 紹介 | これが何かをお伝えします
menu-quote = これについて相談する
# For moderators.
command-mod = 管理 | モデレーターができること
command-pause = 一時停止 | 再開するまで何も答えません
command-quiet = 静かに | 再開するまで回答のほかは何も言いません
command-resume = 再開 | いつもどおりに戻します
command-skip = スキップ | 書いている回答を止めます。番号があればその質問だけを止めます
command-clear = クリア | ここで待っている質問をすべて取り下げます
command-mod-queue = 待ち順 | ここで待っているものを、内容と名前なしで見ます
command-status = 状態 | いまの状態と待っている数を見ます
command-block = ブロック | この人の言葉をもう聞きません
command-unblock = ブロック解除 | この人の言葉をまた聞きます
command-limits = 制限 | 一人がどのくらい質問できるかを決めます
command-channel = チャンネル | このチャンネルで答えるかどうかを決めます
command-alerts = 通知 | 助けが必要な人がいるとき、どこに知らせるかを決めます
command-hours = 静かな時間 | 邪魔をしない時間を決めます
command-log = 記録 | モデレーターが最近ここでしたことを見ます
command-help = ヘルプ | 何ができるかをお伝えします
# What can be filled in.
option-question = 内容 | 聞きたいこと
option-persona = 相談相手 | 誰が答えるか
option-language = 言語 | 回答の言語
option-consent = 項目 | 何に同意するか
option-allowed = 同意 | はい、またはいいえ
option-user = ユーザー | 誰を
option-number = 番号 | 質問ひとつの番号
option-minute = 毎分 | 一人が一分にできる質問の数
option-day = 毎日 | 一人が一日にできる質問の数
option-reset = リセット | もとに戻します
option-access = 回答 | ここで答えるか
option-to = 場所 | どこに知らせるか
option-code = コード | ほかの場所で受け取ったコード
option-hours = 時間 | 23:00-07:00のように、またはoff
choice-korean = 한국어
choice-english = English
choice-japanese = 日本語
choice-all = すべて
choice-consultation = 名前のない会話
choice-fandom = ファン活動の数
choice-allow = ここで答える
choice-deny = ここでは答えない
choice-here = このチャンネルに
choice-off = 運営者のログに
choice-pair = ほかの場所で使うコードを受け取る
story-title = お悩みを送る
story-label = 何がありましたか？
story-hint = 回答はあなただけに表示されます。名前や連絡先は書かないでください。
button-cancel = 止める
button-again = もう一度
discord-alert = [モデレーターへ] { $place } に助けが必要かもしれない人がいます：{ $class ->
    [suicide] 自殺や自傷
    [partner_violence] 恋人や配偶者からの暴力
    [intimate_images] 写真や動画を使った脅し
    [sexual_violence] 性暴力
    [minor] 危険のある未成年
    [violence] ほかの人を傷つけるおそれ
    [eating] 食べることの問題
   *[other] 危機
}
