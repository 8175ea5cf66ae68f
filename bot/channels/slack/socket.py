"""Deliveries over Socket Mode: two connections, so that one is there while the other is renewed, and a watchdog."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
import structlog
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.channels.slack import api
from bot.channels.slack.door import Ack
from bot.channels.slack.envelope import Envelope, sort

Take = Callable[[Envelope], Awaitable[Ack]]

CONNECTIONS = 2
PING_SECONDS = 4.0
DEAF_SECONDS = 60.0
UNWELL_SECONDS = 25.0
"""The library reconnects by itself; one that has not managed within this time is made anew, with its session."""
CONNECT_SECONDS = 15.0
LOOK_SECONDS = 5.0
RED_SECONDS = 25.0

log = structlog.get_logger()


@dataclass
class Sockets:
    """Keeps the connections; `clock` is monotonic, `now` gives seconds since 1970, as the library's pongs do."""

    token: str = field(repr=False)
    url: str
    take: Take
    clock: Callable[[], float]
    now: Callable[[], float]
    _clients: list[SocketModeClient] = field(default_factory=list, init=False)
    _connections: aiohttp.ClientSession | None = field(default=None, init=False)
    _task: asyncio.Task[None] | None = field(default=None, init=False)
    _unwell: dict[int, float] = field(default_factory=dict, init=False)
    _well: float = field(default=0.0, init=False)
    _problem: str = field(default="", init=False)

    async def start(self) -> None:
        """Connect, and stay connected."""
        self._well = self.clock()
        self._task = asyncio.create_task(self._watch(), name="slack sockets")

    async def stop(self) -> None:
        """Close every connection."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await asyncio.gather(*(self._close(client) for client in self._clients), return_exceptions=True)
        self._clients.clear()
        if self._connections is not None:
            await self._connections.close()
        self._connections = None

    def ailing(self) -> str:
        """Why nothing may come in, empty when all is well."""
        silent = self.clock() - self._well
        return self._problem or (f"no connection to Slack for {silent:.0f} s" if silent > RED_SECONDS else "")

    async def _watch(self) -> None:
        while True:
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - every trouble has its pause, none ends the account
                log.warning("no connection to Slack", error=getattr(error, "error", type(error).__name__))
            await asyncio.sleep(LOOK_SECONDS if self._clients else 1.0)

    async def _look(self) -> None:
        for client in list(self._clients):
            if await self._is_deaf(client):
                # Connected and deaf: neither the client nor its session can be trusted any more.
                log.warning("connection to Slack is deaf, made anew")
                self._clients.remove(client)
                await self._close(client)
        while len(self._clients) < CONNECTIONS:
            self._clients.append(await self._connect())
        if any([await client.is_connected() for client in self._clients]):
            self._well = self.clock()

    async def _is_deaf(self, client: SocketModeClient) -> bool:
        ponged = client.last_ping_pong_time
        if await client.is_connected() and (ponged is None or self.now() - ponged < DEAF_SECONDS):
            self._unwell.pop(id(client), None)
            return False
        return self.clock() - self._unwell.setdefault(id(client), self.clock()) > UNWELL_SECONDS

    async def _connect(self) -> SocketModeClient:
        await self._check()
        client = SocketModeClient(
            app_token=self.token,
            web_client=api.client(self.token, self.url, self._session()),
            ping_interval=PING_SECONDS,
            logger=_quiet(),
        )
        client.socket_mode_request_listeners.append(self._receive)
        try:
            await asyncio.wait_for(client.connect(), CONNECT_SECONDS)  # type: ignore[no-untyped-call]
        except BaseException:
            await self._close(client)
            raise
        return client

    async def _check(self) -> None:
        """Ask once ourselves: the library would try for ever, and never say that the token is refused."""
        try:
            await api.Api(self.token, self.url, self._session()).call("apps.connections.open", {})
        except api.CallError as refused:
            self._problem = f"SLACK_APP_TOKEN is refused ({refused.error})" if refused.receipt.wait else ""
            raise
        self._problem = ""

    def _session(self) -> aiohttp.ClientSession:
        if self._connections is None or self._connections.closed:
            self._connections = api.session()
        return self._connections

    async def _close(self, client: SocketModeClient) -> None:
        self._unwell.pop(id(client), None)
        with suppress(Exception):
            await asyncio.wait_for(client.close(), LOOK_SECONDS)  # type: ignore[no-untyped-call]

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        ack = await self.take(sort(request.payload))
        if not ack.confirmed:
            return
        body = dict(ack.body) if ack.body else None
        # A connection that is gone by now brings the same delivery again over the next one, and it is known then.
        with suppress(Exception):
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=body))


def _quiet() -> logging.Logger:
    logger = logging.getLogger("slack_sdk.socket_mode")
    logger.setLevel(logging.CRITICAL)
    return logger
