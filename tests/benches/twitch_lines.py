"""What the lines of a file cost Python's Twitch bots. Prints `name parsed understood`, in lines per second of this process, for each library that
is installed: twitchio before version 3 (later ones read no IRC) and twitchAPI.

Parsed: by the library's parser. Understood: parsed, made into the library's own objects, and looked through for the names that
call a persona, as a bot of a few lines would; without the tasks and queues that the library puts between these."""

import logging
import re
import sys
import time

logging.disable(logging.CRITICAL)

CALLS = re.compile(r"@?(홍차|hongcha|ホンチャ|오마르|omar|オマル|김달|kimdal|キムダル|슈히|shuhi|シュヒ)", re.IGNORECASE)


def rate(work, lines):
    begun = time.process_time()
    for line in lines:
        try:
            work(line)
        except Exception:  # a line that it cannot read costs it no more than one that it can
            pass
    return round(len(lines) / (time.process_time() - begun))


def twitchio():
    from twitchio import Channel, Chatter, Message
    from twitchio.parse import parser

    def understand(line):
        parsed = parser(line, "bot")
        if parsed["action"] != "PRIVMSG":
            return parsed
        channel = Channel(name=parsed["channel"], websocket=None)
        author = Chatter(tags=parsed["badges"], name=parsed["user"], channel=channel, bot=None, websocket=None)
        message = Message(raw_data=parsed["data"], content=parsed["message"], author=author, channel=channel,
                          tags=parsed["badges"], echo=False)
        return message, CALLS.search(message.content)

    return lambda line: parser(line, "bot"), understand


def twitch_api():
    from twitchAPI import chat as api

    chat = api.Chat.__new__(api.Chat)
    chat._prefix, chat._channel_command_prefix, chat.room_cache = "!", {}, {}
    chat.logger = logging.getLogger("chat")
    kinds = {"PRIVMSG": api.ChatMessage, "NOTICE": api.NoticeEvent, "WHISPER": api.WhisperEvent,
             "CLEARCHAT": api.ClearChatEvent, "CLEARMSG": api.MessageDeletedEvent}

    def understand(line):
        parsed = chat._parse_irc_message(line)
        if parsed is None:
            return None
        command = parsed["command"]["command"]
        if command == "USERNOTICE":
            is_sub = parsed["tags"].get("msg-id") in ("sub", "resub", "subgift")
            return api.ChatSub(chat, parsed) if is_sub else None
        if command not in kinds:
            return None
        event = kinds[command](chat, parsed)
        if command != "PRIVMSG":
            return event
        return event, event.user, CALLS.search(event.text)

    return chat._parse_irc_message, understand


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        lines = [line for line in file.read().split("\r\n") if line]
    for name, load in (("twitchio", twitchio), ("twitchAPI", twitch_api)):
        try:
            parse, understand = load()
        except ImportError:
            print(f"{name} is not installed here", file=sys.stderr)
            continue
        print(name, rate(parse, lines), rate(understand, lines))


main()
