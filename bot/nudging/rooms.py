"""Rooms whose week has come: what they are told, written into the outbox together with their next time."""

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from actions import rooms as deciding
from actions.rhythm import local_day
from bot.message import dump
from bot.wording import rooms as words
from storage import deliveries, history, rooms
from storage.catalog import stock_of
from storage.rooms import Room

BATCH = 200
USEFUL = timedelta(days=2)


def plan(conn: Connection, now: datetime, limit: int = BATCH) -> Counter[str]:
    """Plan up to so many rooms that are due; returns how many ended how (`planned`, `skipped`)."""
    tally: Counter[str] = Counter()
    for room in rooms.due(conn, now, limit):
        # After an outage the weeks that went by are let go; what was due just now still comes.
        fresh = deciding.slot(room.zone, room.weekday, room.hour, now - USEFUL, room.last_day).at <= now
        tally["planned" if fresh and tell(conn, room, now) else "skipped"] += 1
        rooms.change(conn, room, last_day=day(room, now))
        rooms.schedule(conn, room, now)
    return tally


def tell(conn: Connection, room: Room, now: datetime) -> bool:
    """Let a room be told the next story of its cause, with what can be done; false when there is nothing new."""
    stock = stock_of(conn)
    cause = stock.shelf.causes.get(room.cause) if room.cause else None
    if cause is None:
        return False
    today = day(room, now)
    story, action = deciding.next_post(cause, rooms.told(conn, room), rooms.asked(conn, room, now), today)
    if story is None and action is None:
        return False
    number = rooms.add_post(conn, room, today, story.ref if story else None, action.ref if action else None, now)
    if number is None:
        return False
    post = rooms.post(conn, number)
    if post is None:
        return False
    message = words.post(stock, room, post, progress(conn, room, post))
    values = {
        "address_id": room.address_id,
        "account_id": room.account_id,
        "kind": "nudge",
        "lane": deliveries.LANES["nudge"],
        "due_at": now,
        "expires_at": now + USEFUL,
        "status": "pending",
        "body": dump(message),
        "story_id": stock.stories[story.ref] if story else None,
        "action_id": stock.actions[action.ref] if action else None,
    }
    rooms.send_post(conn, number, values)
    return True


def day(room: Room, now: datetime) -> date:
    """A room's own date."""
    return local_day(deciding.rhythm(room.zone, room.weekday, room.hour), now)


def progress(conn: Connection, room: Room, post: rooms.Post) -> words.Progress:
    """How far a room is with a post's action, and everyone with its drive."""
    here = rooms.done_here(conn, room, post.action) if post.action else 0
    everyone = history.takers(conn, post.action) if post.action else 0
    return words.Progress(here, everyone, rooms.members(conn, room), tuple(rooms.named(conn, room)))
