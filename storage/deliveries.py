"""The outbox: every message to a person, from the row that plans it to the noted outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, true, update

from storage import accounts, panic
from storage.schema import addresses, alerts, deliveries, subscribers

LANES = {"reply": 0, "alert": 1, "reminder": 2, "nudge": 3}
WAITING = ("pending", "retry")
SENT_AGAIN = ("reply", "alert", "reminder")
"""What is sent once more when a crash left it in doubt: a lost one is worse than a double. A nudge is not."""
GRACE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery taken in hand: marked `sending`, to be sent now by whoever claimed it."""

    id: int
    subscriber_id: int | None  # nobody's, when a room is spoken to
    address_id: int
    chat: str
    kind: str
    body: str | None
    story_id: int | None
    action_id: int | None
    ask_id: int | None
    attempts: int
    expires_at: datetime | None
    reasons: str
    alert_id: int | None = None


def add_replies(conn: Connection, address: tuple[int | None, int, int], bodies: Iterable[str], now: datetime) -> None:
    """Write answers into the outbox of an address, given as (subscriber, address, account) numbers."""
    subscriber_id, address_id, account_id = address
    rows = [
        {
            "subscriber_id": subscriber_id,
            "address_id": address_id,
            "account_id": account_id,
            "kind": "reply",
            "lane": LANES["reply"],
            "due_at": now,
            "expires_at": now + GRACE,
            "status": "pending",
            "body": body,
        }
        for body in bodies
    ]
    if rows:
        conn.execute(insert(deliveries), rows)


