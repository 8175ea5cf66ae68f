"""The schema from scratch and the schema by all migrations are the same."""

import contextlib
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from storage import guard, schema, upgrade
from storage.store import Store


def test_migrations_end_where_the_code_begins(store: Store) -> None:
    with store.engine.connect() as conn:
        ours = {"compare_type": True, "include_name": lambda name, kind, parents: "procrastinate" not in (name or "")}
        differences = compare_metadata(MigrationContext.configure(conn, opts=ours), schema.metadata)

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


def test_one_process_serves_sqlite_and_many_serve_postgresql(store: Store) -> None:
    second = Store(store.url)
    several = contextlib.nullcontext() if not store.sqlite else pytest.raises(guard.InUseError)
    with guard.hold(store), several, guard.hold(second):
        pass
    second.close_now()


def test_whoever_must_be_alone_keeps_out_and_is_kept_out(store: Store) -> None:
    second = Store(store.url)
    with guard.hold(store), pytest.raises(guard.InUseError), guard.alone(second):
        pass
    with guard.alone(store), pytest.raises(guard.InUseError), guard.hold(second):
        pass
    second.close_now()


def test_people_and_pictures_survive_every_upgrade_since_the_first(tmp_path: Path) -> None:
    old = Store(f"sqlite:///{tmp_path / 'old.db'}")
    with old.engine.begin() as conn:
        config = upgrade.config()
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
    with old.engine.begin() as conn:
        for statement in (
            "INSERT INTO accounts (id, name) VALUES (1, 'web')",
            (
                "INSERT INTO subscribers (id, key, joined_at, state, language, zone, frequency, hour, quiet_from, quiet_until,"
                " weekday, minutes, asks) VALUES (7, 'k', 0, 'active', 'en', 'UTC', 'daily', 0, 0, 0, 0, 5, 3)"
            ),
            "INSERT INTO addresses (id, subscriber_id, account_id, chat) VALUES (3, 7, 1, 'c')",
            "INSERT INTO packs (slug, version, loaded_at) VALUES ('water', 4, 0)",
            "INSERT INTO pack_images (pack, name, media_type, content) VALUES ('water', 'a.png', 'image/png', x'01')",
            (
                "INSERT INTO deliveries (id, subscriber_id, address_id, account_id, kind, lane, due_at, status)"
                " VALUES (9, 7, 3, 1, 'reply', 0, 0, 'sent')"
            ),
        ):
            conn.execute(text(statement))
    guard.ensure_schema(old)

    with old.engine.connect() as conn:
        assert conn.execute(text("SELECT subscriber_id, chat FROM addresses")).all() == [(7, "c")]
        assert conn.execute(text("SELECT address_id FROM deliveries")).all() == [(3,)]
        assert conn.execute(text("SELECT pack, version, name FROM pack_pictures")).all() == [("water", 4, "a.png")]
        assert conn.execute(text("PRAGMA foreign_key_check")).all() == []
    old.close_now()
