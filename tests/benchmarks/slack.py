"""Slack's requests: believed, written down, acknowledged; beside what bolt alone makes of the same ones."""

import asyncio
import hashlib
import hmac
import json
import logging
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.slack import api
from bot.channels.slack.door import Door
from bot.channels.slack.http import Requests
from bot.channels.slack.workspace import Ties, Workspace
from bot.clock import Clock
from bot.conversation.intake import Intake
from bot.conversation.turn import House
from storage import addresses
from tests.benchmarks import crowd

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, BOT = "T0000000001", "U0000000001"
WORDS = ("act", "me", "settings", "why")
STEADY = 100
"""Events a second of the steady part, as PERFORMANCE.md row 7 has it."""

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


def figures(people: int, events: int = 2_000) -> Iterator[tuple[str, str]]:
    """Acknowledgements: how many a second of CPU, and how long one takes at a hundred a second."""
    logging.disable(logging.CRITICAL)
    bodies = [_event(number, people) for number in range(events * 2)]
    with tempfile.TemporaryDirectory() as folder:
        ours = asyncio.run(_ours(Path(folder), people, bodies))
    bolt = asyncio.run(_bolt(bodies))
    yield "Slack events acknowledged a second of CPU", f"{ours[0]:,.0f}; bolt alone {bolt[0]:,.0f}"
    yield "acknowledged at 100 a second, p50 / p95", f"{_spread(ours[1])}; bolt alone {_spread(bolt[1])}"
    logging.disable(logging.NOTSET)


def _spread(seconds: list[float]) -> str:
    at_95 = statistics.quantiles(seconds, n=20)[-1]
    return f"{statistics.median(seconds) * 1e3:.1f} / {at_95 * 1e3:.1f} ms"


async def _ours(folder: Path, people: int, bodies: list[bytes]) -> tuple[float, list[float]]:
    store = crowd.database(folder, datetime.now(UTC))
    store.write_now(crowd.settle, people, datetime.now(UTC), f"slack:{TEAM}", "U{:010}")
    clock = Clock()
    async with api.session() as connections:

        async def known(account: str, chats: list[str]) -> set[str]:
            return await store.write(addresses.known, account, chats)

        async def nothing(*_: object) -> None:
            return None

        workspace = Workspace(
            TEAM, "xoxb-1",
            Ties(intake=Intake(store, clock, House(secret="bench")), url=api.SLACK, connections=connections,
                 commands=frozenset(WORDS), known=known, picture=lambda _image: "", close=lambda _language: "x",
                 left=nothing),
            BOT,
        )  # fmt: skip
        await workspace.start()

        async def find(_owner: str) -> Workspace:
            return workspace

        requests = Requests(SECRET, Door(find, nothing).take, lambda: clock.now().timestamp())
        found = await _measured(Starlette(routes=[requests.route()]), bodies)
        await workspace.stop()
    await store.close()
    return found


async def _bolt(bodies: list[bytes]) -> tuple[float, list[float]]:
    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-1", bot_id="B1", bot_user_id=BOT)

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    @app.event("message")
    async def heard() -> None:
        return None

    handler = AsyncSlackRequestHandler(app)

    async def receive(request: Request) -> Response:
        return await handler.handle(request)

    return await _measured(Starlette(routes=[Route("/slack/events", receive, methods=["POST"])]), bodies)


async def _measured(app: App, bodies: list[bytes]) -> tuple[float, list[float]]:
    half = len(bodies) // 2
    cpu = time.process_time()
    for at in range(0, half, 50):
        await asyncio.gather(*(_post(app, body) for body in bodies[at : at + 50]))
    rate = half / (time.process_time() - cpu)
    taken: list[asyncio.Task[float]] = []
    for body in bodies[half : half + 5 * STEADY]:
        taken.append(asyncio.create_task(_post(app, body)))
        await asyncio.sleep(1 / STEADY)
    return rate, list(await asyncio.gather(*taken))


async def _post(app: App, body: bytes) -> float:
    stamp = str(int(time.time()))
    signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    scope = {
        "type": "http", "method": "POST", "path": "/slack/events", "query_string": b"", "http_version": "1.1",
        "headers": [
            (b"content-type", b"application/json"), (b"x-slack-request-timestamp", stamp.encode()),
            (b"x-slack-signature", signature.encode()),
        ],
    }  # fmt: skip
    sent: list[dict[str, Any]] = []
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(given, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    started = time.perf_counter()
    await app(scope, receive, send)
    assert sent[0]["status"] == 200, sent
    return time.perf_counter() - started


def _event(number: int, people: int) -> bytes:
    event = {
        "type": "message", "channel_type": "im", "channel": "D1", "user": f"U{1 + number * 7 % people:010}",
        "text": WORDS[number % len(WORDS)], "ts": f"1790000000.{number:06}",
    }  # fmt: skip
    return json.dumps(
        {"type": "event_callback", "team_id": TEAM, "api_app_id": "A1", "event_id": f"Ev{number:08}", "event": event}
    ).encode()
