"""Between an account's door and the conversation: updates are written down, then handled one by one, and answered."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from bot.message import Incoming, Message

TROUBLE_SECONDS = 1.0

Answer = Callable[[str, Sequence[Message]], None]
Pause = Callable[[float], Awaitable[object]]
Prepare = Callable[[Sequence[str]], Awaitable[None]]
Read = Callable[[object], Incoming | None]

log = structlog.get_logger()


class Intake(Protocol):
    """What is needed of `bot.conversation.intake.Intake`."""

    async def keep(self, account: str, updates: Sequence[tuple[str, str]]) -> int:
        """Write raw updates down; returns how many were new."""

    async def work_off(
        self,
        account: str,
        parse: Callable[[str], Incoming | None],
        answered: Callable[[str, Sequence[Message]], Awaitable[None]],
        prepare: Prepare | None = None,
    ) -> int:
        """Handle all updates that wait."""


class Worker:
    """Handles what is kept: all of it, as long as it runs, whatever goes wrong with one update or with the database.

    `answer` is told of each update with what was answered; of one that was delivered before, with nothing. `prepare`
    sees the updates of a batch, as they were written down, before they are handled.
    """

    def __init__(
        self, account: str, intake: Intake, answer: Answer, pause: Pause, prepare: Prepare | None = None
    ) -> None:
        self._account = account
        self._intake = intake
        self._answer = answer
        self._pause = pause
        self._prepare = prepare
        self._news = asyncio.Event()
        self._repeated: list[str] = []
        self._is_ending = False
        self._task: asyncio.Task[None] | None = None

    def start(self, read: Read) -> None:
        """Begin, with what may be left over from the last time; `read` turns an update's tree into `Incoming`."""
        self._is_ending = False
        self._news.set()
        self._task = asyncio.create_task(self._run(lambda raw: read(_tree(raw))), name=f"{self._account} work")

    async def stop(self, seconds: float) -> None:
        """Finish what is in hand; what is not done in time is handled after the next start."""
        self._is_ending = True
        self._news.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=seconds)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._task = None

    def look(self) -> None:
        """See whether updates wait that another process wrote down."""
        self._news.set()

    async def keep(self, updates: Sequence[tuple[str, str]]) -> int:
        """Write updates down; when this returns they may be confirmed. Returns how many were new."""
        new = await self._intake.keep(self._account, updates)
        if new < len(updates):
            # Some were delivered before; who pressed once more is answered after what is new was handled.
            self._repeated += [raw for _, raw in updates]
        self._news.set()
        return new

    async def _run(self, parse: Callable[[str], Incoming | None]) -> None:
        while not self._is_ending:
            await self._news.wait()
            self._news.clear()
            repeated, self._repeated = self._repeated, []
            try:
                await self._intake.work_off(self._account, parse, self._answered, self._prepare)
            except Exception as error:  # noqa: BLE001 - what waits is tried again, the account goes on
                log.error("updates not handled", error=type(error).__name__)
                self._news.set()
                await self._pause(TROUBLE_SECONDS)
            for raw in repeated:
                self._answer(raw, ())

    async def _answered(self, raw: str, messages: Sequence[Message]) -> None:
        self._answer(raw, messages)


def _tree(raw: str) -> object:
    try:
        tree: object = json.loads(raw)
    except RecursionError:
        raise ValueError("an update nested too deeply") from None
    return tree
