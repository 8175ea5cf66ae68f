"""What people and rooms work with: the world, the screens, the ways to the bot, and the server's loop."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.platforms.slack import payloads
from tests.platforms.slack.calls import Reply
from tests.platforms.slack.clock import refuse_in_loop, wait
from tests.platforms.slack.delivery import Delivery
from tests.platforms.slack.screens import Screens
from tests.platforms.slack.sockets import Sockets
from tests.platforms.slack.world import Json, Team, World

T = TypeVar("T")

BOT_EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_archive",
        "channel_left",
        "group_archive",
        "group_left",
        "member_joined_channel",
        "member_left_channel",
        "message.im",
        "tokens_revoked",
    }
)
_MESSAGE_EVENTS = {"im": "message.im", "channel": "message.channels", "group": "message.groups"}
_SECONDS_AT_MOST = 60.0


@dataclass(eq=False)
class Stage:
    """Everything behind the people."""

    world: World
    screens: Screens
    delivery: Delivery
    sockets: Sockets
    bot_events: set[str] = field(default_factory=lambda: set(BOT_EVENTS))
    loop: asyncio.AbstractEventLoop | None = None
    _under_way: "set[Future[Any]]" = field(default_factory=set)

    def spawn(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Start something in the server's loop, from any thread."""
        assert self.loop is not None, "the stand-in does not run"
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return future

    async def stop(self) -> None:
        """Give up what is under way."""
        for future in list(self._under_way):
            future.cancel()
        await asyncio.sleep(0)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the server's loop and wait for what comes of it."""
        try:
            refuse_in_loop()
        except AssertionError:
            work.close()
            raise
        return self.spawn(work).result(_SECONDS_AT_MOST)

    def call(self, deed: Callable[[], T]) -> T:
        """Call something in the server's loop and wait for it; it must not wait for anything itself."""

        async def work() -> T:
            return deed()

        return self.spawn(work()).result(_SECONDS_AT_MOST)

    def tell(self, team: Team, event: Json, *, at: float | None = None) -> "Future[Reply] | None":
        """Send an event on its way, if the app is installed there and subscribed to it."""
        if not team.installed or not self.wants(event):
            return None
        return self.spawn(self.delivery.event(payloads.envelope(self.world, team, event, at=at)))

    def wants(self, event: Json) -> bool:
        """Return whether the app is subscribed to an event."""
        kind = event["type"]
        if kind == "message":
            kind = _MESSAGE_EVENTS[event["channel_type"]]
        return kind in self.bot_events

    def wait(self, condition: Callable[[], T], timeout: float, problem: Callable[[], str]) -> T:
        """Block until the condition holds."""
        return wait(self.world.bell, condition, timeout, problem)
