"""Pledge drives: who is in, and the one transaction in which enough are and everybody is bound.

Locks are taken in one order, so that no two transactions wait for each other: a person's row, drives by number, the
rows of those who are in them. Whoever changes who is in a drive holds its row first: counting and binding are one.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from actions import pledging
from actions.facts import Person, Ref
from actions.pledging import Drive, Joining, Part, State, Withdrawing
from content.model import Pledge
from storage import pledge_rows as rows
from storage.catalog import stock_of
from storage.history import Ask
from storage.schema import pledge_drives, pledgers, subscribers, taken

SOURCE = "pledge"
"""What vouches for a pledge in the log of actions; once people were asked, whether it was kept stands beside it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A drive with its number and action, and what one person is to it."""

    id: int
    action: Ref
    drive: Drive
    part: Part = ""
    ask_id: int | None = None


def terms(conn: Connection, action: Ref) -> Pledge | None:
    """What makes an action's pledge bind; nothing for an action that has no drive."""
    found = stock_of(conn).action(action)
    return found.pledge if found else None


def need(conn: Connection, person: Person, action: Ref) -> Drive | None:
    """The drive of an action as it stands where a person is; nothing where that, or any drive, is unknown."""
    wanted = terms(conn, action)
    if wanted is None or (wanted.within == "region" and not person.region):
        return None
    place = pledging.place_of(wanted.within, person.region)
    number = rows.held_by(conn, person, action) or rows.number_of(conn, action, place)
    row = rows.row_of(conn, number) if number is not None else None
    if row is None or _starts_anew(row, rows.count(conn, row.id), wanted):
        return Drive(wanted.needs, wanted.by, place=place)
    return rows.drive_of(conn, row)


def of_person(conn: Connection, person: Person) -> list[Standing]:
    """The drives a person is in or bound by, and has not answered for yet; the newest last."""
    rows = conn.execute(
        select(pledge_drives, pledgers.c.state.label("part"), pledgers.c.ask_id)
        .join(pledgers, pledgers.c.drive_id == pledge_drives.c.id)
        .where(pledgers.c.subscriber_id == person.id, pledgers.c.state.in_(("in", "bound")))
        .order_by(pledgers.c.at, pledge_drives.c.id)
    ).all()
    return [_standing(conn, row, row.part, row.ask_id) for row in rows]


def standing(conn: Connection, person: Person, number: int) -> Standing | None:
    """One drive, with what a person is to it."""
    row = rows.row_of(conn, number)
    return _standing(conn, row, *_mine(conn, number, person)) if row is not None else None


def drive(conn: Connection, number: int) -> Standing | None:
    """One drive, whoever looks at it."""
    row = rows.row_of(conn, number)
    return _standing(conn, row) if row is not None else None


def for_one(found: Standing, part: str, ask_id: int | None) -> Standing:
    """A drive as one of those in it has it."""
    return replace(found, part=cast(Part, part), ask_id=ask_id)


def held(conn: Connection, person: Person, action: Ref) -> Standing | None:
    """The drive of an action that a person is in, is bound by, or answered for."""
    number = rows.held_by(conn, person, action)
    return standing(conn, person, number) if number is not None else None


def join(conn: Connection, person: Person, ask: Ask, now: datetime) -> tuple[Joining, Standing]:
    """Let a person in; with them, or not at all, everybody is bound.

    Raises `LookupError` for an action without a drive.
    """
    action, wanted = ask.asked.action, terms(conn, ask.asked.action)
    if wanted is None:
        raise LookupError(f"{action} has no pledge drive")
    place = pledging.place_of(wanted.within, person.region)
    number = rows.held_by(conn, person, action) or _opened(conn, action, place, wanted, now)
    row = _again(conn, rows.locked(conn, number), wanted, now)
    verdict = pledging.join(rows.drive_of(conn, row), _part(conn, number, person), now)
    if verdict in ("joined", "binds"):
        _put(conn, number, person, "in", ask, now)
    if verdict == "bound-too":
        _put(conn, number, person, "bound", ask, now)
        _note_taken(conn, row, pledgers.c.subscriber_id == person.id, now)
        rows.change(conn, number, counted=row.counted + 1)
    if verdict == "binds" and not _bind(conn, row, wanted.do_by, now):
        verdict = "joined"
    return verdict, _must(conn, person, number)


