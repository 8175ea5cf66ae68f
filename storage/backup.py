"""Sound copies of an SQLite database, taken while it runs; never a copy of the file."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from storage.guard import HELD
from storage.store import Store

PAGES = 1_000


class DamagedError(ValueError):
    """A database that fails SQLite's own integrity check."""


def path_of(store: Store) -> Path:
    """The file of an SQLite database.

    Raises `ValueError` for PostgreSQL, whose own tools are the right ones.
    """
    if not store.sqlite:
        raise ValueError("this is PostgreSQL: use its own pg_dump and pg_restore")
    return Path(str(store.engine.url.database))


def backup(store: Store, target: Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """Write a sound copy to `target`, replacing what is there only when the copy passed its check.

    Raises `DamagedError` when it did not.
    """
    temporary = target.with_name(f".{target.name}.part")
    temporary.unlink(missing_ok=True)
    try:
        with (
            contextlib.closing(sqlite3.connect(path_of(store))) as source,
            contextlib.closing(sqlite3.connect(temporary)) as copy,
        ):
            source.backup(copy, pages=PAGES, progress=lambda _status, left, all_: progress(all_ - left, all_))
        require_sound(temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def restore(store: Store, source: Path) -> None:
    """Put a copy in the place of the database; it starts held and sends nothing until released.

    Raises `DamagedError` for a damaged copy, `FileNotFoundError` when there is none.
    """
    if not source.is_file():
        raise FileNotFoundError(2, "there is no such file", str(source))
    require_sound(source)
    target = path_of(store)
    store.close_now()
    temporary = target.with_name(f".{target.name}.part")
    with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(temporary)) as new:
        old.backup(new)
        new.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, 'restored')", (HELD,))
        new.commit()
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    temporary.replace(target)


def problems(path: Path) -> list[str]:
    """What SQLite's integrity check and foreign keys say; empty when all is well."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as conn:
            found = [str(row[0]) for row in conn.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
            found += [f"{row[0]} refers to a missing {row[2]}" for row in conn.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found


def require_sound(path: Path) -> None:
    """Refuse a damaged database.

    Raises `DamagedError` naming what is wrong first.
    """
    found = problems(path)
    if found:
        raise DamagedError(f"{path.name} is damaged: {found[0]}")
