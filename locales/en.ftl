# What the fleet says of itself. A message has the same variables in all three files; a test holds them to that.
# $mark is what commands begin with ("/" or "!"), $persona a persona's shown name, $wait one of the about-* lines below.
# Every sentence fits into one line of chat (480 characters).

## How long: rounded up, because being early pleases and being late does not.

about-seconds = { $n ->
    [one] about a second
   *[other] about { $n } seconds
}
about-minutes = { $n ->
    [one] about a minute
   *[other] about { $n } minutes
}
about-hours = { $n ->
    [one] about an hour
   *[other] about { $n } hours
}

## Waiting in line

line-place = { $ahead ->
    [0] You are next. Your answer comes in { $wait }.
    [one] One question is ahead of you. Your answer comes in { $wait }.
   *[other] { $ahead } questions are ahead of you. Your answer comes in { $wait }.
}

## Not now

refused-too-fast = Let's take a breath first. Ask me again in { $wait }.
refused-place-busy = This channel has many questions right now. Please ask again in { $wait }.
refused-persona-busy = { $persona } has many questions right now. Ask again in { $wait }, or ask one of the others.
refused-daily-cap = That was a good deal of talking for one day. Let it settle, perhaps talk to a friend, and come again tomorrow.
refused-just-had-turn = You just had your turn and others are waiting. Ask again in { $wait }, please.
refused-enough-waiting = You have enough questions in line for now. Ask again when one of them is answered.
refused-newcomers = Many newcomers are asking right now. Please ask again in { $wait }.
refused-too-long = An answer would come too late just now, so I don't take the question. Please ask again later.
refused-line-full = The line is full right now. Please ask again in a little while.
refused-stopping = I am being restarted and take no new questions just now. Please ask again in a few minutes.

## What became of a question

shed = So many questions came at once that I couldn't keep yours. I'm sorry. Please ask again in a little while.
expired = I couldn't get to your question in time. I'm sorry. Please ask again in a little while.
expired-paid = You supported us, and still I couldn't answer in time. I'm truly sorry. Please tell a moderator of this channel.
cancelled = Your question is taken back. Nothing more will come.
engine-trouble = Something went wrong while I was thinking. I'm sorry. Please ask again in a moment.
engine-cut = Something went wrong in the middle, so this answer stays short. I'm sorry.
answer-refused = The rules of this channel kept my answer out. I'm sorry. Could you ask it a little differently?
not-said = That is something I don't say. If something is on your mind, I'd be glad to hear about that instead.
not-said-further = I'll stop here, because I don't say what comes next. If something is on your mind, tell me about that.
overdue = This took me far too long, so the answer ends here. I'm sorry.
in-doubt = My last answer may not have been shown. If it is missing, write { $mark }more.
in-doubt-restarted = I was restarted in the middle, and my answer may not have been shown. If it is missing, please ask once more. I'm sorry.
stopping = I am being restarted and couldn't finish this. I'm sorry. Please ask again in a few minutes.
stopping-paid = I am being restarted. Your question is kept safe and will be answered when I am back.
noted-late = My records are slow to answer just now. Your support and your question are noted, and I will come to it as soon as they are back.

## With an answer

# Where every line counts, the notice that an AI answers stands behind the answer.
ai-tag = (AI answer)
more-hint = (there is more: { $mark }more)
too-long = Your story is longer than I can read at once, so I left out its middle.
context-dropped = The conversation was too long for me, so I looked at your question alone.
other-language = The model I think with doesn't write English well, so I answer in { $language ->
    [ko] Korean
    [ja] Japanese
   *[en] English
}.

# $names are those who asked the same as somebody else, $others how many more did.
same-question = { $others ->
    [0] { $names } asked the same, so what I just said is for you too.
    [one] { $names } and one other asked the same, so what I just said is for all of you.
   *[other] { $names } and { $others } others asked the same, so what I just said is for all of you.
}
same-question-count = { $count ->
    [one] Somebody else asked the same, so what I just said is for you too.
   *[other] { $count } others asked the same, so what I just said is for all of you.
}

