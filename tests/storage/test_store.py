"""The door to the database: one function, one transaction."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from storage import meta, schema
from storage import store as store_module
from storage.store import Store
from tests import databases


@pytest.fixture
async def opened(store: Store) -> AsyncIterator[Store]:
    """The database with its reading side too, closed in the loop that used it."""
    yield store
    await store.close()


def fail_halfway(conn: Connection) -> None:
    meta.put(conn, "a", "1")
    raise RuntimeError("halfway")


async def test_a_failed_change_leaves_nothing_behind(opened: Store) -> None:
    with pytest.raises(RuntimeError):
        await opened.write(fail_halfway)

    assert await opened.read(meta.get, "a") == ""


async def test_what_was_written_can_be_read_beside_the_writer(opened: Store) -> None:
    await opened.write(meta.put, "a", "1")

    assert await opened.read(meta.get, "a") == "1"


async def test_many_writers_lose_nothing(opened: Store) -> None:
    def add(conn: Connection) -> None:
        meta.put(conn, f"k{len(conn.execute(select(schema.meta)).all())}", "x")

    await opened.write(meta.put, "n", "0")
    await asyncio.gather(*(opened.write(meta.put, f"x{number}", "1") for number in range(40)))
    await opened.write(add)

    rows = await opened.read(lambda conn: len(conn.execute(select(schema.meta)).all()))
    assert rows == 42


def test_who_stands_still_in_a_transaction_does_not_keep_its_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "IDLE_IN_TRANSACTION_MS", 300)
    made = databases.postgres()
    made.write_now(meta.put, "key", "before")
    still = made.engine.connect()
    meta.put(still, "key", "never committed")

    made.write_now(meta.put, "key", "after")

    assert made.read_now(meta.get, "key") == "after"
    with pytest.raises(DBAPIError):
        still.commit()
    still.close()
    databases.give_back(made)
