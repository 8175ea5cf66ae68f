"""The rests people chose, in their own days: a path that passes over them must know of those long gone."""

from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select, update

from actions.facts import Person
from actions.recognition import Pause
from actions.rhythm import local_day
from storage.schema import pauses


def begin(conn: Connection, person: Person, until: date | None, now: datetime) -> None:
    """Note a rest from today on; it takes the place of one that goes on."""
    end(conn, person, now)
    since, until = local_day(person.rhythm, now), until or date.max
    if since < until:
        conn.execute(insert(pauses).values(subscriber_id=person.id, since=since, until=until))


def end(conn: Connection, person: Person, now: datetime) -> None:
    """Note that a rest which goes on is over; nothing when none does."""
    today = local_day(person.rhythm, now)
    goes_on = (pauses.c.subscriber_id == person.id) & (pauses.c.until > today)
    conn.execute(delete(pauses).where(goes_on, pauses.c.since >= today))
    conn.execute(update(pauses).where(goes_on).values(until=today))


def of(conn: Connection, person: Person) -> list[Pause]:
    """Every rest of a person, oldest first."""
    own = select(pauses).where(pauses.c.subscriber_id == person.id).order_by(pauses.c.since, pauses.c.id)
    return [Pause(row.since, row.until) for row in conn.execute(own)]
