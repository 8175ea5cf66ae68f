"""getUpdates: one poller at a time, each waiting for news as long as it asked to."""

import time
from collections.abc import Callable
from typing import Any

from tests.platforms.telegram.errors import bad_request, conflict
from tests.platforms.telegram.parameters import Parameters
from tests.platforms.telegram.updates import Update
from tests.platforms.telegram.world import World

_WAIT_AT_MOST = 50
_LIMIT = 100
_GLANCE = 0.5


class Polling:
    """The long poll of one bot."""

    def __init__(self, world: World, has_webhook: Callable[[], bool]) -> None:
        self._world = world
        self._has_webhook = has_webhook
        self._turn = 0
        self._is_closed = False

    async def poll(self, asked: Parameters, is_gone: Callable[[], bool]) -> list[Update]:
        """Return the updates waiting, as soon as there are any; a newer poll ends this one."""
        turn = self._begin(asked)
        limit = asked.number("limit", _LIMIT)
        until = time.monotonic() + max(0, min(asked.number("timeout"), _WAIT_AT_MOST))
        while True:
            seen = self._world.bell.version
            with self._world.lock:
                if is_gone():
                    return []
                self._check(turn)
                waiting = self._world.updates.hand_out(limit if 1 <= limit <= _LIMIT else _LIMIT)
            rest = until - time.monotonic()
            if waiting or rest <= 0 or self._is_closed:
                return waiting
            await self._world.bell.sleep(seen, min(rest, _GLANCE))

    def close(self) -> None:
        """Let every poll come back at once."""
        self._is_closed = True
        self._world.bell.ring()

    def _begin(self, asked: Parameters) -> int:
        with self._world.lock:
            if self._has_webhook():
                raise conflict(
                    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
                )
            allow(self._world, asked)
            if offset := asked.number("offset"):
                self._world.updates.confirm(offset)
            self._turn += 1
            self._world.bell.ring()
            return self._turn

    def _check(self, turn: int) -> None:
        if self._has_webhook():
            raise conflict("terminated by setWebhook request")
        if turn != self._turn:
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")


def allow(world: World, asked: Parameters) -> None:
    """Note which kinds of updates the bot wants; an absent list leaves things as they are."""
    kinds: Any = asked.values.get("allowed_updates")
    if kinds in (None, ""):
        return
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad_request("can't parse allowed_updates: expected an Array of strings")
    world.updates.allowed = kinds
