"""The schema from scratch and the schema by all migrations are the same."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from storage import guard, schema, upgrade
from storage.store import Store


def test_migrations_end_where_the_code_begins(store: Store) -> None:
    with store.engine.connect() as conn:
        differences = compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), schema.metadata)

    assert [one for one in differences if "modify_type" not in str(one)] == []


def test_the_same_indexes_stand_on_both_ways(store: Store) -> None:
    wanted = {index.name for table in schema.metadata.tables.values() for index in table.indexes}
    with store.engine.connect() as conn:
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'index'"
            if store.sqlite
            else "SELECT indexname FROM pg_indexes"
        )
        found = {row[0] for row in conn.execute(text(query))}

    assert wanted <= found


def test_an_upgrade_twice_changes_nothing(store: Store) -> None:
    guard.ensure_schema(store)
    with store.engine.connect() as conn:
        assert upgrade.state_of(conn) == "current"


def test_a_newer_database_is_refused_in_one_sentence(store: Store) -> None:
    with store.engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(guard.NewerSchemaError, match="newer Kindling"):
        guard.ensure_schema(store)


def test_one_server_at_a_time(store: Store) -> None:
    second = Store(store.url)
    with guard.hold(store), pytest.raises(guard.InUseError), guard.hold(second):
        pass
    second.close_now()
