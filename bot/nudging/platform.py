"""What a sender needs of the account it sends for."""

from typing import Protocol

from bot.message import Message, Receipt


class Platform(Protocol):
    """What a sender needs of an adapter."""

    name: str
    rate: float
    chat_gap: float

    def crowd(self, chat: str) -> int:
        """How many messages a minute a chat may get; 0 when there is no such limit."""

    def cost(self, message: Message) -> int:
        """How many of the permitted messages one message takes up."""

    async def send(self, chat: str, message: Message) -> Receipt:
        """Send one message."""
