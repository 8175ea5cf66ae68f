"""Pictures for photos: by address, by Telegram's own id once it has them, or as bytes."""

import mimetypes
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.channels.telegram.api import Upload

Find = Callable[[str], Awaitable[tuple[str, bytes] | None]]
REMEMBERED = 1000

log = structlog.get_logger()


class Pictures:
    """Knows for a source what to put into `photo`; what Telegram has taken once is named by its id from then on."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._ids: OrderedDict[str, str] = OrderedDict()

    async def best(self, source: str) -> str | Upload | None:
        """Return an id, an address or the bytes; None when there is no such picture."""
        if source in self._ids:
            self._ids.move_to_end(source)
            return self._ids[source]
        if source.startswith("https://"):
            return source
        try:
            found = await self._find(source)
        except Exception as error:  # noqa: BLE001 - a message without its picture is better than none
            log.warning("picture not found", source=source, error=type(error).__name__)
            return None
        if found is None:
            return None
        media_type, content = found
        return Upload("photo", f"picture{mimetypes.guess_extension(media_type) or ''}", media_type, content)

    def learn(self, source: str, result: Any) -> None:
        """Note under which id Telegram keeps a picture just sent."""
        try:
            self._ids[source] = str(result["photo"][-1]["file_id"])
        except (KeyError, IndexError, TypeError):
            return
        self._ids.move_to_end(source)
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)

    def forget(self, source: str) -> bool:
        """Forget the id of a picture; returns whether there was one."""
        return self._ids.pop(source, None) is not None
