"""When the next nudge is due: frequency, quiet hours, local time, clock changes, silence.

A slot is (person, local date): its instant is the first moment of that date at or after the wished time, so
no clock change can drop or double it. A wished time inside the quiet hours moves to their end *on the same
date*: a date the person did not choose never gets a nudge.
"""

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from actions.facts import Frequency, Person, Rhythm
from actions.limits import NUDGE_GAP
from actions.zones import change_between, first_instant, instant_before_gap, zone, zone_or_utc

__all__ = [
    "Pace",
    "Slot",
    "hour_on",
    "is_paused",
    "is_quiet",
    "local_day",
    "next_slot",
    "quiet_end",
    "resume_day",
    "slowed",
    "spread_of",
    "zone",
    "zone_or_utc",
]

DAYS: dict[Frequency, frozenset[int]] = {
    "daily": frozenset(range(7)),
    "weekdays": frozenset(range(5)),
    "three": frozenset({0, 2, 4}),
}
"""The days of the week of each rhythm, Monday being 0; a weekly one has its own day."""

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)
_HORIZON = 40
_SPREAD = 60
"""Minutes over which the nudges of one popular hour are spread."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A nudge's place in time: its local day, when it is due, and when it is too late (both UTC)."""

    day: date
    at: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to nudge after silence: None is not at all; `question` asks once whether to stay."""

    frequency: Frequency | None
    question: bool = False


def next_slot(
    rhythm: Rhythm,
    after: datetime,
    last_day: date | None,
    *,
    spread: int = 0,
    last_at: datetime | None = None,
) -> Slot:
    """Return the first slot strictly after `after`, on a local date later than `last_day`.

    `spread` minutes put the slot later within its hour. With `last_at`, the instant of the last nudge, the
    slot keeps half a day's distance from it, whatever zone or hour the person moved to since.
    """
    tz = zone_or_utc(rhythm.zone)
    day = after.astimezone(tz).date()
    if last_day is not None and last_day >= day:
        day = last_day + _DAY
    earliest = after if last_at is None else last_at + NUDGE_GAP
    for _ in range(_HORIZON):
        if _suits(rhythm, day, last_day):
            slot = _slot(rhythm, day, spread)
            if slot is not None and slot.at > after and slot.at >= earliest:
                return slot
        day += _DAY
    raise ValueError(f"{rhythm} leaves no moment for a nudge")


def spread_of(key: str) -> int:
    """Return a person's own minute within the hour they chose, by a hash of their key: the same one each day."""
    return zlib.crc32(key.encode()) % _SPREAD


def is_quiet(rhythm: Rhythm, now: datetime) -> bool:
    """Tell whether it is the person's quiet hours; equal ends mean that there are none."""
    return _quiet(rhythm, now.astimezone(zone_or_utc(rhythm.zone)).time())


def local_day(rhythm: Rhythm, now: datetime) -> date:
    """Return the person's own date."""
    return now.astimezone(zone_or_utc(rhythm.zone)).date()


def resume_day(rhythm: Rhythm, now: datetime, days: int) -> date:
    """Return the first day on which nudges come again after a pause of so many days, today being the first."""
    return local_day(rhythm, now) + timedelta(days=days)


def quiet_end(rhythm: Rhythm, now: datetime) -> datetime:
    """Return the instant at which the quiet hours around `now` end; `now` itself outside of them."""
    if not is_quiet(rhythm, now):
        return now
    tz = zone_or_utc(rhythm.zone)
    today = now.astimezone(tz).date()
    ends = (first_instant(today + timedelta(days=days), rhythm.quiet_until, tz) for days in range(3))
    return next((end for end in ends if end is not None and end > now and not is_quiet(rhythm, end)), now + _DAY)


def hour_on(rhythm: Rhythm, day: date) -> datetime:
    """Return when a person is spoken to on a date, at the hour they chose; later where that date has no such moment."""
    tz = zone_or_utc(rhythm.zone)
    for days in range(_HORIZON):
        at = _due(rhythm, day + timedelta(days=days), tz)
        if at is not None:
            return at
    raise ValueError(f"{rhythm} leaves no moment to speak")


