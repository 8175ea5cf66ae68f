"""The contract of an adapter: what it must do."""

from collections.abc import Sequence
from typing import Protocol

from starlette.routing import BaseRoute

from bot.message import File, Message, Receipt


class Adapter(Protocol):
    """One account on a platform, as the rest of the bot sees it."""

    name: str
    rate: float
    chat_gap: float

    def crowd(self, chat: str) -> int:
        """How many messages a minute a chat may get, where a group has a limit of its own; else 0."""

    def cost(self, message: Message) -> int:
        """How many of the permitted messages one message takes up: a long one is sent in parts."""

    async def open(self) -> None:
        """Make ready to send, without taking anything in."""

    async def start(self) -> None:
        """Begin to take in what people do; returns when it is under way."""

    async def stop(self) -> None:
        """Stop taking in, finish what is in hand, close connections."""

    async def send(self, chat: str, message: Message) -> Receipt:
        """Send or edit one message; never raises for what a platform answers."""

    async def fetch(self, file: File) -> bytes:
        """The bytes of a file somebody sent; raises `bot.channels.files.FetchError`."""

    def look(self, chat: str = "") -> None:
        """Something was written down by another process: an update, or a message in a chat."""

    def routes(self) -> Sequence[BaseRoute]:
        """The HTTP routes this adapter wants served."""

    def ailing(self) -> str:
        """Why this account is not well (`""` when it is), for `/healthz`: short, without secrets."""


class Hub(Protocol):
    """A platform with many accounts: it takes in for all of them, and joins and leaves them while it runs."""

    name: str

    async def open(self) -> None:
        """Make ready to send for every account, without taking anything in."""

    async def start(self) -> None:
        """Begin to take in what people do."""

    async def stop(self) -> None:
        """Stop taking in and finish what is in hand; sending still works."""

    async def close(self) -> None:
        """Close connections."""

    async def find(self, account: str) -> None:
        """Let an account in that another process has let in."""

    def routes(self) -> Sequence[BaseRoute]:
        """The HTTP routes this platform wants served."""

    def ailing(self) -> str:
        """Why the platform is not well (`""` when it is), for `/healthz`."""
