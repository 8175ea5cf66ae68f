"""Delivery by webhook: in order inside each lane, again and again until the bot says 200."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.platforms.telegram.errors import bad_request
from tests.platforms.telegram.parameters import Parameters
from tests.platforms.telegram.polling import allow
from tests.platforms.telegram.updates import Waiting
from tests.platforms.telegram.world import Json, World

_GLANCE = 0.5
_IDLE_SECONDS = 60.0
_RETRY_AFTER_AT_MOST = 3600.0
_PAUSE_AT_MOST = 60.0


class Webhook:
    """The webhook of one bot; `haste` divides the pauses between attempts, so that a test need not wait."""

    def __init__(self, world: World, execute: Callable[[str, Json], None], haste: float) -> None:
        self.url = ""
        self.attempts = 0
        self._world = world
        self._execute = execute
        self._haste = haste
        self._secret = ""
        self._connections = 40
        self._last_error: tuple[int, str] | None = None
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def is_set(self) -> bool:
        """Return whether updates are pushed instead of fetched."""
        return bool(self.url)

    def set(self, world: World, asked: Parameters) -> bool:
        """Have updates pushed to a URL; an empty one ends that."""
        url, secret = asked.text("url"), asked.text("secret_token")
        if not url:
            return self.delete(world, asked)
        parts = urlsplit(url)
        is_near = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if parts.scheme != "https" and not (parts.scheme == "http" and is_near):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        allow(world, asked)
        self._drop(asked)
        self.url, self._secret, self._last_error = url, secret, None
        self._connections = asked.number("max_connections", 40)
        world.bell.ring()
        return True

    def delete(self, world: World, asked: Parameters) -> bool:
        """Have updates fetched again."""
        self._drop(asked)
        self.url = self._secret = ""
        world.bell.ring()
        return True

    def info(self, world: World, asked: Parameters) -> Json:
        """Say how the pushing goes."""
        about: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(world.updates.waiting()),
        }
        if self.url:
            about |= {"max_connections": self._connections, "ip_address": "127.0.0.1"}
        if self._last_error is not None:
            about |= {"last_error_date": self._last_error[0], "last_error_message": self._last_error[1]}
        if world.updates.allowed:
            about["allowed_updates"] = world.updates.allowed
        return about

    async def run(self) -> None:
        """Push for ever: one task for each lane in which something waits."""
        timeout = aiohttp.ClientTimeout(total=_IDLE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as self._session:
            try:
                while True:
                    seen = self._world.bell.version
                    self._start_lanes()
                    await self._world.bell.sleep(seen, _GLANCE)
            finally:
                tasks = list(self._lanes.values())
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def _start_lanes(self) -> None:
        with self._world.lock:
            lanes = {each.lane for each in self._world.updates.waiting()} if self.url else set()
        self._lanes = {lane: task for lane, task in self._lanes.items() if not task.done()}
        for lane in sorted(lanes - set(self._lanes))[: max(0, self._connections - len(self._lanes))]:
            self._lanes[lane] = asyncio.create_task(self._push_lane(lane))
            self._lanes[lane].add_done_callback(lambda _: self._world.bell.ring())

    async def _push_lane(self, lane: str) -> None:
        failures = 0
        while (waiting := self._first(lane)) is not None:
            url = self.url
            wait = await self._push(waiting)
            if wait is None:
                failures = 0
                with self._world.lock:
                    self._world.updates.done(waiting)
                continue
            failures += 1
            # Once more at once, then after 2, 4, 8 ... seconds, as the real server does.
            pause = max(wait, 0.0 if failures == 1 else min(2.0 ** (failures - 1), _PAUSE_AT_MOST)) / self._haste
            if self.url == url:
                await asyncio.sleep(pause)

    def _first(self, lane: str) -> Waiting | None:
        with self._world.lock:
            waiting = self._world.updates.waiting() if self.url else []
            return next((each for each in waiting if each.lane == lane), None)

    async def _push(self, waiting: Waiting) -> float | None:
        """Push one update; return None when it was taken, else the seconds the bot asked to wait."""
        assert self._session is not None
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        waiting.handed_out += 1
        self.attempts += 1
        data = json.dumps(waiting.body).encode()
        try:
            async with self._session.post(self.url, data=data, headers=headers, allow_redirects=False) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return self._failed(f"Connection failed: {type(error).__name__}", 0.0)
        if not 200 <= answer.status < 300:
            wait = _seconds(answer.headers.get("Retry-After", ""))
            return self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}", wait)
        self._obey(body)
        return None

    def _failed(self, problem: str, wait: float) -> float:
        self._last_error = (int(self._world.clock.unix()), problem)
        return wait

    def _obey(self, body: bytes) -> None:
        """Execute the call that an answer may hold."""
        try:
            tree: Any = json.loads(body)
        except ValueError:
            return
        if isinstance(tree, dict) and isinstance(tree.get("method"), str):
            self._execute(tree["method"], {name: value for name, value in tree.items() if name != "method"})

    def _drop(self, asked: Parameters) -> None:
        if asked.flag("drop_pending_updates"):
            self._world.updates.clear()


def _seconds(text: str) -> float:
    return min(float(text), _RETRY_AFTER_AT_MOST) if re.fullmatch(r"\d{1,9}", text) else 0.0
