"""Reminders in the outbox: what people wait for or agreed to, worded when it goes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage.deliveries import DUE, LANES
from storage.schema import accounts, deliveries

KIND = "reminder"


def row(subscriber_id: int, home: tuple[int, int], due_at: datetime, **more: Any) -> dict[str, Any]:
    """The row of one reminder to an address, given as (address, account); `more` are columns."""
    return {
        "subscriber_id": subscriber_id,
        "address_id": home[0],
        "account_id": home[1],
        "kind": KIND,
        "lane": LANES[KIND],
        "due_at": due_at,
        "status": "pending",
        **more,
    }


def put(conn: Connection, rows: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """Write reminders, one a person; returns pairs of (subscriber, delivery)."""
    if not rows:
        return []
    return [(made.subscriber_id, made.id) for made in conn.execute(_PUT, list(rows))]


_PUT = insert(deliveries).returning(deliveries.c.id, deliveries.c.subscriber_id)


def waiting(conn: Connection, now: datetime) -> int:
    """How many reminders wait that are due."""
    every = select(accounts.c.id)
    counted = select(func.count()).select_from(deliveries)
    counted = counted.where(deliveries.c.account_id.in_(every), deliveries.c.lane == LANES[KIND], *DUE)
    return conn.scalar(counted, {"now": now}) or 0
