"""Tables as organizers and scripts get them, in the promised order of columns."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.orm import aliased

from actions import ladder
from actions.facts import History, Person
from actions.shelf import Shelf
from content.model import DEFAULT_RUNGS
from storage import history
from storage import subscribers as aggregate
from storage.catalog import stock_of
from storage.schema import accounts, addresses, asks, deliveries, items, shown, subscribers, taken

Row = dict[str, str | int | None]
BATCH = 500


def _iso(value: datetime | date | None) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if value else ""


def _rows(conn: Connection, statement: Select[Any]) -> Iterator[Any]:
    yield from conn.execute(statement.execution_options(yield_per=BATCH))


def people(conn: Connection, now: datetime) -> Iterator[Row]:
    """Every subscriber: `subscriber`, `channel`, `joined_at`, `state`, `language`, `time_zone`, `frequency`, `rung`."""
    shelf = stock_of(conn).shelf
    home = (
        select(accounts.c.name)
        .join(addresses, addresses.c.account_id == accounts.c.id)
        .where(addresses.c.subscriber_id == subscribers.c.id)
        .order_by(addresses.c.reachable.desc(), addresses.c.preferred.desc(), addresses.c.id)
        .limit(1)
        .scalar_subquery()
    )
    statement = select(subscribers, home.label("account")).order_by(subscribers.c.id)
    for batch in conn.execute(statement.execution_options(yield_per=BATCH)).partitions():
        found = aggregate.many(conn, batch)
        pasts = history.of_many(conn, found, now)
        for row, person in zip(batch, found, strict=True):
            yield {
                "subscriber": row.key,
                "channel": (row.account or "").partition(":")[0],
                "joined_at": _iso(row.joined_at),
                "state": row.state,
                "language": row.language,
                "time_zone": row.zone,
                "frequency": row.frequency,
                "rung": _highest(shelf, person, pasts[person.id], now),
            }


def _highest(shelf: Shelf, person: Person, past: History, now: datetime) -> str:
    """The highest rung a person stands on in any cause that they follow or acted for."""
    own = person.follows | {one.cause for one in past.taken}
    causes = [shelf.causes[ref] for ref in sorted(own) if ref in shelf.causes]
    steps = [(ladder.step_of(cause, past.taken, now, past.ethics), cause) for cause in causes]
    step, cause = max(steps, key=lambda pair: pair[0], default=(0, None))
    return cause.rungs[step] if cause else DEFAULT_RUNGS[0]


def actions(conn: Connection, _now: datetime) -> Iterator[Row]:
    """Everything taken: `at`, `subscriber`, `pack`, `action`, `kind`, `rung`, `status`, `source`."""
    statement = (
        select(taken, items.c.pack, items.c.slug, subscribers.c.key)
        .join(items, items.c.id == taken.c.action_id)
        .join(subscribers, subscribers.c.id == taken.c.subscriber_id)
        .order_by(taken.c.id)
    )
    for row in _rows(conn, statement):
        yield {
            "at": _iso(row.at),
            "subscriber": row.key,
            "pack": row.pack,
            "action": row.slug,
            "kind": row.kind,
            "rung": row.rung,
            "status": row.status,
            "source": row.source,
        }


def messages(conn: Connection, _now: datetime) -> Iterator[Row]:
    """Every delivery: `due_at`, `sent_at`, `subscriber`, `channel`, `kind`, `story`, `action`, `status`, …"""
    story, action = aliased(items, name="story"), aliased(items, name="action")
    statement = (
        select(deliveries, subscribers.c.key, accounts.c.name, story.c.slug.label("told"), action.c.slug.label("asked"))
        .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(accounts, accounts.c.id == deliveries.c.account_id)
        .outerjoin(story, story.c.id == deliveries.c.story_id)
        .outerjoin(action, action.c.id == deliveries.c.action_id)
        .order_by(deliveries.c.id)
    )
    for row in _rows(conn, statement):
        yield {
            "due_at": _iso(row.due_at),
            "sent_at": _iso(row.sent_at),
            "subscriber": row.key or "",
            "channel": row.name.partition(":")[0],
            "kind": row.kind,
            "story": row.told or "",
            "action": row.asked or "",
            "status": row.status,
            "attempts": row.attempts,
            "reason": row.reason,
            "propensity": "" if row.propensity is None else f"{row.propensity:.6f}",
        }


def stories(conn: Connection, _now: datetime) -> Iterator[Row]:
    """Every story of the live packs with how many saw it and what was asked with it."""
    stock = stock_of(conn)
    seen = _counts(conn, shown.c.story_id)
    asked = _counts(conn, asks.c.story_id)
    for ref, number in sorted(stock.stories.items()):
        told = stock.story(ref)
        if told is None:
            continue
        pack, _, slug = ref.partition("/")
        yield {
            "pack": pack,
            "story": slug,
            "cause": told.cause,
            "kind": told.kind,
            "chapter": told.chapter,
            "from": _iso(told.from_),
            "until": _iso(told.until),
            "shown": seen.get(number, 0),
            "asks": asked.get(number, 0),
        }


def _counts(conn: Connection, column: ColumnElement[int]) -> dict[int, int]:
    return {row[0]: row[1] for row in conn.execute(select(column, func.count()).group_by(column))}


TABLES: Mapping[str, Callable[[Connection, datetime], Iterator[Row]]] = {
    "subscribers": people,
    "actions": actions,
    "deliveries": messages,
    "stories": stories,
}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "subscribers": ("subscriber", "channel", "joined_at", "state", "language", "time_zone", "frequency", "rung"),
    "actions": ("at", "subscriber", "pack", "action", "kind", "rung", "status", "source"),
    "deliveries": (
        "due_at", "sent_at", "subscriber", "channel", "kind", "story", "action", "status", "attempts", "reason",
        "propensity",
    ),
    "stories": ("pack", "story", "cause", "kind", "chapter", "from", "until", "shown", "asks"),
}  # fmt: skip
