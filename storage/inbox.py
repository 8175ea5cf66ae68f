"""What platforms delivered, written raw before it is confirmed, then handled one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import accounts
from storage.schema import accounts as names
from storage.schema import inbox

KEPT = timedelta(days=7)
TRIES = 3
LEFT_LYING = timedelta(seconds=5)
"""What a process wrote down so long ago and did not handle is handled by another one."""


@dataclass(frozen=True, slots=True)
class Update:
    """One update as the platform delivered it; `key` is the platform's own id of it."""

    id: int
    key: str
    raw: str


def keep(conn: Connection, account: str, updates: Iterable[tuple[str, str]], now: datetime, keeper: str = "") -> int:
    """Write raw updates, `(key, raw)` each; one that is known already is left alone. Returns how many were new.

    `keeper` is this process, where several serve one database: it handles them, or another one when it is too late.
    """
    number = accounts.number(conn, account)
    rows = [
        {"account_id": number, "key": key, "raw": raw, "received_at": now, "state": "new", "keeper": keeper}
        for key, raw in updates
    ]
    if not rows:
        return 0
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(inbox).on_conflict_do_nothing(index_elements=["account_id", "key"])
    return len(conn.execute(statement.values(rows).returning(inbox.c.id)).all())


def waiting(conn: Connection, account: str) -> int:
    """How many updates of an account wait to be handled."""
    number = accounts.number(conn, account)
    found = conn.scalar(
        select(func.count()).select_from(inbox).where(inbox.c.account_id == number, inbox.c.state == "new")
    )
    return found or 0


def fresh(
    conn: Connection, account: str, limit: int = 100, *, keeper: str = "", now: datetime | None = None
) -> list[Update]:
    """The updates that wait, oldest first; with `keeper` its own, and those that others left lying."""
    number = accounts.number(conn, account)
    ours = or_(inbox.c.keeper == keeper, inbox.c.received_at < now - LEFT_LYING) if keeper and now else true()
    rows = conn.execute(
        select(inbox.c.id, inbox.c.key, inbox.c.raw)
        .where(inbox.c.account_id == number, inbox.c.state == "new", ours)
        .order_by(inbox.c.id)
        .limit(limit)
    )
    return [Update(row.id, row.key, row.raw) for row in rows]


def left_lying(conn: Connection, now: datetime) -> list[str]:
    """The accounts with updates that a process wrote down and did not handle."""
    lying = exists().where(
        inbox.c.account_id == names.c.id, inbox.c.state == "new", inbox.c.received_at < now - LEFT_LYING
    )
    return list(conn.scalars(select(names.c.name).where(lying).order_by(names.c.id)))


def lock(conn: Connection, update_id: int) -> bool:
    """Take hold of an update for this transaction; false when another process has handled or holds it."""
    statement = select(inbox.c.id).where(inbox.c.id == update_id, inbox.c.state == "new")
    return conn.scalar(statement.with_for_update(skip_locked=True)) is not None


def finish(conn: Connection, update_id: int) -> None:
    """Note that an update was handled; what it said is forgotten, its id is kept against doubles."""
    conn.execute(update(inbox).where(inbox.c.id == update_id).values(state="done", raw=""))


def fail(conn: Connection, update_id: int, error: str) -> bool:
    """Count a failed try; after three the update is set aside. Returns whether it was set aside now."""
    tries = conn.scalar(
        update(inbox).where(inbox.c.id == update_id).values(attempts=inbox.c.attempts + 1, error=error[:200])
        .returning(inbox.c.attempts)
    )  # fmt: skip
    if tries is None or tries < TRIES:
        return False
    conn.execute(update(inbox).where(inbox.c.id == update_id).values(state="dead"))
    return True


def dead(conn: Connection) -> int:
    """How many updates were set aside."""
    return conn.scalar(select(func.count()).select_from(inbox).where(inbox.c.state == "dead")) or 0


def sweep(conn: Connection, now: datetime) -> None:
    """Forget what is older than a week."""
    conn.execute(delete(inbox).where(inbox.c.received_at < now - KEPT, inbox.c.state != "new"))


def errors(conn: Connection) -> Iterator[str]:
    """What went wrong with the updates that were set aside."""
    yield from conn.scalars(select(inbox.c.error).where(inbox.c.state == "dead").order_by(inbox.c.id.desc()).limit(20))
