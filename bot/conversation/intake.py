"""From what a platform delivered to what we answer: kept first, then handled one by one, each in one transaction."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.conversation import router
from bot.conversation.turn import House
from bot.message import Address, Incoming, Message
from storage import inbox
from storage.store import Store

Parse = Callable[[str], Incoming | None]
Answered = Callable[[str, Sequence[Message]], Awaitable[None]]
Prepare = Callable[[Sequence[str]], Awaitable[None]]
Wake = Callable[[str], None]
Say = Callable[[Address, Message], Awaitable[None]]

log = structlog.get_logger()


@dataclass
class Intake:
    """The way in for every channel; `wake(account)` tells the account's sender that answers wait in the outbox,
    `say` speaks past the outbox to a chat at which nobody is known any more.
    """

    store: Store
    clock: Clock
    house: House
    wake: Wake = field(default=lambda _account: None)
    say: Say | None = None
    keeper: str = ""
    """This process, where several serve one database."""

    async def take(self, incoming: Incoming) -> list[Message]:
        """Handle one thing a person did; its answers are in the outbox when this returns."""
        answers = await self.store.write(router.respond, incoming, self.clock.now(), self.house, _chance(incoming))
        await self._after(incoming.address, answers)
        return answers

    async def _after(self, address: Address, answers: Sequence[Message]) -> None:
        self.wake(address.account)
        for message in answers:
            if message.direct and self.say is not None:
                await self.say(address, message)
                await self.store.settle()

    async def keep(self, account: str, updates: Sequence[tuple[str, str]]) -> int:
        """Write raw updates down, `(platform's id, text)` each; only then may they be confirmed."""
        return await self.store.write(inbox.keep, account, updates, self.clock.now(), self.keeper)

    async def work_off(self, account: str, parse: Parse, answered: Answered, prepare: Prepare | None = None) -> int:
        """Handle all updates that wait, and return how many: each batch is first shown to `prepare`, as it was written
        down, and `answered(raw, messages)` is told of each update.
        """
        handled = 0
        while waiting := await self.store.write(
            inbox.fresh, account, keeper=self.keeper, now=self.clock.now() if self.keeper else None
        ):
            if prepare is not None:
                await prepare([update.raw for update in waiting])
            for update in waiting:
                await self._work_one(account, update, parse, answered)
                handled += 1
        return handled

    async def _work_one(self, account: str, update: inbox.Update, parse: Parse, answered: Answered) -> None:
        answers: Sequence[Message] = ()
        try:
            address, answers = await self.store.write(self._respond_to, update, parse)
            if address is not None:
                await self._after(address, answers)
        except Exception as error:
            dead = await self.store.write(inbox.fail, update.id, type(error).__name__)
            log.exception("update failed", account=account, update=update.key, set_aside=dead)
        await answered(update.raw, answers)

    def _respond_to(self, conn: Connection, update: inbox.Update, parse: Parse) -> tuple[Address | None, list[Message]]:
        if not inbox.lock(conn, update.id):
            return None, []
        incoming = parse(update.raw)
        answers: list[Message] = []
        if incoming is not None:
            answers = router.respond(conn, incoming, self.clock.now(), self.house, _chance(incoming, update.key))
        inbox.finish(conn, update.id)
        return incoming.address if incoming else None, answers


def _chance(incoming: Incoming, salt: str = "") -> random.Random:
    # Choices are not secrets: a seed from the update makes a turn repeatable.
    return random.Random(f"{incoming.address.chat}:{incoming.text}:{salt}")  # noqa: S311
