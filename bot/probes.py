"""What `/healthz` asks: which part of an instance is ill, and why."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.channels.base import Adapter, Hub
from bot.instance import Kindling
from storage import guard, meta

Probe = Callable[[], Awaitable[str]]

SECONDS = 4.0
"""So long the database has to answer: a little less than `bot.web.health` waits for any part."""
EACH = timedelta(seconds=5)
"""The database is written to no more often for it, however often somebody asks."""
TOUCHED = "touched"


def probes(kindling: Kindling) -> dict[str, Probe]:
    """The name of each part, and what finds out why it is ill."""

    async def outbox() -> str:
        troubled = {name.partition(":")[0] for name, sender in kindling.senders.items() if sender.trouble}
        return f"not reached for {', '.join(sorted(troubled))}" if troubled else ""

    async def schedule() -> str:
        return kindling.engine.ailing()

    return {
        "database": _database(kindling),
        "outbox": outbox,
        "schedule": schedule,
        **{way.name.partition(":")[0]: _way(way) for way in kindling.ways},
    }


def _way(way: Adapter | Hub) -> Probe:
    async def account() -> str:
        return way.ailing()

    return account


def _database(kindling: Kindling) -> Probe:
    touched: datetime | None = None

    async def database() -> str:
        nonlocal touched
        now = kindling.clock.now()
        if touched is not None and timedelta(0) <= now - touched < EACH:
            return ""
        touched = None
        try:
            # A database that is full, or locked by somebody, can still be read: only writing tells.
            await asyncio.wait_for(kindling.store.write(meta.put, TOUCHED, now.isoformat()), SECONDS)
        except Exception as error:  # noqa: BLE001 - any failure is what the probe reports
            return f"cannot be written to ({type(error).__name__}){_held_by(kindling)}"
        touched = now
        return ""

    return database


def _held_by(kindling: Kindling) -> str:
    path = guard.file_of(kindling.store)
    others = guard.writers(path) if path is not None else []
    return f"; held by process {', '.join(map(str, others))}" if others else ""
