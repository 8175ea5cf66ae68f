"""Sound copies of an SQLite database, taken while it runs; never a copy of the file."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from storage import erasure, guard, meta
from storage.schema import accounts, addresses, subscribers, suppressed
from storage.soundness import DamagedError, problems, require_sound
from storage.store import Store

__all__ = ["DamagedError", "backup", "path_of", "problems", "require_sound", "restore"]

PAGES = 1_000
PRIVATE = 0o600


class NotADatabaseOfOursError(ValueError):
    """This file is no Kindling database."""


def path_of(store: Store) -> Path:
    """The file of an SQLite database.

    Raises `ValueError` for PostgreSQL, whose own tools are the right ones.
    """
    path = guard.file_of(store)
    if path is None:
        raise ValueError(
            "this is PostgreSQL: back it up with its own tools (pg_dump --format=custom --file=FILE, and pg_restore)"
            if not store.sqlite
            else "a database in memory has no file to copy"
        )
    return path


def backup(store: Store, target: Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """Write a sound copy to `target`, replacing what is there only when the copy passed its check.

    Raises `DamagedError` when it did not.
    """
    source = path_of(store)
    _refuse_the_same(source, target)
    with _beside(target) as temporary:
        _copy(source, temporary, progress)
        require_sound(temporary)
        _put(temporary, target)


def restore(store: Store, source: Path, *, key: str, now: datetime) -> Path | None:
    """Put a copy in the place of the database; it starts held and sends nothing until released.

    Whoever was erased since the copy was made is erased from it first; `key` is the secret their hashes were made
    with. Returns where the database that was there is kept. Raises `DamagedError` for a damaged copy,
    `NotADatabaseOfOursError` for another file, `NewerSchemaError` for one by a newer Kindling.
    """
    target = path_of(store)
    if not source.is_file():
        raise FileNotFoundError(2, "there is no such file", str(source))
    _refuse_the_same(target, source)
    require_sound(source)
    gone = _erased(target)
    store.close_now()
    with _beside(target) as temporary:
        _copy(source, temporary)
        _make_ready(temporary, gone, key, now)
        kept = _set_aside(target, now)
        _put(temporary, target)
    return kept


def _copy(source: Path, temporary: Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    temporary.touch(PRIVATE)
    with (
        contextlib.closing(sqlite3.connect(source, isolation_level=None)) as old,
        contextlib.closing(sqlite3.connect(temporary)) as new,
    ):
        # One snapshot for the whole copy: without it every write meanwhile would make the copy begin again.
        old.execute("BEGIN")
        old.execute("SELECT 1 FROM sqlite_master").fetchone()
        old.backup(new, pages=PAGES, progress=lambda _status, left, all_: progress(all_ - left, all_))
        old.rollback()
        new.execute("PRAGMA journal_mode=DELETE")


def _make_ready(temporary: Path, gone: dict[str, datetime], key: str, now: datetime) -> None:
    restored = Store(f"sqlite:///{temporary}")
    try:
        if not restored.read_now(guard.revision):
            raise NotADatabaseOfOursError(NotADatabaseOfOursError.__doc__)
        guard.ensure_schema(restored)
        restored.write_now(_arrive, gone, key, now)
        restored.settle_now()
    finally:
        restored.close_now()


def _arrive(conn: Connection, gone: dict[str, datetime], key: str, now: datetime) -> None:
    meta.put(conn, guard.HELD, f"restored {now.isoformat(timespec='seconds')}")
    known = set(conn.scalars(select(suppressed.c.hash)))
    rows = [{"hash": digest, "erased_at": at} for digest, at in gone.items() if digest not in known]
    if rows:
        conn.execute(insert(suppressed), rows)
    if not gone:
        return
    everyone = conn.execute(
        select(subscribers.c.id, subscribers.c.joined_at, accounts.c.name, addresses.c.chat)
        .join(addresses, addresses.c.subscriber_id == subscribers.c.id)
        .join(accounts, accounts.c.id == addresses.c.account_id)
    ).all()
    for row in everyone:
        erased_at = gone.get(erasure.digest(row.name, row.chat, key))
        if erased_at is not None and row.joined_at <= erased_at:
            erasure.erase_again(conn, row.id)


def _erased(path: Path) -> dict[str, datetime]:
    """Who was erased according to the database that is to be replaced; nobody, when it cannot say."""
    if not path.is_file():
        return {}
    present = Store(f"sqlite:///{path}")
    try:
        return dict(present.read_now(_suppressed))
    except Exception:  # noqa: BLE001 - a damaged database is why people restore one
        return {}
    finally:
        present.close_now()


def _suppressed(conn: Connection) -> dict[str, datetime]:
    return {row.hash: row.erased_at for row in conn.execute(select(suppressed))}


def _set_aside(target: Path, now: datetime) -> Path | None:
    """Keep what is there under another name as well, and take away its log, which must never meet the new file."""
    if not target.exists():
        return None
    kept = target.with_name(f"{target.name}.before-restore-{now:%Y%m%d-%H%M%S}")
    kept.hardlink_to(target)
    log = target.with_name(f"{target.name}-wal")
    if log.exists():
        log.rename(f"{kept}-wal")
    target.with_name(f"{target.name}-shm").unlink(missing_ok=True)
    return kept


def _refuse_the_same(path: Path, other: Path) -> None:
    if other.exists() and path.exists() and path.samefile(other):
        raise ValueError(f"{other} is the database itself; name another file")


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    if not target.parent.is_dir():
        raise FileNotFoundError(2, "there is no such folder", str(target.parent))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    parts = [temporary.with_name(temporary.name + ending) for ending in ("", "-wal", "-shm", "-journal")]
    try:
        yield temporary
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _put(temporary: Path, target: Path) -> None:
    """Give a finished file its name, so that a power cut leaves the old one or the new one."""
    _sync(temporary)
    temporary.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
