"""Time and waiting: a clock the test may move on, a bell for everybody who waits for a change."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_STEP = 0.02


class Bell:
    """Wakes threads that wait for a change."""

    def __init__(self) -> None:
        self.version = 0
        self._changed = threading.Condition()

    def ring(self) -> None:
        """Say that something changed."""
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float) -> None:
        """Block until something changes after the version seen."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != seen, timeout)


class Clock:
    """The platform's time, which a test may move on."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def unix(self) -> float:
        """Return the seconds since 1970."""
        return time.time() + self._ahead

    def monotonic(self) -> float:
        """Return seconds for measuring distances."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds


def refuse_in_loop() -> None:
    """Refuse to block an event loop: the bot under test may well live in it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise AssertionError("this would block the event loop: write `await slack.wait_for(...)`")


def wait(bell: Bell, condition: Callable[[], T], timeout: float, problem: Callable[[], str]) -> T:
    """Block until the condition holds and return what it returned."""
    deadline = time.monotonic() + timeout
    while True:
        seen = bell.version
        if result := condition():
            return result
        refuse_in_loop()
        if time.monotonic() >= deadline:
            raise AssertionError(f"waited {timeout:g} s in vain: {problem()}")
        bell.wait(seen, _STEP)
