"""Work that any process on a PostgreSQL may take up: procrastinate's jobs, enqueued in our own transactions.

On SQLite there is one process, and nothing to enqueue: these functions then do nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, exists, select, text

from storage import inbox
from storage.deliveries import CALLED, DUE
from storage.schema import accounts, deliveries

if TYPE_CHECKING:
    from procrastinate import App

DELIVER = "deliver"
CHANNEL = "kindling"
"""On it processes tell each other what there is to look at: `outbox ACCOUNT`, `inbox ACCOUNT`, `page CHAT`."""
LEASE = 10.0
"""Seconds without a heartbeat of its worker after which a job is taken from it."""
ALIVE = 1_263_421_000
"""The upper half of the advisory locks that stand for the jobs being done; the lower half is the job's number."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job under way."""

    id: int
    task: str
    queue: str
    lock: str
    args: dict[str, Any]


def queue_of(account: str) -> str:
    """The queue of an account: processes listen to those of the accounts that they can speak for."""
    return "slack" if account.startswith("slack:") else account


def call(conn: Connection, names: Iterable[str]) -> None:
    """Have accounts served as soon as this transaction is committed, by whichever process is free."""
    if conn.dialect.name == "sqlite":
        return
    for name in sorted(names):
        tell(conn, f"outbox {name}")
        if not conn.scalar(_WAITS, {"lock": name}):
            defer(conn, DELIVER, queue_of(name), name, {"account": name})


def tell(conn: Connection, words: str) -> None:
    """Tell all processes something, once this transaction is committed."""
    conn.execute(text("SELECT pg_notify(:channel, :words)"), {"channel": CHANNEL, "words": words})


def call_noted(conn: Connection) -> None:
    """Have the accounts served that this transaction wrote answers for: its very last step, others may wait for it."""
    numbers = conn.info.pop(CALLED, None)
    if numbers:
        call(conn, conn.scalars(select(accounts.c.name).where(accounts.c.id.in_(numbers))))


_WAITS = text("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = :lock AND status = 'todo'")


def defer(conn: Connection, task: str, queue: str, lock: str, args: dict[str, Any]) -> None:
    """Enqueue a job in this transaction, unless one like it waits already."""
    from procrastinate.exceptions import AlreadyEnqueued

    ask = _app().configure_task(
        task, queue=queue, lock=lock, queueing_lock=lock, connection=conn.connection.driver_connection
    )
    try:
        with conn.begin_nested():
            ask.defer(**args)
    except AlreadyEnqueued:
        return  # by another transaction, a moment ago


@lru_cache(1)
def _app() -> "App":
    from procrastinate import App, SyncPsycopgConnector

    return App(connector=SyncPsycopgConnector())  # never opened: it speaks through our connections


def due(conn: Connection, now: datetime) -> list[str]:
    """The accounts with something to send."""
    waiting = exists().where(deliveries.c.account_id == accounts.c.id, *DUE).params(now=now)
    return list(conn.scalars(select(accounts.c.name).where(waiting).order_by(accounts.c.name)))


def call_due(conn: Connection, now: datetime) -> None:
    """Have every account served that has something to send, and what killed processes wrote down handled by others."""
    if conn.dialect.name == "sqlite":
        return
    call(conn, due(conn, now))
    for name in inbox.left_lying(conn, now):
        tell(conn, f"inbox {name}")


def lost(conn: Connection) -> list[Job]:
    """The jobs whose workers seem to be dead: they hold no lock for them, or their heart beats no more."""
    rows = conn.execute(_LOST, {"alive": ALIVE, "lease": LEASE})
    return [Job(row.id, row.task_name, row.queue_name, row.lock or "", row.args) for row in rows]


_LOST = text("""
    SELECT job.id, job.task_name, job.queue_name, job.lock, job.args
    FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (
        worker.id IS NULL
        OR worker.last_heartbeat < now() - make_interval(secs => :lease)
        OR NOT EXISTS (
            SELECT 1 FROM pg_locks
            WHERE locktype = 'advisory' AND classid = :alive AND objid = job.id % 4294967296 AND objsubid = 1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        )
    )
""")


def replace(conn: Connection, job: Job) -> bool:
    """End a lost job and enqueue a new one in its place; false when somebody else did.

    A new one, and not the same once more: its number is the shift's, by which the old worker is refused if it lives.
    """
    found = conn.scalar(
        text("SELECT 1 FROM procrastinate_jobs WHERE id = :id AND status = 'doing' FOR UPDATE SKIP LOCKED"),
        {"id": job.id},
    )
    if not found:
        return False
    conn.execute(text("SELECT procrastinate_finish_job_v1(:id, 'failed', true)"), {"id": job.id})
    if job.task == DELIVER:
        call(conn, [job.args["account"]])
    return True


def forget(conn: Connection) -> None:
    """Forget the jobs that failed more than three days ago: the log has their reasons."""
    if conn.dialect.name == "sqlite":
        return
    conn.execute(_OLD)


_OLD = text("""
    DELETE FROM procrastinate_jobs job
    WHERE status IN ('failed', 'aborted', 'cancelled', 'succeeded') AND NOT EXISTS (
        SELECT 1 FROM procrastinate_events event
        WHERE event.job_id = job.id AND event.at > now() - interval '3 days'
    )
""")
