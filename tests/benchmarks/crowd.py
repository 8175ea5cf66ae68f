"""Many subscribers at once, written in bulk."""

import uuid
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, insert, update

from content import load
from storage import accounts, guard, packs, schema
from storage.catalog import stock_of
from storage.store import Store

CHUNK = 5_000


def database(folder: Path, now: datetime) -> Store:
    """A fresh SQLite database with the sample packs."""
    store = Store(f"sqlite:///{folder / 'bench.db'}")
    guard.ensure_schema(store)
    for file in load.load([load.SAMPLES]).packs:
        store.write_now(packs.publish_file, file, now)
    return store


def settle(conn: Connection, people: int, now: datetime, name: str = "telegram:1", chat: str = "{}") -> None:
    """Write so many onboarded subscribers of an account, each following two causes, all due at `now`."""
    account = accounts.number(conn, name)
    causes = sorted(stock_of(conn).causes.values())
    numbers = iter(range(1, people + 1))
    while batch := list(islice(numbers, CHUNK)):
        conn.execute(insert(schema.subscribers), [_subscriber(number, now) for number in batch])
        conn.execute(
            insert(schema.addresses),
            [{"id": n, "subscriber_id": n, "account_id": account, "chat": chat.format(n)} for n in batch],
        )
        conn.execute(
            insert(schema.follows),
            [
                {"subscriber_id": n, "cause_id": causes[(n + k) % len(causes)], "since": now, "muted": False}
                for n in batch
                for k in (0, 1)
            ],
        )


def _subscriber(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "key": str(uuid.UUID(int=number << 96)),
        "joined_at": now,
        "state": "active",
        "language": ("en", "es", "de")[number % 3],
        "zone": ("Europe/Berlin", "America/New_York", "Asia/Kolkata")[number % 3],
        "frequency": "daily",
        "hour": 0,
        "quiet_from": 0,
        "quiet_until": 0,
        "weekday": 0,
        "minutes": 10,
        "asks": 3,
        "onboarded": True,
        "next_at": now,
    }


def due_again(conn: Connection, now: datetime) -> None:
    """Make everybody due at `now`."""
    conn.execute(update(schema.subscribers).values(next_at=now))
