"""The outbox: every message to a person, from the row that plans it to the noted outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, insert, or_, select, text, update

from storage import accounts, panic
from storage.schema import Instant, addresses, alerts, deliveries

LANES = {"reply": 0, "alert": 1, "reminder": 2, "nudge": 3}
WAITING = ("pending", "retry")
_WAITS = text("deliveries.status IN ('pending', 'retry')")
"""In these words and not with parameters: SQLite then sees that the index of what waits is enough."""
DUE = (_WAITS, deliveries.c.due_at <= bindparam("now"))
CALLED = "accounts called"
"""Where a connection notes which accounts its transaction gave answers to send (see `storage.jobs.call_noted`)."""
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
    lane: int
    due_at: datetime
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
        call(conn, account_id)


def call(conn: Connection, account_id: int) -> None:
    """Note that an account has something to send, once this transaction is committed."""
    conn.info.setdefault(CALLED, set()).add(account_id)


def add_planned(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write planned nudges in one statement."""
    if rows:
        conn.execute(insert(deliveries), list(rows))


def claim(
    conn: Connection, account: str, now: datetime, *, limit: int, busy: Sequence[str] = (), bulk: int | None = None
) -> list[Claimed]:
    """Mark the next due deliveries of an account as `sending` and return them: replies first, oldest first.

    Chats in `busy` are left for later, so that each chat gets its messages one by one and in order. At most `bulk`
    of them are no replies.
    """
    number = accounts.number(conn, account)
    # While everything is paused only answers go.
    wanted = _ANSWERS if panic.is_on(conn) else _DUE
    found = conn.execute(wanted, {"account": number, "now": now, "busy": list(busy), "most": limit}).all()
    if bulk is not None:
        replies = sum(row.lane == LANES["reply"] for row in found)
        found = found[: replies + bulk]
    if found:
        # They are locked until the commit (SQLite: nobody else writes): of two claimers only one finds a row waiting.
        conn.execute(_TAKE, {"numbers": [row.id for row in found]})
    return [_value(row, 1) for row in found]


_CLAIMED = (
    select(
        deliveries.c.id, deliveries.c.subscriber_id, deliveries.c.address_id, addresses.c.chat, deliveries.c.kind,
        deliveries.c.body, deliveries.c.story_id, deliveries.c.action_id, deliveries.c.ask_id, deliveries.c.attempts,
        deliveries.c.expires_at, deliveries.c.reasons, deliveries.c.lane, deliveries.c.due_at, deliveries.c.alert_id,
    )
    .join(addresses, addresses.c.id == deliveries.c.address_id)
    .order_by(deliveries.c.lane, deliveries.c.due_at, deliveries.c.id)
)  # fmt: skip

_ASLEEP = select(alerts.c.id).where(alerts.c.state == "paused")
_DUE = (
    _CLAIMED.where(
        deliveries.c.account_id == bindparam("account"),
        _WAITS,
        deliveries.c.due_at <= bindparam("now"),
        addresses.c.chat.not_in(bindparam("busy", expanding=True)),
        or_(deliveries.c.alert_id.is_(None), deliveries.c.alert_id.not_in(_ASLEEP)),
    )
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=deliveries)
)
_ANSWERS = _DUE.where(deliveries.c.kind == "reply")
_TAKE = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("numbers", expanding=True)))
    .values(status="sending", attempts=deliveries.c.attempts + 1)
)


def _value(row: Any, attempt: int = 0) -> Claimed:
    return Claimed(
        row.id, row.subscriber_id, row.address_id, row.chat, row.kind, row.body, row.story_id, row.action_id,
        row.ask_id, row.attempts + attempt, row.expires_at, row.reasons, row.lane, row.due_at, row.alert_id,
    )  # fmt: skip


def _claimed(conn: Connection, numbers: Sequence[int]) -> list[Claimed]:
    return [_value(row) for row in conn.execute(_CLAIMED.where(deliveries.c.id.in_(numbers)))]


def release(conn: Connection, numbers: Sequence[int], due_at: datetime | None = None) -> None:
    """Put back what was claimed and not sent: it was no try; nothing is due before `due_at`."""
    if not numbers:
        return
    first = deliveries.c.attempts <= 1
    conn.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(numbers), deliveries.c.status == "sending")
        .values(
            status=case((first, "pending"), else_="retry"),
            attempts=deliveries.c.attempts - 1,
            **({"due_at": due_at} if due_at is not None else {}),
        )
    )


