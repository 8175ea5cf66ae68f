"""Deliveries over HTTP: checked over the raw bytes before anything is parsed, then taken in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.slack import guard
from bot.channels.slack.door import Ack
from bot.channels.slack.envelope import Envelope, from_body, sort

PATH = "/slack/events"
CLOCK_WRONG_FOR = 600.0

Take = Callable[[Envelope], Awaitable[Ack]]

log = structlog.get_logger()


@dataclass
class Requests:
    """The route that Slack calls. `now` gives seconds since 1970."""

    secret: str = field(repr=False)
    take: Take
    now: Callable[[], float]
    _untimely: float = field(default=float("-inf"), init=False)

    def route(self) -> Route:
        """The one address for events, commands and everything interactive."""
        return Route(PATH, self._receive, methods=["POST"])

    def ailing(self) -> str:
        """Whether true requests seem to come from another time: then one of the two clocks is wrong."""
        recently = self.now() - self._untimely < CLOCK_WRONG_FOR
        return "this machine's clock is minutes off: Slack's requests look too old or too new" if recently else ""

    async def _receive(self, request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        if refusal := guard.refusal(self.secret, request.headers, body, self.now()):
            if refusal == guard.OUT_OF_TIME:
                self._untimely = self.now()
            log.warning("request refused", reason=refusal)
            return PlainTextResponse("not believed", 401)
        # A clock that is wrong refuses all of them: one that is in time clears it.
        self._untimely = float("-inf")
        tree = from_body(request.headers.get("content-type", ""), body)
        if tree is None:
            return PlainTextResponse("not understood", 400)
        if tree.get("type") == "url_verification":
            return PlainTextResponse(str(tree.get("challenge", ""))[:1000])
        if "ssl_check" in tree:
            return PlainTextResponse("")
        ack = await self.take(sort(tree))
        if not ack.confirmed:
            return PlainTextResponse("not now", 503)
        return JSONResponse(dict(ack.body)) if ack.body else PlainTextResponse("")


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > guard.BODY_AT_MOST:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)
