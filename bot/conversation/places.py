"""From a city or a wall time to a time zone."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.conversation.finding import folded

AREAS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
WELL_KNOWN = (
    "Europe/London", "Europe/Berlin", "Europe/Madrid", "Europe/Athens", "Europe/Istanbul", "Africa/Lagos",
    "Africa/Cairo", "Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata",
    "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
    "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Santiago", "America/Bogota",
    "America/Mexico_City", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Toronto", "Atlantic/Azores", "Asia/Tehran", "Asia/Kathmandu", "Pacific/Honolulu",
)  # fmt: skip
NEAR = timedelta(minutes=10)
OTHER_NAMES = {
    "munchen": "Europe/Berlin", "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "koln": "Europe/Berlin",
    "cologne": "Europe/Berlin", "frankfurt": "Europe/Berlin", "wien": "Europe/Vienna", "genf": "Europe/Zurich",
    "geneva": "Europe/Zurich", "barcelona": "Europe/Madrid", "sevilla": "Europe/Madrid", "valencia": "Europe/Madrid",
    "londres": "Europe/London", "leeds": "Europe/London", "manchester": "Europe/London", "edinburgh": "Europe/London",
    "bogota": "America/Bogota", "ciudad de mexico": "America/Mexico_City", "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata", "washington": "America/New_York", "boston": "America/New_York",
    "san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "beijing": "Asia/Shanghai",
}  # fmt: skip
"""Large cities that no zone is named after."""


@lru_cache
def _cities() -> dict[str, str]:
    zones = sorted(name for name in available_timezones() if name.startswith(AREAS))
    return {folded(name.rpartition("/")[2].replace("_", " ")): name for name in zones} | OTHER_NAMES


def zones_named(words: str) -> list[str]:
    """The zones whose city answers to what was written: the same name first, then names that begin like it."""
    wanted = folded(" ".join(words.replace("_", " ").split()))
    if len(wanted) < 2:
        return []
    cities = _cities()
    wanted = wanted.rpartition("/")[2]
    exact = [cities[wanted]] if wanted in cities else []
    near = [zone for city, zone in cities.items() if city.startswith(wanted)]
    return list(dict.fromkeys([*exact, *near]))


def zones_at(at: time, now: datetime) -> list[str]:
    """The well-known zones in which it is about that time now."""
    found = []
    for name in WELL_KNOWN:
        there = now.astimezone(ZoneInfo(name))
        wished = there.replace(hour=at.hour, minute=at.minute)
        gap = abs(wished - there)
        if min(gap, timedelta(days=1) - gap) <= NEAR:
            found.append(name)
    return found
