"""An intake over a real inbox, with a conversation that a test writes in one function."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.clock import Clock
from bot.message import Incoming, Message
from storage import inbox
from storage.schema import metadata
from storage.store import Store

Talk = Callable[[Incoming], Sequence[Message]]


def open_store(folder: Path) -> Store:
    """A real database in a file."""
    store = Store(f"sqlite:///{folder / 'inbox.db'}")
    metadata.create_all(store.engine)
    return store


class Keeping:
    """Does what `bot.conversation.intake.Intake` does, with `talk` in the place of the conversation."""

    def __init__(self, store: Store, talk: Talk = lambda _incoming: ()) -> None:
        self.store = store
        self.talk = talk
        self.dead = 0
        self.heard: list[Incoming] = []
        self.broken: Exception | None = None

    async def keep(self, account: str, updates: Sequence[tuple[str, str]]) -> int:
        """Write raw updates down."""
        if self.broken is not None:
            raise self.broken
        return await self.store.write(inbox.keep, account, updates, Clock().now())

    async def work_off(
        self,
        account: str,
        parse: Callable[[str], Incoming | None],
        answered: Callable[[str, Sequence[Message]], Awaitable[None]],
        prepare: object = None,
    ) -> int:
        """Handle all updates that wait."""
        handled = 0
        while waiting := await self.store.write(inbox.fresh, account):
            for update in waiting:
                answers: Sequence[Message] = ()
                try:
                    found = parse(update.raw)
                    if found is not None:
                        self.heard.append(found)
                        answers = self.talk(found)
                    await self.store.write(inbox.finish, update.id)
                except Exception as error:  # noqa: BLE001 - as the real one does
                    self.dead += await self.store.write(inbox.fail, update.id, type(error).__name__)
                await answered(update.raw, answers)
                handled += 1
        return handled

    @property
    def texts(self) -> list[str]:
        """What was heard, as words."""
        return [found.text or f"/{found.command}" for found in self.heard]
