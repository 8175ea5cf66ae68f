"""Long polling: each batch is written down before the next call confirms it."""

from typing import Any

from telegram.error import Conflict

from bot.channels.telegram.api import Api
from bot.channels.telegram.door import Keep, Pause, storable, update_id
from bot.channels.telegram.health import Timing
from bot.channels.telegram.inbound import ALLOWED

BATCH = 100
KNOWN_PAUSE = 1.0
WARY = 4
"""Seconds: another poller, disturbed by us, would be back by then."""


class UnreadableBatchError(Exception):
    """Telegram's answer holds no update that could be confirmed."""


class Polling:
    """Fetches updates. Their ids are remembered, never compared: after a quiet week they start anew, anywhere."""

    def __init__(self, api: Api, keep: Keep, timing: Timing, pause: Pause) -> None:
        self.rest = 0.0
        self._api = api
        self._keep = keep
        self._timing = timing
        self._pause = pause
        self._offset: int | None = None
        self._known = 0
        self._patience = 0

    async def open(self) -> None:
        """End what a webhook may have taken."""
        await self._api.call("deleteWebhook", {"drop_pending_updates": False})

    async def step(self) -> None:
        """Fetch one batch and write it down."""
        # The first poll, and the first after trouble, asks for no patience: it tells at once that all is well.
        patience, self._patience = self._patience, 0
        try:
            updates = await self._fetch(patience)
        except Conflict:
            # Another poller lets a short poll through; whether it is gone shows only when a longer one is left alone.
            self._patience = min(self._timing.poll, WARY)
            raise
        if updates:
            await self._take(updates)
        self._patience = self._timing.poll

    async def _fetch(self, seconds: int) -> list[Any]:
        params: dict[str, Any] = {"timeout": seconds, "limit": BATCH, "allowed_updates": ALLOWED}
        if self._offset is not None:
            params["offset"] = self._offset
        updates = await self._api.call("getUpdates", params, read_seconds=seconds + self._timing.grace)
        if not isinstance(updates, list):
            raise UnreadableBatchError
        return updates

    async def _take(self, updates: list[Any]) -> None:
        new = await self._keep(storable(updates))
        last = next((number for update in reversed(updates) if (number := update_id(update)) is not None), None)
        if last is None:
            raise UnreadableBatchError
        self._offset = last + 1
        self._known = 0 if new else self._known + 1
        if self._known > 1:
            await self._pause(KNOWN_PAUSE)  # the same again and again: Telegram does not take our word for it
