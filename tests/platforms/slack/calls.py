"""What is noted: every call of the bot, and every acknowledgement it gave."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, SupportsIndex

Json = dict[str, Any]


def places(thing: Any) -> set[str] | None:
    """Return the ids that mean a channel, a room or a person's direct message; None if nothing is named."""
    if thing is None or isinstance(thing, str):
        return None if thing is None else {thing}
    return {thing.id, getattr(thing, "dm", thing.id)}


@dataclass(eq=False)
class Call:
    """One call of the bot: what it asked, when, and what came of it.

    `response` is the body answered, None while the call is under way or when the connection was cut;
    `status` is the HTTP status, 0 when it was cut; `accepted` says whether the platform did what was asked.
    """

    method: str
    args: Json
    token: str
    at: float
    response: Any = None
    status: int | None = None
    accepted: bool = False
    team: str = ""

    @property
    def channel(self) -> str:
        """Return the channel the call is about."""
        value = self.args.get("channel") or self.args.get("channel_id") or ""
        return value if isinstance(value, str) else ""

    @property
    def error(self) -> str:
        """Return the error answered, if any."""
        return str(self.response.get("error", "")) if isinstance(self.response, dict) else ""


@dataclass(eq=False)
class Calls:
    """All calls in the order they arrived."""

    _calls: list[Call] = field(default_factory=list)

    def add(self, call: Call) -> None:
        """Note a call."""
        self._calls.append(call)

    def clear(self) -> None:
        """Forget the calls so far."""
        self._calls.clear()

    def of(self, method: str, channel: Any = None) -> list[Call]:
        """Return the calls of one method, in one channel if it is named: an id, a room or a person."""
        wanted = places(channel)
        return [call for call in self if call.method == method and (wanted is None or call.channel in wanted)]

    def accepted(self, method: str = "chat.postMessage", channel: Any = None) -> list[Call]:
        """Return the calls that took effect."""
        return [call for call in self.of(method, channel) if call.accepted]

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, index: SupportsIndex) -> Call:
        return self._calls[index]


@dataclass(eq=False)
class Reply:
    """How the bot acknowledged something: HTTP status (200 for an ack on a socket, 0 for none), body and seconds."""

    status: int
    body: Any
    seconds: float
    error: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Return whether it was acknowledged in time."""
        return 200 <= self.status < 300 and not self.error


@dataclass(eq=False)
class Ack:
    """One acknowledgement, or its absence: of which kind and name, in which attempt, and how it went."""

    kind: str
    name: str
    reply: Reply
    attempt: int = 0
    event_id: str = ""
    via: str = "http"

    @property
    def seconds(self) -> float:
        """Return how long it took."""
        return self.reply.seconds

    @property
    def status(self) -> int:
        """Return the HTTP status, 0 when there was none."""
        return self.reply.status

    @property
    def error(self) -> str:
        """Return what went wrong, if anything."""
        return self.reply.error
