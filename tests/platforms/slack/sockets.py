"""Socket Mode: connections of the bot, envelopes to it, acknowledgements from it, and its ways to fail."""

import asyncio
import contextlib
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.platforms.slack.calls import Json, Reply
from tests.platforms.slack.errors import RefusedError
from tests.platforms.slack.world import World

_CONNECTIONS_AT_MOST = 10
_STEP = 0.01
_TYPES_WITH_ANSWER = ("interactive", "slash_commands")


@dataclass(eq=False)
class Connection:
    """One socket of the bot; a frozen one is open and dead, a leaving one gets nothing new."""

    ws: web.WebSocketResponse
    request: web.Request
    frozen: bool = False
    leaving: bool = False
    pending: dict[str, "asyncio.Future[Json]"] = field(default_factory=dict)
    sent: list[Json] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Return whether something can be sent."""
        return not self.ws.closed and self.request.transport is not None and not self.request.transport.is_closing()

    def cut(self) -> None:
        """Cut the connection without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Sockets:
    """All sockets of the app. `grace` is how long a connection lives after it was told to leave."""

    def __init__(self, world: World) -> None:
        self.app_token = f"xapp-1-{world.app_id}-1122334455-{secrets.token_hex(16)}"
        self.grace = 2.0
        self.ping_seconds = 5.0
        self.connections: list[Connection] = []
        self.opened = 0
        self.refused = 0
        self.refuse_until = 0.0
        self._world = world
        self._tickets: set[str] = set()
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> Json:
        """Serve apps.connections.open."""
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        address = self._world.url.replace("http://", "ws://")
        return {"url": f"{address}/link/?ticket={ticket}&app_id={self._world.app_id}"}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until it ends."""
        ticket = request.query.get("ticket", "")
        if time.monotonic() < self.refuse_until:
            self.refused += 1
            return web.Response(status=503)
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.remove(ticket)
        ws = web.WebSocketResponse(autoping=False, autoclose=False)
        await ws.prepare(request)
        connection = Connection(ws, request)
        if len(self._alive()) >= _CONNECTIONS_AT_MOST:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        await self._serve(connection)
        return ws

    async def send(self, kind: str, payload: Json, patience: float, wait: float, more: Json) -> Reply:
        """Send an envelope over one connection, waiting for one if none is open."""
        start = time.monotonic()
        while (connection := self._next()) is None:
            if time.monotonic() - start > wait:
                return Reply(0, "", time.monotonic() - start, "no_connection")
            await asyncio.sleep(_STEP)
        envelope = {"envelope_id": str(uuid.uuid4()), "type": kind, "payload": payload, **more}
        envelope["accepts_response_payload"] = kind in _TYPES_WITH_ANSWER
        answered: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.pending[envelope["envelope_id"]] = answered
        start = time.monotonic()
        try:
            await self._write(connection, envelope)
            async with asyncio.timeout(patience):
                ack = await answered
        except TimeoutError:
            return Reply(0, "", time.monotonic() - start, "operation_timeout")
        except ConnectionError:
            return Reply(0, "", time.monotonic() - start, "connection_closed")
        finally:
            connection.pending.pop(envelope["envelope_id"], None)
        return Reply(200, ack.get("payload", ""), time.monotonic() - start)

    def drop(self) -> None:
        """Cut all connections."""
        for connection in self._alive():
            connection.cut()

    def freeze(self) -> None:
        """Let all connections stay open and say nothing any more."""
        for connection in self._alive():
            connection.frozen = True

    def thaw(self) -> None:
        """Let frozen connections go on."""
        for connection in self.connections:
            connection.frozen = False

    def disconnect(self, reason: str) -> None:
        """Tell all connections to leave, and close them a little later."""
        for connection in self._alive():
            task = asyncio.create_task(self._leave(connection, reason))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End everything."""
        for task in list(self._tasks):
            task.cancel()
        self.drop()

    async def _serve(self, connection: Connection) -> None:
        self.opened += 1
        about = {"app_id": self._world.app_id}
        debug = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        hello = {"type": "hello", "num_connections": len(self._alive()) + 1, "connection_info": about}
        await connection.ws.send_json(hello | {"debug_info": debug})
        self.connections.append(connection)
        self._world.bell.ring()
        pings = asyncio.create_task(self._ping(connection))
        try:
            await self._read(connection)
        finally:
            pings.cancel()
            self.connections.remove(connection)
            for future in connection.pending.values():
                if not future.done():
                    future.set_exception(ConnectionResetError("the socket is closed"))
            self._world.bell.ring()

    async def _read(self, connection: Connection) -> None:
        while True:
            message = await connection.ws.receive()
            while connection.frozen and connection.is_open:  # noqa: ASYNC110
                await asyncio.sleep(_STEP)
            if not connection.is_open or message.type in (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR):
                return
            if message.type == WSMsgType.CLOSE:
                await connection.ws.close()
                return
            if message.type == WSMsgType.PING:
                with contextlib.suppress(ConnectionError):
                    await connection.ws.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                self._take(connection, message.data)

    def _take(self, connection: Connection, data: str) -> None:
        try:
            ack = json.loads(data)
            answered = connection.pending.get(ack["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self._world.complaints.append(f"this is no acknowledgement: {data[:200]}")
            return
        if answered is not None and not answered.done():
            answered.set_result(ack)

    async def _ping(self, connection: Connection) -> None:
        while connection.is_open:
            await asyncio.sleep(self.ping_seconds)
            if not connection.frozen:
                with contextlib.suppress(ConnectionError):
                    await connection.ws.ping(b"Ping from applink-1")

    async def _write(self, connection: Connection, envelope: Json) -> None:
        connection.sent.append(envelope)
        if not connection.frozen:
            await connection.ws.send_json(envelope)

    async def _leave(self, connection: Connection, reason: str) -> None:
        connection.leaving = True
        with contextlib.suppress(ConnectionError):
            await connection.ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})
        await asyncio.sleep(self.grace)
        if connection.is_open:
            with contextlib.suppress(ConnectionError):
                await connection.ws.close()
            connection.cut()

    def _alive(self) -> list[Connection]:
        return [each for each in self.connections if each.is_open]

    def _next(self) -> Connection | None:
        """Return the connection whose turn it is; a leaving one only if there is no other."""
        alive = self._alive()
        chosen = [each for each in alive if not each.leaving]
        if not chosen:
            return None
        self._turn += 1
        return chosen[self._turn % len(chosen)]


def check_app_token(sockets: Sockets, token: str) -> None:
    """Refuse what is not the app-level token."""
    if not token:
        raise RefusedError("not_authed")
    if token != sockets.app_token:
        raise RefusedError("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
