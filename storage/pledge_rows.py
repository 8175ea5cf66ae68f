"""Pledge drives as rows: finding, locking, counting."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from actions.facts import Person, Ref
from actions.pledging import Drive, Part, State
from storage.catalog import stock_of
from storage.schema import pledge_drives, pledgers, subscribers

HELD: tuple[Part, ...] = ("in", "bound", "done", "not_done")
TELLABLE = ("active", "paused")
"""Who counts before it binds: nobody is bound who cannot be told."""
AT_ONCE = 1000


def slices(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Many numbers in parts that fit into a statement each."""
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


def held_by(conn: Connection, person: Person, action: Ref) -> int | None:
    """The drive of an action that a person is in, wherever they live by now."""
    return conn.scalar(
        select(pledgers.c.drive_id)
        .join(pledge_drives, pledge_drives.c.id == pledgers.c.drive_id)
        .where(
            pledgers.c.subscriber_id == person.id,
            pledge_drives.c.action_id == stock_of(conn).actions.get(action),
            pledgers.c.state.in_(HELD),
        )
        .limit(1)
    )


def number_of(conn: Connection, action: Ref, place: str) -> int | None:
    """The drive of an action in a place, if it was opened."""
    return conn.scalar(
        select(pledge_drives.c.id).where(
            pledge_drives.c.action_id == stock_of(conn).actions.get(action), pledge_drives.c.place == place
        )
    )


def row_of(conn: Connection, number: int) -> Row[Any] | None:
    """A drive."""
    return conn.execute(select(pledge_drives).where(pledge_drives.c.id == number)).first()


def locked(conn: Connection, number: int) -> Row[Any]:
    """A drive, held for this transaction.

    Raises `sqlalchemy.exc.NoResultFound` when there is none.
    """
    return conn.execute(select(pledge_drives).where(pledge_drives.c.id == number).with_for_update()).one()


def counting(drive: Any) -> Any:
    """The query that counts who is in a drive before it binds."""
    return (
        select(func.count())
        .select_from(pledgers)
        .join(subscribers, subscribers.c.id == pledgers.c.subscriber_id)
        .where(pledgers.c.drive_id == drive, pledgers.c.state == "in", subscribers.c.state.in_(TELLABLE))
    )


def count(conn: Connection, number: int) -> int:
    """How many are in a drive before it binds."""
    return conn.scalar(counting(number)) or 0


def drive_of(conn: Connection, row: Row[Any]) -> Drive:
    """A drive as decisions see it."""
    counted = count(conn, row.id) if row.state == "open" else row.counted
    return Drive(
        row.needs, row.by, counted, cast(State, row.state), row.place, row.opened_at, row.do_by, row.kept, row.missed
    )


def mark(conn: Connection, number: int, whose: ColumnElement[bool], **values: Any) -> int:
    """Set columns of some of those in a drive; returns of how many."""
    return conn.execute(update(pledgers).where(pledgers.c.drive_id == number, whose).values(**values)).rowcount


def change(conn: Connection, number: int, **values: Any) -> None:
    """Set columns of a drive."""
    conn.execute(update(pledge_drives).where(pledge_drives.c.id == number).values(**values))