# Stands for an answer until it begins.
thinking = { $emoji } Thinking…
quote-question = What would you say to the person who wrote this?
quote-empty = There is nothing in it that I can read.
not-yours = Only the person who asked this can do that.
again-none = There is no question to ask again. Questions are kept for a day at most.
cancel-none = There is no answer to stop. It seems to be finished.
answer-waiting = Your answer is still being written. A little more patience, please.
answer-none = There is no answer to fetch. Answers are kept for a day at most.
moderators-only = Only moderators can do that.
paused-here = I am taking a break in this channel.

## Payments

amount = { $kind ->
    [bits] { $units ->
        [one] one bit
       *[other] { $units } bits
    }
    [hype_chat] a Hype Chat
    [sub] { $units ->
        [one] one month of support
       *[other] { $units } months of support
    }
    [gift] { $units ->
        [one] a gift sub
       *[other] { $units } gift subs
    }
    [boost] { $units ->
        [one] a boost
       *[other] { $units } boosts
    }
   *[other] your support
}

## Commands

more-none = There is nothing more to read. Answers are kept for a day at most.
queue-empty = You have no question in line.
queue-head = { $count ->
    [one] You have one question in line:
   *[other] You have { $count } questions in line:
}
queue-item = { $persona }: { $ahead ->
    [0] next, { $wait }
   *[other] { $ahead } ahead, { $wait }
}
# For moderators: the whole line, without anybody in it. $load is in percent.
queue-line = { $count ->
    [0] Nobody is waiting
    [one] One question is waiting, for { $wait }
   *[other] { $count } questions are waiting, the oldest for { $wait }
}; { $running } of { $slots } answers at a time are being written; paid questions take { $load }% of the engine.
queue-class = { $class ->
    [moderator] moderators
    [paid] paid
    [supporter] supporters
    [fan] fans
    [free] everyone else
   *[idle] idle talk
}: { $count }
persona-head = You can talk to:
persona-item = { $persona } (@{ $id }): { $line }
persona-changed = From now on your plain lines go to { $persona }.
language-current = I answer you in English. To change that: { $mark }language ko, en or ja.
language-changed = From now on I answer you in English.

## What is kept

consent-question = May I keep your questions and my answers without any name in them, so that we get better at this? Unless you say yes, they are only locked away for a day and then deleted. To say yes: { $mark }privacy on. You can take it back at any time with { $mark }privacy off.
privacy-status = Kept about you: conversations without names { $consultation ->
    [on] yes
   *[off] no
}, fan counts { $fandom ->
    [on] yes
   *[off] no
}. To change it: { $mark }privacy on or off, for one alone { $mark }privacy fandom on.
privacy-on = { $consent ->
    [consultation] From now on your questions and my answers are kept without any name. Thank you for your trust.
    [fandom] From now on I count what you do as a fan, without your name.
   *[all] From now on conversations and fan counts are kept, both without your name. Thank you for your trust.
}
privacy-off = { $consent ->
    [consultation] From now on your conversations are kept for a day at most. What was recorded of them is deleted.
    [fandom] From now on nothing you do as a fan is counted. What was counted is deleted.
   *[all] From now on neither your conversations nor what you do as a fan is recorded. What was recorded is deleted. To delete the answers of the last day and your settings as well: { $mark }forget.
}
privacy-under-age = I keep nothing of what people under 14 tell me, so this can't be switched on.
mydata-none = Nothing is kept about you.
mydata-head = Here is what is kept about you:
mydata-consultations = { $count ->
    [one] one conversation
   *[other] { $count } conversations
}
mydata-fandom = { $count ->
    [one] one fan count
   *[other] { $count } fan counts
}
mydata-recent = { $count ->
    [one] one answer from the last day, locked away
   *[other] { $count } answers from the last day, locked away
}
mydata-pending = { $count ->
    [one] one question still to be answered
   *[other] { $count } questions still to be answered
}
mydata-payments = { $count ->
    [one] one payment: the amount alone
   *[other] { $count } payments: the amounts alone
}
mydata-other = { $count ->
    [one] one more entry ({ $what })
   *[other] { $count } more entries ({ $what })
}
mydata-settings = your settings: language and consents
forget-done = { $count ->
    [one] Done: one entry is deleted, and nothing is left of you here.
   *[other] Done: { $count } entries are deleted, and nothing is left of you here.
}
forget-none = There was nothing about you to delete.
confided-asked = What is kept about you I tell only you. Whisper or message me directly: { $mark }mydata, { $mark }privacy.
confided-done = Done. What exactly, I tell only you: whisper or message me directly with { $mark }mydata.
about = We are { $personas }: AIs that give love advice. We are fictional characters, made up for this, and no real person's words or looks were used. We can be wrong, and we don't replace friends or professionals. Names, numbers and addresses are taken out before a model reads your story, and without your consent our talk is only locked away for a day and then deleted ({ $mark }privacy, { $mark }mydata, { $mark }forget).