def withdraw(conn: Connection, person: Person, action: Ref) -> Withdrawing:
    """Let a person step back, as long as nothing binds."""
    number = rows.held_by(conn, person, action)
    if number is None:
        return "not-in"
    row = rows.locked(conn, number)
    verdict = pledging.withdraw(rows.drive_of(conn, row), _part(conn, number, person))
    if verdict == "withdrawn":
        rows.mark(conn, number, pledgers.c.subscriber_id == person.id, state="withdrawn", step="", due_at=None)
    return verdict


def ripe(conn: Connection, now: datetime, limit: int) -> list[int]:
    """Open drives for which there is something to do: a look, the end of their day, enough who came back."""
    come_back = rows.counting(pledge_drives.c.id).correlate(pledge_drives).scalar_subquery() >= pledge_drives.c.needs
    wanted = (
        select(pledge_drives.c.id)
        .where(pledge_drives.c.state == "open", (pledge_drives.c.due_at <= now) | come_back)
        .order_by(pledge_drives.c.id)
        .limit(limit)
    )
    return list(conn.scalars(wanted))


def decide(conn: Connection, number: int, now: datetime) -> State:
    """Bind or end a drive whose moment has come; returns what it is now."""
    row = rows.locked(conn, number)
    drive = rows.drive_of(conn, row)
    state = pledging.decide(drive, now)
    if drive.state != "open" or state == "open":
        return state
    wanted = terms(conn, stock_of(conn).refs[row.action_id])
    if state == "bound" and _bind(conn, row, wanted.do_by if wanted else None, now):
        return "bound"
    if now < pledging.ends_at(row.by):
        return "open"
    rows.mark(conn, number, pledgers.c.state == "in", state="released", step="tell", due_at=now)
    rows.change(conn, number, state="failed", counted=drive.counted, decided_at=now, due_at=None)
    return "failed"


def look(conn: Connection, number: int, now: datetime) -> tuple[Standing, int | None] | None:
    """Note the outlook of an open drive, once, halfway to its day; returns it with the first of those who are in."""
    row = rows.locked(conn, number)
    if row.state != "open" or row.looked_at is not None:
        return None
    found = _standing(conn, row)
    outlook = pledging.forecast(found.drive, now)
    rows.change(conn, number, looked_at=now, outlook=outlook, due_at=pledging.ends_at(row.by))
    first = select(pledgers.c.subscriber_id).where(pledgers.c.drive_id == number, pledgers.c.state == "in")
    starter = conn.scalar(first.order_by(pledgers.c.at, pledgers.c.subscriber_id).limit(1))
    return found, None if outlook == "likely" else starter


def _bind(conn: Connection, row: Row[Any], do_by: date | None, now: datetime) -> bool:
    """Bind all who are in, if they are enough: false when somebody left between the counting and now."""
    who = (
        select(pledgers.c.subscriber_id)
        .join(subscribers, subscribers.c.id == pledgers.c.subscriber_id)
        .where(pledgers.c.drive_id == row.id, pledgers.c.state == "in", subscribers.c.state.in_(rows.TELLABLE))
        .order_by(pledgers.c.subscriber_id)
        .with_for_update(of=pledgers)
    )
    numbers = list(conn.scalars(who))
    if len(numbers) < row.needs:
        return False
    for some in rows.slices(numbers):
        rows.mark(conn, row.id, pledgers.c.subscriber_id.in_(some), state="bound", step="tell", due_at=now)
    rows.mark(conn, row.id, pledgers.c.state == "in", state="released", step="", due_at=None)
    _note_taken(conn, row, literal(True), now)
    keep_by = pledging.keep_by(do_by, now)
    rows.change(conn, row.id, state="bound", counted=len(numbers), decided_at=now, do_by=keep_by, due_at=None)
    return True


