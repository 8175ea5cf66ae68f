"""What sources delivered, as it came, for a week: the organizer's log, and what a replay reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema_proof import hook_deliveries as log
from storage.schema_proof import hooks
from storage.sealed import seal, unseal

Outcome = Literal["new", "counted", "undone", "known", "waiting", "ignored", "refused"]
"""`waiting`: it speaks of a thing whose person another delivery will tell. `known`: said before."""
KEPT = timedelta(days=7)
LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Logged:
    """One delivery as the log shows it."""

    id: int
    hook_id: int
    source: str
    pack: str
    key: str
    received_at: datetime
    outcome: Outcome
    reason: str
    raw: bytes


def keep(conn: Connection, hook_id: int, key: str, raw: bytes, now: datetime, secret: str) -> int | None:
    """Write down a delivery; nothing when one of that key was delivered before."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    values = {
        "hook_id": hook_id, "key": key[:LONGEST_KEY], "received_at": now, "outcome": "new",
        "raw": seal(raw.decode("utf-8", "replace"), secret),
    }  # fmt: skip
    written = dialect.insert(log).values(**values).on_conflict_do_nothing().returning(log.c.id)
    found: int | None = conn.scalar(written)
    return found


def note(conn: Connection, delivery_id: int, outcome: Outcome, reason: str) -> None:
    """Write down what a delivery came to."""
    conn.execute(update(log).where(log.c.id == delivery_id).values(outcome=outcome, reason=reason[:200]))


def latest(conn: Connection, secret: str, *, limit: int = 50, outcome: str = "", number: int = 0) -> Sequence[Logged]:
    """The newest deliveries, newest first; of one outcome, or the one of that number."""
    wanted = select(log, hooks.c.source, hooks.c.pack).join(hooks, hooks.c.id == log.c.hook_id)
    if outcome:
        wanted = wanted.where(log.c.outcome == outcome)
    if number:
        wanted = wanted.where(log.c.id == number)
    return [
        Logged(
            row.id, row.hook_id, row.source, row.pack, row.key, row.received_at, row.outcome, row.reason,
            (unseal(row.raw, secret) or "").encode(),
        )
        for row in conn.execute(wanted.order_by(log.c.id.desc()).limit(limit))
    ]  # fmt: skip


def sweep(conn: Connection, now: datetime) -> None:
    """Forget deliveries older than a week; what they came to stays."""
    conn.execute(delete(log).where(log.c.received_at < now - KEPT))
