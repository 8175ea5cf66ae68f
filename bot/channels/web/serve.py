"""The web chat as a channel: its routes, and what is sent over them."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.base import Adapter
from bot.channels.files import GoneError
from bot.channels.web import inbound, outbound, page
from bot.channels.web.demo import Demo
from bot.channels.web.inbound import Posted
from bot.channels.web.limits import Buckets
from bot.channels.web.listeners import Listeners
from bot.channels.web.uploading import UnwelcomeError, Uploads
from bot.channels.web.visitors import Visitors
from bot.clock import Clock
from bot.conversation import passes
from bot.message import File, Incoming, Message, Outcome, Receipt
from bot.wording import chrome
from storage import sealed, uploads, webchat
from storage.store import Store

BODY_BYTES = 16_384
BODY_SECONDS = 10.0
PAGES_OF_A_CHAT = 12
PING_SECONDS = 20
LOOK_AGAIN = {True: 15.0, False: 2.0}
"""Seconds until a page looks by itself for what another process wrote: on SQLite (rare), on PostgreSQL (usual)."""
NO_STORE = {"Cache-Control": "no-store"}


class Taker(Protocol):
    """Handles what a person did (`bot.conversation.intake.Intake`)."""

    async def take(self, incoming: Incoming) -> Sequence[Message]:
        """Handle one thing; the answers are on their way when this returns."""


@dataclass(kw_only=True)
class WebAdapter(Adapter):
    """The web chat, one account named `web`; a chat is a browser."""

    store: Store
    intake: Taker
    clock: Clock
    secret: str
    commands: page.Commands = field(default_factory=dict)
    demo: Demo | None = None
    name: str = inbound.ACCOUNT
    rate: float = 1000.0
    chat_gap: float = 0.0

    def __post_init__(self) -> None:
        self._visitors = Visitors(self.secret)
        self._page = page.Page(self.commands, self.demo)
        self._listeners = Listeners()
        self._buckets = Buckets()
        self._uploads = Uploads()

    def crowd(self, chat: str) -> int:  # noqa: ARG002 - the contract of an adapter
        """Nobody counts."""
        return 0

    def cost(self, message: Message) -> int:  # noqa: ARG002
        """One line each."""
        return 1

    async def open(self) -> None:
        """Nothing to make ready."""

    async def start(self) -> None:
        """Nothing to begin: people come by the routes."""

    async def stop(self) -> None:
        """End the streams of all open pages."""
        self._listeners.close()

    def look(self, chat: str = "") -> None:
        """Tell the pages of a chat what another process wrote into it."""
        self._listeners.ring(chat)

    def ailing(self) -> str:
        """Never by itself: it is as well as its database."""
        return ""

    async def send(self, chat: str, message: Message) -> Receipt:
        """Write a message into the transcript, or edit it there, and tell the pages that show it."""
        if not message.text and not message.replaces:
            return Receipt(Outcome.SENT)
        try:
            ref = await self.store.write(_put, chat, self._shown(message), self.clock)
        except OperationalError:
            return Receipt(Outcome.RETRY, reason="database", wait=5.0, everyone=True)
        self._listeners.ring(chat)
        return Receipt(Outcome.SENT, ref=ref)

    def _shown(self, message: Message) -> Message:
        """The message; a photo that somebody sent under the address that shows it for a while."""
        number = passes.number_of(message.image.source) if message.image else None
        if message.image is None or number is None:
            return message
        path = passes.path(number, self.secret, self.clock.now())
        return replace(message, image=replace(message.image, source=path))

    async def fetch(self, file: File) -> bytes:
        """The bytes of a photo that was uploaded on the page."""
        found = await self.store.read(uploads.get, file.id, self.secret)
        if found is None:
            raise GoneError("no upload")
        return found

    def routes(self) -> Sequence[BaseRoute]:
        """The page, what it posts, what it hears, its files; in the demo also the demo's switches."""
        demo = [Route("/demo/next-day", self._next_day, methods=["POST"]),
                Route("/demo/language", self._speak, methods=["POST"])]  # fmt: skip
        return [
            Route("/chat", self._show),
            Route("/chat/say", self._say, methods=["POST"]),
            Route("/chat/photo", self._photo, methods=["POST"]),
            Route("/chat/messages", self._messages),
            Route("/chat/events", self._events),
            Route("/chat/words", self._words),
            Route("/chat/file/{number:int}", self._file),
            Mount("/chat/static", StaticFiles(directory=page.STATIC)),
            *(demo if self.demo else []),
        ]

    async def _show(self, request: Request) -> Response:
        known = self._visitors.chat_of(request)
        chat = known or self._visitors.new_chat()
        lines = await self.store.read(webchat.since, known, 0) if known else []
        response = HTMLResponse(self._page.html(request, lines, self._visitors.token(chat)), headers=NO_STORE)
        self._visitors.remember(request, response, chat)
        return response

    async def _words(self, request: Request) -> Response:
        language = page.wished(request) or chrome.preferred(request.headers.get("accept-language", ""))
        return JSONResponse(self._page.words(language), headers=NO_STORE)

    async def _file(self, request: Request) -> Response:
        line = await self.store.read(webchat.get, self._known(request), int(request.path_params["number"]))
        document = outbound.document_of(line.body) if line else None
        if document is None:
            raise HTTPException(404)
        headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{document.name}"'}
        return Response(document.content, media_type="application/json", headers=headers)

    async def _messages(self, request: Request) -> Response:
        rows = await self.store.read(webchat.since, self._known(request), _number(request.query_params.get("since")))
        return JSONResponse([page.line(row) for row in rows], headers=NO_STORE)

    async def _events(self, request: Request) -> Response:
        chat = self._known(request)
        if self._listeners.count(chat) >= PAGES_OF_A_CHAT:
            raise HTTPException(429, "Too many pages of this chat are open.")
        revision = _number(request.headers.get("last-event-id") or request.query_params.get("since"))
        return EventSourceResponse(self._stream(chat, revision), ping=PING_SECONDS, send_timeout=10, headers=NO_STORE)

    async def _stream(self, chat: str, revision: int) -> AsyncIterator[ServerSentEvent]:
        with self._listeners.listen(chat) as listener:
            while listener.open:
                for row in await self.store.read(webchat.since, chat, revision):
                    revision = row.revision
                    yield ServerSentEvent(json.dumps(page.line(row)), id=str(revision))
                await listener.wait(LOOK_AGAIN[self.store.sqlite])

    async def _say(self, request: Request) -> Response:
        chat = self._sender(request)
        limits = chrome.limits(_language(request))
        if (flood := self._flood(chat, limits["flood"])) is not None:
            return flood
        try:
            posted = inbound.read(await _json(request), request.headers.get("accept-language", ""))
        except inbound.TooLongError:
            return JSONResponse({"notice": limits["long"]}, 413)
        except inbound.NotUnderstoodError:
            raise HTTPException(400, "Not what this page sends.") from None
        return _noticed(await self._take(chat, posted))

    def _flood(self, chat: str, notice: str) -> Response | None:
        """The refusal of a chat that says too much at once; the first one is explained."""
        if self._buckets.take(chat, asyncio.get_running_loop().time()):
            return None
        return JSONResponse({"notice": notice if self._buckets.warns(chat) else ""}, 429)

    async def _photo(self, request: Request) -> Response:
        chat = self._sender(request)
        limits = chrome.limits(_language(request))
        if (flood := self._flood(chat, limits["flood"])) is not None:
            return flood
        try:
            upload = await self._uploads.read(request)
        except UnwelcomeError as error:
            return JSONResponse({"notice": limits[error.why]}, 413 if error.why == "big" else 429)
        file = File(secrets.token_urlsafe(24), len(upload.content), upload.media_type)
        try:
            doing = inbound.sent(chat, upload.fields, file, request.headers.get("accept-language", ""))
        except inbound.NotUnderstoodError:
            raise HTTPException(400, "Not what this page sends.") from None
        content = await asyncio.to_thread(sealed.seal_bytes, upload.content, self.secret)
        await self.store.write(uploads.put, file.id, chat, content, self.clock.now())
        place = await self.store.write(webchat.append, chat, True, outbound.HIDDEN, self.clock.now())
        answers = await self.intake.take(doing)
        await self.store.write(uploads.drop_unwanted, chat)
        line = outbound.said(chrome.words(_language(request))["photo"], upload.fields.get("tag", "")[:40])
        await self.store.write(webchat.edit, chat, place, line, self.clock.now())
        self._listeners.ring(chat)
        return _noticed(answers)

    async def _take(self, chat: str, posted: Posted) -> Sequence[Message]:
        pressed = await self.store.read(webchat.get, chat, _number(posted.pressed)) if posted.press else None
        words = outbound.label_of(pressed.body, posted.press) if pressed else posted.text
        photo = outbound.has_image(pressed.body) if pressed else False
        doing = inbound.incoming(chat, posted, photo=photo)
        if not words or posted.quiet:
            return await self.intake.take(doing)
        # The place in the transcript is taken first, so that the answers come after it; it is filled when it stands.
        place = await self.store.write(webchat.append, chat, True, outbound.HIDDEN, self.clock.now())
        answers = await self.intake.take(doing)
        if not any(posted.pressed and answer.replaces == posted.pressed and answer.text for answer in answers):
            line = outbound.said(words, posted.tag)
            await self.store.write(webchat.edit, chat, place, line, self.clock.now())
            self._listeners.ring(chat)
        return answers

    async def _next_day(self, request: Request) -> Response:
        chat = self._sender(request)
        today = await self.demo.next_day(chat) if self.demo else ""
        return JSONResponse({"today": today}, headers=NO_STORE)

    async def _speak(self, request: Request) -> Response:
        chat = self._sender(request)
        payload = await _json(request)
        language = payload.get("language") if isinstance(payload, dict) else None
        if self.demo is None or not isinstance(language, str) or language not in self.demo.languages:
            raise HTTPException(400, "Not a language of this demo.")
        await self.demo.speak(chat, language)
        return JSONResponse({}, headers=NO_STORE)

    def _known(self, request: Request) -> str:
        chat = self._visitors.chat_of(request)
        if not chat:
            raise HTTPException(401, "Open the chat page first.")
        return chat

    def _sender(self, request: Request) -> str:
        chat = self._known(request)
        if not self._visitors.is_ours(request, chat):
            raise HTTPException(403, "Only the chat page may send this.")
        return chat


def _language(request: Request) -> str:
    return page.wished(request) or chrome.preferred(request.headers.get("accept-language", ""))


def _noticed(answers: Sequence[Message]) -> Response:
    notice = next((answer.notice for answer in answers if answer.notice), "")
    return JSONResponse({"notice": notice} if notice else {}, headers=NO_STORE)


def _put(conn: Connection, chat: str, message: Message, clock: Clock) -> str:
    now = clock.now()
    number = _number(message.replaces)
    old = webchat.get(conn, chat, number) if number else None
    if old and not old.mine:
        webchat.edit(conn, chat, number, outbound.body(message, old.body), now)
        return str(number)
    if message.or_nothing:
        return ""
    return str(webchat.append(conn, chat, False, outbound.body(message), now)) if message.text else ""


async def _json(request: Request) -> Any:
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_BYTES:
                    raise HTTPException(413, "Too large.")
        return json.loads(body)
    except TimeoutError:
        raise HTTPException(408, "Too slow.") from None
    except (ValueError, RecursionError):
        raise HTTPException(400, "Not what this page sends.") from None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