def _note_taken(conn: Connection, row: Row[Any], whose: ColumnElement[bool], now: datetime) -> None:
    """Write the pledge of all who are bound into the log of actions, in one statement."""
    action = stock_of(conn).shelf.actions.get(stock_of(conn).refs[row.action_id])
    if action is None:
        return  # its pack has dropped it: there is no cause any more in which it would count
    values = {
        "subscriber_id": pledgers.c.subscriber_id,
        "action_id": literal(row.action_id),
        "cause_id": literal(stock_of(conn).causes[action.cause]),
        "kind": literal(action.kind),
        "rung": literal(action.rung),
        "at": literal(now, taken.c.at.type),
        "period": literal("once"),
        "status": literal("claimed"),
        "source": literal(SOURCE),
        "ask_id": pledgers.c.ask_id,
    }
    bound = select(*values.values()).where(pledgers.c.drive_id == row.id, pledgers.c.state == "bound", whose)
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    conn.execute(dialect.insert(taken).from_select([*values], bound).on_conflict_do_nothing())


def _opened(conn: Connection, action: Ref, place: str, wanted: Pledge, now: datetime) -> int:
    number = rows.number_of(conn, action, place)
    if number is not None:
        return number
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    values = {
        "action_id": stock_of(conn).actions[action],
        "place": place,
        "needs": wanted.needs,
        "by": wanted.by,
        "state": "open",
        "opened_at": now,
        "due_at": pledging.halfway(now, wanted.by),
    }
    conn.execute(dialect.insert(pledge_drives).values(**values).on_conflict_do_nothing())
    found = rows.number_of(conn, action, place)
    if found is None:
        raise LookupError("a drive just opened is not there")
    return found


def _starts_anew(row: Row[Any], counted: int, wanted: Pledge) -> bool:
    """Whether a drive failed, or nobody is in it, and its pack has given it a later day or another number since."""
    later: bool = wanted.by > row.by
    if row.state == "open":
        return not counted and (row.needs, row.by) != (wanted.needs, wanted.by)
    return row.state == "failed" and later


def _again(conn: Connection, row: Row[Any], wanted: Pledge, now: datetime) -> Row[Any]:
    if not _starts_anew(row, rows.count(conn, row.id), wanted):
        return row
    rows.change(
        conn, row.id, needs=wanted.needs, by=wanted.by, state="open", opened_at=now, looked_at=None, outlook="",
        counted=0, decided_at=None, due_at=pledging.halfway(now, wanted.by),
    )  # fmt: skip
    return rows.locked(conn, row.id)


def _standing(conn: Connection, row: Row[Any], part: Part = "", ask_id: int | None = None) -> Standing:
    return Standing(row.id, stock_of(conn).refs[row.action_id], rows.drive_of(conn, row), part, ask_id)


def _must(conn: Connection, person: Person, number: int) -> Standing:
    return _standing(conn, rows.locked(conn, number), *_mine(conn, number, person))


def _part(conn: Connection, number: int, person: Person) -> Part:
    return _mine(conn, number, person)[0]


def _mine(conn: Connection, number: int, person: Person) -> tuple[Part, int | None]:
    own = select(pledgers.c.state, pledgers.c.ask_id).where(
        pledgers.c.drive_id == number, pledgers.c.subscriber_id == person.id
    )
    row = conn.execute(own).first()
    return (cast(Part, row.state), row.ask_id) if row is not None else ("", None)


def _put(conn: Connection, number: int, person: Person, part: Part, ask: Ask, now: datetime) -> None:
    values = {"state": part, "at": now, "ask_id": ask.id, "step": "", "due_at": None}
    if not rows.mark(conn, number, pledgers.c.subscriber_id == person.id, **values):
        conn.execute(insert(pledgers).values(drive_id=number, subscriber_id=person.id, **values))
