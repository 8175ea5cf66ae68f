"""Backups: sound or not at all; a restored instance waits, and forgets whom it must."""

import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from storage import backup, erasure, guard, meta, soundness, subscribers
from storage.store import Store
from tests import databases, make
from tests.talk import publish

KEY = "a secret of the tests"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Store]:
    """An SQLite database with a pack and two people."""
    store = databases.sqlite(tmp_path)
    publish(store, make.pack())
    for chat in ("ana", "bob"):
        store.write_now(subscribers.join, "web", chat, make.person(follows=()), make.NOW)
    yield store
    store.close_now()


def chats(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as conn:
        return {row[0] for row in conn.execute("SELECT chat FROM addresses")}


def restored(store: Store, copy: Path) -> Path | None:
    return backup.restore(store, copy, key=KEY, now=make.NOW + timedelta(days=2))


def test_a_backup_is_one_sound_file_that_only_its_owner_reads(live: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    backup.backup(live, copy)

    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]
    assert copy.stat().st_mode & 0o077 == 0
    assert soundness.problems(copy) == []
    assert chats(copy) == {"ana", "bob"}


def test_a_backup_ends_while_others_write(live: Store, tmp_path: Path) -> None:
    stop, written = threading.Event(), []

    def write() -> None:
        writer = Store(live.url)
        while not stop.is_set():
            writer.write_now(meta.put, f"k{len(written)}", "x" * 200)
            written.append(1)
        writer.close_now()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            backup.backup(live, tmp_path / f"copy-{number}.db")
    finally:
        stop.set()
        thread.join()

    assert written
    assert all(soundness.problems(tmp_path / f"copy-{number}.db") == [] for number in range(5))


def test_a_damaged_database_never_replaces_a_good_backup(live: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.backup(live, copy)
    before = copy.read_bytes()
    live.settle_now()
    live.close_now()
    path = backup.path_of(live)
    path.write_bytes(path.read_bytes()[:8192] + b"x" * 4096 + path.read_bytes()[12288:])

    with pytest.raises((soundness.DamagedError, sqlite3.DatabaseError)):
        backup.backup(live, copy)
    assert copy.read_bytes() == before
    assert list(tmp_path.glob(".*part*")) == []


def damage(path: Path, seed: int) -> None:
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    # Where something is written: what falls into the empty part of a page harms nobody, and no check can know.
    start = next(at for at in iter(lambda: chance.randrange(4096, len(content) - 32), 0) if any(content[at : at + 4]))
    content[start : start + 32] = chance.randbytes(32)
    path.write_bytes(content)


def fill(store: Store) -> None:
    def write(conn: object) -> None:
        for number in range(2000):
            subscribers.join(conn, "web", f"chat {number}", make.person(follows=()), make.NOW)  # type: ignore[arg-type]

    store.write_now(write)


def test_damage_is_noticed(live: Store, tmp_path: Path) -> None:
    fill(live)
    sound = tmp_path / "sound.db"
    backup.backup(live, sound)
    noticed = 0
    for seed in range(40):
        copy = tmp_path / "damaged.db"
        copy.write_bytes(sound.read_bytes())
        damage(copy, seed)
        noticed += bool(soundness.problems(copy))

    # Letters changed within a text that no index holds, no check can know either.
    assert noticed >= 34


def test_a_restored_database_is_held_and_the_one_before_is_kept(live: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.backup(live, copy)
    live.write_now(subscribers.join, "web", "late", make.person(follows=()), make.NOW)
    kept = restored(live, copy)

    again = Store(live.url)
    assert again.read_now(guard.is_held)
    assert chats(backup.path_of(live)) == {"ana", "bob"}
    assert kept is not None
    assert chats(kept) == {"ana", "bob", "late"}
    again.write_now(guard.release)
    assert not again.read_now(guard.is_held)
    again.close_now()


def test_who_was_erased_since_is_erased_from_the_backup_too(live: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.backup(live, copy)
    ana = live.write_now(subscribers.reach, "web", "ana")
    assert ana is not None
    erased_at = make.NOW + timedelta(days=1)
    live.write_now(erasure.erase, ana.person, account="web", chat="ana", key=KEY, now=erased_at)
    restored(live, copy)

    assert chats(backup.path_of(live)) == {"bob"}
    assert ana.person.key.encode() not in backup.path_of(live).read_bytes()


def test_who_came_back_after_an_erasure_stays(live: Store, tmp_path: Path) -> None:
    ana = live.write_now(subscribers.reach, "web", "ana")
    assert ana is not None
    live.write_now(erasure.erase, ana.person, account="web", chat="ana", key=KEY, now=make.NOW + timedelta(hours=1))
    live.write_now(subscribers.join, "web", "ana", make.person(follows=()), make.NOW + timedelta(hours=2))
    copy = tmp_path / "copy.db"
    backup.backup(live, copy)
    restored(live, copy)

    assert chats(backup.path_of(live)) == {"ana", "bob"}


def test_a_damaged_database_can_be_replaced(live: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.backup(live, copy)
    live.close_now()
    backup.path_of(live).write_bytes(b"no database at all, not any more" * 100)
    restored(live, copy)

    assert chats(backup.path_of(live)) == {"ana", "bob"}


@pytest.mark.parametrize("content", [b"", b"words " * 1000, None])
def test_another_file_is_refused_and_nothing_changes(live: Store, tmp_path: Path, content: bytes | None) -> None:
    other = tmp_path / "other.db"
    if content is None:
        with closing(sqlite3.connect(other)) as conn:
            conn.execute("CREATE TABLE recipes (name)")
    else:
        other.write_bytes(content)
    with pytest.raises((soundness.DamagedError, backup.NotADatabaseOfOursError)):
        restored(live, other)

    assert chats(backup.path_of(live)) == {"ana", "bob"}
    assert not live.read_now(guard.is_held)


def test_a_newer_backup_is_refused(live: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.backup(live, copy)
    with closing(sqlite3.connect(copy)) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
        conn.commit()

    with pytest.raises(guard.NewerSchemaError):
        restored(live, copy)
    assert not live.read_now(guard.is_held)


def test_postgres_is_left_to_its_own_tools() -> None:
    with pytest.raises(ValueError, match="pg_dump"):
        backup.path_of(Store("postgresql://nobody@nowhere/nothing"))
