"""The stand-in as tests use it: a server in a thread of its own, and the people and rooms around it."""

import asyncio
import importlib
import importlib.util
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from tests.platforms.slack import payloads
from tests.platforms.slack.browser import Browser
from tests.platforms.slack.calls import Json, Reply
from tests.platforms.slack.delivery import Delivery
from tests.platforms.slack.oauth import OAuth
from tests.platforms.slack.people import Person
from tests.platforms.slack.rooms import Room
from tests.platforms.slack.screens import Screens
from tests.platforms.slack.server import Server
from tests.platforms.slack.settings import Settings
from tests.platforms.slack.sockets import Sockets
from tests.platforms.slack.stage import Stage
from tests.platforms.slack.world import Channel, Check, Team, User, World

P = ParamSpec("P")
T = TypeVar("T")

UNINSTALLED = ("app_uninstalled", "tokens_revoked")


class SlackStandIn(Settings):
    """Slack for one app, and the people who talk with it.

    Leaving the context raises an AssertionError with the complaints: of `check`, a judge of every call's
    arguments (the module slack_oracle if there is one), of unknown methods and of spoiled acknowledgements.
    """

    def __init__(self, *, port: int = 0, check: Check | None = None, team: str = "First") -> None:
        world = World()
        world.check = check or _oracle()
        sockets = Sockets(world)
        stage = Stage(world, Screens(world), Delivery(world, sockets), sockets)
        super().__init__(stage, OAuth(world))
        self._server = Server(stage, self.oauth)
        self._port = port
        self._thread: threading.Thread | None = None
        self._end: Callable[[], object] = lambda: None
        self.faults = self._server.faults
        self.team = world.new_team(team)
        world.install(self.team)
        world.tell = stage.tell
        world.on_uninstall = self.uninstalls

    @classmethod
    @contextmanager
    def in_thread(cls, **options: Any) -> Iterator[Self]:
        """Run the stand-in for tests without an event loop and for other processes."""
        slack = cls(**options)
        slack._start()
        problem: BaseException | None = None
        try:
            yield slack
        except BaseException as error:
            problem = error
            raise
        finally:
            slack._stop()
            slack._judge(problem)

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._stop)
        self._judge(error)

    def new_team(self, name: str, enterprise: str | None = None) -> Team:
        """Let another workspace exist, in a Grid if an enterprise id is given; the app is not installed in it."""
        with self.world.lock:
            return self.world.new_team(name, enterprise)

    def person(
        self,
        name: str = "Ana",
        *,
        locale: str = "en-US",
        tz: str = "Europe/London",
        team: Team | None = None,
        id: str | None = None,  # noqa: A002
    ) -> Person:
        """Let a person exist; with the `id` of one in another workspace of the Grid, the same person here too."""
        team = team or self.team
        with self.world.lock:
            user = User(id or self.world.number("W" if team.enterprise else "U"), team.id, name, locale, tz)
            self.world.users[team.id, user.id] = user
            return Person(self._stage, user, team)

    def channel(
        self, name: str, members: Sequence[Person] = (), *, private: bool = False, team: Team | None = None
    ) -> Room:
        """Let a channel exist; the bot is not in it."""
        team = team or self.team
        with self.world.lock:
            kind = "group" if private else "channel"
            state = Channel(self.world.number("C"), team.id, kind, name, [each.id for each in members])
            self.world.channels[state.id] = state
            return Room(self._stage, state, team)

    def wait(self, condition: Callable[[], T], timeout: float = 30.0) -> T:
        """Block until the condition holds and return what it returned; in an event loop use `wait_for`."""
        return self._stage.wait(condition, timeout, self.world.last_calls)

    async def wait_for(self, blocking: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call something that blocks, such as `person.hears`, without blocking the event loop."""
        return await asyncio.to_thread(blocking, *args, **kwargs)

    def push(
        self,
        event: Json,
        *,
        event_id: str | None = None,
        retry: int | None = None,
        team: Team | None = None,
        event_time: float | None = None,
    ) -> Reply:
        """Deliver any event exactly once and return how it was taken; `retry` is the number of the attempt."""
        body = payloads.envelope(self.world, team or self.team, event, event_id, event_time)
        return self._stage.run(self._stage.delivery.event(body, attempt=retry or 0, is_retried=False))

    def post_raw(self, body: bytes, headers: dict[str, str]) -> Reply:
        """Post anything at events_url."""
        return self._stage.run(self._stage.delivery.raw(body, headers))

    def verify_url(self) -> Reply:
        """Ask the bot to prove that events_url is its own; the body must hold the challenge."""
        body = {"token": self.world.verification, "type": "url_verification", "challenge": self.world.number("ch")}
        reply = self._stage.run(self._stage.delivery.event(body, is_retried=False))
        said = reply.body.get("challenge") if isinstance(reply.body, dict) else str(reply.body).strip()
        if reply.ok and said != body["challenge"]:
            reply.error = "challenge_failed"
        return reply

    def install(
        self, base_url: str, team: Team, person: Person, *, path: str = "/slack/install", approves: bool = True
    ) -> Reply:
        """Let somebody install the app with a browser; return the last page."""
        return self._stage.run(Browser(self.oauth, base_url).install(team, person.id, path, approves=approves))

    def uninstalls(
        self, team: Team, at: float | datetime | None = None, order: Sequence[str] = UNINSTALLED
    ) -> "Future[list[Reply]]":
        """Remove the app from a workspace and send the events about it, in this order.

        With a time `at` before the last installation they are late news of an old one: the tokens live on.
        """
        when = at.timestamp() if isinstance(at, datetime) else at
        with self.world.lock:
            if when is None or when >= team.installed_at:
                self.world.uninstall(team)
            bodies = [self._farewell(team, kind, when) for kind in order]

        async def deliver() -> list[Reply]:
            return [await self._stage.delivery.event(body) for body in bodies]

        return self._stage.spawn(deliver())

    def deactivate(self, person: Person) -> None:
        """Let the account be deactivated: still known, no longer to be written to."""
        with self.world.lock:
            person.user.deactivated = True

    def gone(self, person: Person) -> None:
        """Let the account be unknown from now on."""
        with self.world.lock:
            person.user.gone = person.user.deactivated = True

    def _farewell(self, team: Team, kind: str, when: float | None) -> Json:
        event: Json = {"type": kind, "event_ts": self.world.ts()}
        if kind == "tokens_revoked":
            event["tokens"] = {"oauth": [], "bot": [team.bot_user]}
        return payloads.envelope(self.world, team, event, at=when)

    def _judge(self, error: BaseException | None) -> None:
        if not self.complaints:
            return
        text = "\n".join(["complaints:", *dict.fromkeys(self.complaints)])
        if error is None:
            raise AssertionError(text)
        error.add_note(text)

    def _start(self) -> None:
        started: Future[Callable[[], object]] = Future()
        live = lambda: asyncio.run(self._live(started))  # noqa: E731
        self._thread = threading.Thread(target=live, name="slack", daemon=True)
        self._thread.start()
        self._end = started.result()

    def _stop(self) -> None:
        self._end()
        if self._thread is not None:
            self._thread.join()

    async def _live(self, started: "Future[Callable[[], object]]") -> None:
        stop = asyncio.Event()
        self._stage.loop = loop = asyncio.get_running_loop()
        try:
            await self._server.start(self._port)
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(lambda: loop.call_soon_threadsafe(stop.set))
        await stop.wait()
        await self._server.stop()


def _oracle() -> Check | None:
    """Return the judge of arguments, if the tests have one."""
    name = "tests.platforms.slack_oracle"
    if importlib.util.find_spec(name) is None:
        return None
    oracle = importlib.import_module(name)
    oracle.load()
    complaints: Check = oracle.complaints
    return complaints
