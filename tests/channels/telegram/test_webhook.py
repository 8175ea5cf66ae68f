"""The webhook over real HTTP on our own server: who may knock, and that nothing is answered before it is kept."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram.door import UNDELIVERED
from bot.channels.telegram.serve import TelegramAdapter
from bot.channels.telegram.webhook import HEADER, Place
from bot.message import Message
from tests.channels.telegram.conftest import SECRET, Make, running, until
from tests.channels.telegram.keeping import Keeping
from tests.channels.telegram.raw import message
from tests.platforms.telegram import TelegramStandIn
from tests.platforms.telegram.calling import call

TOKEN = Place("", "123456", SECRET).token


@asynccontextmanager
async def served(adapter: TelegramAdapter, listener: socket.socket) -> AsyncIterator[None]:
    app = Starlette(routes=list(adapter.routes()))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started)
    yield
    server.should_exit = True
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def hooked(make: Make) -> AsyncIterator[tuple[TelegramAdapter, str]]:
    """An adapter in webhook mode, served, and the address under which it is."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        public_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        adapter = make(mode="webhook", public_url=public_url)
        async with served(adapter, listener), running(adapter):
            yield adapter, f"{public_url}/telegram/123456"


async def knock(url: str, body: bytes, shown: str | None = TOKEN, method: str = "POST") -> tuple[int, bytes]:
    headers = {} if shown is None else {HEADER: shown}
    async with aiohttp.ClientSession() as session, session.request(method, url, data=body, headers=headers) as answer:
        return answer.status, await answer.read()


