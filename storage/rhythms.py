"""A rhythm as the database keeps it: wall times are minutes after midnight."""

from datetime import time
from functools import lru_cache
from typing import Any

from actions.facts import Frequency, Rhythm


def minutes_of(moment: time) -> int:
    """A wall time as minutes after midnight."""
    return moment.hour * 60 + moment.minute


def time_of(minutes: int) -> time:
    """Minutes after midnight as a wall time."""
    return time(minutes // 60 % 24, minutes % 60)


@lru_cache(maxsize=8192)
def made(
    frequency: Frequency, hour: int, place: str, quiet: tuple[int, int], weekday: int, limits: tuple[int, int]
) -> Rhythm:
    """The rhythm of a row; many people share one, and it is made once."""
    return Rhythm(frequency, time_of(hour), place, time_of(quiet[0]), time_of(quiet[1]), weekday, *limits)


def columns(wished: Rhythm) -> dict[str, Any]:
    """The row of a rhythm."""
    return {
        "zone": wished.zone,
        "frequency": wished.frequency,
        "hour": minutes_of(wished.hour),
        "quiet_from": minutes_of(wished.quiet_from),
        "quiet_until": minutes_of(wished.quiet_until),
        "weekday": wished.weekday,
        "minutes": wished.minutes,
        "asks": wished.asks,
    }
