"""Alerts under way: the first ones, a look, then the rest batch by batch; the last look before each; taking back."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from actions import alerting, rhythm
from actions.facts import Person
from actions.limits import ALERT_FIRST, ALERT_LOOK, ALERT_USEFUL
from bot.message import Message, dump
from bot.wording import alerts as words
from storage import addresses, alerts, audiences, deliveries, panic, subscribers
from storage.alerts import Alert
from storage.audit import By
from storage.deliveries import Claimed

BATCH = 400
AHEAD = 10_000
"""So many wait in the outbox at most: ten seconds at the highest rate, and few enough to be cancelled at once."""
EDITABLE: Mapping[str, timedelta] = {"telegram": timedelta(hours=47)}
"""How long a platform lets a bot change what it sent, a margin left; elsewhere there is no end to it."""
TIME = By("schedule")


def plan(conn: Connection, now: datetime, limit: int = BATCH) -> Counter[str]:
    """Do the next piece of work of one alert that is due; returns what was done, nothing when nothing is to be done.

    The rows of a batch and how far the alert has come are one transaction: nobody is skipped or doubled by a crash.
    """
    paused = panic.is_on(conn)
    for alert in alerts.due(conn, now):
        if paused and alert.state != "retracted":
            continue
        if done := _steps(alert)(conn, alert, now, limit):
            return done
    return Counter()


def _steps(alert: Alert) -> Callable[[Connection, Alert, datetime, int], Counter[str]]:
    if alert.state == "retracted":
        return _take_back
    return _finish if alert.exhausted else _next


def _next(conn: Connection, alert: Alert, now: datetime, limit: int) -> Counter[str]:
    if alerts.is_old(alert, now) or not _is_possible(conn, alert, now):
        alerts.move(conn, alert.id, "outage", TIME, now)
        _tell(conn, alert, now)
        return Counter(planned=0)
    if alert.state != "running":
        alerts.move(conn, alert.id, "begin", TIME, now)
    first = alert.planned < ALERT_FIRST
    room = ALERT_FIRST - alert.planned if first else AHEAD - alerts.waiting(conn, alert.id, now)
    if room <= 0:
        return Counter()
    rows, after = audiences.meant(conn, alert.id, alert.audience, now, alert.cursor, min(room, limit))
    planned = _put(conn, alert, subscribers.many(conn, rows), now)
    total = alert.planned + planned
    looked = first and total >= ALERT_FIRST
    alerts.advance(
        conn, alert.id, planned=total, exhausted=after is None,
        cursor=alert.cursor if after is None else after, next_at=now + ALERT_LOOK if looked else now,
    )  # fmt: skip
    return Counter(planned=planned)


def _is_possible(conn: Connection, alert: Alert, now: datetime) -> bool:
    """Whether all that the audience names is still there: a pack may have dropped it since."""
    try:
        audiences.fits(conn, alert.audience, now)
    except LookupError:
        return False
    return True


def _put(conn: Connection, alert: Alert, people: Sequence[Person], now: datetime) -> int:
    homes = addresses.homes(conn, [person.id for person in people])
    rows = [_row(alert, person, homes[person.id], now) for person in people if person.id in homes]
    deliveries.add_planned(conn, rows)
    return len(rows)


def _row(alert: Alert, person: Person, home: tuple[int, int], now: datetime) -> dict[str, Any]:
    return {
        "subscriber_id": person.id,
        "address_id": home[0],
        "account_id": home[1],
        "kind": "alert",
        "lane": deliveries.LANES["alert"],
        "due_at": rhythm.quiet_end(person.rhythm, now),
        "expires_at": now + ALERT_USEFUL,
        "status": "pending",
        "alert_id": alert.id,
    }


def _finish(conn: Connection, alert: Alert, now: datetime, _limit: int) -> Counter[str]:
    if alerts.waiting(conn, alert.id):
        return Counter()
    alerts.move(conn, alert.id, "finish", TIME, now)
    _tell(conn, alert, now)
    return Counter(planned=0)


def _tell(conn: Connection, alert: Alert, now: datetime) -> None:
    """Tell its author how an alert stands, without being asked."""
    home = addresses.home(conn, alert.author) if alert.author is not None else None
    if alert.author is None or home is None:
        return
    author = subscribers.get(conn, alert.author)
    if author.state != "stopped":
        told = words.progress(alerts.must(conn, alert.id), alerts.sent(conn, alert.id), author.language)
        deliveries.add_replies(conn, home, [dump(told)], now)


def _take_back(conn: Connection, alert: Alert, now: datetime, limit: int) -> Counter[str]:
    """Change what went out into a line that says so, in the lane of alerts; what can be changed no more stays."""
    if alerts.in_flight(conn, alert.id):
        return Counter()
    rows = alerts.went_out(conn, alert.id, alert.cursor, limit)
    if not rows:
        alerts.advance(conn, alert.id, next_at=None)
        return Counter(planned=0)
    channels = addresses.channels(conn)
    changed = [
        _change(alert, row, now)
        for row in rows
        if row.ref and now - row.sent_at < EDITABLE.get(channels[row.account_id], timedelta.max)
    ]
    deliveries.add_planned(conn, changed)
    alerts.advance(conn, alert.id, cursor=rows[-1].id, next_at=now)
    return Counter(planned=len(changed))


def _change(alert: Alert, row: Any, now: datetime) -> dict[str, Any]:
    return {
        "subscriber_id": row.subscriber_id,
        "address_id": row.address_id,
        "account_id": row.account_id,
        # No second alert: it counts against nobody's budget, and also goes while everything else is paused.
        "kind": "reply",
        "lane": deliveries.LANES["alert"],
        "due_at": now,
        "expires_at": now + ALERT_USEFUL,
        "status": "pending",
        "alert_id": alert.id,
        "body": dump(words.retracted(row.language, row.ref)),
    }


def refusal(conn: Connection, row: Claimed, person: Person, now: datetime) -> tuple[str, str] | None:
    """Why an alert that was claimed is not sent after all: `(status, reason)`."""
    alert = alerts.get(conn, row.alert_id or 0)
    if alert is None or alert.state not in ("running", "paused"):
        return ("cancelled", f"alert {alert.state if alert else 'unknown'}")
    reason = alerting.withheld(person, alerts.lately(conn, person.id, row.id, now), now)
    if reason:
        return ("skipped" if reason == "budget" else "cancelled", reason)
    if not audiences.holds(conn, alert.audience, person.id, now):
        return ("cancelled", "not meant any more")
    wakes = rhythm.quiet_end(person.rhythm, now)
    if wakes > now and row.expires_at is not None and wakes >= row.expires_at:
        return ("cancelled", "expired")
    return None


def postponed(conn: Connection, row: Claimed, person: Person, now: datetime) -> bool:
    """Lay an alert or a reminder aside until its person's quiet hours end; false when there are none now."""
    if row.kind not in ("alert", "reminder"):
        return False
    wakes = rhythm.quiet_end(person.rhythm, now)
    if wakes > now:
        deliveries.note_retry(conn, row.id, wakes, "quiet hours", counted=False)
    return wakes > now


def render(conn: Connection, row: Claimed, person: Person) -> Message:
    """An alert in the words of the person it goes to."""
    return words.alert(alerts.must(conn, row.alert_id or 0).texts, person.language)
