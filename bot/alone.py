"""The work of an instance in one process: its tasks run here, and the clock starts them."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import structlog

from bot.nudging.deliver import Sender
from bot.nudging.work import RED, TICK_SECONDS, Work
from storage import accounts, deliveries, photos

log = structlog.get_logger()


@dataclass(eq=False)
class Alone:
    """Serves every account of an instance with a task of its own, from `start` to `stop`."""

    work: Work
    _tasks: dict[str, asyncio.Task[tuple[int, int]]] = field(default_factory=dict, init=False)
    _running: bool = field(default=False, init=False)

    async def recover(self) -> Counter[str]:
        """Settle what was in flight when a process died; only while no other process serves the database."""
        store, now = self.work.store, self.work.clock.now()
        total: Counter[str] = Counter()
        for account in await store.read(accounts.names):
            unsure, again = await store.write(deliveries.recover, account, now)
            total += Counter(unsure=unsure, again=again)
        await store.write(photos.release, now)
        if total:
            log.warning("in flight when the process died", **total)
        return total

    async def start(self) -> None:
        """Serve every account."""
        self._running = True
        for sender in self.work.senders.values():
            self.join(sender)

    def join(self, sender: Sender) -> None:
        """Serve an account from now on, if any is served."""
        if self._running:
            name = sender.platform.name
            self._tasks[name] = asyncio.create_task(sender.serve(), name=f"send {name}")

    def leave(self, account: str) -> None:
        """Serve an account no more."""
        if task := self._tasks.pop(account, None):
            task.cancel()

    def wake(self, account: str) -> None:
        """Have an account's outbox looked at now."""
        if account in self.work.senders:
            self.work.senders[account].wake()

    async def drain(self) -> Counter[str]:
        """Send all that is due and wait for the outcomes."""
        await asyncio.gather(*(sender.drain() for sender in self.work.senders.values()))
        return Counter()

    async def stop(self) -> None:
        """Finish what is in flight."""
        self._running = False
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    @contextlib.asynccontextmanager
    async def schedule(self) -> AsyncIterator[None]:
        """Plan, and forget what is past its time, as the clock says."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})
        scheduler.add_job(self.work.tick, "interval", seconds=TICK_SECONDS, next_run_time=self.work.clock.now())
        scheduler.add_job(self.work.forget, "interval", hours=1)
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)

    async def on_duty(self, name: str) -> bool:  # noqa: ARG002 - the contract of an engine
        """Always: there is nobody else."""
        return True

    def ailing(self) -> str:
        """Why the work is not done."""
        quiet = self.work.clock.now() - max(self.work.started, self.work.last_tick or self.work.started)
        return "has not planned for a minute" if quiet > RED else ""
