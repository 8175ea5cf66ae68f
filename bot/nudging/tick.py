"""One tick: plan all that is due, in batches, and wake the senders."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from bot.nudging import rooms
from bot.nudging.plan import BATCH, plan
from storage import inbox, organizers, webchat, workspaces
from storage.store import Store


async def plan_all(store: Store, now: datetime, progress: Callable[[int], None] = lambda _done: None) -> Counter[str]:
    """Plan every slot that has come, a batch and a transaction at a time; the loop breathes between them."""
    total: Counter[str] = Counter()
    for planner, size in ((plan, BATCH), (rooms.plan, rooms.BATCH)):
        while batch := await store.write(planner, now, size):
            total += batch
            progress(sum(total.values()))
    return total


async def sweep(store: Store, now: datetime) -> None:
    """Forget what is past its time: handled updates, old web chat lines, codes, workspaces that left."""
    await store.write(inbox.sweep, now)
    await store.write(webchat.sweep, now)
    await store.write(organizers.sweep, now)
    if await store.write(workspaces.sweep, now):
        await store.settle()
