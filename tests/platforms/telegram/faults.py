"""Faults on demand: refusals, delays, cut connections, odd bodies and kills at an exact moment."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.platforms.telegram.calls import Call

Moment = Literal["arrived", "accepted", "answered"]

_DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass(eq=False, kw_only=True)
class Fault:
    """What goes wrong with some calls.

    `at` is the moment: `arrived` (nothing was done), `accepted` (it was done, the bot does not know yet) or
    `answered` (the bot has its answer). Without it, a cut "after" and a `body` without an error status
    strike at `accepted`, everything else at `arrived`. Who is killed at `arrived` has had nothing done.
    """

    method: str | None = None
    chat: int | None = None
    status: int | None = None
    description: str | None = None
    parameters: dict[str, Any] | None = None
    every: int = 1
    times: int | None = None
    delay: float = 0.0
    drop: Literal["before", "after"] | None = None
    body: bytes | None = None
    kill_pid: int | Callable[[], int] | None = None
    at: Moment | None = None
    seen: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)

    @property
    def moment(self) -> Moment:
        """Return when it strikes."""
        if self.at is not None:
            return self.at
        odd_answer = self.body is not None and (self.status or 200) < 400
        return "accepted" if self.drop == "after" or odd_answer else "arrived"

    @property
    def answer(self) -> tuple[int, dict[str, Any] | bytes] | None:
        """Return the status and body to answer with instead of the true ones, if any."""
        if self.body is not None:
            return self.status or 200, self.body
        if self.status is None:
            return None
        description = self.description or _DESCRIPTIONS.get(self.status, "Error")
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": description}
        if self.parameters is not None:
            answer["parameters"] = self.parameters
        return self.status, answer

    def strikes(self, call: Call) -> bool:
        """Return whether this call is hit, and count it."""
        if self.method not in (None, call.method) or self.chat not in (None, call.chat):
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        self.struck += 1
        return True

    def kill(self) -> None:
        """End the process that is to die at this moment, as a power cut would."""
        if self.kill_pid is not None:
            victim = self.kill_pid() if callable(self.kill_pid) else self.kill_pid
            # Another way to die may have been faster.
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)


class Faults:
    """The faults in force; the first that strikes a call decides."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, **what: Any) -> Fault:
        """Let something go wrong from now on; see `Fault` for what can."""
        chat = what.get("chat")
        fault = Fault(**{**what, "chat": getattr(chat, "id", chat)})
        with self._lock:
            self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Let this go wrong no longer."""
        with self._lock:
            self._faults.remove(fault)

    def clear(self) -> None:
        """Let everything go well."""
        with self._lock:
            self._faults.clear()

    def strike(self, call: Call) -> Fault | None:
        """Return the fault that hits this call, if any."""
        with self._lock:
            return next((fault for fault in self._faults if fault.strikes(call)), None)
