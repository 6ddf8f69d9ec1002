"""Takes apart the lines of a file with the parsers of Python's Twitch bots. Prints `name lines_per_second` for each that is
installed: twitchio before version 3 (later ones read no IRC) and twitchAPI."""

import sys
import time
import logging

logging.disable(logging.CRITICAL)


def rate(parse, lines):
    begun = time.perf_counter()
    for line in lines:
        try:
            parse(line)
        except Exception:  # a line that it cannot read costs it no more than one that it can
            pass
    return len(lines) / (time.perf_counter() - begun)


def twitchio():
    from twitchio.parse import parser

    return lambda line: parser(line, "bot")


def twitch_api():
    from twitchAPI.chat import Chat

    chat = Chat.__new__(Chat)
    chat._prefix = "!"
    chat._channel_command_prefix = {}
    return chat._parse_irc_message


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        lines = [line for line in file.read().split("\r\n") if line]
    for name, load in (("twitchio", twitchio), ("twitchAPI", twitch_api)):
        try:
            parse = load()
        except ImportError:
            print(f"{name} is not installed here", file=sys.stderr)
            continue
        print(name, round(rate(parse, lines)))


main()
