"""The stand-in as tests use it: in their own event loop, or in a thread beside them."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from tests.platforms.telegram.pace import Pace
from tests.platforms.telegram.people import Group, Person
from tests.platforms.telegram.server import Server
from tests.platforms.telegram.updates import Update, Waiting
from tests.platforms.telegram.webhook import Webhook
from tests.platforms.telegram.world import Chat, Json, World

P = ParamSpec("P")
T = TypeVar("T")

TOKEN = "123456:TEST-TOKEN"


class TelegramStandIn:
    """A Bot API server for one bot, and the people who talk with it.

    Every call is judged by the oracle; leaving the context raises an AssertionError with its complaints.
    `rate` switches the limits on; `haste` divides the pauses between webhook attempts.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        rate: int | None = None,
        name: str = "Kindling",
        username: str = "kindling_test_bot",
        haste: float = 50.0,
    ) -> None:
        self.token = token
        bot = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": name, "username": username}
        self.world = World(bot, rate)
        self._server = Server(self.world, token, haste)
        self._port = port
        self.calls = self._server.calls
        self.faults = self._server.faults
        self.complaints = self._server.complaints

    async def __aenter__(self) -> Self:
        await self._server.start(self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop()
        self._judge(error)

    @classmethod
    @contextmanager
    def in_thread(cls, **options: Any) -> Iterator[Self]:
        """Run the stand-in in a thread of its own, for tests without an event loop and for other processes."""
        telegram = cls(**options)
        started: Future[Callable[[], object]] = Future()
        thread = threading.Thread(target=lambda: asyncio.run(telegram._live(started)), name="telegram", daemon=True)
        thread.start()
        end = started.result()
        problem: BaseException | None = None
        try:
            yield telegram
        except BaseException as error:
            problem = error
            raise
        finally:
            end()
            thread.join()
            telegram._judge(problem)

    @property
    def url(self) -> str:
        """Return what replaces https://api.telegram.org."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def pace(self) -> Pace:
        """Return the limits and how often each refused a send."""
        return self.world.pace

    @property
    def webhook(self) -> Webhook:
        """Return the webhook and how often it was tried."""
        return self._server.webhook

    @property
    def next_update_id(self) -> int:
        """Return the id of the next update; it may be set, to a lower one too."""
        return self.world.updates.next_id

    @next_update_id.setter
    def next_update_id(self, number: int) -> None:
        with self.world.lock:
            self.world.updates.next_id = number

    def person(
        self,
        *,
        language: str | None = "en",
        name: str = "Ana",
        chat: int | None = None,
        username: str | None = None,
        started: bool = False,
    ) -> Person:
        """Let a person exist; the bot may write to them once they wrote, or at once if they `started` long ago."""
        with self.world.lock:
            number = chat if chat is not None else self.world.number("people", first=50_001)
            named: Json = {"first_name": name} | ({"username": username} if username else {})
            user = {"id": number, "is_bot": False, **named} | ({"language_code": language} if language else {})
            state = Chat(number, "private", named, standing="member" if started else "unknown")
            self.world.chats[number] = state
            return Person(self.world, user, state)

    def group(self, *members: Person, title: str = "Neighbours", supergroup: bool = False) -> Group:
        """Let people found a group and add the bot to it."""
        assert members, "somebody has to add the bot"
        with self.world.lock:
            number = -self.world.number("groups", first=40_001) - (1_000_000_000_000 if supergroup else 0)
            kind = "supergroup" if supergroup else "group"
            state = Chat(number, kind, {"title": title}, standing="left")
            self.world.chats[number] = state
            group = Group(self.world, state, members)
            group.adds_bot()
            return group

    def wait(self, condition: Callable[[], T], timeout: float = 30.0) -> T:
        """Block until the condition holds and return what it returned; in an event loop use `wait_for`."""
        return self.world.wait(condition, timeout, lambda: f"the last calls: {self._last_calls()}")

    async def wait_for(self, blocking: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call something that blocks, such as `person.hears`, without blocking the event loop."""
        return await asyncio.to_thread(blocking, *args, **kwargs)

    def inject(self, raw: Update) -> Update:
        """Send the bot an update exactly as given; without an `update_id` it gets the next one."""
        with self.world.lock:
            update = self.world.updates.inject(raw)
        self.world.bell.ring()
        return update

    def repeat(self, count: int = 1) -> Sequence[Update]:
        """Deliver the latest updates once more."""
        with self.world.lock:
            updates = self.world.updates.repeat(count)
        self.world.bell.ring()
        return updates

    def held(self) -> AbstractContextManager[list[Waiting]]:
        """Hold back updates inside the block; reorder, double or empty the list given before it ends."""
        return self._held()

    def later(self, seconds: float) -> None:
        """Let the platform's clock go forward: taps and updates grow old, limits are forgotten."""
        self.world.clock.advance(seconds)
        self.world.bell.ring()

    @contextmanager
    def _held(self) -> Iterator[list[Waiting]]:
        with self.world.updates.held() as held:
            yield held
        self.world.bell.ring()

    def _last_calls(self) -> list[str]:
        return [f"{call.method} {call.params} -> {call.status} {call.description}" for call in list(self.calls)[-5:]]

    def _judge(self, error: BaseException | None) -> None:
        if not self.complaints:
            return
        text = "\n".join(["the oracle complains:", *dict.fromkeys(self.complaints)])
        if error is None:
            raise AssertionError(text)
        error.add_note(text)

    async def _live(self, started: "Future[Callable[[], object]]") -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        try:
            await self._server.start(self._port)
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()
        await self._server.stop()
