"""The two ways in, polling and webhook, share one loop: open, step by step, and what to do when it fails."""

import hashlib
import json
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from telegram.error import Conflict, InvalidToken

from bot.channels.telegram.health import Health, Timing
from bot.channels.telegram.outcome import TOKEN_REFUSED
from bot.channels.telegram.transport import FloodError

CONFLICTS_AT_MOST = 3
CONFLICTS_FORGOTTEN = 60.0
ANOTHER_POLLER = "another process takes in this bot's updates"
UNDELIVERED = "Telegram cannot reach the webhook"
ANOTHER_WEBHOOK = "a webhook set elsewhere takes in this bot's updates"

Pause = Callable[[float], Awaitable[object]]
Keep = Callable[[Sequence[tuple[str, str]]], Awaitable[int]]
OnDuty = Callable[[], Awaitable[bool]]
STANDING_BY = 1.0
"""Seconds between two looks whether the process that polls is still there."""

log = structlog.get_logger()


class UndeliverableError(Exception):
    """Telegram reports that it cannot deliver updates to our webhook."""


class Door(Protocol):
    """One way in; `rest` seconds lie between its steps."""

    rest: float

    async def open(self) -> None:
        """Tell Telegram that updates come in this way."""

    async def step(self) -> None:
        """Take in what there is, or see that all is well; returns when that has succeeded."""


@dataclass
class Doorkeeper:
    """Keeps a door open: opens it again after trouble, and never gives up."""

    door: Door
    greet: Callable[[], Awaitable[None]]
    health: Health
    timing: Timing
    pause: Pause
    chance: random.Random
    on_duty: OnDuty
    is_open: bool = False
    _failures: int = field(default=0, init=False)
    _conflicts: int = field(default=0, init=False)
    _conflict_at: float = field(default=float("-inf"), init=False)

    async def try_to_open(self) -> float:
        """Open the door if Telegram lets us; returns how long to wait before the next step."""
        if not await self.on_duty():
            return self._stand_by()
        try:
            await self._open()
        except Exception as error:  # noqa: BLE001 - every trouble has its pause, none ends the account
            return self._troubled(error)
        return 0.0

    async def run(self, wait: float = 0.0) -> None:
        """Open and step until cancelled."""
        while True:
            if wait:
                await self.pause(wait)
            wait = await self._once()

    def _stand_by(self) -> float:
        self.is_open = False
        self.health.succeeded()
        return STANDING_BY

    async def _once(self) -> float:
        if not await self.on_duty():
            return self._stand_by()
        try:
            await self._open()
            await self.door.step()
        except Exception as error:  # noqa: BLE001 - every trouble has its pause, none ends the account
            return self._troubled(error)
        if self._failures or self.health.problem:
            log.info("updates flow again")
        self._failures = 0
        self.health.succeeded()
        return self.door.rest

    async def _open(self) -> None:
        if not self.is_open:
            await self.greet()
            await self.door.open()
            self.is_open = True

    def _troubled(self, error: Exception) -> float:
        """Note a trouble and return how long to wait."""
        if isinstance(error, InvalidToken):
            return self._stopped(TOKEN_REFUSED)
        if isinstance(error, Conflict):
            return self._stepped_back(str(error))
        if isinstance(error, UndeliverableError):
            self._stopped(UNDELIVERED)
            return self.door.rest
        self._failures += 1
        wait = min(self.timing.backoff, 0.25 * float(1 << min(self._failures, 10))) * (0.5 + self.chance.random() / 2)
        if isinstance(error, FloodError):
            wait = max(wait, error.wait)
        log.warning("no updates", error=type(error).__name__, failures=self._failures, wait=round(wait, 1))
        return wait

    def _stepped_back(self, words: str) -> float:
        now = self.health.clock()
        # Two pollers disturb each other in turns, with successes in between: only a quiet minute makes a new start.
        self._conflicts = self._conflicts + 1 if now - self._conflict_at < CONFLICTS_FORGOTTEN else 1
        self._conflict_at = now
        if self._conflicts < CONFLICTS_AT_MOST:
            return min(1.0, self.timing.retry)
        return self._stopped(ANOTHER_WEBHOOK if "webhook" in words.lower() else ANOTHER_POLLER)

    def _stopped(self, problem: str) -> float:
        if self.health.problem != problem:
            log.error("updates stopped", problem=problem)
        self.health.problem = problem
        return self.timing.retry


async def always() -> bool:
    """Be on duty: there is one process."""
    return True


def storable(updates: Iterable[Any]) -> list[tuple[str, str]]:
    """Return updates as the inbox keeps them: Telegram's id, and the text in plain ASCII that any database takes."""
    return [_pair(update) for update in updates]


def update_id(update: Any) -> int | None:
    """Return an update's id, or None when it has none that could be one."""
    found = update.get("update_id") if isinstance(update, dict) else None
    is_number = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**63
    return found if is_number else None


def _pair(update: Any) -> tuple[str, str]:
    try:
        text = json.dumps(update, separators=(",", ":"))
    except RecursionError:
        text = '"nested too deeply"'
    number = update_id(update)
    if number is None:
        # Kept all the same, to be set aside and seen by somebody; its own bytes tell it from others.
        return f"odd:{hashlib.sha256(text.encode()).hexdigest()[:40]}", text
    return str(number), text
