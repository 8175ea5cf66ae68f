"""Who is due, what suits them: the outbox rows and the next due times, written together."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from actions import rhythm
from actions.choose import Nudge, Silence, choose
from actions.facts import History, Person
from actions.rhythm import Slot
from bot.message import Message, dump
from bot.wording import quiet
from storage import deliveries, history, slots, subscribers
from storage.catalog import Stock, stock_of
from storage.schema import addresses, asks
from storage.schema import shown as shown_table
from storage.schema import subscribers as people

BATCH = 400
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One person whose slot has come, with all that the decision needs."""

    person: Person
    past: History
    slot: Slot
    address: tuple[int, int] | None
    silent: int
    last_at: datetime | None


def plan(conn: Connection, now: datetime, limit: int = BATCH) -> Counter[str]:
    """Plan the slots of up to `limit` people who are due; returns how many ended how (`planned`, `skipped`, `left`).

    The outbox rows, what they will show and the next due times are one transaction: together or not at all.
    """
    rows = slots.due_people(conn, now, limit)
    if not rows:
        return Counter()
    stock = stock_of(conn)
    tally: Counter[str] = Counter()
    planned: list[tuple[Due, Nudge]] = []
    outbox: list[dict[str, Any]] = []
    asked: set[int] = set()
    dues = _dues(conn, rows, now)
    for due in dues:
        decision = decide(stock, due, now)
        if due.address is None:
            tally["left"] += 1
        elif isinstance(decision, Nudge):
            planned.append((due, decision))
            tally["planned"] += 1
        elif isinstance(decision, Message):
            outbox.append(_row(due, due.address, body=dump(decision)))
            asked.add(due.person.id)
            tally["planned"] += 1
        else:
            outbox.append(_row(due, due.address, status="skipped", reason=_why_not(decision)))
            tally["skipped"] += 1
    outbox += _planned_rows(conn, stock, planned)
    deliveries.add_planned(conn, outbox)
    _move_on(conn, dues, asked | {due.person.id for due, _ in planned}, now)
    return tally


def _dues(conn: Connection, rows: Sequence[Any], now: datetime) -> list[Due]:
    found = subscribers.many(conn, rows)
    pasts = history.of_many(conn, found, now)
    homes = _homes(conn, [person.id for person in found])
    return [
        Due(
            person=_awake(person, now),
            past=pasts[person.id],
            slot=slot_of(person, row.next_at, row.last_day),
            address=homes.get(person.id),
            silent=row.silent_nudges,
            last_at=row.last_slot_at,
        )
        for person, row in zip(found, rows, strict=True)
    ]


def _awake(person: Person, now: datetime) -> Person:
    if person.state == "paused" and not rhythm.is_paused(person, now):
        return replace(person, state="active", paused_until=None)
    return person


def slot_of(person: Person, next_at: datetime, last_day: date | None) -> Slot:
    """The slot that an instant of sending stands for."""
    # The first one at or after that instant, one microsecond before being "after".
    slot = rhythm.next_slot(person.rhythm, next_at - MICROSECOND, last_day, spread=rhythm.spread_of(person.key))
    return slot if slot.at == next_at else replace(slot, at=min(slot.at, next_at))


