"""The webhook: checked, written down, answered 200 and empty; handled later, by the same worker as polling's."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.api import Api
from bot.channels.telegram.door import Keep, UndeliverableError, storable
from bot.channels.telegram.health import Timing
from bot.channels.telegram.inbound import ALLOWED

HEADER = "X-Telegram-Bot-Api-Secret-Token"
BODY_AT_MOST = 1_000_000
CONNECTIONS = 40

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Place:
    """Where Telegram finds us: the public address, the bot's number and the instance's secret."""

    public_url: str
    bot: str
    secret: str = field(repr=False)

    @property
    def url(self) -> str:
        """The address to register."""
        return f"{self.public_url.rstrip('/')}/telegram/{self.bot}"

    @property
    def token(self) -> str:
        """The secret token that Telegram shows with every update."""
        words = f"telegram webhook {self.bot}"
        return hmac.new(self.secret.encode(), words.encode(), hashlib.sha256).hexdigest()


class Webhook:
    """Has updates pushed to us; sees to it that Telegram keeps our address and nobody else's."""

    def __init__(self, api: Api, keep: Keep, place: Place, timing: Timing) -> None:
        self.rest = timing.check
        self._api = api
        self._keep = keep
        self._place = place
        self._last_error: Any = None
        self._undelivered = 0

    async def open(self) -> None:
        """Register our address with Telegram."""
        await self._api.call(
            "setWebhook",
            {
                "url": self._place.url,
                "secret_token": self._place.token,
                "allowed_updates": ALLOWED,
                "max_connections": CONNECTIONS,
            },
        )

    async def step(self) -> None:
        """See that the webhook is still ours, and that Telegram reaches it."""
        info = await self._api.call("getWebhookInfo", {})
        if info.get("url") != self._place.url:
            log.warning("webhook was changed elsewhere, set again")
            await self.open()
        error, self._last_error = self._last_error, info.get("last_error_date")
        is_failing = bool(info.get("pending_update_count")) and self._last_error is not None
        if not is_failing:
            self._undelivered = 0
        elif self._undelivered or self._last_error != error:
            self._undelivered += 1
        if self._undelivered > 1:  # a single failure is made good by the next delivery
            raise UndeliverableError

    def route(self) -> Route:
        """Return the route that Telegram calls."""
        return Route("/telegram/{account}", self._receive, methods=["POST"], name="telegram")

    async def _receive(self, request: Request) -> Response:
        if request.path_params["account"] != self._place.bot:
            return Response(status_code=404)
        shown = request.headers.get(HEADER, "")
        if not hmac.compare_digest(shown.encode(), self._place.token.encode()):
            return Response(status_code=403)
        body = await _read(request)
        if body is None:
            return Response(status_code=413)
        try:
            await self._keep(storable([_tree(body)]))
        except Exception as error:  # noqa: BLE001 - Telegram delivers again what it is not told we have
            log.error("update not written down", error=type(error).__name__)
            return Response(status_code=500)
        return Response(status_code=200)


async def _read(request: Request) -> bytes | None:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_AT_MOST:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def _tree(body: bytes) -> Any:
    """What a body says; one that is no JSON is kept as the words it is, to be set aside later."""
    words = body.decode("utf-8", "replace")
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return words
