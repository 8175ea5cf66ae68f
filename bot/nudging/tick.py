"""One tick: plan all that is due, in batches, and wake the senders."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.nudging import alerts, carrots, pledges, reminders, rooms, zones
from bot.nudging.plan import BATCH, plan
from storage import (
    drawings,
    erasure,
    hook_log,
    inbox,
    jobs,
    letters,
    organizers,
    panic,
    photos,
    subscribers,
    uploads,
    webchat,
    workspaces,
)
from storage.store import Store

Planner = Callable[[Connection, datetime, int], Counter[str]]

PLANNERS: tuple[tuple[Planner, int], ...] = (
    (zones.plan, zones.BATCH), (alerts.plan, alerts.BATCH), (pledges.plan, pledges.BATCH),
    (carrots.plan, carrots.BATCH), (reminders.plan, reminders.BATCH), (plan, BATCH), (rooms.plan, rooms.BATCH),
)  # fmt: skip
"""Alerts and reminders before nudges: the planning of a popular hour's nudges can take minutes."""
YEAR = timedelta(days=365)


async def plan_all(store: Store, now: datetime, progress: Callable[[int], None] = lambda _done: None) -> Counter[str]:
    """Plan every slot that has come, a batch and a transaction at a time; the loop breathes between them."""
    total: Counter[str] = Counter()
    for planner, size in PLANNERS:
        while batch := await store.write(piece, planner, now, size):
            total += batch
            progress(sum(total.values()))
    return total


def piece(conn: Connection, planner: Planner, now: datetime, size: int) -> Counter[str]:
    """One batch of a planner, in one transaction; nothing while everything is paused."""
    # Taking back what went out goes on: nobody hears anything new by it.
    return planner(conn, now, size) if planner is alerts.plan or not panic.is_on(conn) else Counter()


async def sweep(store: Store, now: datetime) -> None:
    """Forget what is past its time: updates, old chat lines, pictures, photos, codes, letters, workspaces that left."""
    await store.write(inbox.sweep, now)
    await store.write(jobs.forget)
    await store.write(webchat.sweep, now)
    await store.write(drawings.sweep, now)
    await store.write(photos.sweep, now)
    await store.write(uploads.sweep, now)
    await store.write(organizers.sweep, now)
    await store.write(hook_log.sweep, now)
    await store.write(letters.sweep, now)
    left = await store.write(workspaces.sweep, now)
    if await store.write(let_go, now) or left:
        await store.settle()


def let_go(conn: Connection, now: datetime) -> int:
    """Erase those who could not be reached for a year: their account is gone, and they have no use for us."""
    numbers = subscribers.gone(conn, now - YEAR, 500)
    for number in numbers:
        erasure.erase_again(conn, number)
    return len(numbers)
