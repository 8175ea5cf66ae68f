"""Whether a database is whole: SQLite's own checks, and what its constraints cannot say."""

import contextlib
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, func, select

from storage.schema import addresses, asks, deliveries, follows, items, pack_versions, packs, shown, subscribers, taken

STEPS = 100_000
"""SQLite's own steps between two looks at the watch."""


class DamagedError(ValueError):
    """A database that fails SQLite's own integrity check."""


def problems(path: Path, *, seconds: float | None = None) -> list[str]:
    """What SQLite's integrity check and foreign keys say; empty when all is well, or the time was up before."""
    until = None if seconds is None else time.monotonic() + seconds
    try:
        # Read and write: a database whose last process died has its newest rows in the log beside it.
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as conn:
            conn.text_factory = lambda raw: raw.decode(errors="replace")
            if until is not None:
                conn.set_progress_handler(lambda: time.monotonic() > until, STEPS)
            found = [str(row[0]) for row in conn.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
            return found + [
                f"{row[0]} refers to a missing {row[2]}" for row in conn.execute("PRAGMA foreign_key_check")
            ]
    except UnicodeDecodeError:
        return ["what SQLite says of it is damaged too"]
    except sqlite3.DatabaseError as error:
        interrupted = until is not None and error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT
        return [] if interrupted else [str(error)]


def require_sound(path: Path, *, seconds: float | None = None) -> None:
    """Refuse a damaged database.

    Raises `DamagedError` naming what is wrong first.
    """
    found = problems(path, seconds=seconds)
    if found:
        raise DamagedError(f"{path.name} is damaged ({found[0]}); restore a backup: kindling db restore FILE")


def strays(conn: Connection) -> list[str]:
    """What no constraint forbids and no sound database has, a line each."""
    counts = {words: conn.scalar(statement) or 0 for words, statement in _rules().items()}
    return [f"{count} × {words}" for words, count in counts.items() if count]


def _rules() -> Mapping[str, Select[Any]]:
    owned = exists().where(addresses.c.subscriber_id == subscribers.c.id)
    document = exists().where(pack_versions.c.pack == packs.c.slug, pack_versions.c.version == packs.c.version)
    theirs = exists().where(
        addresses.c.id == deliveries.c.address_id, addresses.c.subscriber_id != deliveries.c.subscriber_id
    )
    awake = and_(subscribers.c.onboarded.is_(True), subscribers.c.state == "active")
    unsent = and_(deliveries.c.status == "sent", deliveries.c.sent_at.is_(None))
    return {
        "a followed cause that is no cause": _misnamed(follows, follows.c.cause_id, "cause"),
        "a shown story that is no story": _misnamed(shown, shown.c.story_id, "story"),
        "an ask for what is no action": _misnamed(asks, asks.c.action_id, "action"),
        "something taken that is no action": _misnamed(taken, taken.c.action_id, "action"),
        "a live pack without its document": _count(packs, ~document),
        "a subscriber without an address": _count(subscribers, ~owned),
        "an active subscriber whom no nudge will reach": _count(
            subscribers, awake & subscribers.c.next_at.is_(None) & owned.where(addresses.c.reachable.is_(True))
        ),
        "a delivery to another person's address": _count(deliveries, theirs),
        "a message sent without its time": _count(deliveries, unsent),
    }


def _misnamed(table: Table, column: ColumnElement[int], kind: str) -> Select[Any]:
    return _count(table, exists().where(items.c.id == column, items.c.type != kind))


def _count(table: Table, where: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(table).where(where)
