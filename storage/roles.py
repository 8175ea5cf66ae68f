"""Who may do what: the roles people hold."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from actions.facts import Person
from storage.schema import roles


def held_by(conn: Connection, person: Person) -> frozenset[str]:
    """The roles a person holds."""
    return frozenset(conn.scalars(select(roles.c.role).where(roles.c.subscriber_id == person.id)))


def grant(conn: Connection, person: Person, role: str, now: datetime) -> None:
    """Give a person a role."""
    if role not in held_by(conn, person):
        conn.execute(insert(roles).values(subscriber_id=person.id, role=role, at=now))
