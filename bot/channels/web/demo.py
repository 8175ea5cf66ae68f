"""What the demo adds to the web chat: a clock that can be moved, and a choice of language."""

from collections.abc import Sequence
from typing import Protocol


class Demo(Protocol):
    """The demo, as the page needs it; `languages` are those its menu offers, the bot's own first."""

    @property
    def languages(self) -> Sequence[str]:
        """The language codes to offer."""

    def today(self, language: str) -> str:
        """The demo's date, in a language."""

    async def next_day(self, chat: str) -> str:
        """Move the demo's clock one day, deliver what is due, and return the new date in the person's language."""

    async def speak(self, chat: str, language: str) -> None:
        """Let the bot write to this chat in another language from here on; one it does not speak changes nothing."""
