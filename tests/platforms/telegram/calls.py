"""The log of every call the bot made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, SupportsIndex


@dataclass(eq=False)
class Call:
    """One call of the bot: what it asked, when, and what came of it.

    `status` is the HTTP status answered, 0 when the connection was cut, None while the call is under way;
    `accepted` says whether the platform did what was asked, whatever it answered.
    """

    method: str
    params: dict[str, Any]
    at: float
    via: str = "http"
    status: int | None = None
    description: str = ""
    accepted: bool = False
    result: Any = None

    @property
    def chat(self) -> int | None:
        """Return the number of the chat that the call is about."""
        value = self.params.get("chat_id")
        return value if isinstance(value, int) else None


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

    def of(self, method: str, chat: Any = None) -> list[Call]:
        """Return the calls of one method, in one chat if it is named: a number, a person or a group."""
        number = getattr(chat, "id", chat)
        return [call for call in self if call.method == method and number in (None, call.chat)]

    def accepted(self, method: str = "sendMessage", chat: Any = None) -> list[Call]:
        """Return the calls that took effect."""
        return [call for call in self.of(method, chat) if call.accepted]

    def busiest(self, seconds: float = 1.0, calls: Iterable[Call] | None = None) -> int:
        """Return how many sends arrived in the busiest stretch of this length."""
        chosen = [call for call in self if call.method.startswith("send")] if calls is None else calls
        times = sorted(call.at for call in chosen)
        first = most = 0
        for last, time in enumerate(times):
            while time - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, index: SupportsIndex) -> Call:
        return self._calls[index]
