"""The transcript of a web chat: what was said on both sides, numbered so that a page can ask for what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, text, update

from storage import uploads
from storage.schema import EPOCH, TICK, web_messages

KEPT_FOR = timedelta(days=30)
KEPT_ROWS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a transcript; `mine` when the person said it, `revision` grows with every new or edited one."""

    id: int
    at: datetime
    mine: bool
    body: str
    revision: int


def append(conn: Connection, chat: str, mine: bool, body: str, now: datetime) -> int:
    """Add a message to a chat, let go of the oldest beyond the limit; returns the new one's number."""
    revision = _next_revision(conn, chat, now)
    added = insert(web_messages).values(chat=chat, mine=mine, body=body, at=now, revision=revision)
    number = int(conn.execute(added.returning(web_messages.c.id)).scalar_one())
    _trim(conn, chat)
    return number


def edit(conn: Connection, chat: str, number: int, body: str, now: datetime) -> bool:
    """Replace what a message of this chat says; `False` when the chat has no such message (any more)."""
    wanted = (web_messages.c.id == number) & (web_messages.c.chat == chat)
    values = {"body": body, "revision": _next_revision(conn, chat, now)}
    return bool(conn.execute(update(web_messages).where(wanted).values(**values)).rowcount)


def get(conn: Connection, chat: str, number: int) -> Line | None:
    """One message of this chat."""
    row = conn.execute(select(web_messages).where(web_messages.c.id == number, web_messages.c.chat == chat)).first()
    return Line(row.id, row.at, row.mine, row.body, row.revision) if row else None


def since(conn: Connection, chat: str, revision: int) -> Sequence[Line]:
    """What was added or edited in a chat after `revision`, in that order."""
    rows = conn.execute(
        select(web_messages)
        .where(web_messages.c.chat == chat, web_messages.c.revision > revision)
        .order_by(web_messages.c.revision)
    )
    return [Line(row.id, row.at, row.mine, row.body, row.revision) for row in rows]


def forget(conn: Connection, chat: str) -> None:
    """Remove a whole transcript, and what was uploaded."""
    uploads.forget(conn, chat)
    conn.execute(delete(web_messages).where(web_messages.c.chat == chat))


def sweep(conn: Connection, now: datetime) -> int:
    """Remove what is older than thirty days; returns how many messages went."""
    return conn.execute(delete(web_messages).where(web_messages.c.at < now - KEPT_FOR)).rowcount


def _next_revision(conn: Connection, chat: str, now: datetime) -> int:
    if conn.dialect.name == "postgresql":
        # Two writers of one chat must not commit revisions out of order: a page would pass over the lower one.
        conn.execute(text("SELECT pg_advisory_xact_lock(hashtext(:chat))"), {"chat": chat})
        conn.execute(text("SELECT pg_notify('kindling', :words)"), {"words": f"page {chat}"})
    newest = conn.scalar(select(func.max(web_messages.c.revision)).where(web_messages.c.chat == chat))
    # Counted from the time, so that a transcript that was forgotten does not begin again below what a page has seen.
    return max(int(newest or 0) + 1, (now - EPOCH) // TICK)


def _trim(conn: Connection, chat: str) -> None:
    oldest_beyond = (
        select(web_messages.c.id)
        .where(web_messages.c.chat == chat)
        .order_by(web_messages.c.id.desc())
        .offset(KEPT_ROWS)
        .limit(1)
        .scalar_subquery()
    )
    conn.execute(delete(web_messages).where(web_messages.c.chat == chat, web_messages.c.id <= oldest_beyond))
