"""The way to the Bot API: the library's `BaseRequest` over aiohttp, eight times cheaper than its own over httpx.

What goes wrong is raised as the library's errors. Their cause says whether the request can have left: `NotSentError` or
`InDoubtError`. aiohttp's own exceptions are never passed on, for some carry the address, and the address the token.
"""

import json
from typing import Any, NamedTuple

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.files import FetchError, drained, refused

READ_SECONDS = 10.0
WAIT_UNKNOWN = 5.0
"""How long to wait after a 429 that does not say."""


class NotSentError(Exception):
    """The request never left."""


class InDoubtError(Exception):
    """The request left; whether it took effect is unknown."""


class FloodError(TelegramError):
    """Too many requests: nothing was done, the next try may come after `wait` seconds.

    Raised in place of the library's `RetryAfter`, which warns at every construction and needs a number in the answer.
    """

    def __init__(self, wait: float) -> None:
        super().__init__(f"too many requests, {wait:g} s to wait")
        self.wait = wait


class Timeouts(NamedTuple):
    """Seconds until a request is given up."""

    connect: float | None = 5.0
    write: float | None = 20.0
    read: float | None = READ_SECONDS

    @property
    def total(self) -> float | None:
        """The longest a request may take in all, however slowly the answer drips."""
        if self.connect is None or self.write is None or self.read is None:
            return None
        return self.connect + self.write + self.read


DEFAULTS = Timeouts()


class Transport(BaseRequest):
    """A pool of connections, as python-telegram-bot and our own `Api` use it."""

    __slots__ = ("_defaults", "_session")

    def __init__(self, defaults: Timeouts = DEFAULTS) -> None:
        self._defaults = defaults
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer unless a call says otherwise."""
        return self._defaults.read

    async def initialize(self) -> None:
        """Open the pool; connections are made when they are needed."""
        if self._session is None:
            # No limit of its own: who sends decides how much is in flight, and nobody waits for a place in the pool.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "kindling"},
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0913 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - nobody waits for a place in the pool
    ) -> tuple[int, bytes]:
        """Return status and body, or raise the library's error with a cause of ours."""
        wished = (connect_timeout, write_timeout, read_timeout)
        pairs = zip(wished, self._defaults, strict=True)
        timeouts = Timeouts(*(usual if wish is self.DEFAULT_NONE else wish for wish, usual in pairs))
        try:
            status, body = await self._exchange(url, method, request_data, timeouts)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is translated
            failure, cause = _translated(error)
        else:
            if status == 429:
                raise FloodError(_wait(body))
            return status, body
        # Raised out here, so that not even the context of the new error leads to the old one.
        raise failure from cause

    async def download(self, url: str, most: int) -> bytes:
        """The bytes at an address, at most so many; a redirect leads nowhere.

        Raises `FetchError`, of which not even the context shows the address.
        """
        failure: FetchError
        try:
            if self._session is None:
                raise FetchError("not connected")
            limits = aiohttp.ClientTimeout(
                total=None, sock_connect=self._defaults.connect, sock_read=self._defaults.read
            )
            async with self._session.get(url, timeout=limits, allow_redirects=False) as answer:
                if answer.status == 200:
                    return await drained(answer.content.iter_any(), most)
                failure = refused(answer.status)
        except FetchError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, only its kind is passed on
            failure = FetchError(type(error).__name__)
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; unlike the library's own, it logs nothing of what cannot be read."""
        try:
            tree: dict[str, Any] = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            tree = {}
        if not isinstance(tree, dict) or not tree:
            raise TelegramError("Invalid server response")
        return tree

    async def _exchange(self, url: str, method: str, data: RequestData | None, timeouts: Timeouts) -> tuple[int, bytes]:
        if self._session is None:
            raise NotSentError("not connected")
        body, headers = _body(data)
        limits = aiohttp.ClientTimeout(
            total=timeouts.total, connect=timeouts.connect, sock_connect=timeouts.connect, sock_read=timeouts.read
        )
        async with self._session.request(
            method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
        ) as answer:
            return answer.status, await answer.read()


def _body(data: RequestData | None) -> tuple[Any, dict[str, str]]:
    if data is None:
        return None, {}
    files = data.multipart_data
    if not files:
        return json.dumps(data.parameters).encode(), {"Content-Type": "application/json"}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in files.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form, {}


def _translated(error: Exception) -> tuple[NetworkError, Exception]:
    """The library's error for one of aiohttp's, and the cause to give it; only the kind of the old one is kept."""
    kind = type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return TimedOut(f"no connection: {kind}"), NotSentError(kind)
    if isinstance(error, NotSentError | aiohttp.ClientConnectorError | aiohttp.InvalidURL):
        return NetworkError(f"no connection: {kind}"), NotSentError(kind)
    if isinstance(error, TimeoutError):
        return TimedOut(f"no answer: {kind}"), InDoubtError(kind)
    return NetworkError(f"cut off: {kind}"), InDoubtError(kind)


def _wait(body: bytes) -> float:
    try:
        wait = json.loads(body)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return WAIT_UNKNOWN
    return float(wait) if isinstance(wait, int | float) and wait > 0 else WAIT_UNKNOWN
