"""/less, /mute, /pause: gentler than stopping."""

from dataclasses import replace
from datetime import date, timedelta

from babel.dates import parse_date
from sqlalchemy import Connection

from actions.facts import Frequency
from actions.rhythm import local_day
from bot.conversation import causes
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import causes as cause_words
from bot.wording import quiet as words
from bot.wording.tongue import locale
from storage import dialogs, subscribers
from storage.catalog import stock_of

SLOWER: dict[Frequency, Frequency] = {"daily": "three", "weekdays": "three", "three": "weekly"}
SPANS = (7, 14, 30, 90)
LONGEST = 366


def less(conn: Connection, turn: Turn) -> list[Message]:
    """Make the rhythm one step slower."""
    before = turn.person.rhythm.frequency
    slower = SLOWER.get(before)
    if slower is None:
        return [words.least(turn.language)]
    subscribers.set_rhythm(conn, turn.person, replace(turn.person.rhythm, frequency=slower), turn.now)
    return [words.less(turn.language, slower, before)]


def mute(conn: Connection, turn: Turn) -> list[Message]:
    """Hear nothing of one cause: the one a button or a word names, else ask which."""
    if turn.incoming.kind == "press" and turn.argument:
        return causes.mute(conn, turn)
    return [cause_words.mute_which(stock_of(conn), turn.language, causes.loud(conn, turn))]


def pause(conn: Connection, turn: Turn) -> list[Message]:
    """Rest until a day: one of the buttons, one written, or ask for it."""
    today = local_day(turn.person.rhythm, turn.now)
    if turn.incoming.kind == "press" and turn.argument.isdigit():
        return _until(conn, turn, today + timedelta(days=min(int(turn.argument[:4]), LONGEST)))
    if turn.incoming.kind == "command" and turn.argument:
        return day_words(conn, turn)
    dialogs.keep(conn, turn.person, {"asked": "pause"})
    return [words.pause_until(turn.language, [(days, today + timedelta(days=days)) for days in SPANS])]


def day_words(conn: Connection, turn: Turn) -> list[Message]:
    """A day was written after the question until when."""
    today = local_day(turn.person.rhythm, turn.now)
    day = read_day(turn.incoming.text.strip(), turn.language)
    if day is None or not today < day <= today + timedelta(days=LONGEST):
        return [words.bad_day(turn.language, today + timedelta(days=14))]
    return _until(conn, turn, day)


def _until(conn: Connection, turn: Turn, day: date) -> list[Message]:
    dialogs.keep(conn, turn.person, None)
    subscribers.change(conn, turn.person, turn.now, state="paused", paused_until=day)
    return [words.paused(turn.language, day)]


def stay(_conn: Connection, turn: Turn) -> list[Message]:
    """Go on after a long silence; any sign of life has ended it already."""
    return [Message(replaces=turn.pressed, language=turn.language), words.staying(turn.language)]


def resume(conn: Connection, turn: Turn) -> list[Message]:
    """End a pause."""
    subscribers.change(conn, turn.person, turn.now, state="active", paused_until=None)
    return [words.resumed(turn.language)]


def read_day(text: str, language: str) -> date | None:
    """A day as people write it: 2026-12-24, or the short form of their language."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parse_date(text, locale=locale(language)) if any(letter.isdigit() for letter in text) else None
    except (ValueError, IndexError, KeyError):
        return None
