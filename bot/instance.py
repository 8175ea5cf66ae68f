"""One instance while it runs: its accounts, their senders, its schedule, and how it is."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, text

from bot.channels.base import Adapter, Hub
from bot.clock import Clock
from bot.conversation.intake import Intake
from bot.conversation.turn import House
from bot.message import Address, Message
from bot.nudging.deliver import Sender
from bot.nudging.tick import plan_all, sweep
from bot.settings import Settings
from storage import accounts, deliveries, meta
from storage.store import Store

TICK_SECONDS = 5
HELD = "held"
PROBE_SECONDS = 5.0
SCHEDULE_RED = timedelta(minutes=1)

log = structlog.get_logger()


@dataclass
class Kindling:
    """One instance: its store, its accounts, their senders, the way in."""

    settings: Settings
    clock: Clock
    store: Store
    house: House
    intake: Intake
    adapters: list[Adapter] = field(default_factory=list)
    hubs: list[Hub] = field(default_factory=list)
    senders: dict[str, Sender] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    running: bool = False
    held: bool = False
    last_tick: datetime | None = None
    started: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock.now()

    @property
    def ways(self) -> list[Adapter | Hub]:
        """Every way in."""
        return [*self.adapters, *self.hubs]

    def join(self, adapter: Adapter) -> None:
        """Take an account in that is there from the start."""
        self.adapters.append(adapter)
        self.speak_for(adapter)

    def speak_for(self, adapter: Adapter) -> None:
        """Give an account a sender: from now on its messages are sent."""
        sender = Sender(self.store, adapter, self.clock, self.settings.kindling_lanes)
        self.senders[adapter.name] = sender
        if self.running:
            self._send_with(sender)

    def fall_silent(self, account: str) -> None:
        """End an account's sender."""
        self.senders.pop(account, None)
        if task := self.tasks.pop(account, None):
            task.cancel()

    def _send_with(self, sender: Sender) -> None:
        sender.held = self.held
        self.tasks[sender.platform.name] = asyncio.create_task(sender.run(), name=f"send {sender.platform.name}")

    def wake(self, account: str) -> None:
        """Tell an account's sender that something waits in the outbox."""
        if account in self.senders:
            self.senders[account].wake()

    async def say(self, address: Address, message: Message) -> None:
        """Speak to a chat past the outbox."""
        if address.account in self.senders:
            await self.senders[address.account].platform.send(address.chat, message)

    async def recover(self) -> Counter[str]:
        """Settle what was in flight when a process died; only while no other process serves the database."""
        total: Counter[str] = Counter()
        for account in await self.store.read(accounts.names):
            unsure, again = await self.store.write(deliveries.recover, account, self.clock.now())
            total += Counter(unsure=unsure, again=again)
        if total:
            log.warning("in flight when the process died", **total)
        return total

    async def tick(self, progress: Callable[[int], None] = lambda _done: None) -> Counter[str]:
        """Plan all that is due now, and wake the senders."""
        planned = await plan_all(self.store, self.clock.now(), progress)
        self.last_tick = self.clock.now()
        if planned["planned"]:
            log.info("planned", **planned)
            for sender in self.senders.values():
                sender.wake()
        return planned

    async def drain(self) -> None:
        """Send all that is due and wait for the outcomes."""
        await asyncio.gather(*(sender.drain() for sender in self.senders.values()))

    async def open(self) -> None:
        """Make ready to send, without taking anything in: for a tick of its own."""
        await asyncio.gather(*(way.open() for way in self.ways))

    async def start(self) -> None:
        """Take in what people do, and send: returns when all accounts are under way."""
        self.held = bool(await self.store.read(meta.get, HELD))
        self.running = True
        for sender in self.senders.values():
            self._send_with(sender)
        await asyncio.gather(*(way.start() for way in self.ways))

    async def stop(self) -> None:
        """Take in nothing more, finish what is in flight, close everything."""
        self.running = False
        # The senders first: what they have in flight still needs its connection, and its result must be noted.
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        self.tasks.clear()
        await asyncio.gather(*(way.stop() for way in self.ways), return_exceptions=True)
        await asyncio.gather(*(hub.close() for hub in self.hubs), return_exceptions=True)
        await self.store.close()

    @contextlib.asynccontextmanager
    async def schedule(self) -> AsyncIterator[None]:
        """Run the jobs that time itself starts: planning, and forgetting what is past its time."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})
        scheduler.add_job(self.tick, "interval", seconds=TICK_SECONDS, next_run_time=self.clock.now())
        scheduler.add_job(self._sweep, "interval", hours=1)
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)

    async def _sweep(self) -> None:
        await sweep(self.store, self.clock.now())


def probes(kindling: Kindling) -> dict[str, Callable[[], Awaitable[str]]]:
    """What `/healthz` asks: the name of each part, and what finds out why it is ill."""

    async def database() -> str:
        try:
            await asyncio.wait_for(kindling.store.write(_touch), PROBE_SECONDS)
        except Exception as error:  # noqa: BLE001 - any failure is what the probe reports
            return f"does not answer ({type(error).__name__})"
        return ""

    def of(adapter: Adapter | Hub) -> Callable[[], Awaitable[str]]:
        async def account() -> str:
            return adapter.ailing()

        return account

    async def outbox() -> str:
        troubled = {name.partition(":")[0] for name, sender in kindling.senders.items() if sender.trouble}
        return f"not reached for {', '.join(sorted(troubled))}" if troubled else ""

    async def schedule() -> str:
        quiet = kindling.clock.now() - (kindling.last_tick or kindling.started)
        return "has not planned for a minute" if quiet > SCHEDULE_RED else ""

    return {
        "database": database,
        "outbox": outbox,
        "schedule": schedule,
        **{way.name.partition(":")[0]: of(way) for way in kindling.ways},
    }


def _touch(conn: Connection) -> None:
    conn.execute(text("SELECT 1"))