def expire(conn: Connection, account: str, now: datetime, *, limit: int, since: datetime) -> list[Claimed]:
    """End the oldest waiting deliveries that are past their use, and return them.

    A nudge that waited all its time while its sender worked (`since` then) was `skipped` for the `rate`.
    """
    number = accounts.number(conn, account)
    found = conn.execute(
        _CLAIMED.where(
            deliveries.c.account_id == number,
            _WAITS,
            deliveries.c.due_at <= now,
            deliveries.c.expires_at <= now,
        )
        .limit(limit)
        .with_for_update(skip_locked=True, of=deliveries)
    ).all()
    if found:
        slow = and_(
            deliveries.c.kind == "nudge",
            deliveries.c.status == "pending",
            deliveries.c.attempts == 0,
            deliveries.c.due_at >= since,
        )
        conn.execute(
            update(deliveries)
            .where(deliveries.c.id.in_([row.id for row in found]))
            .values(
                status=case((slow, "skipped"), else_="cancelled"),
                reason=case((slow, "rate"), else_="expired"),
                body=None,
            )
        )
    return [_value(row) for row in found]


_SENT = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("number"))
    .values(status="sent", sent_at=bindparam("at"), ref=bindparam("name"), body=None, reason=bindparam("why"))
)


def note_all_sent(conn: Connection, sent: Sequence[tuple[int, str, str, datetime]]) -> None:
    """Note in one statement what a platform accepted: (number, its id there, reason, when)."""
    if not sent:
        return
    if conn.dialect.name == "postgresql":
        numbers, refs, whys, ats = zip(*sent, strict=True)
        stored = [Instant().process_bind_param(at, conn.dialect) for at in ats]
        conn.execute(_ALL_SENT, {"numbers": [*numbers], "refs": [*refs], "whys": [*whys], "ats": stored})
    else:
        rows = [{"number": number, "name": ref, "why": why, "at": at} for number, ref, why, at in sent]
        conn.execute(_SENT, rows)


_ALL_SENT = text("""
    UPDATE deliveries SET status = 'sent', sent_at = one.at, ref = one.ref, reason = one.why, body = NULL
    FROM unnest(
        CAST(:numbers AS bigint[]), CAST(:refs AS text[]), CAST(:whys AS text[]), CAST(:ats AS bigint[])
    ) AS one (id, ref, why, at)
    WHERE deliveries.id = one.id
""")


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
    """When the next waiting delivery of an account is due: a look into the index for each lane."""
    number = accounts.number(conn, account)
    firsts = [
        conn.scalar(
            select(deliveries.c.due_at)
            .where(deliveries.c.account_id == number, deliveries.c.lane == lane, _WAITS)
            .order_by(deliveries.c.due_at)
            .limit(1)
        )
        for lane in LANES.values()
    ]
    return min((at for at in firsts if at is not None), default=None)


def waiting(conn: Connection, account: str, now: datetime) -> int:
    """How many deliveries of an account wait and are due, or are on their way."""
    number = accounts.number(conn, account)
    open_ = or_(and_(_WAITS, deliveries.c.due_at <= now), deliveries.c.status == "sending")
    return (
        conn.scalar(select(func.count()).select_from(deliveries).where(deliveries.c.account_id == number, open_)) or 0
    )


def last_nudge(conn: Connection, subscriber_id: int, ref: str = "", account: str = "") -> Claimed | None:
    """The newest message with a story, or alert, or the one that the account's platform knows as `ref`."""
    alerting = and_(deliveries.c.kind == "alert", deliveries.c.alert_id.is_not(None), deliveries.c.status == "sent")
    where = [deliveries.c.subscriber_id == subscriber_id, or_(deliveries.c.story_id.is_not(None), alerting)]
    if ref:
        where += [deliveries.c.ref == ref, deliveries.c.account_id == accounts.number(conn, account)]
    number = conn.scalar(select(deliveries.c.id).where(*where).order_by(deliveries.c.id.desc()).limit(1))
    return _claimed(conn, [number])[0] if number is not None else None


def owners(conn: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Whose deliveries those are by now; without those that speak to a room, or whose person was erased."""
    rows = conn.execute(select(deliveries.c.id, deliveries.c.subscriber_id).where(deliveries.c.id.in_(numbers)))
    return {row.id: row.subscriber_id for row in rows if row.subscriber_id is not None}
