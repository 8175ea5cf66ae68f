"""When the rules of time zones change: every next time is computed anew, before anything is planned by the old ones."""

import importlib.metadata
from collections import Counter
from datetime import datetime

from sqlalchemy import Connection

from actions import rhythm
from actions.zones import is_known, nearest
from bot.message import dump
from bot.wording import settings as words
from storage import addresses, deliveries, meta, subscribers

BATCH = 400
VERSION, CURSOR = "tzdata", "tzdata-cursor"


def plan(conn: Connection, now: datetime, limit: int = BATCH) -> Counter[str]:
    """Compute the next times of some people anew, as long as some were computed by another version of the rules.

    Whoever lives in a zone that is no more keeps the hour they know, by the offset from UTC it had last, and is asked.
    """
    version = importlib.metadata.version("tzdata")
    if meta.get(conn, VERSION) == version:
        return Counter()
    after = int(meta.get(conn, CURSOR, "0"))
    numbers = subscribers.scheduled(conn, now, after, limit)
    for number in numbers:
        _anew(conn, number, now)
    meta.put(conn, CURSOR, str(numbers[-1]) if numbers else "")
    if not numbers:
        meta.put(conn, VERSION, version)
    return Counter(rescheduled=len(numbers))


def _anew(conn: Connection, number: int, now: datetime) -> None:
    person = subscribers.get(conn, number)
    if not is_known(person.rhythm.zone):
        due = subscribers.next_at(conn, number)
        spread = rhythm.spread_of(person.key)
        zone = nearest(due, person.rhythm.hour, spread) if due is not None else "UTC"
        subscribers.change(conn, person, now, zone=zone)
        home = addresses.home(conn, number)
        if home is not None and person.state == "active":
            asked = words.zone_is_gone(person.rhythm.zone, person.language)
            deliveries.add_replies(conn, home, [dump(asked)], now)
        return
    subscribers.schedule(conn, number, now)
