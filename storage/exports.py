"""Tables as organizers and scripts get them, in the promised order of columns."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import aliased

from storage.catalog import stock_of
from storage.schema import accounts, addresses, asks, deliveries, items, shown, subscribers, taken

Row = dict[str, str | int | None]


def _iso(value: datetime | date | None) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if value else ""


def _rows(conn: Connection, statement: Select[Any]) -> Iterator[Any]:
    yield from conn.execute(statement.execution_options(yield_per=1000))


def people(conn: Connection) -> Iterator[Row]:
    """Every subscriber: `subscriber`, `channel`, `joined_at`, `state`, `language`, `time_zone`, `frequency`, `rung`."""
    from actions import ladder
    from storage import history
    from storage import subscribers as aggregate

    stock = stock_of(conn)
    statement = (
        select(subscribers, func.min(accounts.c.name).label("account"))
        .outerjoin(addresses, addresses.c.subscriber_id == subscribers.c.id)
        .outerjoin(accounts, accounts.c.id == addresses.c.account_id)
        .group_by(subscribers.c.id)
        .order_by(subscribers.c.id)
    )
    for batch in conn.execute(statement).partitions(500):
        found = aggregate.many(conn, batch)
        pasts = history.of_many(conn, found, max(row.last_seen_at or row.joined_at for row in batch))
        for row, person in zip(batch, found, strict=True):
            past = pasts[person.id]
            steps = [
                (ladder.step_of(cause, past.taken, row.last_seen_at or row.joined_at, past.ethics), cause)
                for cause in (stock.shelf.causes[ref] for ref in sorted(person.follows) if ref in stock.shelf.causes)
            ]
            best = max(steps, key=lambda pair: pair[0], default=None)
            yield {
                "subscriber": row.key,
                "channel": (row.account or "").partition(":")[0],
                "joined_at": _iso(row.joined_at),
                "state": row.state,
                "language": row.language,
                "time_zone": row.zone,
                "frequency": row.frequency,
                "rung": best[1].rungs[best[0]] if best else "curious",
            }


def actions(conn: Connection) -> Iterator[Row]:
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


def messages(conn: Connection) -> Iterator[Row]:
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


def stories(conn: Connection) -> Iterator[Row]:
    """Every story of the live packs with how many saw it and what was asked with it."""
    stock = stock_of(conn)
    seen = dict(_pairs(conn, select(shown.c.story_id, func.count()).group_by(shown.c.story_id)))
    asked = dict(_pairs(conn, select(asks.c.story_id, func.count()).group_by(asks.c.story_id)))
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


def _pairs(conn: Connection, statement: Select[Any]) -> Iterator[tuple[int, int]]:
    yield from conn.execute(statement).tuples()


TABLES: Mapping[str, Callable[[Connection], Iterator[Row]]] = {
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
