"""What a turn has to say goes into the outbox, in the turn's own transaction."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection

from bot.message import Message, dump
from storage import addresses, deliveries, rooms

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
