"""The pages that are open, and the bell that tells them to look."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(eq=False)
class Listener:
    """One open page."""

    _bell: asyncio.Event = field(default_factory=asyncio.Event)
    open: bool = True

    async def wait(self, seconds: float) -> None:
        """Sleep until the bell rings, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        self._bell.clear()

    def ring(self) -> None:
        """Wake it."""
        self._bell.set()


@dataclass
class Listeners:
    """All open pages, by chat."""

    _by_chat: defaultdict[str, set[Listener]] = field(default_factory=lambda: defaultdict(set))

    @contextmanager
    def listen(self, chat: str) -> Iterator[Listener]:
        """Be one of the chat's listeners for a while."""
        listener = Listener()
        self._by_chat[chat].add(listener)
        try:
            yield listener
        finally:
            self._by_chat[chat].discard(listener)
            if not self._by_chat[chat]:
                del self._by_chat[chat]

    def count(self, chat: str) -> int:
        """How many pages of a chat are open."""
        return len(self._by_chat.get(chat, ()))

    def ring(self, chat: str) -> None:
        """Tell the pages of a chat that something is new."""
        for listener in self._by_chat.get(chat, ()):
            listener.ring()

    def close(self) -> None:
        """Tell every page's stream to end."""
        for listeners in self._by_chat.values():
            for listener in listeners:
                listener.open = False
                listener.ring()
