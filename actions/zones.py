"""Time zones by name, and local time across clock changes."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MACHINE_DEPENDENT = frozenset({"localtime", "Factory"})


def zone(name: str) -> ZoneInfo:
    """Return the zone of an exact IANA name.

    Raises:
        ValueError: "We know no time zone …"
    """
    if name not in _names():
        raise ValueError(f"We know no time zone called {name!r}. Use a name like Europe/Berlin or Africa/Nairobi.")
    return ZoneInfo(name)


@lru_cache(maxsize=1024)
def zone_or_utc(name: str) -> ZoneInfo:
    """Return the zone of a name, or UTC for one that is unknown, as when tzdata removed it."""
    try:
        return zone(name)
    except (ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


def first_instant(day: date, wall: time, tz: ZoneInfo) -> datetime | None:
    """Return the first instant of a local day at or after a wall time, in UTC.

    A missing time gives the first moment after the gap, a repeated one its first pass; None when the gap
    takes the rest of the day away.
    """
    wished = datetime.combine(day, wall)
    instant = wished.replace(tzinfo=tz).astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) == wished:
        return instant
    instant = change_between(wished.replace(tzinfo=tz, fold=1).astimezone(UTC), instant, tz)
    return instant if instant.astimezone(tz).date() == day else None


def instant_before_gap(day: date, wall: time, tz: ZoneInfo) -> datetime | None:
    """Return a missing time as the clock would have it had it changed already; None on a day that does not exist."""
    instant = datetime.combine(day, wall, tz).replace(fold=1).astimezone(UTC)
    return instant if instant.astimezone(tz).date() == day else None


def change_between(start: datetime, end: datetime, tz: ZoneInfo) -> datetime:
    """Return the instant of the clock change after `start` and not after `end`, to the second."""
    old = start.astimezone(tz).utcoffset()
    low, high = 0, int((end - start).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (start + timedelta(seconds=middle)).astimezone(tz).utcoffset() == old:
            low = middle
        else:
            high = middle
    return start + timedelta(seconds=high)


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - _MACHINE_DEPENDENT)


def is_known(name: str) -> bool:
    """Return whether there is a zone of that exact name."""
    return name in _names()


def nearest(due: datetime, wall: time, late: int = 0) -> str:
    """Return the name of the zone of whole hours in which an instant, less so many minutes, is a wall time.

    It stands in for a zone that is gone, of which nothing is left but what was computed by it. In these names the sign
    is turned round: `Etc/GMT-2` is two hours ahead of UTC (tz database, file `etcetera`).
    """
    utc = due.astimezone(UTC) - timedelta(minutes=late)
    ahead = (wall.hour * 60 + wall.minute - utc.hour * 60 - utc.minute + 12 * 60) % (24 * 60) - 12 * 60
    hours = round(ahead / 60)
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"
