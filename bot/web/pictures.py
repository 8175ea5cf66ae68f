"""`/pictures/PACK/NAME`: the images that packs brought; `/pictures/drawn/KEY.png`: those drawn here."""

from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage import drawings, packs
from storage.store import Store

SHOWN = {"image/png", "image/jpeg", "image/webp", "image/gif"}


def route(store: Store) -> Route:
    """The route that serves the pictures of a store."""

    async def picture(request: Request) -> Response:
        found = await store.read(drawings.find, "{pack}/{name}".format(**request.path_params))
        if found is None or found.media_type not in SHOWN:
            raise HTTPException(404)
        headers = _headers(found)
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(found.content, headers=headers, media_type=found.media_type)

    return Route("/pictures/{pack}/{name:path}", picture)


def _headers(picture: packs.Picture) -> dict[str, str]:
    return {
        # A week, not for ever: a pack's next version may bring another picture under the same name.
        "Cache-Control": "private, max-age=3600" if picture.private else "public, max-age=604800",
        "ETag": f'"{sha256(picture.content).hexdigest()[:32]}"',
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