## Guests

raid-welcome = { $count ->
    [0] Thank you for coming over!
    [one] Thank you for coming over with a viewer!
   *[other] Thank you for coming over with { $count } viewers!
} If something weighs on your heart, just call one of us.

## Moderators

mod-changed = { $state ->
    [paused] We pause in this channel. { $mark }mod resume brings us back.
    [quiet] In this channel we only answer and say nothing else. { $mark }mod resume undoes it.
   *[open] We answer in this channel again.
}
mod-changed-everywhere = { $state ->
    [paused] We pause everywhere. { $mark }mod all resume brings us back.
    [quiet] Everywhere we only answer and say nothing else. { $mark }mod all resume undoes it.
   *[open] We answer everywhere again, but for channels that want something else.
}
mod-channel = { $state ->
    [on] We answer in this channel.
   *[off] We do not answer in this channel. { $mark }mod channel allow brings us back.
}
mod-skipped = { $count ->
    [0] No answer is being written here right now.
    [one] Stopped the answer that was being written.
   *[other] Stopped the { $count } answers that were being written.
}
mod-skipped-one = { $count ->
    [0] There is no question with number { $number } here. { $mark }mod queue shows the numbers.
   *[other] Number { $number } is taken out.
}
mod-cleared = { $count ->
    [0] Nothing is waiting here.
    [one] Dropped the one question that was waiting here.
   *[other] Dropped the { $count } questions that were waiting here.
}
mod-status = This channel: { $state ->
    [paused] paused
    [quiet] answers only
   *[open] open
}. In all channels together: { $running } being answered, { $count } waiting.
mod-hours = Quiet hours: { $hours }. Only paid questions are answered then.
mod-no-hours = There are no quiet hours.
mod-blocks = { $count ->
    [one] One person is blocked here.
   *[other] { $count } people are blocked here.
}
mod-limits = One person may ask { $minute } times a minute and { $day } times a day here.
mod-limits-most = It can be { $most } at most: the operator allows no more.
mod-queue = { $count ->
    [0] Nothing is waiting here.
    [one] One question is waiting here:
   *[other] { $count } questions are waiting here:
}
mod-queue-item = #{ $number } { $class ->
    [moderator] moderator
    [paid] paid
    [supporter] supporter
    [fan] fan
    [free] viewer
   *[idle] idle talk
} to { $persona }, for { $wait }
mod-queue-more = and { $count } more
mod-blocked = Done. We do not hear this person here any more; if they are in danger, they still get help.
mod-unblocked = Done. We hear this person here again.
mod-not-blocked = This person is not blocked here.
mod-unknown-person = I don't know whom you mean. Please use the name of somebody who spoke to us here lately.
mod-blocks-full = { $most } people are blocked here, and there is no room for more. Please unblock somebody first.
mod-alerts-on = When somebody here may need help, the channel for alerts is told at once, without their words.
mod-alerts-off = When somebody here may need help, only the operator's log says so. { $mark }mod alerts pair, in the channel that is to be told, changes that.
mod-alerts-code = Alerts of another channel come here when its moderators write { $mark }mod alerts { $code } there. The code can be used once, for { $wait }.
mod-alerts-no-code = I don't know this code. It may have been used or be too old; { $mark }mod alerts pair gives a new one.
mod-log = What moderators did here last:
mod-log-empty = No moderator has done anything here.
# $detail is a number or hours, or none; $who is a name, or none once it is forgotten.
mod-log-item = { $when } { $who ->
    [none] { "" }
   *[other] { $who }:{ " " }
}{ $deed ->
    [pause] paused
    [quiet] answers only
    [resume] resumed
    [skip] stopped answers
    [clear] cleared the line
    [block] blocked somebody
    [unblock] unblocked somebody
    [limits] changed the limits
    [allow] allowed the channel
    [deny] denied the channel
    [alerts] changed the alerts
    [pair-alerts] asked for a code for alerts
    [hours] changed the quiet hours
   *[other] looked something up
}{ $detail ->
    [none] { "" }
   *[other] { " " }({ $detail })
}
mod-not-everywhere = That is for one channel only, not for all of them.
mod-unwritten = I can't reach my notes right now: it holds from now on, and I will write it down as soon as I can.
mod-help = { $mark }mod can do: pause, quiet, resume, skip, skip 3, clear, queue, status, block NAME, unblock NAME, limits minute 2, limits day 20, limits reset, channel allow, channel deny, alerts here, alerts off, alerts pair, hours 23:00-07:00, hours off, log.
paused-paid = You even paid for this, and a moderator has paused us in this channel, so we cannot answer. We are truly sorry; please tell the moderators.
skipped-paid = You even paid for this, and a moderator took it out before it was answered to the end. We are truly sorry; please tell the moderators.
blocked-paid = Your support has arrived, and we thank you for it. The moderators here have decided that we do not answer you; please talk to them. Whatever you are going through, there are people who listen.
quiet-hours-now = These are quiet hours here until { $until }. Please ask again then, and sleep well.
copies-held = Many people are asking the very same thing, so I won't answer it once more for each of you.

