"""Until when a platform wants to hear nothing, in one chat or in all: kept so that a restart obeys too."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage import accounts, meta

PREFIX = "hold:"
KEY_AT_MOST = 64
"""The width of `meta.key`; a chat with a longer name keeps its hold in memory alone."""
LONGEST = timedelta(days=1)
"""No stored hold outlives a day, whatever the clock said when it was written."""


def keep(conn: Connection, account: str, holds: Mapping[str, datetime]) -> None:
    """Write down holds by chat; `""` is the whole account."""
    number = accounts.number(conn, account)
    for chat, until in holds.items():
        key = f"{PREFIX}{number}:{chat}"
        if len(key) <= KEY_AT_MOST:
            meta.put(conn, key, until.astimezone(UTC).isoformat())


def load(conn: Connection, account: str, now: datetime) -> dict[str, timedelta]:
    """How long each hold of an account still lasts; those that are over are forgotten."""
    start = f"{PREFIX}{accounts.number(conn, account)}:"
    left: dict[str, timedelta] = {}
    for key, value in meta.starting(conn, start):
        rest = min(datetime.fromisoformat(value) - now, LONGEST)
        if rest > timedelta(0):
            left[key.removeprefix(start)] = rest
        else:
            meta.put(conn, key, "")
    return left
