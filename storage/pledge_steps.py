"""What those in a drive hear and answer, one by one; and what becomes of their place when they are erased or joined."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, bindparam, delete, select, update

from actions.facts import Person
from actions.pledging import Part, Step
from storage import pledge_rows as rows
from storage import pledges, subscribers
from storage.pledges import SOURCE, Standing
from storage.schema import pledge_drives, pledgers, taken
from storage.schema import subscribers as people

STRENGTH: Sequence[Part] = ("", "withdrawn", "released", "in", "bound", "not_done", "done")
"""Of what two records of one person are to a drive the later one of these stays."""


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody in a drive for whom the next step has come."""

    person: Person
    standing: Standing
    step: Step


def due(conn: Connection, now: datetime, limit: int, drive: int | None = None) -> list[Due]:
    """Those for whom a step has come, in one drive or in all; they are held for this transaction.

    Whoever is being answered at this moment is passed over: their turn comes with the next look.
    """
    wanted = (
        select(people, pledgers.c.drive_id, pledgers.c.state.label("part"), pledgers.c.step, pledgers.c.ask_id)
        .join(pledgers, pledgers.c.subscriber_id == people.c.id)
        .where(pledgers.c.due_at <= now)
        .order_by(pledgers.c.due_at, people.c.id)
        .limit(limit)
        .with_for_update(of=[people, pledgers], skip_locked=True, key_share=True)
    )
    found = conn.execute(wanted.where(pledgers.c.drive_id == drive) if drive is not None else wanted).all()
    drives: dict[int, Standing] = {}
    for row in found:
        if row.drive_id not in drives and (one := pledges.drive(conn, row.drive_id)) is not None:
            drives[row.drive_id] = one
    told = subscribers.many(conn, found)
    return [
        Due(person, pledges.for_one(drives[row.drive_id], row.part, row.ask_id), cast(Step, row.step))
        for person, row in zip(told, found, strict=True)
    ]


def move_on(conn: Connection, moves: Iterable[tuple[Due, str, datetime | None]]) -> None:
    """Note what each of them hears next, and when: nothing any more with an empty step."""
    values = [
        {"drive": one.standing.id, "who": one.person.id, "following": step, "when": due_at}
        for one, step, due_at in moves
    ]
    if values:
        conn.execute(_MOVE, values)


_MOVE = (
    update(pledgers)
    .where(pledgers.c.drive_id == bindparam("drive"), pledgers.c.subscriber_id == bindparam("who"))
    .values(step=bindparam("following"), due_at=bindparam("when"))
)


def answer(conn: Connection, person: Person, number: int, *, done: bool) -> Standing | None:
    """Note whether a person did what they were bound to; nothing when they are not bound by that drive.

    The pledge stays in the log of actions as what it was, a promise; whether it was kept stands beside it, as its
    source: organizers see pledged, bound and kept apart.
    """
    if rows.row_of(conn, number) is None:
        return None
    row = rows.locked(conn, number)
    mine = pledges.standing(conn, person, number)
    if mine is None or mine.part not in ("bound", "done", "not_done"):
        return None
    kept = row.kept + done - (mine.part == "done")
    missed = row.missed + (not done) - (mine.part == "not_done")
    rows.change(conn, number, kept=kept, missed=missed)
    whose = pledgers.c.subscriber_id == person.id
    rows.mark(conn, number, whose, state="done" if done else "not_done", step="", due_at=None)
    conn.execute(
        update(taken)
        .where(
            taken.c.subscriber_id == person.id, taken.c.action_id == row.action_id, taken.c.source.startswith(SOURCE)
        )
        .values(source=f"{SOURCE} kept" if done else f"{SOURCE} not kept")
    )
    return pledges.standing(conn, person, number)


def hold(conn: Connection, *numbers: int) -> None:
    """Hold the drives that these people are in, before their rows are changed: nobody counts and binds meanwhile."""
    theirs = select(pledgers.c.drive_id).where(pledgers.c.subscriber_id.in_(numbers))
    conn.execute(
        select(pledge_drives.c.id).where(pledge_drives.c.id.in_(theirs)).order_by(pledge_drives.c.id).with_for_update()
    ).all()


def let_go(conn: Connection, subscriber_id: int) -> None:
    """Take somebody out of their drives who is about to be erased: what binds already stays as it is."""
    hold(conn, subscriber_id)
    conn.execute(delete(pledgers).where(pledgers.c.subscriber_id == subscriber_id))


def merge(conn: Connection, kept_id: int, gone_id: int) -> None:
    """Let one person who was in a drive twice be in it once, as the further of the two."""
    hold(conn, kept_id, gone_id)
    other = pledgers.alias()
    pairs = select(pledgers.c.drive_id, pledgers.c.state, other.c.state.label("theirs")).where(
        pledgers.c.subscriber_id == kept_id, other.c.subscriber_id == gone_id, pledgers.c.drive_id == other.c.drive_id
    )
    for row in conn.execute(pairs).all():
        weaker = kept_id if STRENGTH.index(row.theirs) > STRENGTH.index(row.state) else gone_id
        one = (pledgers.c.drive_id == row.drive_id) & (pledgers.c.subscriber_id == weaker)
        conn.execute(delete(pledgers).where(one))
    conn.execute(update(pledgers).where(pledgers.c.subscriber_id == gone_id).values(subscriber_id=kept_id))


def newest(conn: Connection, limit: int) -> list[Standing]:
    """The drives opened last, with their numbers."""
    numbers = conn.scalars(select(pledge_drives.c.id).order_by(pledge_drives.c.id.desc()).limit(limit)).all()
    return [found for number in numbers if (found := pledges.drive(conn, number)) is not None]