## What was not understood

empty-question = I'm listening. What is on your mind?
unknown-command = I don't know the command { $command }. I know: ask, panel, more, queue, persona, language, privacy, mydata, forget, about.
unknown-persona = Nobody here is called { $name }. You can call: { $known }.
missing-text = Please write your question after { $mark }{ $command }.
bad-argument = I don't understand { $given }. It can be: { $expected }.
store-trouble = I can't reach my notes right now, so I couldn't do that. Please try again in a moment.

## The console

console-welcome = This is lovelm on your terminal. Write to { $persona }, or to another with @name. /help shows what else there is, /quit ends.
console-scene = No line came in and nobody is at the keyboard, so here is a short scene to show how it goes:
console-help = @name question, /panel question, /more, /queue, /persona name, /language ko, /privacy, /mydata, /forget, /about; /as name speaks as another viewer, /bits 100 question pays, /sub and /mod make you a supporter or moderator, /quit ends.
console-speaking-as = You speak as { $name } now.
console-bits-usage = Please give an amount, and a question if you like: /bits 100 question
console-stopping = Finishing what has begun. Press Ctrl-C again to stop at once.
console-scene-1 = minsu: 홍차야, 일주일째 답장이 없는데 먼저 연락해도 될까?
console-scene-2 = emma: @omar My boyfriend forgot my birthday. Should I be angry?
console-scene-3 = minsu: /about
console-line-not-text = Line { $line } is not text (UTF-8), so I skipped it.
console-line-too-long = Line { $line } is over { $limit } KB, so I did not read it.
console-whisper = { $persona } (whispering)
console-alert = [for moderators] somebody here may need help: { $class ->
    [suicide] suicide or self-harm
    [partner_violence] violence by a partner
    [intimate_images] threats with intimate pictures
    [sexual_violence] sexual violence
    [minor] a young person at risk
    [violence] danger to somebody else
    [eating] trouble with eating
   *[other] a crisis
}
console-as-usage = Please give a name: /as minsu
console-supporter = { $name } is { $state ->
    [on] now a supporter
   *[off] no longer a supporter
}.
console-moderator = { $name } is { $state ->
    [on] now a moderator
   *[off] no longer a moderator
}.

