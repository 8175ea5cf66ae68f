"""`/photo/TOKEN`: a photo that somebody sent, for as long as a moderator's chat needs to show it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock
from bot.conversation import passes
from storage import photos
from storage.store import Store

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Robots-Tag": "noindex",
}


def route(store: Store, clock: Clock, secret: str) -> Route:
    """The route that shows photos of a store under addresses made with `secret`."""

    async def photo(request: Request) -> Response:
        number = passes.read(request.path_params["token"], secret, clock.now())
        content = await store.read(photos.picture, number, secret) if number is not None else None
        if content is None:
            raise HTTPException(404)
        return Response(content, headers=HEADERS, media_type="image/jpeg")

    return Route("/photo/{token}", photo)
