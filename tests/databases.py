"""The two databases that every storage test runs on: SQLite, and a private PostgreSQL made for the test session."""

import atexit
import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import lru_cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, text

from storage import guard, migrations, schema
from storage.store import Store

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
_numbers = count()
_clean: list[str] = []


def sqlite(folder: Path) -> Store:
    """A fresh SQLite database."""
    store = Store(f"sqlite:///{folder / f'test-{next(_numbers)}.db'}")
    guard.ensure_schema(store)
    return store


def postgres() -> Store:
    """A fresh PostgreSQL database; skips where there is no server, but fails in CI."""
    if not BINARIES:
        missing = "no PostgreSQL server binaries under /usr/lib/postgresql; install Debian's `postgresql`"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    server = _server()
    if _clean:
        return Store(_clean.pop())
    name = f"t{os.getpid()}_{next(_numbers)}"
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {name} TEMPLATE {_template(server)}"))
    admin.dispose()
    return Store(_url(server, name))


def give_back(store: Store) -> None:
    """Close a database of a test; a PostgreSQL one is emptied for the next test, which is faster than a new one."""
    if store.sqlite:
        store.close_now()
        return
    with store.engine.begin() as conn:
        for table in reversed(schema.metadata.sorted_tables):
            conn.execute(delete(table))
        conn.execute(text("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"))
        conn.execute(text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"))
        conn.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": migrations.HEAD})
    store.close_now()
    _clean.append(store.url)


def _url(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


@lru_cache
def _template(server: str) -> str:
    """A database with the schema in it, to copy from."""
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text("CREATE DATABASE kindling_template"))
    admin.dispose()
    store = Store(_url(server, "kindling_template"))
    guard.ensure_schema(store)
    store.close_now()
    return "kindling_template"


@lru_cache
def _server() -> str:
    """Start a cluster of our own, for this process; it ends with it."""
    server = Server()
    server.start()
    atexit.register(server.end)
    return server.url


class Server:
    """A PostgreSQL server in a folder of its own, reached by a socket; it may be stopped and started again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kindling-pg-"))
        self.user = _unprivileged()
        if self.user:
            shutil.chown(self.folder, self.user)
        self.url = f"postgresql://tests@/postgres?host={self.folder}"
        how = ("-A", "trust", "-U", "tests", "--no-sync", "-E", "UTF8", "--locale", "C")
        _run(self.user, "initdb", "-D", str(self.folder / "data"), *how)

    def start(self) -> None:
        """Start it, or start it again."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=200"
        log = str(self.folder / "log")
        _run(self.user, "pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        """Stop it as a crash would: at once."""
        _run(self.user, "pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def end(self) -> None:
        """Stop it and remove its folder."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name: str, *, schema: bool = True) -> Store:
        """A new database, with the schema in it or without."""
        admin = create_engine(self.url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
        with admin.connect() as conn:
            conn.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        store = Store(_url(self.url, name))
        if schema:
            guard.ensure_schema(store)
        return store


def _unprivileged() -> str:
    """Whom to run the server as: PostgreSQL refuses to be run by root."""
    if os.getuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(user: str, program: str, *arguments: str) -> None:
    subprocess.run(
        [BINARIES[-1] / program, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        cwd="/",
        user=user or None,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
    )
