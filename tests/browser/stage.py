"""A real server on a free port, over a real SQLite file, with a conversation that a test writes itself."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import uvicorn
from starlette.routing import BaseRoute

from bot.channels.web.serve import WebAdapter
from bot.clock import FixedClock
from bot.message import Address, Incoming, Message, Receipt
from bot.web import app, pictures
from bot.web.impact import ImpactPage
from bot.web.letter import LetterPage
from storage.schema import metadata
from storage.store import Store
from tests.make import NOW

SECRET = "a secret of the tests"
Answer = Callable[[Incoming], Sequence[Message]]


@dataclass
class Talk:
    """Stands in for the intake and the account's sender: what a test answers is sent through the adapter."""

    answer: Answer
    adapter: WebAdapter | None = None
    heard: list[Incoming] = field(default_factory=list)

    async def take(self, incoming: Incoming) -> Sequence[Message]:
        self.heard.append(incoming)
        answers = self.answer(incoming)
        for message in answers:
            await self.adapter.send(incoming.address.chat, message)
        return answers


@dataclass
class DemoOfTests:
    """Moves a fixed clock, and sends one nudge of `nudges` for every day."""

    clock: FixedClock
    nudges: list[Message] = field(default_factory=list)
    adapter: WebAdapter | None = None
    languages: Sequence[str] = ("en", "es", "de", "ar")
    spoken: list[str] = field(default_factory=list)

    def today(self, language: str) -> str:
        return self.clock.now().strftime("%A, %-d %B %Y")

    async def next_day(self, chat: str) -> str:
        self.clock.instant += timedelta(days=1)
        if self.nudges:
            await self.adapter.send(chat, self.nudges.pop(0))
        return self.today("en")

    async def speak(self, chat: str, language: str) -> None:
        self.spoken.append(language)


MakeDemo = Callable[[FixedClock], DemoOfTests]


@dataclass
class Stage:
    """What a test can reach: the address, the talk, the store, and a way to speak first."""

    url: str
    talk: Talk
    adapter: WebAdapter
    store: Store
    clock: FixedClock
    loop: asyncio.AbstractEventLoop

    def send(self, message: Message, chat: str = "") -> Receipt:
        """Send as the account's sender would, to a chat (or the one that spoke last)."""
        chat = chat or self.address.chat
        return asyncio.run_coroutine_threadsafe(self.adapter.send(chat, message), self.loop).result(10)

    @property
    def address(self) -> Address:
        return self.talk.heard[-1].address


COMMANDS = {
    "en": [
        ("start", "Begin, or begin again"),
        ("act", "Something to do right now"),
        ("causes", "Choose what you follow"),
        ("me", "Your path so far"),
        ("settings", "Language, hour, rhythm"),
        ("less", "Fewer messages"),
        ("pause", "Rest until a day"),
        ("stop", "No more messages"),
        ("why", "Why you see this"),
        ("impact", "What came of it"),
        ("privacy", "What is kept about you; export, erase"),
        ("help", "What I can do"),
    ]
}


def perform(
    folder: Path,
    answer: Answer,
    *,
    demo: Callable[[FixedClock], DemoOfTests] | None = None,
    more: Sequence[BaseRoute] = (),
) -> contextlib.AbstractContextManager[Stage]:
    """Serve a talk for as long as the context lasts."""
    return _perform(folder, answer, demo, more)


@contextlib.contextmanager
def _perform(folder: Path, answer: Answer, demo: MakeDemo | None, more: Sequence[BaseRoute]) -> Iterator[Stage]:
    store = Store(f"sqlite:///{folder / 'stage.db'}")
    clock = FixedClock(NOW)
    moving = demo(clock) if demo else None
    metadata.create_all(store.engine)
    talk = Talk(answer)
    adapter = WebAdapter(store=store, intake=talk, clock=clock, secret=SECRET, commands=COMMANDS, demo=moving)
    talk.adapter = adapter
    if moving:
        moving.adapter = adapter
    pages = [ImpactPage(store, clock).route(), LetterPage(store, clock, SECRET).route()]
    routes = [*adapter.routes(), *more, pictures.route(store), *pages]
    with _serving(app.build(routes), adapter, store) as (url, loop):
        yield Stage(url, talk, adapter, store, clock, loop)


@contextlib.contextmanager
def _serving(application: object, adapter: WebAdapter, store: Store) -> Iterator[tuple[str, asyncio.AbstractEventLoop]]:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="critical", timeout_graceful_shutdown=3))
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        await server.serve(sockets=[door])
        await store.close()

    def live() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
        yield f"http://127.0.0.1:{door.getsockname()[1]}", loop
    finally:
        asyncio.run_coroutine_threadsafe(adapter.stop(), loop).result(5)
        server.should_exit = True
        thread.join(10)
        door.close()
