"""The HTTP side: requests in, answers out, with the judge and the faults in between."""

import asyncio
import logging
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.platforms import downloads
from tests.platforms.slack import chat, parameters, uploads
from tests.platforms.slack.calls import Call, Json
from tests.platforms.slack.errors import RefusedError, invalid, missing_scope
from tests.platforms.slack.faults import Fault, Faults
from tests.platforms.slack.methods import bot_methods
from tests.platforms.slack.oauth import OAuth
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.responses import respond
from tests.platforms.slack.sockets import check_app_token
from tests.platforms.slack.stage import Stage
from tests.platforms.slack.world import Team

_REQUEST_BYTES_AT_MOST = 60_000_000
_SECONDS_TO_SHUT = 0.2


class Server:
    """Slack for one app."""

    def __init__(self, stage: Stage, oauth: OAuth) -> None:
        self.faults = Faults()
        self.port = 0
        self._stage = stage
        self._world = stage.world
        self._oauth = oauth
        self._methods = bot_methods(stage.screens)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> None:
        """Listen on this machine only."""
        app = web.Application(client_max_size=_REQUEST_BYTES_AT_MOST)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/response/{team}/{key}", self._respond)
        app.router.add_route("*", "/upload/v1/{id}", self._upload)
        app.router.add_get("/files-pri/{team}-{id}/{name}", self._download)
        app.router.add_get("/signin", self._sign_in)
        app.router.add_get("/link/", self._stage.sockets.connect)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SECONDS_TO_SHUT)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.port = self._runner.addresses[0][1]
        self._world.url = f"http://127.0.0.1:{self.port}"
        await self._stage.delivery.start()

    async def stop(self) -> None:
        """Close every connection."""
        await self._stage.stop()
        await self._stage.sockets.stop()
        await self._stage.delivery.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        try:
            asked = await parameters.read(request)
        except RefusedError as error:
            return web.json_response(error.as_json())
        method = request.match_info["method"]
        call = self._note(method, asked.judged(), asked.token)
        return await self._answer(request, call, lambda: self._act(method, asked, call))

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        try:
            asked = await parameters.read(request)
        except RefusedError as error:
            return web.json_response(error.as_json(), status=400)
        call = self._note("response", asked.judged(), "")
        call.team = request.match_info["team"]

        def act() -> Json:
            respond(self._world, call.team, request.match_info["key"], asked)
            return {}

        return await self._answer(request, call, act, refusal_status=400)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        data = await _uploaded(request)
        call = self._note("upload", {"id": request.match_info["id"], "size": len(data)}, "")

        def act() -> str:
            if not uploads.take(self._world, request.match_info["id"], data):
                raise RefusedError("invalid_upload", status=400)
            return f"OK - {len(data)}"

        return await self._answer(request, call, act)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        team, id_ = request.match_info["team"], request.match_info["id"]
        header = request.headers.get("Authorization", "")
        self._world.calls.add(
            Call("download", {"id": id_}, header.removeprefix("Bearer "), self._world.clock.monotonic())
        )
        with self._world.lock:
            file = self._world.files.get(id_)
            allowed = file is not None and file["team"] == team and uploads.may_read(self._world, header, team)
        if file is None or not allowed:
            # Slack leads whoever may not see a file to the page to sign in at, and never says why.
            return web.Response(status=302, headers={"Location": f"{self._world.url}/signin?redir={request.path}"})
        return await downloads.hand_out(request, file["data"], file["manner"], file["mimetype"])

    async def _sign_in(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(text="<!DOCTYPE html><html><body>Sign in</body></html>", content_type="text/html")

    def _note(self, method: str, args: Json, token: str) -> Call:
        call = Call(method, args, token, self._world.clock.monotonic())
        team = self._team(token)
        call.team = team.id if team else ""
        self._world.calls.add(call)
        return call

    async def _answer(
        self, request: web.Request, call: Call, act: Callable[[], Any], refusal_status: int | None = None
    ) -> web.StreamResponse:
        fault = self.faults.strike(call)
        if fault is not None and not fault.after_send:
            await self._suffer(fault)
            if fault.answers:
                return self._fail(request, call, fault)
        status, headers = 200, {}
        try:
            with self._world.lock:
                result = act()
            call.accepted = True
            call.response = result if isinstance(result, str) else {"ok": True, **result}
        except RefusedError as refusal:
            call.response = refusal.as_json()
            status = refusal.status if refusal_status is None or refusal.status != 200 else refusal_status
            headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after is not None else {}
        except Exception as error:
            logging.getLogger(__name__).exception("the stand-in failed")
            self._world.complaints.append(f"{call.method}: the stand-in itself failed: {error!r}")
            return web.Response(status=500)
        if fault is not None and fault.after_send:
            await self._suffer(fault)
            if fault.answers:
                return self._fail(request, call, fault)
        return self._send(call, status, headers)

    def _send(self, call: Call, status: int, headers: dict[str, str]) -> web.StreamResponse:
        call.status = status
        self._world.bell.ring()
        headers = headers | {"Date": formatdate(self._world.clock.unix(), usegmt=True)}
        if isinstance(call.response, str):
            return web.Response(text=call.response, status=status, headers=headers)
        return web.json_response(call.response, status=status, headers=headers)

    async def _suffer(self, fault: Fault) -> None:
        await asyncio.sleep(fault.delay)
        fault.kill()

    def _fail(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.drop or fault.kill_pid is not None:
            call.status, call.response = 0, None
            if request.transport is not None:
                request.transport.abort()
            self._world.bell.ring()
            return web.Response()
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
        if fault.body is None:
            call.response = fault.as_json
            return self._send(call, fault.status, headers)
        call.status, call.response = fault.status, fault.body
        self._world.bell.ring()
        body = fault.body if isinstance(fault.body, bytes) else fault.body.encode()
        return web.Response(body=body, status=fault.status, headers=headers, content_type="application/json")

    def _act(self, method: str, asked: Asked, call: Call) -> Json:
        if method == "apps.connections.open":
            check_app_token(self._stage.sockets, asked.token)
            return self._stage.sockets.open()
        if method == "oauth.v2.access":
            return self._oauth.access(self._world, None, asked)
        if method not in self._methods:
            self._world.complaints.append(f"{method}: not known to the stand-in")
            raise RefusedError("unknown_method", req_method=method)
        team = self._authorized(asked.token)
        found, scopes = self._methods[method], team.scopes
        if found.scope and found.scope not in scopes:
            raise missing_scope(found.scope, scopes)
        if problems := self._world.judge(method, call.args):
            if method in ("chat.postMessage", "chat.postEphemeral"):
                chat.content(self._world, asked)
            raise invalid("invalid_arguments", *problems)
        return found.act(self._world, team, asked)

    def _authorized(self, token: str) -> Team:
        if not token:
            raise RefusedError("not_authed")
        if token in self._world.dead_tokens:
            raise RefusedError(self._world.dead_tokens[token])
        if token == self._stage.sockets.app_token:
            raise RefusedError("not_allowed_token_type")
        team = self._team(token)
        if team is None:
            raise RefusedError("invalid_auth")
        return team

    def _team(self, token: str) -> Team | None:
        every = self._world.teams.values()
        return next((team for team in every if token and team.bot_token == token), None)


async def _uploaded(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if not isinstance(value, str):
            return value.file.read()  # type: ignore[no-any-return]
    return b""
