"""A sender on a stage: time that jumps, a platform that answers when it is told to, an outbox in a real database."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.message import Message, Outcome, Receipt, dump
from bot.nudging.deliver import Sender
from storage import accounts, guard, schema
from storage.deliveries import LANES
from storage.store import Store
from tests.platforms.telegram.errors import RefusedError
from tests.platforms.telegram.pace import Pace as Limits

START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
ACCOUNT = "telegram:1"


class _Jumping(selectors.SelectSelector):
    """Waits for nothing: where a loop would sleep, its time jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        found = super().select(0)
        if not found:
            assert timeout is not None, "everybody waits for ever"
            self.now += max(0.0, timeout)
        return found


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time is its own."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


@dataclass
class Outbox:
    """A store of which every transaction takes a moment of the loop's time; `broken` while it cannot be reached."""

    store: Store
    takes: float = 0.004
    broken: Exception | None = None
    writes: int = 0

    async def write(self, change: Callable[..., Any], *args: Any) -> Any:
        await asyncio.sleep(self.takes)
        if self.broken is not None:
            raise self.broken
        self.writes += 1
        return self.store.write_now(change, *args)


@dataclass
class Desk:
    """A platform: it answers after `takes` seconds what `answer` says, else obeys its own limits."""

    rate: float = 30.0
    limit: int | None = None
    chat_gap: float = 1.0
    takes: float = 0.05
    name: str = ACCOUNT
    answer: Callable[[str, Message], Receipt | None] = lambda _chat, _message: None
    sent: list[tuple[float, str, str]] = field(default_factory=list)
    refused: list[tuple[float, str]] = field(default_factory=list)
    flying: int = 0
    most: int = 0

    def __post_init__(self) -> None:
        self.limits = Limits(self.limit)

    def crowd(self, chat: str) -> int:
        return 20 if chat.startswith("-") else 0

    def cost(self, message: Message) -> int:
        return 1

    async def send(self, chat: str, message: Message) -> Receipt:
        self.flying += 1
        self.most = max(self.most, self.flying)
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(self.takes)
        self.flying -= 1
        receipt = self.answer(chat, message)
        if receipt is None:
            try:
                self.limits.admit(int(chat), now, is_group=chat.startswith("-"))
            except RefusedError as refusal:
                wait = float((refusal.parameters or {})["retry_after"])
                receipt = Receipt(Outcome.RETRY, reason="rate", wait=wait)
        receipt = receipt or Receipt(Outcome.SENT, ref=str(len(self.sent) + 1))
        if receipt.outcome is Outcome.SENT:
            self.sent.append((now, chat, message.text))
        else:
            self.refused.append((now, chat))
        return receipt

    def shares(self, text: str) -> list[float]:
        """When messages with a text were sent."""
        return [at for at, _, said in self.sent if said == text]


class LoopClock:
    """The clock of the wall, as far along as the loop."""

    def now(self) -> datetime:
        try:
            return START + timedelta(seconds=asyncio.get_running_loop().time())
        except RuntimeError:
            return START


@dataclass
class Stage:
    """One account's sender with its outbox; `play` runs what is given in time that jumps."""

    store: Store
    desk: Desk = field(default_factory=Desk)
    lanes: int = 8
    loop: Loop = field(default_factory=Loop)

    def __post_init__(self) -> None:
        guard.ensure_schema(self.store)
        self.outbox = Outbox(self.store)
        self.sender = self.new_sender()

    def new_sender(self) -> Sender:
        """A sender as a new process has it."""
        return Sender(self.outbox, self.desk, LoopClock(), self.lanes, self.loop.time)  # type: ignore[arg-type]

    def play(self, scene: Coroutine[Any, Any, Any]) -> Any:
        """Run a scene to its end."""
        return self.loop.run_until_complete(scene)

    def drain(self) -> None:
        """Send all that is due."""
        self.play(self.sender.drain())

    def run_for(self, seconds: float) -> None:
        """Let the sender run for so long, then stop it."""

        async def scene() -> None:
            task = asyncio.create_task(self.sender.serve())
            await asyncio.sleep(seconds)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self.play(scene())

    def puts(self, kind: str, chats: range | list[int], text: str = "", **columns: Any) -> None:
        """Write one message for each chat into the outbox."""
        now = LoopClock().now() if not self.loop.is_running() else START + timedelta(seconds=self.loop.time())

        def put(conn: Connection) -> None:
            account = accounts.number(conn, ACCOUNT)
            known = {row.chat: row.id for row in conn.execute(select(schema.addresses))}
            new = [str(chat) for chat in chats if str(chat) not in known]
            for chat in dict.fromkeys(new):
                values = {"account_id": account, "chat": chat, "subscriber_id": None}
                known[chat] = conn.execute(insert(schema.addresses).values(values)).inserted_primary_key[0]
            rows = [
                {
                    "address_id": known[str(chat)], "account_id": account, "kind": kind, "lane": LANES[kind],
                    "due_at": now, "expires_at": None, "status": "pending", "body": dump(Message(text or kind)), **columns,
                }
                for chat in chats
            ]  # fmt: skip
            conn.execute(insert(schema.deliveries), rows)

        self.store.write_now(put)

    def rows(self) -> list[Any]:
        """The deliveries, in the order in which they were written."""
        return self.store.write_now(
            lambda conn: conn.execute(select(schema.deliveries).order_by(schema.deliveries.c.id)).all()
        )

    def statuses(self) -> dict[str, int]:
        """How many deliveries are in which state."""
        found: dict[str, int] = {}
        for row in self.rows():
            found[row.status] = found.get(row.status, 0) + 1
        return found
