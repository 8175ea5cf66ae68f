"""Before anyone works on a database: the right schema, one server at a time, held after a restore."""

import contextlib
import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage import meta
from storage.migrations import HEAD
from storage.soundness import require_sound
from storage.store import Store

HELD = "held"
CHECK_SECONDS = 2.0
REMOTE = frozenset(
    ("9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
     "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs")
)  # fmt: skip
MOUNTS = Path("/proc/self/mounts")
LOCKS = Path("/proc/locks")

log = logging.getLogger(__name__)


class InUseError(RuntimeError):
    """Another process serves this database already; stop it first, or give this one a database of its own."""


class ReplacedError(RuntimeError):
    """The database's file was removed or replaced while this process served it. Nothing more was written; put the right
    file in its place and start again.
    """


class NewerSchemaError(RuntimeError):
    """This database was written by a newer Kindling; install that version or a newer one."""


def ensure_schema(store: Store) -> None:
    """Bring a fresh or older database to this version's schema.

    Raises `NewerSchemaError` when the database is newer than this program.
    """
    here = store.read_now(revision)
    if here == HEAD:
        return
    # Imported here, because Alembic takes longer to import than all the rest of a short command takes.
    from storage import backup, upgrade

    with store.engine.connect() as conn:
        state = upgrade.state_of(conn)
    if state == "newer":
        raise NewerSchemaError(NewerSchemaError.__doc__)
    if state == "older" and store.sqlite:
        path = backup.path_of(store)
        backup.backup(store, path.with_name(f"{path.name}.before-{HEAD}"))
    upgrade.to_head(store)


def revision(conn: Connection) -> str:
    """The schema's revision; empty for a database without one."""
    if not inspect(conn).has_table("alembic_version"):
        return ""
    return conn.scalar(text("SELECT version_num FROM alembic_version")) or ""


def is_held(conn: Connection) -> bool:
    """Whether this instance was restored and not yet released: it sends nothing."""
    return bool(meta.get(conn, HELD))


def release(conn: Connection) -> None:
    """Let a restored instance send again."""
    meta.put(conn, HELD, "")


@contextlib.contextmanager
def hold(store: Store) -> Iterator[None]:
    """Serve a database: SQLite alone and after a look for damage, PostgreSQL among others.

    Raises `InUseError` when another process keeps us out, `DamagedError` when the database is not whole.
    """
    with alone(store) if store.sqlite else among(store):
        path = file_of(store)
        if path is not None:
            require_sound(path, seconds=CHECK_SECONDS)
            drive = network_drive(path)
            if drive:
                log.warning("%s is on a network drive (%s): SQLite is not safe there; use PostgreSQL", path, drive)
        yield


@contextlib.contextmanager
def alone(store: Store) -> Iterator[None]:
    """Keep everyone else from serving a database, whatever state it is in.

    Raises `InUseError` when another process serves it.
    """
    with try_hold(store) as nobody_else:
        if not nobody_else:
            raise InUseError(InUseError.__doc__)
        yield


@contextlib.contextmanager
def among(store: Store) -> Iterator[None]:
    """Serve a PostgreSQL beside other processes, and keep out who must be alone.

    Raises `InUseError` when somebody must be alone.
    """
    with _advisory_lock(store, shared=True) as let_in:
        if not let_in:
            raise InUseError(InUseError.__doc__)
        yield


@contextlib.contextmanager
def try_hold(store: Store) -> Iterator[bool]:
    """Be the only one who serves a database, if nobody else is; says whether that is so."""
    holding = _lock_file(file_of(store)) if store.sqlite else _advisory_lock(store, shared=False)
    with holding as nobody_else:
        yield nobody_else


def file_of(store: Store) -> Path | None:
    """The file of an SQLite database; nothing for one in memory, and for PostgreSQL."""
    database = store.engine.url.database
    return Path(database) if store.sqlite and database and database != ":memory:" else None


def writers(database: Path) -> list[int]:
    """The other processes that hold a lock on an SQLite database, as far as the system tells; whoever stopped while it
    writes keeps everyone else from writing.
    """
    try:
        wanted = {place.stat().st_ino for place in (database, Path(f"{database}-shm")) if place.exists()}
        lines = LOCKS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    # 1: POSIX  ADVISORY  WRITE 4711 08:01:1234567 120 120
    held = [line.split() for line in lines if " WRITE " in line]
    found = {int(words[4]) for words in held if len(words) > 5 and int(words[5].rpartition(":")[2]) in wanted}
    return sorted(found - {os.getpid()})


def is_ours(store: Store, since: tuple[int, ...]) -> bool:
    """Whether the files of an SQLite database are still those of `files_of` back then: not removed, not replaced."""
    return all(then in (0, now) for then, now in zip(since, files_of(store), strict=True))


def files_of(store: Store) -> tuple[int, ...]:
    """What tells the files of an SQLite database, and of its log, from any others; nothing where there are none."""
    path = file_of(store)
    if path is None:
        return ()
    return tuple(place.stat().st_ino if place.exists() else 0 for place in (path, Path(f"{path}-wal")))


def network_drive(path: Path, mounts: str = "") -> str:
    """The kind of network drive a file lies on; empty when it lies on none, or nobody can tell."""
    try:
        lines = (mounts or MOUNTS.read_text(encoding="utf-8", errors="replace")).splitlines()
    except OSError:
        return ""
    place = path.resolve()
    found = [(Path(line.split()[1].replace("\\040", " ")), line.split()[2]) for line in lines if len(line.split()) > 2]
    over = [(len(point.parts), kind) for point, kind in found if place.is_relative_to(point)]
    kind = max(over, default=(0, ""), key=lambda pair: pair[0])[1]
    return kind if kind in REMOTE else ""


@contextlib.contextmanager
def _lock_file(database: Path | None) -> Iterator[bool]:
    if database is None:
        yield True
        return
    # One lock for all names of a file. The system lets go of it when the process dies, however it dies.
    handle = os.open(f"{database.resolve()}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


@contextlib.contextmanager
def _advisory_lock(store: Store, *, shared: bool) -> Iterator[bool]:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        schema = conn.scalar(text("SELECT current_schema()"))
        number = int.from_bytes(hashlib.sha256(f"kindling {schema}".encode()).digest()[:7])
        kind = "_shared" if shared else ""
        let_in = bool(conn.scalar(text(f"SELECT pg_try_advisory_lock{kind}(:number)"), {"number": number}))
        yield let_in
        if let_in:
            # Without its database a lock is gone by itself.
            with contextlib.suppress(DBAPIError):
                conn.execute(text(f"SELECT pg_advisory_unlock{kind}(:number)"), {"number": number})
