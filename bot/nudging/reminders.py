"""Reminders: all that plans them, and the last look before one goes."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection

from actions import owing
from actions.facts import Person
from bot.message import Message
from bot.nudging import intentions, results
from storage import deliveries
from storage.deliveries import Claimed
from storage.reminders import KIND

BATCH = 400
PLANNERS = (intentions.plan, results.remind, results.plan)


def plan(conn: Connection, now: datetime, limit: int = BATCH) -> Counter[str]:
    """Do the next piece of work of the first of these that has any; nothing when none has."""
    for planner in PLANNERS:
        if done := planner(conn, now, limit):
            return done
    return Counter()


def refusal(conn: Connection, row: Claimed, person: Person, now: datetime) -> tuple[str, str] | None:
    """Why a reminder that was claimed is not sent after all: `(status, reason)`."""
    if owing.told_at(person, now) is None:
        return ("cancelled", person.state)
    found = row.body is None and worded(conn, row, person)
    return ("cancelled", found) if isinstance(found, str) else None


def postponed(conn: Connection, row: Claimed, person: Person, now: datetime) -> bool:
    """Lay a reminder aside until its person's night or pause is over; false when there is none now."""
    at = owing.told_at(person, now) if row.kind == KIND else None
    if at is None or at <= now:
        return False
    reason = "paused" if person.state == "paused" else "quiet hours"
    deliveries.note_retry(conn, row.id, at, reason, counted=False)
    return True


def worded(conn: Connection, row: Claimed, person: Person) -> Message | str:
    """What a reminder says that is worded only now, or why it says nothing any more."""
    return intentions.told(conn, row, person) or results.told(conn, row, person)
