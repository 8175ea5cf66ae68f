"""Limits on guessing codes: five wrong ones an hour for one person, a hundred for all together.

Codes that confirm an action are counted apart, five an hour for one person and five hundred for one action: a hall in
which many mistype must not keep an organizer from a role.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from actions.facts import Person
from storage.schema import guesses

HOUR = timedelta(hours=1)
TRIES_OF_ONE = 5
TRIES_OF_ALL = 100
TRIES_OF_ACTION = 500


def are_left(conn: Connection, person: Person, now: datetime, action_id: int | None = None) -> bool:
    """Whether a person may try a code at this moment: for a role, or for an action."""
    most = TRIES_OF_ALL if action_id is None else TRIES_OF_ACTION
    return _count(conn, now, action_id, person) < TRIES_OF_ONE and _count(conn, now, action_id) < most


def note(conn: Connection, person: Person, now: datetime, action_id: int | None = None) -> None:
    """Count a wrong code."""
    conn.execute(insert(guesses).values(subscriber_id=person.id, at=now, action_id=action_id))


def sweep(conn: Connection, now: datetime) -> None:
    """Forget what no longer counts."""
    conn.execute(delete(guesses).where(guesses.c.at < now - HOUR))


def _count(conn: Connection, now: datetime, action_id: int | None, person: Person | None = None) -> int:
    statement = select(func.count()).where(guesses.c.at > now - HOUR)
    if person is not None:
        # One person's tries at whatever action are one person's tries.
        apart = guesses.c.action_id.is_(None) if action_id is None else guesses.c.action_id.is_not(None)
        statement = statement.where(guesses.c.subscriber_id == person.id, apart)
    else:
        statement = statement.where(guesses.c.action_id == action_id)
    return conn.scalar(statement) or 0
