"""Calls of the Bot API in its own words: parameters in, the plain result out, the library's errors when refused.

The library's `Bot` builds objects of every answer, which costs more than the request and raises on an odd one after
the message was sent. Here the answer stays what it is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from telegram.request import RequestData

from bot.channels.telegram.transport import READ_SECONDS, Transport


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a call, as the value of `field`."""

    field: str
    name: str
    media_type: str
    content: bytes


class Api:
    """The methods of one bot; it knows the token and shows it to nobody."""

    def __init__(self, token: str, url: str) -> None:
        self._base = f"{url.rstrip('/')}/bot{token}"
        self._files = f"{url.rstrip('/')}/file/bot{token}"
        self._transport = Transport()
        self._is_untouched = True

    async def open(self) -> None:
        """Make ready for calls; the first call does it too, so that one may send without taking in."""
        self._is_untouched = False
        await self._transport.initialize()

    async def close(self) -> None:
        """Close every connection; calls fail from now on."""
        self._is_untouched = False
        await self._transport.shutdown()

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        upload: Upload | None = None,
        read_seconds: float = READ_SECONDS,
    ) -> Any:
        """Call a method and return its result.

        Raises `telegram.error.TelegramError`, or any other exception for an answer that says yes in an odd way.
        """
        if self._is_untouched:
            await self.open()
        parts = cast(RequestData, _Parts(params, upload))
        return await self._transport.post(f"{self._base}/{method}", parts, read_timeout=read_seconds)

    async def download(self, path: str, most: int) -> bytes:
        """The bytes of a file at the path that `getFile` told, from this very server.

        Raises `bot.channels.files.FetchError`.
        """
        if self._is_untouched:
            await self.open()
        return await self._transport.download(f"{self._files}/{path}", most)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a request says, in the shape of the library's `RequestData`."""

    parameters: Mapping[str, Any]
    upload: Upload | None

    @property
    def json_parameters(self) -> dict[str, str]:
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in self.parameters.items()}

    @property
    def multipart_data(self) -> dict[str, tuple[str, bytes, str]]:
        if self.upload is None:
            return {}
        return {self.upload.field: (self.upload.name, self.upload.content, self.upload.media_type)}
