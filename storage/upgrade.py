"""Alembic, driven from code: where a database stands, and bringing it to the newest schema."""

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.store import Store

SCRIPTS = Path(__file__).parent / "migrations"
State = Literal["empty", "older", "current", "newer"]


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
    """Run every migration that is missing, in one transaction: all of it or nothing."""
    with store.engine.begin() as conn:
        made = config()
        made.attributes["connection"] = conn
        command.upgrade(made, "head")
