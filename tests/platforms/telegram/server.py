"""The HTTP side: requests in, answers out, with the oracle's judgement and the faults in between."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.platforms import downloads, telegram_oracle
from tests.platforms.telegram.calls import Call, Calls
from tests.platforms.telegram.errors import RefusedError
from tests.platforms.telegram.faults import Fault, Faults, Moment
from tests.platforms.telegram.methods import METHODS
from tests.platforms.telegram.parameters import Parameters, read_parameters
from tests.platforms.telegram.polling import Polling
from tests.platforms.telegram.webhook import Webhook
from tests.platforms.telegram.world import Json, World

_REQUEST_BYTES_AT_MOST = 60_000_000
_SECONDS_TO_SHUT = 0.2


@dataclass(frozen=True)
class Answer:
    """What goes back to the bot; status 0 cuts the connection instead."""

    status: int
    body: Json | bytes = b""


class Server:
    """The Bot API of one bot."""

    def __init__(self, world: World, token: str, haste: float) -> None:
        self.calls = Calls()
        self.faults = Faults()
        self.complaints: list[str] = []
        self.port = 0
        self.webhook = Webhook(world, self._execute, haste)
        self._world = world
        self._token = token
        self._polling = Polling(world, self.webhook.is_set)
        own = {
            "setWebhook": self.webhook.set,
            "deleteWebhook": self.webhook.delete,
            "getWebhookInfo": self.webhook.info,
        }
        self._methods = {**METHODS, **own}
        self._names = {name.lower(): name for name in [*self._methods, "getUpdates"]}
        self._runner: web.AppRunner | None = None
        self._pushing: asyncio.Task[None] | None = None

    async def start(self, port: int) -> None:
        """Listen on this machine only."""
        telegram_oracle.load()
        app = web.Application(client_max_size=_REQUEST_BYTES_AT_MOST)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_route("*", "/{rest:.*}", self._nowhere)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SECONDS_TO_SHUT)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.port = self._runner.addresses[0][1]
        self._pushing = asyncio.create_task(self.webhook.run())

    async def stop(self) -> None:
        """End every poll and delivery, and close every connection."""
        self._polling.close()
        if self._pushing is not None:
            self._pushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pushing
        if self._runner is not None:
            await self._runner.cleanup()

    async def _nowhere(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(RefusedError(404, "Not Found").as_json(), status=404)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._token:
            return web.json_response(RefusedError(401, "Unauthorized").as_json(), status=401)
        path = request.match_info["path"]
        with self._world.lock:
            file = next((file for file in self._world.files.values() if file.path == path), None)
        if file is None:
            return await self._nowhere(request)
        self.calls.add(Call("download", {"path": path}, self._world.clock.monotonic(), "http"))
        return await downloads.hand_out(request, file.data, file.manner, "application/octet-stream")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._token:
            return web.json_response(RefusedError(401, "Unauthorized").as_json(), status=401)
        try:
            asked = await read_parameters(request)
        except (RefusedError, ValueError) as error:
            refusal = (
                error if isinstance(error, RefusedError) else RefusedError(400, "Bad Request: can't parse the request")
            )
            return web.json_response(refusal.as_json(), status=400)
        call = self._note(request.match_info["method"], asked, "http")
        fault = self.faults.strike(call)
        answer = await self._strike(fault, "arrived")
        if answer is None:
            honest = await self._perform(call, asked, request)
            answer = await self._strike(fault, "accepted") or honest
            if answer is not honest and call.method == "getUpdates":
                self._world.updates.take_back(call.result or [])
        response = await self._respond(request, call, answer)
        await self._strike(fault, "answered")
        return response

    def _note(self, method: str, asked: Parameters, via: str) -> Call:
        method = self._names.get(method.lower(), method)
        call = Call(method, asked.values, self._world.clock.monotonic(), via)
        self.calls.add(call)
        if method not in self._methods and method != "getUpdates":
            self.complaints.append(f"{method}: not known to the stand-in")
        self.complaints += telegram_oracle.complaints(method, asked.raw)
        return call

    async def _strike(self, fault: Fault | None, moment: Moment) -> Answer | None:
        if fault is None or fault.moment != moment:
            return None
        await asyncio.sleep(fault.delay)
        fault.kill()
        if fault.drop is not None or fault.kill_pid is not None:
            return Answer(0)
        return Answer(*fault.answer) if fault.answer is not None else None

    async def _perform(self, call: Call, asked: Parameters, request: web.Request) -> Answer:
        try:
            if call.method == "getUpdates":
                asked.check()
                call.result = await self._polling.poll(asked, lambda: _is_gone(request))
            else:
                call.result = self._act(call, asked)
        except RefusedError as refusal:
            call.description = refusal.description
            return Answer(refusal.code, refusal.as_json())
        except Exception as error:
            self.complaints.append(f"{call.method}: the stand-in itself failed: {error!r}")
            raise
        call.accepted = True
        return Answer(200, {"ok": True, "result": call.result})

    def _act(self, call: Call, asked: Parameters) -> Any:
        method = self._methods.get(call.method)
        if method is None:
            raise RefusedError(404, "Not Found")
        asked.check()
        with self._world.lock:
            return method(self._world, asked)

    def _execute(self, method: str, params: Json) -> None:
        """Carry out a call that came as the answer to a webhook; nobody hears of its outcome."""
        asked = Parameters(params)
        call = self._note(method, asked, "webhook")
        try:
            call.result = self._act(call, asked)
            call.accepted, call.status = True, 200
        except RefusedError as refusal:
            call.status, call.description = refusal.code, refusal.description
        self._world.bell.ring()

    async def _respond(self, request: web.Request, call: Call, answer: Answer) -> web.StreamResponse:
        call.status = answer.status
        if isinstance(answer.body, dict):
            call.description = answer.body.get("description", "")
            response = web.json_response(answer.body, status=answer.status or 200)
        else:
            response = web.Response(body=answer.body, status=answer.status or 200, content_type="text/html")
        self._world.bell.ring()
        if answer.status == 0 and request.transport is not None:
            request.transport.close()
            return response
        # A bot that has hung up meanwhile is no fault of ours.
        with contextlib.suppress(ConnectionError):
            await response.prepare(request)
            await response.write_eof()
        return response


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