# Twitch: a streamer invites the bots, or sends them away.
twitch-comes = We are on our way to { $channel }. Call us by name there.
twitch-leaves = We are leaving { $channel }. Thank you for having us.
twitch-full = We cannot come to more channels for now. Please ask whoever runs us.

## On Discord

# What Discord shows of commands: `name | what it does`. Names have no spaces, and descriptions at most 100 characters.
command-ask = ask | Ask one persona a question
command-panel = panel | Ask all personas at once
command-story = story | Write a longer story that nobody else here sees
command-answer = answer | Fetch your last answer once more, for you alone
command-more = more | Read the rest of your last answer
command-queue = queue | See where your questions stand in line
command-persona = persona | See the personas, or choose one
command-language = language | See or choose the language of answers
command-privacy = privacy | See what is kept about you, and allow it or not
command-mydata = mydata | See what is kept about you
command-forget = forget | Delete everything that is kept about you
command-about = about | What this is
menu-quote = Ask a persona about this
# For moderators.
command-mod = mod | What moderators may do here
command-pause = pause | Answer nothing until resume
command-quiet = quiet | Answer, and say nothing else, until resume
command-resume = resume | Go on as usual
command-skip = skip | Stop what is being written, or one call by its number
command-clear = clear | Drop what waits in line here
command-mod-queue = queue | What waits here, without words and names
command-status = status | How it is here, and how much waits
command-block = block | Hear this person no longer
command-unblock = unblock | Hear this person again
command-limits = limits | How often one person may ask here
command-channel = channel | Answer in this channel, or do not
command-alerts = alerts | Where moderators read that somebody may need help
command-hours = hours | When nobody is to be disturbed
command-log = log | What moderators did here lately
command-help = help | What can be done
# What can be filled in.
option-question = question | What you want to ask
option-persona = persona | Who answers
option-language = language | The language of answers
option-consent = consent | What to allow or not
option-allowed = allowed | Yes or no
option-user = user | Who
option-number = number | The number of one call
option-minute = minute | Questions of one person in a minute
option-day = day | Questions of one person in a day
option-reset = reset | Back to the usual
option-access = access | Answer here or not
option-to = to | Where alerts go
option-code = code | The code that another place got
option-hours = hours | Such as 23:00-07:00, or off
choice-korean = 한국어
choice-english = English
choice-japanese = 日本語
choice-all = everything
choice-consultation = conversations without names
choice-fandom = fan counts
choice-allow = answer here
choice-deny = do not answer here
choice-here = in this channel
choice-off = in the operator's log
choice-pair = get a code for another place
story-title = Your story
story-label = What happened?
story-hint = Only you see the answer. Please leave out names and numbers.
button-cancel = Stop
button-again = Once more
discord-alert = [for moderators] somebody in { $place } may need help: { $class ->
    [suicide] suicide or self-harm
    [partner_violence] violence by a partner
    [intimate_images] threats with intimate pictures
    [sexual_violence] sexual violence
    [minor] a young person at risk
    [violence] danger to somebody else
    [eating] trouble with eating
   *[other] a crisis
}
