"""`kindling db …`: upgrade, backup, restore, check, erase-all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import guard
from storage.store import Store
from tests.acceptance.instance import PACKS, Instance


@pytest.fixture
def bare(tmp_path: Path) -> Instance:
    """An instance that has no database yet."""
    return Instance(tmp_path)


@pytest.fixture
def loaded(bare: Instance) -> Instance:
    """An instance with one pack."""
    bare.must("pack", "load", str(PACKS / "giving-day"))
    return bare


def database(instance: Instance) -> Path:
    return instance.folder / "kindling.db"


def test_upgrade_makes_a_database_and_then_has_nothing_to_do(bare: Instance) -> None:
    assert "a new database" in bare.must("db", "upgrade")
    assert "current" in bare.must("db", "upgrade")


def test_a_newer_database_is_refused_by_every_command_in_one_sentence(loaded: Instance) -> None:
    with closing(sqlite3.connect(database(loaded))) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
        conn.commit()

    for words in (["stats"], ["pack", "list"], ["db", "upgrade"], ["tick"], ["run"], ["doctor"]):
        done = loaded.call(*words)
        assert done.returncode == 1
        assert "newer Kindling" in done.stderr + done.stdout
        assert "Traceback" not in done.stderr


def test_a_backup_is_restored_held_and_released_by_run(loaded: Instance) -> None:
    loaded.must("db", "backup", "copy.db")
    loaded.must("db", "erase-all", "--yes")
    assert "No packs" in loaded.must("pack", "list")
    told = loaded.must("db", "restore", "copy.db")

    assert "--release" in told
    assert "giving-day" in loaded.must("pack", "list")
    assert "sends nothing" in loaded.call("doctor").stdout
    store = Store(loaded.environment()["KINDLING_DATABASE_URL"])
    assert store.read_now(guard.is_held)
    store.close_now()


def test_commands_that_look_after_a_database_make_none(bare: Instance) -> None:
    for words in (["db", "backup", "copy.db"], ["db", "check"], ["db", "erase-all", "--yes"]):
        done = bare.call(*words)
        assert done.returncode == 1
        assert "no database yet" in done.stderr
    assert not database(bare).exists()
    assert not (bare.folder / "copy.db").exists()


def test_a_backup_over_the_database_itself_is_refused(loaded: Instance) -> None:
    done = loaded.call("db", "backup", "kindling.db")

    assert done.returncode == 1
    assert "is the database itself" in done.stderr
    assert loaded.must("db", "check") == "sound\n"


def test_a_damaged_database_is_found_refused_and_replaced(loaded: Instance) -> None:
    loaded.must("db", "backup", "copy.db")
    content = bytearray(database(loaded).read_bytes())
    content[8192:12288] = b"x" * 4096
    database(loaded).write_bytes(content)
    check = loaded.call("db", "check")
    run = loaded.call("run")
    backup = loaded.call("db", "backup", "copy.db")

    assert (check.returncode, run.returncode, backup.returncode) == (1, 1, 1)
    assert "kindling db restore FILE" in check.stderr
    assert "damaged" in run.stderr
    loaded.must("db", "restore", "copy.db")
    assert loaded.must("db", "check") == "sound\n"


def test_a_second_server_and_a_restore_are_refused_while_one_serves(loaded: Instance) -> None:
    loaded.must("db", "backup", "copy.db")
    store = Store(loaded.environment()["KINDLING_DATABASE_URL"])
    with guard.hold(store):
        for words in (["run"], ["db", "restore", "copy.db"], ["db", "erase-all", "--yes"]):
            done = loaded.call(*words)
            assert done.returncode == 1
            assert "serves this database already" in done.stderr
        loaded.must("db", "backup", "copy.db")
        loaded.must("stats")
    store.close_now()


def test_erasing_asks_first_and_leaves_no_word_behind(loaded: Instance) -> None:
    assert loaded.call("db", "erase-all", stdin="yes\n").returncode == 1
    assert "giving-day" in loaded.must("pack", "list")
    done = loaded.call("db", "erase-all", stdin="erase everything\n")

    assert done.returncode == 0
    assert b"giving-day" not in database(loaded).read_bytes()
    assert not database(loaded).with_name("kindling.db-wal").exists()


def test_postgres_is_pointed_to_its_own_tools(bare: Instance) -> None:
    bare.settings["KINDLING_DATABASE_URL"] = "postgresql://127.0.0.1:9/none"
    done = bare.call("db", "backup", "copy.db")

    assert done.returncode == 1
    assert "pg_dump" in done.stderr
