"""A day and a time as people write them: tomorrow 18:00, Samstag um 10, 2026-12-24 9:30, a las 8."""

import re
from datetime import date, datetime, time, timedelta

from babel.dates import get_day_names

from actions.facts import Rhythm
from actions.planning_ahead import When
from actions.rhythm import is_quiet
from actions.zones import zone_or_utc
from bot.conversation.pause import read_day
from bot.conversation.settings import read_time
from bot.wording.tongue import locale

DAYS = {"today": 0, "hoy": 0, "heute": 0, "tomorrow": 1, "mañana": 1, "manana": 1, "morgen": 1}
LAST = re.compile(
    r"(?:^|[\s,]+)(?:um\s+|at\s+|a\s+las?\s+)?(\d{1,2}(?:[:.h]\d{2})?\s*(?:uhr|h|[ap]\.?m\.?)?)$",
    re.IGNORECASE | re.ASCII,
)
MORNING = time(10)
LONGEST = 60


def read_when(text: str, language: str, rhythm: Rhythm, now: datetime) -> When | None:
    """What was written as a time: without a time of day at the person's hour, without a day the next such time."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    local = now.astimezone(zone_or_utc(rhythm.zone))
    found = LAST.search(text)
    at = read_time(found[1].strip()) if found else None
    rest = text[: found.start()] if found and at is not None else text
    rest = rest.strip(" ,")
    if not rest:
        if at is None:
            return None
        return When(local.date() + timedelta(days=at <= local.time()), at)
    day = _day(rest, language, local.date())
    return None if day is None else When(day, at or _usual(rhythm, day))


def _usual(rhythm: Rhythm, day: date) -> time:
    moment = datetime.combine(day, rhythm.hour, zone_or_utc(rhythm.zone))
    return MORNING if is_quiet(rhythm, moment) else rhythm.hour


def _day(text: str, language: str, today: date) -> date | None:
    word = text.casefold().strip(" .")
    if word in DAYS:
        return today + timedelta(days=DAYS[word])
    for width in ("wide", "abbreviated"):
        for number, name in get_day_names(width, locale=locale(language)).items():
            if word == name.casefold().strip("."):
                return today + timedelta(days=(number - today.weekday()) % 7)
    return read_day(text, language)
