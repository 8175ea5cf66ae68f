"""Before anyone works on a database: the right schema, one server at a time, held after a restore."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage import meta
from storage.store import Store

HELD = "held"


class InUseError(RuntimeError):
    """Another process serves this database already; stop it first, or give this one a database of its own."""


class NewerSchemaError(RuntimeError):
    """This database was written by a newer Kindling; install that version or a newer one."""


def ensure_schema(store: Store) -> None:
    """Bring a fresh or older database to this version's schema.

    Raises `NewerSchemaError` when the database is newer than this program.
    """
    from storage import upgrade

    with store.engine.connect() as conn:
        state = upgrade.state_of(conn) if inspect(conn).has_table("alembic_version") else "empty"
    if state == "newer":
        raise NewerSchemaError(NewerSchemaError.__doc__)
    if state != "current":
        upgrade.to_head(store)


def is_held(conn: Connection) -> bool:
    """Whether this instance was restored and not yet released: it sends nothing."""
    return bool(meta.get(conn, HELD))


def release(conn: Connection) -> None:
    """Let a restored instance send again."""
    meta.put(conn, HELD, "")


@contextlib.contextmanager
def hold(store: Store) -> Iterator[None]:
    """Be the only one who serves a database.

    Raises `InUseError` when another process is.
    """
    with try_hold(store) as alone:
        if not alone:
            raise InUseError(InUseError.__doc__)
        yield


@contextlib.contextmanager
def try_hold(store: Store) -> Iterator[bool]:
    """Be the only one who serves a database, if nobody else is; says whether that is so."""
    holding = _lock_file(store) if store.sqlite else _advisory_lock(store)
    with holding as alone:
        yield alone


@contextlib.contextmanager
def _lock_file(store: Store) -> Iterator[bool]:
    database = store.engine.url.database
    if not database or database == ":memory:":
        yield True
        return
    # The system lets go of the lock when the process dies, however it dies.
    handle = os.open(Path(f"{database}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


@contextlib.contextmanager
def _advisory_lock(store: Store) -> Iterator[bool]:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        schema = conn.scalar(text("SELECT current_schema()"))
        number = int.from_bytes(hashlib.sha256(f"kindling {schema}".encode()).digest()[:7])
        alone = bool(conn.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}))
        yield alone
