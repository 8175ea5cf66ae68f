"""Alerts: what is to be said to whom, how far it is, and what may be done to it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, func, insert, select, update

from actions import alerting
from actions.alerting import Audience, State, What
from actions.limits import ALERT_HOLD, ALERT_USEFUL, WEEK
from storage import audit
from storage.audit import By
from storage.deliveries import WAITING
from storage.schema import alerts, deliveries, subscribers

OPEN = (*WAITING, "sending")
UNDER_WAY = ("scheduled", "held", "running", "retracted")


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert; `texts` are CommonMark by language, the first one for everybody who reads none of them.

    `revision` grows with every change; `expected` is what the last dry run counted. `next_at` is when there is
    something to do for it, `cursor` how far that has come; `exhausted` means that nobody is left to be planned.
    """

    id: int
    author: int | None
    state: State
    audience: Audience
    texts: Mapping[str, str]
    revision: int
    expected: int
    made_at: datetime
    next_at: datetime | None
    started_at: datetime | None
    cursor: int
    planned: int
    exhausted: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an alert so far: deliveries by status, why some were not sent, and retractions by status."""

    statuses: Mapping[str, int]
    reasons: Mapping[str, int]
    retractions: Mapping[str, int]

    @property
    def open(self) -> int:
        """How many are still to go, or on their way."""
        return sum(self.statuses.get(status, 0) for status in OPEN)


def draft(conn: Connection, by: By, now: datetime) -> Alert:
    """Begin an alert."""
    values = {
        "subscriber_id": by.subscriber_id, "state": "draft", "made_at": now,
        "audience": _dump(Audience()), "texts": "{}",
    }  # fmt: skip
    number = int(conn.execute(insert(alerts).values(**values).returning(alerts.c.id)).scalar_one())
    audit.note(conn, by, "draft", now, number)
    return must(conn, number)


def get(conn: Connection, number: int) -> Alert | None:
    """The alert of that number."""
    row = conn.execute(select(alerts).where(alerts.c.id == number)).first()
    return _alert(row) if row else None


def must(conn: Connection, number: int) -> Alert:
    """The alert of that number.

    Raises `LookupError` when there is none.
    """
    found = get(conn, number)
    if found is None:
        raise LookupError(f"there is no alert {number}; `kindling alert list` shows those that are")
    return found


def newest(conn: Connection, limit: int = 10, *, author: int | None = None, state: str = "") -> list[Alert]:
    """The newest alerts, of one author or in one state when these are given."""
    statement = select(alerts).order_by(alerts.c.id.desc()).limit(limit)
    if author is not None:
        statement = statement.where(alerts.c.subscriber_id == author)
    if state:
        statement = statement.where(alerts.c.state == state)
    return [_alert(row) for row in conn.execute(statement)]


def change(
    conn: Connection, number: int, *, audience: Audience | None = None, texts: Mapping[str, str] | None = None
) -> Alert:
    """Change whom a draft is for, or what it says; one that was sent stays as it is."""
    values: dict[str, Any] = {"revision": alerts.c.revision + 1, "expected": 0}
    if audience is not None:
        values["audience"] = _dump(audience)
    if texts is not None:
        values["texts"] = json.dumps(dict(texts), ensure_ascii=False)
    conn.execute(update(alerts).where(alerts.c.id == number, alerts.c.state == "draft").values(**values))
    return must(conn, number)


def expect(conn: Connection, number: int, people: int) -> None:
    """Note what a dry run counted."""
    conn.execute(update(alerts).where(alerts.c.id == number).values(expected=people))


def move(conn: Connection, number: int, what: What, by: By, now: datetime, *, at: datetime | None = None) -> bool:
    """Do something to an alert, if that can be done in its state; `at` is the instant of a scheduled one."""
    found = conn.execute(select(alerts).where(alerts.c.id == number).with_for_update()).first()
    state = alerting.after(cast(State, found.state), what) if found else None
    if found is None or state is None:
        return False
    conn.execute(update(alerts).where(alerts.c.id == number).values(state=state, **_times(found, what, now, at)))
    audit.note(conn, by, what, now, number)
    if what in ("cancel", "retract"):
        _cancel_waiting(conn, number, state)
    if what == "resume":
        waiting = (deliveries.c.alert_id == number) & deliveries.c.status.in_(WAITING)
        conn.execute(update(deliveries).where(waiting).values(expires_at=now + ALERT_USEFUL))
    return True


def _times(found: Row[Any], what: What, now: datetime, at: datetime | None) -> dict[str, Any]:
    match what:
        case "send":
            return {"next_at": now + ALERT_HOLD}
        case "schedule":
            return {"next_at": max(at or now, now + ALERT_HOLD)}
        case "begin":
            return {"started_at": now, "next_at": now}
        case "resume":
            return {"next_at": max(now, found.next_at or now), "started_at": found.started_at or now}
        case "cancel" | "finish":
            return {"ended_at": now, "next_at": None}
        case "retract":
            # From here on the cursor walks over what was sent.
            return {"ended_at": now, "next_at": now, "cursor": 0}
        case _:
            return {}


def _cancel_waiting(conn: Connection, number: int, reason: str) -> None:
    waiting = (deliveries.c.alert_id == number) & deliveries.c.status.in_(WAITING)
    conn.execute(update(deliveries).where(waiting).values(status="cancelled", reason=f"alert {reason}", body=None))


def due(conn: Connection, now: datetime) -> list[Alert]:
    """The alerts for which there is something to do, longest due first, locked against other planners."""
    rows = conn.execute(
        select(alerts)
        .where(alerts.c.state.in_(UNDER_WAY), alerts.c.next_at <= now)
        .order_by(alerts.c.next_at, alerts.c.id)
        .with_for_update(skip_locked=True)
    )
    return [_alert(row) for row in rows]


def advance(conn: Connection, number: int, **values: Any) -> None:
    """Note how far an alert has come: `cursor`, `planned`, `exhausted`, `next_at`."""
    conn.execute(update(alerts).where(alerts.c.id == number).values(**values))


def waiting(conn: Connection, number: int, now: datetime | None = None) -> int:
    """How many deliveries of an alert are still to go or on their way; with `now`, of those that are due."""
    statement = select(func.count()).where(deliveries.c.alert_id == number, deliveries.c.status.in_(OPEN))
    return conn.scalar(statement.where(deliveries.c.due_at <= now) if now else statement) or 0


def in_flight(conn: Connection, number: int) -> bool:
    """Whether a delivery of an alert is on its way at this moment."""
    flying = select(deliveries.c.id).where(deliveries.c.alert_id == number, deliveries.c.status == "sending")
    return conn.scalar(flying.limit(1)) is not None


def went_out(conn: Connection, number: int, after: int, limit: int) -> Sequence[Any]:
    """What an alert sent, with the `language` of who got it, in the order of their numbers from behind `after` on."""
    return conn.execute(
        select(deliveries, subscribers.c.language)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(
            deliveries.c.alert_id == number, deliveries.c.status == "sent", deliveries.c.id > after,
            deliveries.c.kind == "alert",
        )
        .order_by(deliveries.c.id)
        .limit(limit)
    ).all()  # fmt: skip


def sent(conn: Connection, number: int) -> Sent:
    """What became of an alert so far."""
    columns = (deliveries.c.kind, deliveries.c.status, deliveries.c.reason)
    rows = conn.execute(
        select(*columns, func.count().label("number")).where(deliveries.c.alert_id == number).group_by(*columns)
    )
    statuses, reasons, back = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        (statuses if row.kind == "alert" else back)[row.status] += row.number
        if row.kind == "alert" and row.status not in ("sent", *OPEN):
            reasons[row.reason or row.status] += row.number
    return Sent(dict(statuses), dict(reasons), dict(back))


def lately(conn: Connection, subscriber_id: int, but: int, now: datetime) -> int:
    """How many alerts a person got within the last seven days, or is getting, beside the delivery `but`."""
    got = deliveries.c.status.in_(("sent", "unsure")) & (deliveries.c.due_at > now - WEEK - ALERT_USEFUL)
    recent = got & ((deliveries.c.sent_at > now - WEEK) | deliveries.c.sent_at.is_(None))
    return (
        conn.scalar(
            select(func.count()).where(
                deliveries.c.subscriber_id == subscriber_id, deliveries.c.kind == "alert", deliveries.c.id != but,
                recent | (deliveries.c.status == "sending"),
            )
        )
        or 0
    )  # fmt: skip


def _dump(audience: Audience) -> str:
    said = {key: value for key, value in asdict(audience).items() if value}
    return json.dumps(said, default=date.isoformat, ensure_ascii=False)


def _alert(row: Row[Any]) -> Alert:
    about = json.loads(row.audience)
    if "since" in about:
        about["since"] = date.fromisoformat(about["since"])
    return Alert(
        id=row.id,
        author=row.subscriber_id,
        state=cast(State, row.state),
        audience=Audience(**about),
        texts=json.loads(row.texts),
        revision=row.revision,
        expected=row.expected,
        made_at=row.made_at,
        next_at=row.next_at,
        started_at=row.started_at,
        cursor=row.cursor,
        planned=row.planned,
        exhausted=bool(row.exhausted),
    )


def is_old(alert: Alert, now: datetime) -> bool:
    """Whether what was to be done for an alert was left undone for so long that nobody may want it any more."""
    return alert.next_at is not None and now - alert.next_at > ALERT_USEFUL and not alert.exhausted