def add_planned(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write planned nudges in one statement."""
    if rows:
        conn.execute(insert(deliveries), list(rows))


def claim(conn: Connection, account: str, now: datetime, *, limit: int, busy: Sequence[str] = ()) -> list[Claimed]:
    """Mark the next due deliveries of an account as `sending` and return them: replies first, oldest first.

    Chats in `busy` are left for later, so that each chat gets its messages one by one and in order.
    """
    number = accounts.number(conn, account)
    first = (
        select(deliveries.c.id)
        .join(addresses, addresses.c.id == deliveries.c.address_id)
        .where(
            deliveries.c.account_id == number,
            deliveries.c.status.in_(WAITING),
            deliveries.c.due_at <= now,
            addresses.c.chat.not_in(busy) if busy else true(),
            _awake(conn),
        )
        .order_by(deliveries.c.lane, deliveries.c.due_at, deliveries.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=deliveries)
    )
    wanted = list(conn.scalars(first))
    if not wanted:
        return []
    # The condition on the row itself decides: of two claimers only one finds it waiting.
    taken = conn.scalars(
        update(deliveries)
        .where(deliveries.c.id.in_(wanted), deliveries.c.status.in_(WAITING))
        .values(status="sending", attempts=deliveries.c.attempts + 1)
        .returning(deliveries.c.id)
    ).all()
    return _claimed(conn, taken)


def _awake(conn: Connection) -> ColumnElement[bool]:
    """What may go: nothing of a paused alert, and only answers while everything is paused."""
    if panic.is_on(conn):
        return deliveries.c.kind == "reply"
    asleep = select(alerts.c.id).where(alerts.c.state == "paused")
    return or_(deliveries.c.alert_id.is_(None), deliveries.c.alert_id.not_in(asleep))


def _claimed(conn: Connection, numbers: Sequence[int]) -> list[Claimed]:
    rows = conn.execute(
        select(deliveries, addresses.c.chat)
        .join(addresses, addresses.c.id == deliveries.c.address_id)
        .where(deliveries.c.id.in_(numbers))
        .order_by(deliveries.c.lane, deliveries.c.due_at, deliveries.c.id)
    )
    return [
        Claimed(
            row.id, row.subscriber_id, row.address_id, row.chat, row.kind, row.body, row.story_id, row.action_id,
            row.ask_id, row.attempts, row.expires_at, row.reasons, row.alert_id,
        )
        for row in rows
    ]  # fmt: skip


def note_sent(conn: Connection, delivery_id: int, ref: str, now: datetime) -> None:
    """Note that a platform accepted a message; its text is forgotten."""
    _note(conn, delivery_id, status="sent", sent_at=now, ref=ref, body=None, reason="")


def note_retry(conn: Connection, delivery_id: int, due_at: datetime, reason: str, *, counted: bool = True) -> None:
    """Put a message back for another try at `due_at`; an uncounted try does not use up one."""
    attempts = deliveries.c.attempts if counted else deliveries.c.attempts - 1
    _note(conn, delivery_id, status="retry", due_at=due_at, reason=reason, attempts=attempts)


def note_end(conn: Connection, delivery_id: int, status: str, reason: str) -> None:
    """Note an end other than sent: `unsure`, `unreachable`, `failed`, `cancelled`, `skipped`."""
    _note(conn, delivery_id, status=status, reason=reason, body=None)


def _note(conn: Connection, delivery_id: int, **values: Any) -> None:
    conn.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(**values))


def recover(conn: Connection, account: str, now: datetime) -> tuple[int, int]:
    """Settle what was in flight when a process died: in doubt; all but nudges are tried once more.

    Returns how many stay `unsure` and how many are sent again. Call it only while no other sender serves the account.
    """
    number = accounts.number(conn, account)
    in_flight = and_(deliveries.c.account_id == number, deliveries.c.status == "sending")
    again = conn.execute(
        update(deliveries)
        .where(in_flight, deliveries.c.kind.in_(SENT_AGAIN), deliveries.c.attempts <= 1)
        .values(status="retry", due_at=now, reason="in doubt after a crash, sent again")
    ).rowcount
    unsure = conn.execute(
        update(deliveries).where(in_flight).values(status="unsure", reason="in flight when the process died", body=None)
    ).rowcount
    return unsure, again


def cancel_waiting(conn: Connection, subscriber_id: int, reason: str, *, kinds: Sequence[str]) -> list[Claimed]:
    """Cancel what waits for a person, and return it so that what it would have shown can be taken back."""
    numbers = conn.scalars(
        update(deliveries)
        .where(
            deliveries.c.subscriber_id == subscriber_id,
            deliveries.c.status.in_(WAITING),
            deliveries.c.kind.in_(kinds),
        )
        .values(status="cancelled", reason=reason, body=None)
        .returning(deliveries.c.id)
    ).all()
    return _claimed(conn, numbers) if numbers else []


def next_due(conn: Connection, account: str) -> datetime | None:
    """When the next waiting delivery of an account is due."""
    number = accounts.number(conn, account)
    return conn.execute(
        select(func.min(deliveries.c.due_at)).where(deliveries.c.account_id == number, deliveries.c.status.in_(WAITING))
    ).scalar()


def waiting(conn: Connection, account: str, now: datetime) -> int:
    """How many deliveries of an account wait and are due."""
    number = accounts.number(conn, account)
    return (
        conn.scalar(
            select(func.count())
            .select_from(deliveries)
            .where(
                deliveries.c.account_id == number,
                or_(
                    and_(deliveries.c.status.in_(WAITING), deliveries.c.due_at <= now),
                    deliveries.c.status == "sending",
                ),
            )
        )
        or 0
    )


def last_nudge(conn: Connection, subscriber_id: int, ref: str = "", account: str = "") -> Claimed | None:
    """The newest message with a story, or alert, or the one that the account's platform knows as `ref`."""
    alerting = and_(deliveries.c.kind == "alert", deliveries.c.alert_id.is_not(None), deliveries.c.status == "sent")
    where = [deliveries.c.subscriber_id == subscriber_id, or_(deliveries.c.story_id.is_not(None), alerting)]
    if ref:
        where += [deliveries.c.ref == ref, deliveries.c.account_id == accounts.number(conn, account)]
    number = conn.scalar(select(deliveries.c.id).where(*where).order_by(deliveries.c.id.desc()).limit(1))
    return _claimed(conn, [number])[0] if number is not None else None


def owner(conn: Connection, delivery_id: int) -> int | None:
    """Whose delivery that is by now; nobody's when it speaks to a room, or its person was erased."""
    return conn.scalar(select(deliveries.c.subscriber_id).where(deliveries.c.id == delivery_id))


def due_people(conn: Connection, now: datetime, limit: int) -> Sequence[Any]:
    """The subscribers whose slot has come, longest due first, their rows locked against other planners."""
    statement = (
        select(subscribers)
        .where(subscribers.c.next_at <= now)
        .order_by(subscribers.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return conn.execute(statement).all()


def slot_row(
    subscriber_id: int, address: tuple[int, int], slot: date, due_at: datetime, **values: Any
) -> dict[str, Any]:
    """The row of a planned nudge: every key present, so that many go in one statement."""
    address_id, account_id = address
    return {
        "subscriber_id": subscriber_id,
        "address_id": address_id,
        "account_id": account_id,
        "kind": "nudge",
        "lane": LANES["nudge"],
        "slot": slot,
        "due_at": due_at,
        "expires_at": None,
        "status": "pending",
        "reason": "",
        "reasons": "",
        "story_id": None,
        "action_id": None,
        "ask_id": None,
        "propensity": None,
        "body": None,
        **values,
    }
