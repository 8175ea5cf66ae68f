"""Who a browser is: a random chat number in a signed cookie, and the proof that our own page is asking."""

import secrets
from urllib.parse import urlsplit

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "kindling_chat"
HEADER = "X-Kindling-Token"
YEAR = 365 * 24 * 3600


class Visitors:
    """Knows each browser by its cookie; nobody can make one without the secret."""

    def __init__(self, secret: str) -> None:
        self._cookies = Signer(secret, salt="kindling.web.chat")
        self._tokens = Signer(secret, salt="kindling.web.token")

    def chat_of(self, request: Request) -> str:
        """The chat a request belongs to; empty when it brings no cookie of ours."""
        try:
            return self._cookies.unsign(request.cookies.get(COOKIE, "")).decode()
        except BadSignature:
            return ""

    def new_chat(self) -> str:
        """A chat number nobody can guess: 128 random bits."""
        return secrets.token_hex(16)

    def remember(self, request: Request, response: Response, chat: str) -> None:
        """Give the browser its cookie, or prolong it."""
        response.set_cookie(
            COOKIE,
            self._cookies.sign(chat).decode(),
            max_age=YEAR,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )

    def token(self, chat: str) -> str:
        """What the page of this chat must send along with everything it posts."""
        return self._tokens.get_signature(chat).decode()

    def is_ours(self, request: Request, chat: str) -> bool:
        """Whether a post comes from the page we gave to this chat, and from no other site."""
        if not chat or not _same_site(request):
            return False
        given = request.headers.get(HEADER, "")
        return secrets.compare_digest(given.encode(), self.token(chat).encode())


def _same_site(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
