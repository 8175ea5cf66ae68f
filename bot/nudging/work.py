"""What there is to do for an instance, whoever starts it: the clock in one process, or a job that any of many takes."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.nudging.deliver import Sender
from storage.store import Store

TICK_SECONDS = 5
RED = timedelta(minutes=1)
"""After so long without planning something is wrong."""


class Work(Protocol):
    """The tasks of an instance, and what they are done with."""

    store: Store
    clock: Clock
    started: datetime
    last_tick: datetime | None

    @property
    def senders(self) -> Mapping[str, Sender]:
        """The senders of the accounts that this process can speak for, by name."""

    @property
    def queues(self) -> Sequence[str]:
        """The queues of all accounts that this process can speak for, now or later."""

    def look(self, account: str, chat: str = "") -> None:
        """See what another process wrote down for an account: an update, or a message in a chat."""

    async def tick(self, progress: Callable[[int], None] = ...) -> Counter[str]:
        """Plan all that is due now, and have it sent."""

    async def forget(self) -> None:
        """Forget what is past its time."""

    async def find(self, account: str) -> Sender | None:
        """The sender of an account, also of one that another process has let in; none when we cannot speak for it."""
