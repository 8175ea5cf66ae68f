"""The one place where everything is built and joined; tests call it with other parts."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from prometheus_client import CollectorRegistry
from sqlalchemy import Connection, text
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import settings as settings_module
from bot.channels.base import Adapter
from bot.clock import Clock
from bot.conversation.intake import Intake
from bot.conversation.turn import House
from bot.message import Address, Message
from bot.nudging.deliver import Sender
from bot.nudging.tick import plan_all, sweep
from bot.settings import Settings
from bot.wording import menu
from storage import accounts, deliveries, meta, packs
from storage.store import Store

if TYPE_CHECKING:
    from bot.channels.web.demo import Demo

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
    senders: dict[str, Sender] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    last_tick: datetime | None = None
    started: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock.now()

    def join(self, adapter: Adapter) -> None:
        """Take an account in: from now on its messages have a sender."""
        self.adapters.append(adapter)
        lanes = self.settings.kindling_lanes
        self.senders[adapter.name] = Sender(self.store, adapter, self.clock, lanes)

    def wake(self, account: str) -> None:
        """Tell an account's sender that something waits in the outbox."""
        if account in self.senders:
            self.senders[account].wake()

    async def say(self, address: Address, message: Message) -> None:
        """Speak to a chat past the outbox."""
        for adapter in self.adapters:
            if adapter.name == address.account:
                await adapter.send(address.chat, message)

    async def recover(self) -> Counter[str]:
        """Settle what was in flight when a process died; only while no other process serves the database."""
        total: Counter[str] = Counter()
        for account in self.senders:
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

    async def start(self) -> None:
        """Take in what people do, and send: returns when all accounts are under way."""
        held = bool(await self.store.read(meta.get, HELD))
        for sender in self.senders.values():
            sender.held = held
            self.tasks.append(asyncio.create_task(sender.run(), name=f"send {sender.platform.name}"))
        await asyncio.gather(*(adapter.start() for adapter in self.adapters))

    async def stop(self) -> None:
        """Take in nothing more, finish what is in flight, close everything."""
        await asyncio.gather(*(adapter.stop() for adapter in self.adapters), return_exceptions=True)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
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


def build(settings: Settings, clock: Clock) -> Kindling:
    """An instance without accounts yet: the store, and the conversation joined to it."""
    store = Store(settings.kindling_database_url.get_secret_value())
    house = House(public_url=settings.kindling_public_url.rstrip("/"), secret=settings_module.secret(settings))
    intake = Intake(store, clock, house)
    kindling = Kindling(settings, clock, store, house, intake)
    intake.wake = kindling.wake
    intake.say = kindling.say
    return kindling


def add_web(kindling: Kindling, demo: "Demo | None" = None) -> None:
    """Add the web chat."""
    from bot.channels.web.serve import WebAdapter

    kindling.join(
        WebAdapter(
            store=kindling.store,
            intake=kindling.intake,
            clock=kindling.clock,
            secret=kindling.house.secret,
            commands=menu.tables(),
            demo=demo,
        )
    )


def add_telegram(kindling: Kindling) -> None:
    """Add the Telegram account that the settings name, if they name one.

    Raises `ValueError` when its settings cannot be right.
    """
    settings = kindling.settings
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        return
    from bot.channels.telegram.serve import TelegramAdapter

    store = kindling.store

    async def picture(source: str) -> tuple[str, bytes] | None:
        pack, _, name = source.partition("/")
        found = await store.read(packs.picture, pack, name)
        return (found.media_type, found.content) if found else None

    adapter = TelegramAdapter(
        token=token,
        intake=kindling.intake,
        pictures=picture,
        secret=kindling.house.secret,
        api_url=settings.telegram_api_url,
        mode=settings.telegram_mode,
        public_url=kindling.house.public_url,
        commands=menu.tables(),
        rate=settings.telegram_rate,
    )
    known: set[asyncio.Task[None]] = set()

    def remember(username: str) -> None:
        task = asyncio.ensure_future(store.write(accounts.know, adapter.name, username))
        known.add(task)
        task.add_done_callback(known.discard)

    adapter.on_username = remember
    kindling.join(adapter)


def web_app(kindling: Kindling) -> Starlette:
    """The web server's application: every adapter's routes, the public page, health, metrics, pictures."""
    from bot.web import app, collector, health, impact, metrics, pictures

    registry = CollectorRegistry()
    registry.register(collector.Sent({name: sender.counts for name, sender in kindling.senders.items()}))
    routes: list[BaseRoute] = [
        *(route for adapter in kindling.adapters for route in adapter.routes()),
        impact.ImpactPage(kindling.store, kindling.clock).route(),
        health.route(_probes(kindling)),
        metrics.route(registry),
        pictures.route(kindling.store),
    ]
    return app.build(routes)


def _probes(kindling: Kindling) -> dict[str, Callable[[], Awaitable[str]]]:
    async def database() -> str:
        try:
            await asyncio.wait_for(kindling.store.write(_touch), PROBE_SECONDS)
        except Exception as error:  # noqa: BLE001 - any failure is what the probe reports
            return f"does not answer ({type(error).__name__})"
        return ""

    def of(adapter: Adapter) -> Callable[[], Awaitable[str]]:
        async def account() -> str:
            return adapter.ailing()

        return account

    async def outbox() -> str:
        troubled = [sender.platform.name for sender in kindling.senders.values() if sender.trouble]
        return f"not reached for {', '.join(troubled)}" if troubled else ""

    async def schedule() -> str:
        quiet = kindling.clock.now() - (kindling.last_tick or kindling.started)
        return "has not planned for a minute" if quiet > SCHEDULE_RED else ""

    return {
        "database": database,
        "outbox": outbox,
        "schedule": schedule,
        **{adapter.name.partition(":")[0]: of(adapter) for adapter in kindling.adapters},
    }


def _touch(conn: Connection) -> None:
    conn.execute(text("SELECT 1"))


def secrets_of(settings: Settings) -> Sequence[str]:
    """Every secret value in use, for the log's filter."""
    return [
        settings.telegram_bot_token.get_secret_value(),
        settings.kindling_secret.get_secret_value(),
    ]
