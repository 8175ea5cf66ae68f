"""The right schema, one server at a time, whole, and not on a network drive."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage import guard, meta, migrations, schema, soundness, subscribers, upgrade
from storage.store import Store
from tests import databases, make
from tests.talk import publish

MOUNTS = """\
/dev/vda1 / ext4 rw 0 0
server:/export /srv nfs4 rw 0 0
/dev/vdb1 /srv/local ext4 rw 0 0
host:/home /mnt/my\\040share fuse.sshfs rw 0 0
"""


def test_the_program_knows_its_newest_migration() -> None:
    assert ScriptDirectory.from_config(upgrade.config()).get_current_head() == migrations.HEAD


def test_looking_at_a_current_database_takes_no_time_and_no_alembic(store: Store) -> None:
    guard.ensure_schema(store)
    start = time.perf_counter()
    for _ in range(10):
        guard.ensure_schema(store)

    assert (time.perf_counter() - start) / 10 < 0.05


def test_looking_at_a_database_waits_for_no_writer(tmp_path: Path) -> None:
    store = databases.sqlite(tmp_path)
    writer = Store(store.url)
    with writer.engine.begin() as conn:
        meta.put(conn, "a", "b")
        guard.ensure_schema(store)
        assert store.read_now(meta.get, "a") == ""
    writer.close_now()
    store.close_now()


def test_many_who_make_a_database_at_once_make_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    code = "import sys; from storage import guard, store; guard.ensure_schema(store.Store(sys.argv[1]))"
    running = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]

    made = Store(url)
    assert made.read_now(guard.revision) == migrations.HEAD
    made.close_now()


def test_tables_of_another_program_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE items (name)")
        conn.commit()
    store = Store(f"sqlite:///{path}")

    with pytest.raises(upgrade.ForeignTablesError, match="another program"):
        guard.ensure_schema(store)
    with closing(sqlite3.connect(path)) as conn:
        assert [row[0] for row in conn.execute("SELECT name FROM sqlite_master")] == ["items"]
    store.close_now()


def test_a_failed_migration_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(f"sqlite:///{tmp_path / 'new.db'}")

    def interrupted(config: object, _revision: str) -> None:
        conn = config.attributes["connection"]  # type: ignore[attr-defined]
        schema.meta.create(conn)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(upgrade.command, "upgrade", interrupted)
        with pytest.raises(KeyboardInterrupt):
            upgrade.to_head(store)
    assert store.read_now(lambda conn: conn.execute(text("SELECT name FROM sqlite_master")).all()) == []

    guard.ensure_schema(store)
    assert store.read_now(guard.revision) == migrations.HEAD
    assert store.write_now(lambda conn: conn.scalar(text("PRAGMA foreign_keys"))) == 1
    store.close_now()


def test_try_hold_tells_whether_someone_serves(store: Store) -> None:
    other = Store(store.url)
    with guard.try_hold(store) as first, guard.try_hold(other) as second:
        assert (first, second) == (True, False)
    with guard.try_hold(other) as now:
        assert now
    other.close_now()


def test_a_database_under_another_name_is_the_same_one(tmp_path: Path) -> None:
    store = databases.sqlite(tmp_path)
    link = tmp_path / "link.db"
    link.symlink_to(guard.file_of(store) or "")
    other = Store(f"sqlite:///{link}")
    with guard.hold(store), pytest.raises(guard.InUseError), guard.hold(other):
        pass
    for one in (store, other):
        one.close_now()


def test_a_damaged_database_is_not_served(tmp_path: Path) -> None:
    store = databases.sqlite(tmp_path)
    path = guard.file_of(store)
    store.settle_now()
    store.close_now()
    assert path is not None
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"x" * 4096
    path.write_bytes(content)

    with pytest.raises(soundness.DamagedError, match="kindling db restore"), guard.hold(Store(store.url)):
        pass


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/kindling.db", ""),
        ("/srv/kindling.db", "nfs4"),
        ("/srv/local/kindling.db", ""),
        ("/mnt/my share/kindling.db", "fuse.sshfs"),
    ],
)
def test_a_network_drive_is_known(path: str, kind: str) -> None:
    assert guard.network_drive(Path(path), MOUNTS) == kind


def test_a_sound_database_has_no_strays_and_a_stray_is_named(store: Store) -> None:
    publish(store, make.pack(actions={"sign": make.action()}))
    reached = store.write_now(subscribers.join, "web", "ana", make.person(follows=()), make.NOW)
    store.write_now(subscribers.follow, reached.person, "water/water", make.NOW)
    assert store.read_now(soundness.strays) == []

    store.write_now(lambda conn: conn.execute(text("DELETE FROM pack_versions")))
    story = "UPDATE follows SET cause_id = (SELECT id FROM items WHERE type = 'story' LIMIT 1)"
    store.write_now(lambda conn: conn.execute(text(story)))
    found = ["1 × a followed cause that is no cause", "1 × a live pack without its document"]
    assert store.read_now(soundness.strays) == found
