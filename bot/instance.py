"""One instance while it runs: its accounts, their senders, its schedule, and how it is."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from bot.alone import Alone
from bot.channels.base import Adapter, Hub
from bot.channels.collecting import Collector
from bot.clock import Clock
from bot.conversation.intake import Intake
from bot.conversation.turn import House
from bot.message import Address, Message
from bot.nudging.deliver import Sender
from bot.nudging.tick import plan_all, sweep
from bot.settings import Settings
from storage import jobs, meta
from storage.store import Store

HELD = "held"
COLLECT_SECONDS = 2.0

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
    accounts: dict[str, Adapter] = field(default_factory=dict)
    senders: dict[str, Sender] = field(default_factory=dict)
    held: bool = False
    last_tick: datetime | None = None
    started: datetime = field(init=False)
    engine: "Engine" = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock.now()
        self._collecting: asyncio.Task[None] | None = None
        self.engine = Alone(self) if self.store.sqlite else _fleet(self)
        self.intake.keeper = "" if self.store.sqlite else uuid.uuid4().hex

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
        sender = Sender(self.store, adapter, self.clock, self.settings.kindling_lanes, links=self.house.links)
        sender.held = self.held
        self.accounts[adapter.name] = adapter
        self.senders[adapter.name] = sender
        self.engine.join(sender)

    def fall_silent(self, account: str) -> None:
        """End an account's sender."""
        self.accounts.pop(account, None)
        self.senders.pop(account, None)
        self.engine.leave(account)

    def wake(self, account: str) -> None:
        """Tell an account's sender that something waits in the outbox."""
        self.engine.wake(account)

    def look(self, account: str, chat: str = "") -> None:
        """See what another process wrote down for an account: an update, or a message in a chat."""
        if account in self.accounts:
            self.accounts[account].look(chat)

    @property
    def queues(self) -> list[str]:
        """What accounts this process can speak for, those included that other processes will let in."""
        return sorted({*map(jobs.queue_of, self.accounts), *(hub.name for hub in self.hubs)})

    async def find(self, account: str) -> Sender | None:
        """The sender of an account, also of one that another process has let in; none when we cannot speak for it."""
        for hub in self.hubs:
            if account not in self.senders and account.startswith(f"{hub.name}:"):
                await hub.find(account)
        return self.senders.get(account)

    async def say(self, address: Address, message: Message) -> None:
        """Speak to a chat past the outbox."""
        if address.account in self.senders:
            await self.senders[address.account].platform.send(address.chat, message)

    async def recover(self) -> Counter[str]:
        """Settle what was in flight when a process died; only while no other process serves the database."""
        return await self.engine.recover()

    async def tick(self, progress: Callable[[int], None] = lambda _done: None) -> Counter[str]:
        """Plan all that is due now, and have it sent."""
        planned = await plan_all(self.store, self.clock.now(), progress)
        self.last_tick = self.clock.now()
        await self.store.write(jobs.call_due, self.last_tick)
        if planned["planned"]:
            log.info("planned", **planned)
            for account in self.senders:
                self.engine.wake(account)
        return planned

    async def collect(self) -> int:
        """Fetch the photos that the conversation took; returns how many were settled."""
        return await Collector(self.store, self.clock, self.house.secret, self.accounts).collect()

    async def _keep_collecting(self) -> None:
        while True:
            try:
                if await self.collect():
                    for account in self.senders:
                        self.engine.wake(account)
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                log.warning("photos not fetched", error=type(error).__name__)
            await asyncio.sleep(COLLECT_SECONDS)

    async def forget(self) -> None:
        """Forget what is past its time."""
        await sweep(self.store, self.clock.now())

    async def drain(self) -> Counter[str]:
        """Send all that is due and wait for the outcomes; returns what was recovered on the way."""
        return await self.engine.drain()

    async def open(self) -> None:
        """Make ready to send, without taking anything in: for a tick of its own."""
        await asyncio.gather(*(way.open() for way in self.ways))

    async def start(self, *, taking_in: bool = True) -> None:
        """Take in what people do, and send: returns when all accounts are under way. Or send only."""
        self.held = bool(await self.store.read(meta.get, HELD))
        for sender in self.senders.values():
            sender.held = self.held
        await self.engine.start()
        await asyncio.gather(*(way.start() if taking_in else way.open() for way in self.ways))
        self._collecting = asyncio.create_task(self._keep_collecting(), name="photos")

    async def stop(self) -> None:
        """Take in nothing more, finish what is in flight, close everything."""
        if self._collecting is not None:
            self._collecting.cancel()
            await asyncio.gather(self._collecting, return_exceptions=True)
            self._collecting = None
        # The senders first: what they have in flight still needs its connection, and its result must be noted.
        await self.engine.stop()
        await asyncio.gather(*(way.stop() for way in self.ways), return_exceptions=True)
        await asyncio.gather(*(hub.close() for hub in self.hubs), return_exceptions=True)
        await self.store.close()

    def schedule(self) -> AbstractAsyncContextManager[None]:
        """Have the tasks done that time itself starts, for the length of the block."""
        return self.engine.schedule()


class Engine(Protocol):
    """Has the work of an instance done: here (`bot.alone`), or by any of several processes (`bot.fleet`)."""

    async def recover(self) -> Counter[str]:
        """Settle what was in flight when a process died."""

    async def start(self) -> None:
        """Begin to deliver."""

    def join(self, sender: Sender) -> None:
        """Take an account on."""

    def leave(self, account: str) -> None:
        """Let an account go."""

    def wake(self, account: str) -> None:
        """Have an account's outbox looked at now."""

    async def drain(self) -> Counter[str]:
        """Send all that is due and wait for the outcomes; returns what was recovered on the way."""

    async def stop(self) -> None:
        """Finish what is in flight."""

    def schedule(self) -> AbstractAsyncContextManager[None]:
        """Have the tasks done that time itself starts, for the length of the block."""

    async def on_duty(self, name: str) -> bool:
        """Whether this process is the one that does what only one may do."""

    def ailing(self) -> str:
        """Why the work is not done; empty when it is."""


def _fleet(kindling: Kindling) -> Engine:
    # Imported here: whoever has one machine need not have it installed.
    from bot.fleet import Fleet

    return Fleet(kindling)
