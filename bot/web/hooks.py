"""`/hooks/SOURCE`: where outside systems confirm actions; checked over the raw bytes before anything is parsed."""

from collections.abc import Callable

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.proof.reports import UnreadableError
from bot.clock import Clock
from bot.conversation import hooks
from bot.conversation.turn import House
from storage.hooks import KNOWN
from storage.store import Store

log = structlog.get_logger()


def route(store: Store, clock: Clock, house: House, wake: Callable[[str], None]) -> Route:
    """The route of all sources."""

    async def receive(request: Request) -> Response:
        source, path = _parts(request.path_params["source"])
        body = await _body(request)
        if body is None:
            return JSONResponse({"error": "too large: at most 1 MiB"}, 413)
        found = await store.read(hooks.senders, source, path, house.secret)
        if not found:
            raise HTTPException(404)
        headers = {name.lower(): value for name, value in request.headers.items()}
        sender = hooks.believed(found, body, headers, path, clock.now())
        if isinstance(sender, str):
            log.warning("a webhook is not believed", source=source, reason=sender)
            return JSONResponse({"error": sender}, 401)
        try:
            taken = await store.write(hooks.take_in, sender, body, headers, clock.now(), house)
        except UnreadableError as error:
            log.warning("a webhook cannot be read", source=source, reason=str(error))
            return JSONResponse({"error": str(error)}, 400)
        for account in taken.accounts:
            wake(account)
        return JSONResponse({"outcome": taken.outcome})

    return Route("/hooks/{source:path}", receive, methods=["POST"])


def _parts(address: str) -> tuple[str, str]:
    """The source and, behind a known one or a pack's name for its own, the end of an address of its own."""
    parts = address.strip("/").split("/")
    if parts[0] in KNOWN:
        return parts[0], "/".join(parts[1:])
    return "/".join(parts[:2]), "/".join(parts[2:])


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > hooks.BODY_AT_MOST:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)
