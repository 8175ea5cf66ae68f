"""The one door to the database: one function, one transaction, one thread hop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, StaticPool

from storage import jobs
from storage.catalog import Catalog
from storage.deliveries import CALLED

P = ParamSpec("P")
T = TypeVar("T")

POSTGRES_THREADS = 8
KINDS = ("sqlite://", "postgresql://", "postgres://", "postgresql+psycopg://")
IDLE_IN_TRANSACTION_MS = 10_000
"""So long a session may do nothing in the middle of a transaction; then PostgreSQL ends it, and its locks."""
BUSY_TIMEOUT_MS = 5_000


class Store:
    """A database and the way in: `write` for a transaction, `read` for a look beside it.

    SQLite has one writing thread; reading goes through aiosqlite and never waits for it. PostgreSQL serves both with
    psycopg. A cancelled `await` does not stop the transaction under way: it still commits or rolls back whole.
    """

    def __init__(self, url: str) -> None:
        """Open the database at an address.

        Raises `ValueError` for an address of another kind of database, or of none.
        """
        if not url.startswith(KINDS):
            raise ValueError(
                "KINDLING_DATABASE_URL is no database address; write sqlite:///file.db or postgresql://host/name"
            )
        self.url = url
        self.sqlite = url.startswith("sqlite")
        self.catalog = Catalog()
        self._engine = _sqlite_writer(url) if self.sqlite else _postgres_writer(url)
        self._engine = self._engine.execution_options(catalog=self.catalog)
        self._threads = ThreadPoolExecutor(1 if self.sqlite else POSTGRES_THREADS, thread_name_prefix="store")
        self._reader: AsyncEngine | None = None
        self._lender: AsyncEngine | None = None
        self._reader_lock = threading.Lock()

    async def write(self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `change(conn, …)` in one transaction on a writing thread; commit, or leave nothing behind."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: self.write_now(change, *args, **kwargs))

    def write_now(self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same from the calling thread: for the command line before any loop runs, and for tests."""
        with self._engine.begin() as conn:
            conn.info.pop(CALLED, None)
            done = change(conn, *args, **kwargs)
            jobs.call_noted(conn)
            return done

    async def read(self, look: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `look(conn, …)` on a reading connection; nothing it does is kept."""
        async with self.reader.connect() as conn:
            return await conn.run_sync(look, *args, **kwargs)

    def read_now(self, look: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same from the calling thread, on one snapshot, however long it takes: no writer waits for it."""
        repeatable = {"isolation_level": "REPEATABLE READ"}
        engine = _sqlite_snapshot(self.url) if self.sqlite else self._engine.execution_options(**repeatable)
        with engine.execution_options(catalog=self.catalog).connect() as conn:
            if not self.sqlite:
                # It locks nothing, and may work long on what it has read.
                conn.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            return look(conn, *args, **kwargs)

    async def settle(self) -> None:
        """Bring SQLite's log into the file and empty it: what was erased is then nowhere any more."""
        if self.sqlite:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads, self.settle_now)

    def settle_now(self) -> None:
        """Do the same from the calling thread."""
        if not self.sqlite:
            return
        # Outside a transaction: the engine's own `begin` would make a checkpoint impossible.
        raw = self._engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    @property
    def reader(self) -> AsyncEngine:
        """The async engine for reading: pages, exports, installation stores."""
        with self._reader_lock:
            if self._reader is None:
                engine = create_async_engine(
                    _aiosqlite(self.url) if self.sqlite else _psycopg(self.url), hide_parameters=True
                )
                if self.sqlite:
                    event.listen(engine.sync_engine, "connect", _read_only)
                self._reader = engine.execution_options(catalog=self.catalog)
            return self._reader

    @property
    def lender(self) -> AsyncEngine:
        """An async engine that may write, for libraries with statements of their own: few and short ones."""
        with self._reader_lock:
            if self._lender is None:
                engine = create_async_engine(
                    _aiosqlite(self.url) if self.sqlite else _psycopg(self.url), hide_parameters=True
                )
                if self.sqlite:
                    event.listen(engine.sync_engine, "connect", _patient)
                self._lender = engine
            return self._lender

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and backups."""
        return self._engine

    async def close(self) -> None:
        """Finish what is under way and close every connection."""
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        for engine in (self._reader, self._lender):
            if engine is not None:
                await engine.dispose()
        self._engine.dispose()

    def close_now(self) -> None:
        """Do the same where no loop ever ran."""
        self._threads.shutdown()
        self._engine.dispose()


def _psycopg(url: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _aiosqlite(url: str) -> str:
    return "sqlite+aiosqlite://" + url.removeprefix("sqlite://")


def _postgres_writer(url: str) -> Engine:
    engine = create_engine(_psycopg(url), pool_size=POSTGRES_THREADS, hide_parameters=True)
    event.listen(engine, "connect", _not_for_ever)
    return engine


def _not_for_ever(dbapi: Any, _record: object) -> None:
    # A process that is stopped in the middle of a transaction must not keep what it has locked from all others.
    cursor = dbapi.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS}")
    cursor.close()
    dbapi.commit()


def _sqlite_writer(url: str) -> Engine:
    # What people write and the tokens of workspaces are parameters: a failed statement must not show them in the log.
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _sqlite_snapshot(url: str) -> Engine:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _read_only)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN"))
    return engine


def _durable(dbapi: Any, _record: object) -> None:
    # The driver's own BEGIN is deferred, and a deferred transaction that reads, then writes, fails at once when busy.
    dbapi.isolation_level = None
    cursor = dbapi.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _patient(dbapi: Any, _record: object) -> None:
    cursor = dbapi.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "synchronous=FULL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _read_only(dbapi: Any, _record: object) -> None:
    cursor = dbapi.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "query_only=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
