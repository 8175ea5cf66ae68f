"""Until when a platform wants to hear nothing, in a chat or in all, and how fast: kept so that a restart obeys too."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage import accounts, meta

PREFIX = "hold:"
RATE = "rate:"
KEY_AT_MOST = 64
"""The width of `meta.key`; a chat with a longer name keeps its hold in memory alone."""
Learned = tuple[float, float, float]

LONGEST = timedelta(days=1)
"""No stored hold outlives a day, whatever the clock said when it was written."""


def keep(conn: Connection, account: str, holds: Mapping[str, datetime]) -> None:
    """Write down holds by chat; `""` is the whole account."""
    number = accounts.number(conn, account)
    for chat, until in holds.items():
        key = f"{PREFIX}{number}:{chat}"
        if len(key) <= KEY_AT_MOST:
            meta.put(conn, key, until.astimezone(UTC).isoformat())


def learn(conn: Connection, account: str, learned: tuple[float, float], now: datetime) -> None:
    """Write down the pace that an account was taught by refusals."""
    rate, knee = learned
    meta.put(
        conn, f"{RATE}{accounts.number(conn, account)}", f"{rate:.3f} {knee:.3f} {now.astimezone(UTC).isoformat()}"
    )


def load(
    conn: Connection, account: str, now: datetime
) -> tuple[dict[str, timedelta], tuple[float, float, float] | None]:
    """How long each hold of an account still lasts (those that are over are forgotten), and the pace it was taught
    within the last day: messages a second, the knee, and how many seconds ago.
    """
    number = accounts.number(conn, account)
    start = f"{PREFIX}{number}:"
    left: dict[str, timedelta] = {}
    for key, value in meta.starting(conn, start):
        rest = min(datetime.fromisoformat(value) - now, LONGEST)
        if rest > timedelta(0):
            left[key.removeprefix(start)] = rest
        else:
            meta.put(conn, key, "")
    return left, _learned(conn, f"{RATE}{number}", now)


def _learned(conn: Connection, key: str, now: datetime) -> Learned | None:
    words = meta.get(conn, key).split()
    if not words:
        return None
    ago = now - datetime.fromisoformat(words[2])
    if ago >= LONGEST:
        meta.put(conn, key, "")
        return None
    return float(words[0]), float(words[1]), max(0.0, ago.total_seconds())
