"""Slots: who is due, and the row of a planned nudge."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.deliveries import LANES
from storage.schema import subscribers


def due_people(conn: Connection, now: datetime, limit: int) -> Sequence[Any]:
    """The subscribers whose slot has come, longest due first, their rows locked against other planners."""
    statement = (
        select(subscribers)
        .where(subscribers.c.next_at <= now)
        .order_by(subscribers.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return conn.execute(statement).all()


def slot_row(
    subscriber_id: int, address: tuple[int, int], slot: date, due_at: datetime, **values: Any
) -> dict[str, Any]:
    """The row of a planned nudge: every key present, so that many go in one statement."""
    address_id, account_id = address
    return {
        "subscriber_id": subscriber_id,
        "address_id": address_id,
        "account_id": account_id,
        "kind": "nudge",
        "lane": LANES["nudge"],
        "slot": slot,
        "due_at": due_at,
        "expires_at": None,
        "status": "pending",
        "reason": "",
        "reasons": "",
        "story_id": None,
        "action_id": None,
        "ask_id": None,
        "propensity": None,
        "body": None,
        **values,
    }
