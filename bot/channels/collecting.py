"""Photos that the conversation took: fetched from their platform, made over and sealed, one by one.

What is wanted stands in the database and is claimed for a while: a process that dies while it fetches leaves the photo
to the next try, and of several processes one alone fetches it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog
from sqlalchemy import Connection

from actions.photos import TRIES
from bot.channels.files import SECONDS, FetchError, GoneError, TooBigError
from bot.clock import Clock
from bot.conversation import photos as conversation
from bot.message import File
from content.photos import NotAPhotoError, cleaned
from storage import photos, sealed
from storage.photos import Wanted
from storage.store import Store

AGAIN = timedelta(seconds=20)
"""After a failure the next try waits so long, and longer each time."""

log = structlog.get_logger()


class Source(Protocol):
    """What is needed of an adapter."""

    async def fetch(self, file: File) -> bytes:
        """The bytes of a file somebody sent; raises `FetchError`."""


@dataclass
class Collector:
    """Fetches what is wanted for the `accounts` of this process; `secret` is the instance's."""

    store: Store
    clock: Clock
    secret: str
    accounts: Mapping[str, Source]
    seconds: float = SECONDS

    async def collect(self) -> int:
        """Fetch all that is wanted now; returns how many photos were settled, one way or the other."""
        settled = 0
        while (wanted := await self._next()) is not None:
            settled += await self._collect(wanted)
        return settled

    async def _next(self) -> Wanted | None:
        # A look first: nearly always there is nothing, and looking makes no writer wait.
        is_due = await self.store.read(photos.is_due, self.clock.now())
        return await self.store.write(photos.claim, tuple(self.accounts), self.clock.now()) if is_due else None

    async def _collect(self, wanted: Wanted) -> bool:
        try:
            if wanted.tries > TRIES:
                raise GoneError("often tried")  # and never finished: a process died of it each time
            async with asyncio.timeout(self.seconds):
                raw = await self.accounts[wanted.account].fetch(File(wanted.file))
            content = await asyncio.to_thread(self._made_over, raw)
        except (TooBigError, NotAPhotoError) as error:
            why = "big" if isinstance(error, TooBigError) else "kind"
            return await self._refuse(wanted, why, error)
        except GoneError as error:
            return await self._refuse(wanted, "lost", error)
        except (FetchError, TimeoutError, KeyError) as error:
            until = self.clock.now() + AGAIN * wanted.tries
            if await self.store.write(photos.put_off, wanted, until):
                log.info("photo not fetched yet", account=wanted.account, error=str(error) or type(error).__name__)
                return False
            return await self._refuse(wanted, "lost", error)
        return await self.store.write(photos.keep, wanted, content)

    def _made_over(self, raw: bytes) -> bytes:
        return sealed.seal_bytes(cleaned(raw), self.secret)

    async def _refuse(self, wanted: Wanted, why: str, error: Exception) -> bool:
        log.warning("photo not taken", account=wanted.account, why=why, error=str(error) or type(error).__name__)
        return await self.store.write(self._give_up, wanted, why)

    def _give_up(self, conn: Connection, wanted: Wanted, why: str) -> bool:
        now = self.clock.now()
        if not photos.give_up(conn, wanted, now):
            return False
        conversation.not_taken(conn, wanted.subscriber_id, why, now)
        return True
