"""Alembic, driven from code: where a database stands, and bringing it to the newest schema."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.schema import metadata
from storage.store import Store

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 5_374_911_020
"""The number under which processes that would upgrade one PostgreSQL database wait for each other."""
State = Literal["empty", "older", "current", "newer"]


class ForeignTablesError(RuntimeError):
    """This database belongs to another program: it has tables of our names that Kindling did not make."""


class BrokenReferencesError(RuntimeError):
    """A migration would have left rows that refer to nothing; it was taken back whole."""


def config() -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    return made


def state_of(conn: Connection) -> State:
    """Where a database stands against this program's migrations."""
    here = MigrationContext.configure(conn).get_current_revision()
    if here is None:
        return "empty"
    scripts = ScriptDirectory.from_config(config())
    if here == scripts.get_current_head():
        return "current"
    return "older" if here in {script.revision for script in scripts.walk_revisions()} else "newer"


def to_head(store: Store) -> None:
    """Run every migration that is missing, in one transaction: all of it or nothing.

    Raises `ForeignTablesError` for a database that is not ours.
    """
    with _without_foreign_keys(store), store.engine.begin() as conn:
        if not store.sqlite:
            conn.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
        _refuse_foreign_tables(conn)
        made = config()
        made.attributes["connection"] = conn
        command.upgrade(made, "head")
        if store.sqlite and conn.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise BrokenReferencesError(BrokenReferencesError.__doc__)


def _refuse_foreign_tables(conn: Connection) -> None:
    there = set(inspect(conn).get_table_names())
    if "alembic_version" not in there and there & metadata.tables.keys():
        raise ForeignTablesError(ForeignTablesError.__doc__)


@contextlib.contextmanager
def _without_foreign_keys(store: Store) -> Iterator[None]:
    # A migration that rebuilds a table drops the old one, which with foreign keys on would delete what refers to it.
    # SQLite switches them only outside a transaction; the one connection of the engine keeps the switch.
    if not store.sqlite:
        yield
        return
    _pragma(store, "foreign_keys=OFF")
    try:
        yield
    finally:
        _pragma(store, "foreign_keys=ON")


def _pragma(store: Store, words: str) -> None:
    raw = store.engine.raw_connection()
    try:
        raw.cursor().execute(f"PRAGMA {words}")
    finally:
        raw.close()