def is_paused(person: Person, now: datetime) -> bool:
    """Tell whether a pause is on; it ends by itself when the day in `paused_until` begins."""
    if person.state != "paused":
        return False
    return person.paused_until is None or local_day(person.rhythm, now) < person.paused_until


def slowed(frequency: Frequency, unanswered: int) -> Pace:
    """Return the pace after so many nudges in a row without any sign of the person.

    It falls from the chosen rhythm to three a week, then to one, then to one question whether to stay, then
    to nothing until the person writes again.
    """
    pace = Pace(frequency)
    for least, slower in _SLOWER[frequency]:
        if unanswered >= least:
            pace = slower
    return pace


_OFTEN = ((14, Pace("three")), (28, Pace("weekly")), (32, Pace("weekly", question=True)), (33, Pace(None)))
_SLOWER: dict[Frequency, tuple[tuple[int, Pace], ...]] = {
    "daily": _OFTEN,
    "weekdays": _OFTEN,
    "three": ((14, Pace("weekly")), (20, Pace("weekly", question=True)), (21, Pace(None))),
    "weekly": ((12, Pace("weekly", question=True)), (13, Pace(None))),
}


def _suits(rhythm: Rhythm, day: date, last_day: date | None) -> bool:
    """Tell whether a rhythm has a nudge on a date; a weekly one has one in a calendar week, even when its day moves."""
    if rhythm.frequency != "weekly":
        return day.weekday() in DAYS[rhythm.frequency]
    same_week = last_day is not None and day.isocalendar()[:2] == last_day.isocalendar()[:2]
    return day.weekday() == rhythm.weekday and not same_week


def _slot(rhythm: Rhythm, day: date, spread: int) -> Slot | None:
    window = _window(day, rhythm.hour, rhythm.zone, rhythm.quiet_from, rhythm.quiet_until)
    if window is None:
        return None
    at, expires = window
    # Whoever chose the last hour of their day must not be put where a short delay is too late already.
    late = min(timedelta(minutes=spread % 60), (expires - at) / 2)
    return Slot(day, at + late, expires)


@lru_cache(maxsize=8192)
def _window(day: date, hour: time, place: str, quiet_from: time, quiet_until: time) -> tuple[datetime, datetime] | None:
    """Return when a day's slot begins and is over: the same for all who share a popular hour."""
    rhythm = Rhythm(hour=hour, zone=place, quiet_from=quiet_from, quiet_until=quiet_until)
    tz = zone_or_utc(place)
    at = _due(rhythm, day, tz)
    return None if at is None else (at, _expiry(rhythm, day, tz, at))


def _due(rhythm: Rhythm, day: date, tz: ZoneInfo) -> datetime | None:
    """Return the slot's instant: the wished time, or the end of the quiet hours around it, on that date.

    Where a gap takes the rest of the date (Nuuk in March, after 23:00), it is as long before the gap.
    """
    at = first_instant(day, rhythm.hour, tz) or instant_before_gap(day, rhythm.hour, tz)
    if at is not None and not _quiet(rhythm, at.astimezone(tz).time()):
        return at
    at = first_instant(day, rhythm.quiet_until, tz)
    if at is None or _quiet(rhythm, at.astimezone(tz).time()):
        return None
    return at


def _expiry(rhythm: Rhythm, day: date, tz: ZoneInfo, at: datetime) -> datetime:
    """Return the end of the local day or the start of the quiet hours, whichever comes first after `at`."""
    end = _midnight(day + _DAY, tz)
    if rhythm.quiet_from != rhythm.quiet_until and rhythm.quiet_from > at.astimezone(tz).time():
        end = min(end, first_instant(day, rhythm.quiet_from, tz) or end)
    last = end - timedelta(seconds=1)
    if last.astimezone(tz).utcoffset() == at.astimezone(tz).utcoffset():
        return end
    change = change_between(at, last, tz)
    return change if _quiet(rhythm, change.astimezone(tz).time()) else end


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    """Return the first instant of a local date, or of the one after it where a zone skipped that date."""
    return first_instant(day, _MIDNIGHT, tz) or datetime.combine(day, _MIDNIGHT, tz).astimezone(UTC)


def _quiet(rhythm: Rhythm, wall: time) -> bool:
    start, end = rhythm.quiet_from, rhythm.quiet_until
    if start <= end:
        return start <= wall < end
    return wall >= start or wall < end
