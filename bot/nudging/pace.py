"""The pace of one account: evenly spaced slots within the permitted rate, one message a second for each chat."""

from collections.abc import Callable
from dataclasses import dataclass, field

SHARE = 0.99
"""Evenly spaced slots at this share of the limit meet both readings of it, token bucket and sliding second."""
CHAT_BURST = 3
LOWEST = 0.1


@dataclass
class Pace:
    """When the next message may leave.

    `rate` is messages a second for the account, `chat_gap` the seconds between two messages to one chat (0: none),
    `clock` is monotonic, in seconds.
    """

    rate: float
    chat_gap: float
    clock: Callable[[], float]
    learned: float = 0.0
    _next: float = 0.0
    _held_until: float = 0.0
    _chats: dict[str, float] = field(default_factory=dict)
    _held_chats: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.learned = self.rate

    def wait(self) -> float:
        """The seconds until the account's next slot."""
        return max(0.0, max(self._next, self._held_until) - self.clock())

    def take(self) -> float:
        """Reserve the account's next slot and return the seconds until it."""
        now = self.clock()
        at = max(now, self._next, self._held_until)
        self._next = at + 1 / (self.learned * SHARE)
        self._recover()
        return at - now

    def took(self, chat: str) -> None:
        """Note a message to a chat: one every `chat_gap`, a short burst allowed."""
        if self.chat_gap:
            earliest = self.clock() - CHAT_BURST * self.chat_gap
            self._chats[chat] = max(earliest, self._chats.get(chat, 0.0)) + self.chat_gap

    def resting(self) -> list[str]:
        """The chats that may get nothing at this moment."""
        now = self.clock()
        self._chats = {chat: at for chat, at in self._chats.items() if at > now - CHAT_BURST * self.chat_gap}
        self._held_chats = {chat: at for chat, at in self._held_chats.items() if at > now}
        return [*(chat for chat, at in self._chats.items() if at > now), *self._held_chats]

    def held(self) -> float:
        """The seconds for which the platform told the whole account to wait."""
        return max(0.0, self._held_until - self.clock())

    def resting_for(self, chat: str) -> float:
        """The seconds for which the platform told us to leave a chat alone."""
        return max(0.0, self._held_chats.get(chat, 0.0) - self.clock())

    def hold(self, seconds: float, chat: str = "") -> None:
        """Obey a platform that says wait: for one chat, or for the whole account, which also slows down."""
        until = self.clock() + seconds
        if chat:
            self._held_chats[chat] = max(until, self._held_chats.get(chat, 0.0))
            return
        self._held_until = max(until, self._held_until)
        self.learned = max(LOWEST, self.learned * 0.8)

    def _recover(self) -> None:
        # Working back up: a twentieth of the way for every hundred messages or so.
        self.learned = min(self.rate, self.learned + (self.rate - self.learned) * 0.0005 + self.rate * 0.0002)
