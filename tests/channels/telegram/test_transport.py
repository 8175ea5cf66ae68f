"""The transport: what it says about a request that failed, and that the library's own `Bot` can use it."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from yarl import URL

from bot.channels.telegram.api import Api, Upload
from bot.channels.telegram.outcome import classify
from bot.channels.telegram.transport import FloodError, InDoubtError, NotSentError, Timeouts, Transport, _translated
from bot.message import Outcome
from tests.channels.telegram.conftest import PNG
from tests.platforms.telegram import TelegramStandIn

CANARY = "123456:CANARY-cAnArY-cAnArY-cAnArY-cAnArY"
ADDRESS = URL(f"http://127.0.0.1/bot{CANARY}/getMe")
HEADERS: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict())
REQUEST = aiohttp.RequestInfo(ADDRESS, "POST", HEADERS, ADDRESS)

NEVER_LEFT = [
    aiohttp.ConnectionTimeoutError(f"Connection timeout to host {ADDRESS}"),
    aiohttp.ClientConnectorError(None, OSError(111, "refused")),  # type: ignore[arg-type]
    aiohttp.ClientConnectorDNSError(None, OSError(-2, "unknown")),  # type: ignore[arg-type]
    aiohttp.InvalidURL(ADDRESS),
    NotSentError("not connected"),
]
MAY_HAVE_LEFT = [
    aiohttp.SocketTimeoutError("Timeout on reading data from socket"),
    TimeoutError(),
    aiohttp.ServerDisconnectedError(),
    aiohttp.ClientOSError(104, "reset"),
    aiohttp.ClientPayloadError(),
    aiohttp.ClientResponseError(REQUEST, (), status=400, message="bad header"),
    OSError("odd"),
]


@pytest.mark.parametrize("error", NEVER_LEFT, ids=lambda error: type(error).__name__)
def test_a_request_that_never_left_may_be_repeated(error: Exception) -> None:
    failure, cause = _translated(error)
    failure.__cause__ = cause
    assert classify(failure).outcome is Outcome.RETRY
    assert CANARY not in f"{failure} {failure!r} {cause} {cause!r}"


@pytest.mark.parametrize("error", MAY_HAVE_LEFT, ids=lambda error: type(error).__name__)
def test_a_request_that_may_have_left_is_in_doubt(error: Exception) -> None:
    failure, cause = _translated(error)
    failure.__cause__ = cause
    assert classify(failure).outcome is Outcome.UNSURE
    assert CANARY not in f"{failure} {failure!r} {cause} {cause!r}"


@pytest.fixture
async def api(telegram: TelegramStandIn) -> AsyncIterator[Api]:
    made = Api(telegram.token, telegram.url)
    yield made
    await made.close()


async def test_no_answer_in_time_is_in_doubt(telegram: TelegramStandIn, api: Api) -> None:
    telegram.faults.add(method="getMe", delay=0.6)
    with pytest.raises(TimedOut) as caught:
        await api.call("getMe", {}, read_seconds=0.1)
    assert isinstance(caught.value.__cause__, InDoubtError)
    assert caught.value.__context__ in (None, caught.value.__cause__)


async def test_an_answer_that_drips_is_given_up() -> None:
    enough, ended = asyncio.Event(), asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not enough.is_set():
            writer.write(b" ")
            await asyncio.sleep(0.05)
        writer.close()
        ended.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Transport(Timeouts(connect=0.1, write=0.1, read=0.2)) as transport:
        with pytest.raises(TimedOut):
            await transport.post(f"http://127.0.0.1:{port}/")
    enough.set()
    await ended.wait()
    server.close()


async def test_a_flood_says_how_long_to_wait(telegram: TelegramStandIn, api: Api) -> None:
    telegram.faults.add(method="getMe", status=429, parameters={"retry_after": 17})
    with pytest.raises(FloodError) as caught:
        await api.call("getMe", {})
    assert caught.value.wait == 17


async def test_files_travel(telegram: TelegramStandIn, api: Api) -> None:
    ana = telegram.person(started=True)
    upload = Upload("photo", "picture.png", "image/png", PNG)
    result = await api.call("sendPhoto", {"chat_id": ana.id, "caption": "é"}, upload=upload)
    assert (ana.last.text, ana.last.id) == ("é", result["message_id"])


async def test_the_token_is_not_shown(telegram: TelegramStandIn) -> None:
    api = Api(CANARY, "http://127.0.0.1:9")
    with pytest.raises(NetworkError) as caught:
        await api.call("getMe", {})
    await api.close()
    assert CANARY not in repr([api, caught.value, caught.value.__cause__, caught.value.__context__])


async def test_the_librarys_own_bot_works_over_it(telegram: TelegramStandIn) -> None:
    bot = Bot(telegram.token, base_url=f"{telegram.url}/bot", request=Transport(), get_updates_request=Transport())
    ana = telegram.person(started=True)
    async with bot:
        await bot.send_message(ana.id, "<b>Hi</b>", parse_mode="HTML")
        await bot.send_photo(ana.id, PNG, caption="Look")
        with pytest.raises(BadRequest):
            await bot.send_message(77, "Hi")
    assert [message.text for message in ana.heard] == ["Hi", "Look"]


async def test_before_it_is_opened_nothing_leaves() -> None:
    with pytest.raises(TelegramError) as caught:
        await Transport().post("http://127.0.0.1:9/")
    assert isinstance(caught.value.__cause__, NotSentError)
