"""/settings: rhythm, hour, zone, quiet hours, minutes, asks, kinds, language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import Connection

from actions.facts import Frequency, Rhythm
from actions.rhythm import zone
from bot.conversation.places import zones_at, zones_named
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import alerts as alert_words
from bot.wording import link as link_words
from bot.wording import names
from bot.wording import onboarding as place_words
from bot.wording import recognition as path_words
from bot.wording import settings as words
from bot.wording.tongue import LANGUAGES
from storage import dialogs, linking, recognition, subscribers

TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.h]([0-5]\d))?\s*(?:uhr)?\s*([ap])?\.?m?\.?", re.ASCII | re.IGNORECASE)
FREQUENCIES: dict[str, Frequency] = {"daily": "daily", "weekdays": "weekdays", "three": "three", "weekly": "weekly"}
OFFERED = 6


def settings(conn: Connection, turn: Turn) -> list[Message]:
    """Show all settings with their values."""
    return [_shown(conn, turn)]


def _shown(conn: Connection, turn: Turn) -> Message:
    """The overview; who has several chats is also offered the choice of where nudges come."""
    chats = link_words.chats(linking.places(conn, turn.person), turn.language)
    shown = path_words.setting(overview(turn), shown=not recognition.is_hidden(conn, turn.person, recognition.WEEKS))
    return link_words.setting(turn.language, chats, shown) if len(chats) > 1 else shown


def overview(turn: Turn) -> Message:
    """All settings of a person, with their values."""
    there = turn.now.astimezone(zone(turn.person.rhythm.zone)).time()
    return words.overview(turn.person, names.clock(there, turn.language), replaces=turn.pressed)


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Open the choices of one setting, or keep a choice."""
    key, _, value = turn.argument.partition(":")
    if key == "zone":
        return _zone(conn, turn, value)
    if key not in CHANGES:
        return [_shown(conn, turn)]
    if not value:
        if key == "hour":
            dialogs.keep(conn, turn.person, {"asked": "hour"})
        return [words.choices(turn.person, key, replaces=turn.pressed)]
    kept = CHANGES[key](conn, turn, value)
    turn = turn.with_person(subscribers.get(conn, turn.person.id))
    if key == "kinds":
        return [words.choices(turn.person, key, replaces=turn.pressed)]
    return [replace(_shown(conn, turn), notice=words.saved(turn.language) if kept else "")]


def _set_rhythm(conn: Connection, turn: Turn, wished: Rhythm) -> bool:
    subscribers.set_rhythm(conn, turn.person, wished, turn.now)
    return True


def _frequency(conn: Connection, turn: Turn, value: str) -> bool:
    if value not in FREQUENCIES:
        return False
    return _set_rhythm(conn, turn, replace(turn.person.rhythm, frequency=FREQUENCIES[value]))


def _hour(conn: Connection, turn: Turn, value: str) -> bool:
    at = minutes_to_time(value)
    return at is not None and _set_rhythm(conn, turn, replace(turn.person.rhythm, hour=at))


def _quiet(conn: Connection, turn: Turn, value: str) -> bool:
    span = re.fullmatch(r"(\d{1,2})-(\d{1,2})", value, re.ASCII)
    if span is None or not all(int(hour) < 24 for hour in span.groups()):
        return False
    start, end = (time(int(hour)) for hour in span.groups())
    return _set_rhythm(conn, turn, replace(turn.person.rhythm, quiet_from=start, quiet_until=end))


def _minutes(conn: Connection, turn: Turn, value: str) -> bool:
    if not value.isdigit() or int(value) not in words.MINUTES:
        return False
    return _set_rhythm(conn, turn, replace(turn.person.rhythm, minutes=int(value)))


def _asks(conn: Connection, turn: Turn, value: str) -> bool:
    if not value.isdigit() or int(value) not in words.ASKS:
        return False
    return _set_rhythm(conn, turn, replace(turn.person.rhythm, asks=int(value)))


def _kinds(conn: Connection, turn: Turn, value: str) -> bool:
    if value not in words.KINDS:
        return False
    subscribers.change(conn, turn.person, turn.now, unwanted=",".join(sorted(turn.person.unwanted ^ {value})))
    return True


def _language(conn: Connection, turn: Turn, value: str) -> bool:
    if value not in LANGUAGES:
        return False
    subscribers.change(conn, turn.person, turn.now, language=value)
    return True


def _alerts(conn: Connection, turn: Turn, value: str) -> bool:
    if value not in ("on", "off"):
        return False
    subscribers.change(conn, turn.person, turn.now, alerts=value == "on")
    return True


def _weeks(conn: Connection, turn: Turn, value: str) -> bool:
    if value not in ("on", "off"):
        return False
    recognition.hide(conn, turn.person, recognition.WEEKS, hidden=value == "off")
    return True


CHANGES: Mapping[str, Callable[[Connection, Turn, str], bool]] = {
    "freq": _frequency,
    "hour": _hour,
    "quiet": _quiet,
    "min": _minutes,
    "asks": _asks,
    "kinds": _kinds,
    "alerts": _alerts,
    "weeks": _weeks,
    "lang": _language,
}


def no_more_alerts(conn: Connection, turn: Turn) -> list[Message]:
    """The button under an alert: none any more."""
    _alerts(conn, turn, "off")
    return [alert_words.no_more(turn.language)]


def _zone(conn: Connection, turn: Turn, value: str) -> list[Message]:
    if not value:
        dialogs.keep(conn, turn.person, {"asked": "zone"})
        return [place_words.where(turn.language)]
    if not keep_zone(conn, turn, value):
        return [place_words.zones(turn.language, (), "set:zone")]
    dialogs.keep(conn, turn.person, None)
    return settings(conn, turn.with_person(subscribers.get(conn, turn.person.id)))


def keep_zone(conn: Connection, turn: Turn, value: str) -> bool:
    """Keep a zone by its name; false when there is none of that name."""
    try:
        name = zone(value).key
    except ValueError:
        return False
    return _set_rhythm(conn, turn, replace(turn.person.rhythm, zone=name))


def hour_words(conn: Connection, turn: Turn) -> list[Message]:
    """A time of day was written after the question for one."""
    at = read_time(turn.incoming.text)
    if at is None:
        return [words.not_a_time(turn.language)]
    dialogs.keep(conn, turn.person, None)
    _set_rhythm(conn, turn, replace(turn.person.rhythm, hour=at))
    return settings(conn, turn.with_person(subscribers.get(conn, turn.person.id)))


def zone_words(_conn: Connection, turn: Turn) -> list[Message]:
    """A city or a time was written after the question for the zone."""
    return [place_words.zones(turn.language, zones_for(turn.incoming.text, turn.now), "set:zone")]


def zones_for(text: str, now: datetime) -> list[str]:
    """The zones that answer to what was written: a city, or the time it is there."""
    at = read_time(text)
    return (zones_named(text) if at is None else zones_at(at, now))[:OFFERED]


def read_time(text: str) -> time | None:
    """A time of day as people write it: 7:45, 18.30, 18h, 6 pm, 18 Uhr."""
    found = TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute)


def minutes_to_time(value: str) -> time | None:
    """Minutes after midnight, as a button carries them, as a time of day."""
    if not (value.isascii() and value.isdigit() and len(value) <= 4 and int(value) < 24 * 60):
        return None
    return time(int(value) // 60, int(value) % 60)
