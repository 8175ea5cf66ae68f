"""A Telegram for benchmarks, in a process of its own: it counts, refuses what comes too fast, and answers after 50 ms."""

import asyncio
import json
import multiprocessing
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from aiohttp import web

from tests.platforms.telegram.errors import RefusedError
from tests.platforms.telegram.pace import Pace

TOKEN = "123456:BENCH"
ACCOUNT = "telegram:123456"
SERVER_SECONDS = 0.05
ME = {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}

PHOTO = [{"file_id": "P1", "file_unique_id": "p1", "width": 640, "height": 480}]


@dataclass(frozen=True)
class Seen:
    """What the server saw: messages accepted and refused, chats served twice, seconds from the first to the last."""

    accepted: int
    refused: int
    repeated: int
    seconds: float

    def share(self, rate: float) -> float:
        """The share of the permitted rate that was used."""
        return (self.accepted - 1) / self.seconds / rate


class Server:
    """One bot's limits and counts: a strict sliding second, and each chat's own limit."""

    def __init__(self, rate: int) -> None:
        self._limits = Pace(rate)
        self._chats: Counter[int] = Counter()
        self._times: list[float] = []

    async def call(self, request: web.Request) -> web.Response:
        """Answer a call of the Bot API."""
        if not request.path.lower().endswith(("/sendmessage", "/sendphoto")):
            return web.json_response({"ok": True, "result": ME})
        chat = await _chat(request)
        now = time.monotonic()
        try:
            self._limits.admit(chat, now)
        except RefusedError as refusal:
            return web.json_response(refusal.as_json(), status=429)
        self._chats[chat] += 1
        self._times.append(now)
        number = len(self._times)
        await asyncio.sleep(SERVER_SECONDS)
        message = {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private", "first_name": "A"}}
        shown = {"photo": PHOTO} if request.path.lower().endswith("/sendphoto") else {"text": "x"}
        return web.json_response({"ok": True, "result": {**message, **shown}})

    async def figures(self, _request: web.Request) -> web.Response:
        """Tell what was seen."""
        spent = self._times[-1] - self._times[0] if len(self._times) > 1 else 1.0
        repeated = sum(count > 1 for count in self._chats.values())
        refused = self._limits.refusals.total()
        return web.json_response(
            {"accepted": len(self._times), "refused": refused, "repeated": repeated, "seconds": spent}
        )


async def _chat(request: web.Request) -> int:
    if request.content_type == "application/json":
        return int(json.loads(await request.read())["chat_id"])
    return int((await request.post())["chat_id"])


async def _serve(rate: int, pipe: Pipe) -> None:
    server = Server(rate)
    app = web.Application()
    app.router.add_get("/figures", server.figures)
    app.router.add_route("*", "/{rest:.*}", server.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    pipe.send(runner.addresses[0][1])
    await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
    await runner.cleanup()


def _main(rate: int, pipe: Pipe) -> None:
    asyncio.run(_serve(rate, pipe))


@contextmanager
def telegram(rate: int) -> Iterator[str]:
    """A server with a limit; gives its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_main, args=(rate, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        ours.send(None)
        process.join(10)


def seen(url: str) -> Seen:
    """What a server saw so far."""
    with urllib.request.urlopen(f"{url}/figures", timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return Seen(**found)
