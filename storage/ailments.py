"""What may be wrong with an instance, as counts: for `kindling doctor`."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import inbox
from storage.catalog import stock_of
from storage.schema import deliveries, guesses
from storage.schema import subscribers as people

MANY_GUESSES = 20
BAD_ENDS = ("failed", "unsure")


def subscribers(conn: Connection) -> int:
    """How many people the database knows."""
    return conn.scalar(select(func.count()).select_from(people)) or 0


def packs(conn: Connection) -> int:
    """How many packs are live and can be read.

    Raises `ValueError` when one cannot.
    """
    return len(stock_of(conn).packs)


def set_aside(conn: Connection) -> str:
    """How many updates could not be handled, and why; empty when there is none."""
    count = inbox.dead(conn)
    errors = ", ".join(sorted(set(inbox.errors(conn))))
    return f"{count} updates were set aside ({errors})" if count else ""


def late(conn: Connection, before: datetime) -> int:
    """How many messages wait that were due before an instant."""
    waiting = deliveries.c.status.in_(("pending", "retry")) & (deliveries.c.due_at < before)
    return conn.scalar(select(func.count()).select_from(deliveries).where(waiting)) or 0


def failed(conn: Connection, since: datetime) -> dict[str, int]:
    """How many deliveries that were due since an instant ended badly, by status and reason."""
    rows = conn.execute(
        select(deliveries.c.status, deliveries.c.reason, func.count())
        .where(deliveries.c.status.in_(BAD_ENDS), deliveries.c.due_at >= since)
        .group_by(deliveries.c.status, deliveries.c.reason)
        .order_by(func.count().desc())
        .limit(5)
    )
    return {f"{status} ({reason})" if reason else status: count for status, reason, count in rows}


def wrong_codes(conn: Connection, since: datetime) -> int:
    """How many role codes were wrong since an instant."""
    return conn.scalar(select(func.count()).select_from(guesses).where(guesses.c.at >= since)) or 0