def _homes(conn: Connection, wanted: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = conn.execute(
        select(addresses.c.subscriber_id, addresses.c.id, addresses.c.account_id)
        .where(addresses.c.subscriber_id.in_(wanted), addresses.c.reachable.is_(True))
        .order_by(addresses.c.preferred, addresses.c.id.desc())
    )
    return {row.subscriber_id: (row.id, row.account_id) for row in rows}


def decide(stock: Stock, due: Due, now: datetime) -> Nudge | Silence | Message | str:
    """What a person whose slot has come gets now: a nudge, the question whether to stay, or nothing, and why."""
    if now >= due.slot.expires:
        return "outage"
    if rhythm.is_quiet(due.person.rhythm, now):
        return "quiet hours"
    pace = rhythm.slowed(due.person.rhythm.frequency, due.silent)
    if pace.frequency is None:
        return "silence"
    if pace.question:
        return quiet.shall_i_stay(due.person.language)
    chance = random.Random(f"{due.person.key}:{due.slot.day}")  # noqa: S311 - repeatable, not secret
    return choose(due.person, due.past, stock.shelf, now, chance)


def _why_not(decision: Nudge | Silence | str) -> str:
    return decision if isinstance(decision, str) else decision.reasons[0].code.replace("-", " ")


def _row(due: Due, address: tuple[int, int], **values: Any) -> dict[str, Any]:
    return slots.slot_row(due.person.id, address, due.slot.day, due.slot.at, expires_at=due.slot.expires, **values)


def _planned_rows(conn: Connection, stock: Stock, planned: Sequence[tuple[Due, Nudge]]) -> list[dict[str, Any]]:
    told = [
        {"subscriber_id": due.person.id, "story_id": stock.stories[nudge.story], "at": due.slot.at}
        for due, nudge in planned
        if nudge.story is not None
    ]
    if told:
        conn.execute(insert(shown_table), told)
    numbers = _ask(conn, stock, planned)
    return [
        _row(
            due, due.address or (0, 0),
            story_id=stock.stories[nudge.story] if nudge.story else None,
            action_id=stock.actions[nudge.ask] if nudge.ask else None,
            ask_id=number,
            reasons=history.dump_reasons(nudge.reasons),
            propensity=nudge.propensity,
        )
        for (due, nudge), number in zip(planned, numbers, strict=True)
    ]  # fmt: skip


def _ask(conn: Connection, stock: Stock, planned: Sequence[tuple[Due, Nudge]]) -> list[int | None]:
    asked = [(due, nudge) for due, nudge in planned if nudge.ask is not None]
    if not asked:
        return [None] * len(planned)
    rows = [
        history.ask_values(
            stock, due.person, nudge.ask or "", due.slot.at,
            reasons=nudge.reasons, propensity=nudge.propensity, origin="nudge", story=nudge.story,
        )
        for due, nudge in asked
    ]  # fmt: skip
    # Each person is asked once in a batch, so that rows may come back in any order: SQLite can write many at a time.
    made = {row.subscriber_id: row.id for row in conn.execute(_ASK, rows)}
    return [made.get(due.person.id) for due, _ in planned]


_ASK = insert(asks).returning(asks.c.id, asks.c.subscriber_id)


def _move_on(conn: Connection, dues: Sequence[Due], served: set[int], now: datetime) -> None:
    moved = [_next(due, due.person.id in served, now) for due in dues]
    conn.execute(
        update(people)
        .where(people.c.id == bindparam("who"))
        .values(
            next_at=bindparam("due"), last_day=bindparam("day"), state=bindparam("now_state"),
            silent_nudges=people.c.silent_nudges + bindparam("one"), last_slot_at=bindparam("slot_at"),
        ),
        moved,
    )  # fmt: skip


def _next(due: Due, served: bool, now: datetime) -> dict[str, Any]:
    return {
        "who": due.person.id,
        "due": next_due(due, served, now) if due.address else None,
        "slot_at": due.slot.at if served else due.last_at,
        "day": due.slot.day,
        "now_state": due.person.state,
        "one": int(served),
    }


def next_due(due: Due, served: bool, now: datetime) -> datetime:
    """When a person is due next, after a slot that brought them something or nothing."""
    pace = rhythm.slowed(due.person.rhythm.frequency, due.silent + served)
    # Silence slows the rhythm by itself; whoever has gone quiet altogether is looked at again once a week.
    frequency, wished = pace.frequency or "weekly", due.person
    if frequency != wished.rhythm.frequency:
        wished = replace(wished, rhythm=replace(wished.rhythm, frequency=frequency))
    return subscribers.next_due(wished, due.slot.day, max(now, due.slot.at), due.slot.at if served else due.last_at)
