"""What a turn has to say goes into the outbox, in the turn's own transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import Connection

from actions import rhythm
from actions.facts import Person
from bot.message import Message, dump
from storage import addresses, deliveries, rooms

USE = timedelta(days=7)
"""So long a message that nobody waits for is worth sending."""

To = tuple[int | None, int, int]
"""Whom: the numbers of the subscriber (none for a room), of the address and of the account."""


def put(conn: Connection, to: To, messages: Sequence[Message], now: datetime) -> None:
    """Write messages to a person's address; those that speak to a room go to the room's."""
    for room, spoken in groupby((message for message in messages if message.says_something), lambda one: one.room):
        whom = rooms.address_of(conn, to[2], room) if room else to
        if whom is not None:
            deliveries.add_replies(conn, whom, [dump(message) for message in spoken], now)


def put_home(conn: Connection, subscriber_id: int, messages: Sequence[Message], now: datetime) -> None:
    """Write messages to a person's own chat, wherever they act at the moment."""
    to = addresses.home(conn, subscriber_id)
    if to is not None:
        put(conn, to, messages, now)


def put_in_time(conn: Connection, person: Person, messages: Sequence[Message], now: datetime) -> None:
    """Write messages to a person's own chat that nobody waits for in front of a screen: after their quiet hours, after
    their pause; nothing to who stopped, or paused for good.
    """
    to = addresses.home(conn, person.id)
    due_at = _in_time(person, now)
    if to is None or due_at is None:
        return
    row = {
        "subscriber_id": person.id, "address_id": to[1], "account_id": to[2], "kind": "reminder",
        "lane": deliveries.LANES["reminder"], "due_at": due_at, "expires_at": due_at + USE, "status": "pending",
    }  # fmt: skip
    deliveries.add_planned(conn, [{**row, "body": dump(message)} for message in messages])
    if due_at <= now:
        deliveries.call(conn, to[2])


def _in_time(person: Person, now: datetime) -> datetime | None:
    if person.state in ("stopped", "unreachable"):
        return None
    if not rhythm.is_paused(person, now):
        return rhythm.quiet_end(person.rhythm, now)
    if person.paused_until is None:
        return None
    zone = rhythm.zone_or_utc(person.rhythm.zone)
    return rhythm.quiet_end(person.rhythm, datetime.combine(person.paused_until, time(0), zone).astimezone(UTC))