async def test_what_is_pushed_is_heard(
    telegram: TelegramStandIn, keeping: Keeping, hooked: tuple[TelegramAdapter, str]
) -> None:
    adapter, url = hooked
    telegram.person().says("hello")
    await until(lambda: keeping.texts == ["hello"])
    (asked,) = telegram.calls.of("setWebhook")
    assert asked.params["url"] == url
    assert asked.params["secret_token"] == TOKEN
    assert asked.params["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert not telegram.calls.of("getUpdates")
    assert adapter.ailing() == ""


async def test_a_press_that_is_pushed_is_answered(
    telegram: TelegramStandIn, keeping: Keeping, hooked: tuple[TelegramAdapter, str]
) -> None:
    ana = telegram.person(started=True)
    keeping.talk = lambda _incoming: (Message(notice="Done"),)
    await hooked[0].send(str(ana.id), Message("Well?"))
    press = ana.taps(ana.last, "x")
    await until(lambda: press.answered, 1.0)
    assert press.answer == "Done"


def test_the_secret_token_is_made_from_the_secret_and_shows_neither() -> None:
    assert Place("", "123456", "another").token != TOKEN
    assert Place("", "123457", SECRET).token != TOKEN
    assert SECRET not in TOKEN
    assert SECRET not in repr(Place("", "123456", SECRET))
    assert 1 <= len(TOKEN) <= 256


KNOCKS = {
    "no secret": (None, 403),
    "an empty secret": ("", 403),
    "a wrong secret": ("canary-wrong", 403),
    "a shorter secret": (TOKEN[:-1], 403),
    "a longer secret": (TOKEN + "0", 403),
    "capitals": (TOKEN.upper(), 403),
    "letters beyond ASCII": ("é" * 64, 403),
    "the secret": (TOKEN, 200),
}


@pytest.mark.parametrize("name", KNOCKS)
async def test_only_who_knows_the_secret_is_heard(
    name: str, keeping: Keeping, hooked: tuple[TelegramAdapter, str], capsys: pytest.CaptureFixture[str]
) -> None:
    shown, status = KNOCKS[name]
    body = json.dumps(message("hello")).encode()
    assert await knock(hooked[1], body, shown) == (status, b"")
    if status == 200:
        await until(lambda: keeping.texts == ["hello"])
    else:
        await asyncio.sleep(0.05)
        assert not keeping.heard
    out = capsys.readouterr()
    assert "canary" not in out.out + out.err
    assert TOKEN not in out.out + out.err


async def test_another_bots_address_and_another_way_are_not_found(hooked: tuple[TelegramAdapter, str]) -> None:
    assert (await knock(hooked[1] + "7", b"{}"))[0] == 404
    assert (await knock(hooked[1], b"", method="GET"))[0] == 405


async def test_what_is_too_large_is_refused(keeping: Keeping, hooked: tuple[TelegramAdapter, str]) -> None:
    assert await knock(hooked[1], b"[" * 1_000_001) == (413, b"")
    assert await keeping.work_off("telegram:123456", lambda _raw: None, lambda *_: asyncio.sleep(0)) == 0


ODD_BODIES = {
    "nothing": b"",
    "no JSON": b"hello",
    "no UTF-8": b"\xff\xfe\x00",
    "a NUL": b'"\\u0000"',
    "half a character": b'{"update_id":5,"message":{"text":"\\ud83d"}}',
    "brackets": b"[" * 100_000,
    "a number of 5,000 digits": b"9" * 5000,
    "no id": b'{"message":{}}',
    "an id beyond measure": b'{"update_id":%d,"message":{}}' % 10**40,
}


@pytest.mark.parametrize("name", ODD_BODIES)
async def test_an_odd_body_is_kept_set_aside_and_stops_nobody(
    name: str, keeping: Keeping, hooked: tuple[TelegramAdapter, str]
) -> None:
    assert await knock(hooked[1], ODD_BODIES[name]) == (200, b"")
    await until(lambda: keeping.dead == 1)
    assert await knock(hooked[1], json.dumps(message("hello")).encode()) == (200, b"")
    await until(lambda: keeping.texts == ["hello"])


async def test_without_a_database_telegram_is_told_to_come_again(
    telegram: TelegramStandIn, keeping: Keeping, hooked: tuple[TelegramAdapter, str]
) -> None:
    keeping.broken = OSError("disk full")
    telegram.person().says("hello")
    await until(lambda: telegram.webhook.attempts >= 2)
    assert await knock(hooked[1], b"{}") == (500, b"")
    keeping.broken = None
    await until(lambda: keeping.texts == ["hello"])


async def test_the_answer_does_not_wait_for_the_work(
    keeping: Keeping, hooked: tuple[TelegramAdapter, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = asyncio.Event()

    async def work_off(*_: object) -> int:
        await busy.wait()
        return 0

    monkeypatch.setattr(keeping, "work_off", work_off)
    bodies = [json.dumps(message("hello") | {"update_id": number}).encode() for number in range(3)]
    answers = await asyncio.wait_for(asyncio.gather(*(knock(hooked[1], body) for body in bodies)), 1.0)
    assert answers == [(200, b"")] * 3
    busy.set()


async def test_the_same_update_again_has_no_second_effect(
    keeping: Keeping, hooked: tuple[TelegramAdapter, str]
) -> None:
    body = json.dumps(message("hello")).encode()
    for _ in range(3):
        assert await knock(hooked[1], body) == (200, b"")
    await asyncio.sleep(0.05)
    assert keeping.texts == ["hello"]


async def test_a_webhook_changed_elsewhere_is_set_again(
    telegram: TelegramStandIn, keeping: Keeping, hooked: tuple[TelegramAdapter, str]
) -> None:
    await asyncio.to_thread(call, telegram, "deleteWebhook")
    telegram.person().says("hello")
    await until(lambda: keeping.texts == ["hello"])
    assert telegram.webhook.url == hooked[1]


async def test_a_webhook_that_telegram_cannot_reach_turns_red(telegram: TelegramStandIn, make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    async with running(make(mode="webhook", public_url=f"http://127.0.0.1:{port}")) as adapter:
        telegram.person().says("hello")
        await until(lambda: adapter.ailing() == UNDELIVERED)


async def test_a_refused_token_turns_red_by_webhook_too(
    telegram: TelegramStandIn, hooked: tuple[TelegramAdapter, str]
) -> None:
    fault = telegram.faults.add(status=401)
    await until(hooked[0].ailing)
    telegram.faults.remove(fault)
    await until(lambda: not hooked[0].ailing())


def test_polling_has_no_route(make: Make) -> None:
    assert not make().routes()


def test_a_webhook_needs_a_public_address(make: Make) -> None:
    with pytest.raises(ValueError, match="KINDLING_PUBLIC_URL"):
        make(mode="webhook")
