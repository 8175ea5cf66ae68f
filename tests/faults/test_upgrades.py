"""D14: an upgrade killed at each of its statements leaves the old schema or the new one, and every row."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from storage import guard, migrations, upgrade
from storage.store import Store
from tests import databases
from tests.acceptance.instance import Instance
from tests.faults.nursery import Nursery, is_alive

PEOPLE = 20


@dataclass
class Old:
    """A database of the first version with people in it."""

    store: Store
    server: databases.Server | None

    def looks(self) -> list[str]:
        """Its tables and columns, in words that can be compared."""
        with self.store.engine.connect() as conn:
            found = inspect(conn)
            return sorted(
                f"{table}.{column['name']}" for table in found.get_table_names() for column in found.get_columns(table)
            )

    def people(self) -> list[str]:
        """Who is in it."""
        with self.store.engine.connect() as conn:
            return list(conn.scalars(text("SELECT key FROM subscribers ORDER BY id")))

    def revision(self) -> str:
        """The schema it says it has."""
        return self.store.read_now(guard.revision)


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    server = databases.Server() if request.param == "postgres" else None
    if server is not None:
        server.start()
        store = server.database("old", schema=False)
    else:
        store = Store(f"sqlite:///{tmp_path / 'kindling.db'}")
    with store.engine.begin() as conn:
        config = upgrade.config()
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
        _fill(conn)
    yield Old(store, server)
    store.close_now()
    if server is not None:
        server.end()


def _fill(conn: Connection) -> None:
    for number in range(PEOPLE):
        columns = {column["name"]: column for column in inspect(conn).get_columns("subscribers")}
        values = {
            name: {"INTEGER": 0, "BIGINT": 0, "BOOLEAN": False}.get(str(column["type"]), "x")
            for name, column in columns.items()
            if not column["nullable"] and column["default"] is None and name != "id"
        }
        values |= {"key": f"person-{number}", "state": "active"}
        for name, column in columns.items():
            if name in values and "TIME" in str(column["type"]).upper():
                values[name] = "2026-01-01 00:00:00+00:00"
        names = ", ".join(values)
        conn.execute(
            text(f"INSERT INTO subscribers ({names}) VALUES ({', '.join(':' + name for name in values)})"), values
        )


def test_d14_an_upgrade_killed_at_each_statement_is_old_or_new(old: Old, tmp_path: Path) -> None:
    instance = Instance(tmp_path, {"KINDLING_DATABASE_URL": old.store.url})
    before, deaths = old.looks(), 0
    # PostgreSQL upgrades in one transaction: there a third of the points tells as much.
    step = 1 if old.store.sqlite else 3
    with Nursery(tmp_path) as nursery:
        while old.revision() != migrations.HEAD:
            process = nursery.start("db upgrade", instance.environment(), 1 + deaths * step, changes=True)
            _wait_for(process)
            deaths += 1
            old.store.engine.dispose()
            assert old.people() == [f"person-{number}" for number in range(PEOPLE)]
            assert (old.revision() == "0001") == (old.looks() == before), f"between old and new after {deaths}"
            assert deaths < 500

    assert deaths > 10
    instance.must("db", "upgrade")
    assert {"accounts.shift", "alerts.audience", "inbox.keeper"} <= set(old.looks())
    instance.must("stats")


def test_d14_two_upgrades_at_once_make_one(old: Old, tmp_path: Path) -> None:
    instance = Instance(tmp_path, {"KINDLING_DATABASE_URL": old.store.url})
    with Nursery(tmp_path) as nursery:
        both = [nursery.start("db upgrade", instance.environment()) for _ in range(2)]
        for process in both:
            _wait_for(process)
    old.store.engine.dispose()

    assert old.revision() == migrations.HEAD
    assert old.people() == [f"person-{number}" for number in range(PEOPLE)]
    log = (tmp_path / "processes.log").read_text() if (tmp_path / "processes.log").exists() else ""
    assert "Traceback" not in log


def _wait_for(process: int) -> None:
    end = time.monotonic() + 60
    with contextlib.suppress(ProcessLookupError):
        while is_alive(process):
            assert time.monotonic() < end
            time.sleep(0.01)
