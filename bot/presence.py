"""How processes on one PostgreSQL know of each other: who lives, who does what, and what was put into an outbox."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
import structlog

from storage.jobs import ALIVE, CHANNEL

LOOK_SECONDS = 1.0
KEEPALIVE = {"tcp_keepalives_idle": 5, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 3}
"""Seconds, and tries: so soon a server lets go of the locks of a machine that is gone."""

log = structlog.get_logger()


@dataclass(eq=False)
class Presence:
    """Two connections of a process: one holds a lock for each job under way, and lets go of them when the process dies;
    on the other it hears of outboxes. Both come back by themselves after the database was away.
    """

    url: str = field(repr=False)
    hear: Callable[[str], None]
    _held: set[int] = field(default_factory=set, init=False)
    _duties: dict[int, bool] = field(default_factory=dict, init=False)
    _conn: psycopg.AsyncConnection | None = field(default=None, init=False)
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def take(self, job: int) -> None:
        """Show that a job is being done here."""
        self._held.add(job)
        with contextlib.suppress(psycopg.Error, OSError):
            # Without a database there is nobody either who could see that it is missing.
            await self._lock(_key(job))

    async def let_go(self, job: int) -> None:
        """Show that a job is being done here no more."""
        self._held.discard(job)
        with contextlib.suppress(psycopg.Error, OSError):
            await self._ask("SELECT pg_advisory_unlock(%s)", _key(job))

    async def on_duty(self, number: int) -> bool:
        """Whether this process is the one that has a duty (which only one may have): it keeps it until it ends."""
        try:
            if not self._duties.get(number):
                self._duties[number] = bool(await self._lock(number))
        except (psycopg.Error, OSError):
            return False
        return self._duties[number]

    async def look(self) -> None:
        """See whether the locks are still held, and take them again after the connection was lost.

        Raises `psycopg.Error` or `OSError` when the database cannot be reached.
        """
        await self._ask("SELECT 1")

    async def listen(self) -> None:
        """Hear of outboxes until cancelled."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as conn:
                    await conn.execute(f"LISTEN {CHANNEL}".encode())
                    async for news in conn.notifies():
                        self.hear(news.payload)
            except (psycopg.Error, OSError) as error:
                log.warning("not heard", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """Let go of everything."""
        conn, self._conn = self._conn, None
        if conn is not None:
            await conn.close()

    async def _lock(self, key: int) -> bool:
        return bool(await self._ask("SELECT pg_try_advisory_lock(%s)", key))

    async def _ask(self, words: str, *values: int) -> object:
        async with self._one_by_one:
            if self._conn is None or self._conn.closed:
                self._conn = await self._connect()
            try:
                found = await (await self._conn.execute(words.encode(), values or None)).fetchone()
            except (psycopg.Error, OSError):
                conn, self._conn = self._conn, None
                await conn.close()
                raise
            return found[0] if found else None

    async def _connect(self) -> psycopg.AsyncConnection:
        conn = await psycopg.AsyncConnection.connect(self.url, autocommit=True)
        for name, value in KEEPALIVE.items():
            await conn.execute(f"SET {name} = {value}".encode())
        self._duties.clear()
        for job in self._held:
            await conn.execute("SELECT pg_try_advisory_lock(%s)", (_key(job),))
        return conn


def _key(job: int) -> int:
    return (ALIVE << 32) + job % (1 << 32)
