"""Faults on demand: refusals, delays, cut connections and odd bodies, before or after the deed."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.slack.calls import Call, places


@dataclass(eq=False, kw_only=True)
class Fault:
    """What goes wrong with some calls: those of a method and a channel (an id, a room, a person), or all; `times` None means for ever.

    With `after_send` the platform does what was asked and only then fails. `method` may also be "response"
    (a response_url) or "upload" (the URL of files.getUploadURLExternal).
    """

    method: str | None = None
    channel: Any = None
    team: str | None = None
    error: str | None = None
    status: int = 200
    retry_after: int | None = None
    times: int | None = 1
    after_send: bool = False
    delay: float = 0.0
    drop: bool = False
    body: bytes | str | None = None
    scope: str | None = None
    kill_pid: int | Callable[[], int] | None = None
    every: int = 1
    seen: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)

    @property
    def answers(self) -> bool:
        """Return whether it replaces the true answer."""
        odd = self.error is not None or self.body is not None or self.drop or self.kill_pid is not None
        return odd or self.status != 200 or self.retry_after is not None or self.scope is not None

    @property
    def as_json(self) -> dict[str, Any]:
        """Return the body of the refusal."""
        limited = self.status == 429 or self.retry_after is not None
        error = self.error or ("missing_scope" if self.scope else "ratelimited" if limited else "internal_error")
        return {"ok": False, "error": error} | ({"needed": self.scope, "provided": ""} if self.scope else {})

    def strikes(self, call: Call) -> bool:
        """Return whether this call is hit, and count it."""
        wanted = places(self.channel)
        if self.method not in (None, call.method) or (wanted is not None and call.channel not in wanted):
            return False
        if self.team not in (None, call.team) or (self.times is not None and self.struck >= self.times):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        self.struck += 1
        return True

    def kill(self) -> None:
        """End the process that is to die at this moment, as a power cut would."""
        if self.kill_pid is not None:
            os.kill(self.kill_pid() if callable(self.kill_pid) else self.kill_pid, signal.SIGKILL)


class Faults:
    """The faults in force; the first that strikes a call decides."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, **what: Any) -> Fault:
        """Let something go wrong from now on; see `Fault` for what can."""
        team = what.get("team")
        fault = Fault(**{**what, "team": getattr(team, "id", team)})
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
