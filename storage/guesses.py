"""Limits on guessing codes: five wrong ones an hour for one person, a hundred for all together."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from actions.facts import Person
from storage.schema import guesses

HOUR = timedelta(hours=1)
TRIES_OF_ONE = 5
TRIES_OF_ALL = 100


def are_left(conn: Connection, person: Person, now: datetime) -> bool:
    """Whether a person may try a code at this moment."""
    return _count(conn, now, person) < TRIES_OF_ONE and _count(conn, now) < TRIES_OF_ALL


def note(conn: Connection, person: Person, now: datetime) -> None:
    """Count a wrong code."""
    conn.execute(insert(guesses).values(subscriber_id=person.id, at=now))


def sweep(conn: Connection, now: datetime) -> None:
    """Forget what no longer counts."""
    conn.execute(delete(guesses).where(guesses.c.at < now - HOUR))


def _count(conn: Connection, now: datetime, person: Person | None = None) -> int:
    statement = select(func.count()).where(guesses.c.at > now - HOUR)
    if person is not None:
        statement = statement.where(guesses.c.subscriber_id == person.id)
    return conn.scalar(statement) or 0
