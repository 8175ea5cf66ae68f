"""`/go/TOKEN`: a person's own counted way to the page of one action; where it leads stands in the pack alone."""

import re

import structlog
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from actions.proof import tokens
from bot.clock import Clock
from bot.wording.links import Links
from storage import history, visits
from storage.catalog import stock_of
from storage.store import Store

ROBOTS = re.compile(
    r"bot\b|bot/|spider|crawl|slurp|preview|facebookexternalhit|whatsapp|imgproxy|embedly|vkshare|headless|"
    r"python-|curl/|wget/|go-http|okhttp|java/|monitor|uptime|scan",
    re.IGNORECASE,
)
"""Programs that open a link for somebody who has not pressed it: previews of chat programs, scanners, fetchers."""
AHEAD = ("purpose", "sec-purpose", "x-purpose", "x-moz")
"""Headers by which a browser says that it only looks ahead."""

log = structlog.get_logger()


def is_robot(request: Request) -> bool:
    """Whether nobody pressed this link: a HEAD, a look ahead, a preview's robot, a program without a name."""
    agent = request.headers.get("user-agent", "")
    ahead = any(word in request.headers.get(name, "").lower() for name in AHEAD for word in ("prefetch", "preview"))
    return request.method == "HEAD" or ahead or not agent or ROBOTS.search(agent) is not None


def route(store: Store, clock: Clock, secret: str) -> Route:
    """The route of all counted links."""

    async def go(request: Request) -> Response:
        number = tokens.read(request.path_params["token"], "link", secret)
        target = await store.read(_target, number) if number is not None else None
        if number is None or target is None:
            raise HTTPException(404)
        if not is_robot(request):
            try:
                await store.write(visits.note, number, clock.now())
            except Exception as error:  # noqa: BLE001 - whoever wants to read goes on, counted or not
                log.error("a visit was not counted", error=type(error).__name__)
        return RedirectResponse(target, 302, headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})

    return Route("/go/{token}", go, methods=["GET", "HEAD"])


def _target(conn: Connection, ask_id: int) -> str | None:
    ask = history.get_ask(conn, ask_id)
    action = stock_of(conn).action(ask.asked.action) if ask is not None else None
    return Links.bare(action) if action is not None else None
