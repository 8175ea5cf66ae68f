"""Who did what, when, to what goes out to many; rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select

from storage.schema import audit, subscribers

Origin = Literal["chat", "terminal", "schedule"]


@dataclass(frozen=True, slots=True)
class By:
    """Who does something: someone in a chat, whoever holds the terminal, or time itself."""

    origin: Origin
    subscriber_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit; `who` is the opaque key of a person, empty for the terminal and for time itself."""

    at: datetime
    origin: str
    who: str
    what: str
    alert_id: int | None


def note(
    conn: Connection, by: By, what: str, now: datetime, alert_id: int | None = None, result_id: int | None = None
) -> None:
    """Add a line."""
    values = {"at": now, "subscriber_id": by.subscriber_id, "origin": by.origin, "what": what}
    conn.execute(insert(audit).values(**values, alert_id=alert_id, result_id=result_id))


def of(conn: Connection, alert_id: int | None = None, result_id: int | None = None) -> list[Entry]:
    """The lines of one alert or of one result, or those about everything at once; oldest first."""
    about = (audit.c.alert_id.is_not_distinct_from(alert_id)) & (audit.c.result_id.is_not_distinct_from(result_id))
    rows = conn.execute(
        select(audit.c.at, audit.c.origin, subscribers.c.key, audit.c.what, audit.c.alert_id)
        .outerjoin(subscribers, subscribers.c.id == audit.c.subscriber_id)
        .where(about)
        .order_by(audit.c.id)
    )
    return [Entry(row.at, row.origin, row.key or "", row.what, row.alert_id) for row in rows]
