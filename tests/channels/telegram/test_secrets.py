"""The token and the secret reach no log, no error, no `repr`: everything that can go wrong is let go wrong."""

import asyncio
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.channels.telegram.serve import TelegramAdapter
from bot.message import Button, Image, Message
from tests.channels.telegram.conftest import SECRET, Make, running, until
from tests.platforms.telegram import TelegramStandIn

CANARY = "CANARY-cAnArY-cAnArY-cAnArY-cAnArY"
FAULTS: list[dict[str, object]] = [
    {"status": 401},
    {"status": 404},
    {"status": 403},
    {"status": 400},
    {"status": 409},
    {"status": 429},
    {"status": 500},
    {"status": 302},
    {"drop": "before"},
    {"drop": "after"},
    {"body": b"<html>"},
    {"body": b"[" * 30_000},
    {"status": 200, "body": b'{"ok":true}'},
]


@pytest.mark.parametrize(
    "token", ["", "abc", f"no-colon-{CANARY}", f"abc:{CANARY}", f"12:{CANARY} {CANARY}", f"{CANARY}:12"]
)
def test_a_token_that_is_none_is_refused_by_the_name_of_its_setting(make: Make, token: str) -> None:
    with pytest.raises(ValueError, match="TELEGRAM_BOT_TOKEN") as caught:
        make(token=token)
    assert CANARY not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


def test_white_space_around_a_token_is_forgiven(make: Make) -> None:
    assert make(token=" 123456:abc\n").name == "telegram:123456"


@pytest.fixture
def talkative() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    yield
    structlog.configure(**before)


async def test_nothing_shows_the_token(
    talkative: None, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], make: Make
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("telegram", "aiohttp", "asyncio", "telegram.Bot", "aiohttp.client"):
        caplog.set_level(logging.DEBUG, logger=name)
    asyncio.get_running_loop().set_debug(True)
    async with TelegramStandIn(token=f"123456:{CANARY}") as telegram:
        adapter = make(token=telegram.token, api_url=telegram.url, commands={"": [("start", "Begin")]})
        for fault in FAULTS:
            telegram.faults.add(times=1, every=5, **fault)
        async with running(adapter):
            await _everything(telegram, adapter)
        telegram.complaints.clear()
    gone = make(token=telegram.token, api_url=telegram.url)
    async with running(gone):
        await gone.send("5", Message("Hi"))
        await until(gone.ailing)
    mistaken = make(token=telegram.token, api_url="http://[half")
    async with running(mistaken):
        await mistaken.send("5", Message("Hi"))
        await until(mistaken.ailing)
    out = capsys.readouterr()
    shown = "\n".join([caplog.text, out.out, out.err, repr(adapter), str(vars(adapter)["health"]), adapter.ailing()])
    assert "no updates" in shown
    assert CANARY not in shown
    assert SECRET not in shown


async def _everything(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    ana = telegram.person(started=True)
    for _ in range(20):
        receipt = await adapter.send(str(ana.id), Message("Hi", ((Button("Yes", "y"),),), Image("pack/clinic.png")))
        assert CANARY not in repr(receipt)
        ana.says("hello")
        if ana.heard and ana.last.buttons:
            ana.presses(ana.last, "Yes")
        await asyncio.sleep(0.02)


def test_the_adapter_shows_no_secret(make: Make) -> None:
    shown = repr(make(token=f"123456:{CANARY}"))
    assert CANARY not in shown
    assert SECRET not in shown
