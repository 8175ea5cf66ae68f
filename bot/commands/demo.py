"""`kindling demo`: a throw-away database, the sample packs, the web chat with a *next day* button."""

import asyncio
import socket
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from actions.facts import Person
from actions.rhythm import local_day, next_slot, spread_of
from bot import compose, log
from bot import settings as settings_module
from bot.channels.web.inbound import ACCOUNT
from bot.clock import MovableClock
from bot.commands import serving
from bot.instance import Kindling
from bot.wording import names
from bot.wording.tongue import LANGUAGES
from content import load
from storage import guard, packs, subscribers
from storage.store import Store

TRIES = 20
DAY = timedelta(days=1)


@dataclass
class WebDemo:
    """The demo's switches: its clock, moved a day at a time, and the language."""

    kindling: Kindling
    clock: MovableClock

    @property
    def languages(self) -> Sequence[str]:
        """The languages to offer."""
        return (*LANGUAGES, "ar")

    def today(self, language: str) -> str:
        """The demo's date."""
        return names.day(self.clock.now().astimezone().date(), language)

    async def next_day(self, chat: str) -> str:
        """Move the clock to this person's hour on the next day and deliver what is due."""
        reached = await self.kindling.store.write(subscribers.reach, ACCOUNT, chat)
        self.clock.move_to(_tomorrow(self.clock.now(), reached.person if reached else None))
        await self.kindling.tick()
        await self.kindling.senders[ACCOUNT].drain()
        language = reached.person.language if reached else "en"
        day = local_day(reached.person.rhythm, self.clock.now()) if reached else self.clock.now().date()
        return names.day(day, language)

    async def speak(self, chat: str, language: str) -> None:
        """Let the bot write to this chat in another of its languages."""
        if language not in LANGUAGES:
            return
        store = self.kindling.store
        reached = await store.write(subscribers.reach, ACCOUNT, chat)
        if reached is not None:
            await store.write(subscribers.speak, reached.person, language)


def _tomorrow(now: datetime, person: Person | None) -> datetime:
    """A minute past the person's slot of their next day, or what would be one."""
    if person is None:
        return now + DAY
    every_day = replace(person.rhythm, frequency="daily")
    spread = spread_of(person.key)
    slot = next_slot(every_day, now, local_day(person.rhythm, now), spread=spread)
    return (slot.at + timedelta(minutes=1)).astimezone(now.tzinfo)


def demo(
    port: Annotated[int, typer.Option(help="The port to listen on; the next free one when it is taken.")] = 0,
) -> None:
    """Try everything on a throw-away database with the sample packs, in the browser."""
    log.configure("console", level=30)
    with tempfile.TemporaryDirectory(prefix="kindling-demo-") as folder:
        asyncio.run(_serve(Path(folder), port))


async def _serve(folder: Path, port: int) -> None:
    settings = settings_module.read().model_copy(
        update={
            "kindling_database_url": SecretStr(f"sqlite:///{folder / 'demo.db'}"),
            "kindling_secret": SecretStr("demo only, thrown away with its database"),
            "telegram_bot_token": SecretStr(""),
        }
    )
    clock = MovableClock()
    kindling = compose.build(settings, clock)
    guard.ensure_schema(kindling.store)
    await load_samples(kindling.store, clock.now())
    compose.add_web(kindling, WebDemo(kindling, clock))
    sock = _bind(settings.kindling_host, port or settings.kindling_port)
    address = f"http://{settings.kindling_host}:{sock.getsockname()[1]}"
    await kindling.start()
    async with serving.web_server(compose.web_app(kindling), sock), kindling.schedule():
        typer.echo(f"\n  The chat:         {address}/chat\n  The public page:  {address}/\n\n  Stop with Ctrl+C.\n")
        await serving.until_stopped()
        await kindling.stop()


async def load_samples(store: Store, now: datetime) -> None:
    """Load the packs that come with Kindling."""
    loaded = load.load([load.SAMPLES])
    for file in loaded.packs:
        await store.write(packs.publish_file, file, now)


def _bind(host: str, port: int) -> socket.socket:
    for candidate in range(port, port + TRIES):
        try:
            return serving.bind(host, candidate)
        except OSError:
            continue
    raise typer.BadParameter(f"no free port from {port} to {port + TRIES - 1}; name one with --port")
