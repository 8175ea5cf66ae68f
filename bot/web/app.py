"""The web application: routes of all parts behind one set of security headers, and pages for what goes wrong."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web import page

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' https:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOR_GOOD = "public, max-age=31536000, immutable"


def build(
    routes: Sequence[BaseRoute], *, middleware: Sequence[Middleware] = (), lifespan: Lifespan | None = None
) -> Starlette:
    """The application over `routes`; `/static` (the look all pages share) is added."""
    return Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=page.STATIC))],
        middleware=[Middleware(SecurityHeaders), *middleware],
        exception_handlers={HTTPException: _refused, Exception: _broken},
        lifespan=lifespan,
    )


class SecurityHeaders:
    """Adds the headers that every answer carries; what a route set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and put the headers on what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kept = _kept(scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if kept and message["status"] == 200:
                    headers["Cache-Control"] = kept
            await send(message)

        await self.app(scope, receive, send_guarded)


def _kept(scope: Scope) -> str:
    """How long a browser may keep what it asks for: a static file whose address names its content, for good."""
    if "/static/" not in scope["path"]:
        return ""
    return FOR_GOOD if scope["query_string"].startswith(b"v=") else "no-cache"


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return _fault(request, status, headers)


async def _broken(request: Request, _error: Exception) -> Response:
    # Starlette sends this from outside all middleware, so the headers are put on here.
    return _fault(request, 500, dict(HEADERS))


def _fault(request: Request, status: int, headers: dict[str, str]) -> Response:
    headers["Cache-Control"] = "no-store"
    if status in {204, 304}:
        return Response(status_code=status, headers=headers)
    title, html = page.fault(request, status)
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(html, status, headers)
    return JSONResponse({"error": title}, status, headers)
