"""Health: red soon after trouble begins, green soon after it ends, and the trouble of one part is told apart."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.door import ANOTHER_POLLER, ANOTHER_WEBHOOK
from bot.channels.telegram.health import PATIENT, Health
from bot.channels.telegram.outcome import FROZEN, TOKEN_REFUSED
from bot.channels.telegram.serve import TelegramAdapter
from bot.message import Message, Outcome, Receipt
from tests.channels.telegram.conftest import QUICK, Make, running, until
from tests.channels.telegram.keeping import Keeping
from tests.platforms.telegram import TelegramStandIn
from tests.platforms.telegram.calling import call


async def test_all_is_well_at_first(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    await until(lambda: len(telegram.calls.of("getUpdates")) > 1)
    assert adapter.ailing() == ""


async def test_a_refused_token_is_told_at_once_and_its_end_too(
    telegram: TelegramStandIn, keeping: Keeping, adapter: TelegramAdapter
) -> None:
    fault = telegram.faults.add(method="getUpdates", status=401)
    telegram.person().says("hello")
    await until(lambda: adapter.ailing() == TOKEN_REFUSED, 3)
    telegram.faults.remove(fault)
    await until(lambda: adapter.ailing() == "", 3)
    await until(lambda: keeping.texts == ["hello"])


async def test_a_token_refused_from_the_start_is_told_and_stops_nothing_else(make: Make) -> None:
    async with running(make(token="123456:ANOTHER")) as adapter:
        assert adapter.ailing() == TOKEN_REFUSED
        receipt = await adapter.send("5", Message("Hi"))
        assert receipt == Receipt(Outcome.ACCOUNT_STOPPED, reason=TOKEN_REFUSED)


async def test_after_a_401_telegram_is_not_hammered(telegram: TelegramStandIn, make: Make) -> None:
    telegram.faults.add(status=401)
    async with running(make(timing=QUICK._replace(retry=0.5))):
        await asyncio.sleep(0.7)
    assert len(telegram.calls) <= 3


async def test_a_second_poller_makes_us_step_back_and_send_on(
    telegram: TelegramStandIn, keeping: Keeping, adapter: TelegramAdapter
) -> None:
    text = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    fault = telegram.faults.add(method="getUpdates", status=409, description=text)
    ana = telegram.person(started=True)
    ana.says("wake up")
    await until(lambda: adapter.ailing() == ANOTHER_POLLER)
    assert (await adapter.send(str(ana.id), Message("Hi"))).outcome is Outcome.SENT
    telegram.faults.remove(fault)
    await until(lambda: adapter.ailing() == "")
    await until(lambda: keeping.texts == ["wake up"])


async def test_a_single_conflict_is_no_trouble(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    fault = telegram.faults.add(method="getUpdates", status=409, times=2)
    telegram.person().says("wake up")
    await until(lambda: fault.struck == 2)
    await asyncio.sleep(0.3)
    assert adapter.ailing() == ""


async def test_a_webhook_set_elsewhere_is_told_apart(telegram: TelegramStandIn, adapter: TelegramAdapter) -> None:
    await asyncio.to_thread(call, telegram, "setWebhook", url="https://elsewhere.example/hook")
    await until(lambda: adapter.ailing() == ANOTHER_WEBHOOK)
    await asyncio.to_thread(call, telegram, "deleteWebhook")
    await until(lambda: adapter.ailing() == "")


async def test_two_real_pollers_are_told_apart_from_one(make: Make) -> None:
    async with running(make()) as one, running(make()) as other:
        await until(lambda: ANOTHER_POLLER in (one.ailing(), other.ailing()))


async def test_silence_turns_red_and_an_answer_green(
    telegram: TelegramStandIn, keeping: Keeping, adapter: TelegramAdapter
) -> None:
    fault = telegram.faults.add(method="getUpdates", delay=3600, status=500)
    await until(lambda: adapter.ailing().startswith("no answer from Telegram for"))
    telegram.faults.remove(fault)
    telegram.person().says("hello")
    await until(lambda: adapter.ailing() == "")
    await until(lambda: keeping.texts == ["hello"])


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"drop": "before"}, {"body": b"<html>"}, {"body": b'{"result":{}}'}]
)
async def test_any_other_trouble_turns_red_and_ends(
    telegram: TelegramStandIn, adapter: TelegramAdapter, fault: dict[str, object]
) -> None:
    trouble = telegram.faults.add(method="getUpdates", **fault)
    await until(adapter.ailing)
    telegram.faults.remove(trouble)
    await until(lambda: not adapter.ailing())


async def test_a_server_that_comes_later_is_found(keeping: Keeping, make: Make) -> None:
    async with TelegramStandIn() as later:
        port = int(later.url.rpartition(":")[2])
    async with running(make(api_url=f"http://127.0.0.1:{port}")) as adapter:
        await until(adapter.ailing)
        async with TelegramStandIn(port=port) as telegram:
            telegram.person().says("hello")
            await until(lambda: keeping.texts == ["hello"])
            await until(lambda: adapter.username == "kindling_test_bot" and not adapter.ailing())


async def test_a_frozen_account_is_red_until_something_is_sent(
    telegram: TelegramStandIn, adapter: TelegramAdapter
) -> None:
    ana = telegram.person(started=True)
    fault = telegram.faults.add(method="sendMessage", status=400, description="Bad Request: FROZEN_METHOD_INVALID")
    await adapter.send(str(ana.id), Message("Hi"))
    await asyncio.sleep(0.05)
    assert adapter.ailing() == FROZEN
    telegram.faults.remove(fault)
    await adapter.send(str(ana.id), Message("Hi"))
    assert adapter.ailing() == ""


async def test_stopping_never_waits_for_a_silent_server(silent: int, make: Make) -> None:
    adapter = make(api_url=f"http://127.0.0.1:{silent}")
    starting = asyncio.create_task(adapter.start())
    await asyncio.sleep(0.1)
    starting.cancel()
    await asyncio.wait_for(adapter.stop(), 3)


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """A server that accepts and never says a word."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


class Ticking:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_red_comes_within_half_a_minute_and_so_does_green() -> None:
    clock = Ticking()
    health = Health(clock, PATIENT.red)
    assert health.ailing() == ""
    health.begin()
    clock.now += 25
    assert health.ailing() == ""
    clock.now += 5
    assert health.ailing() == "no answer from Telegram for 30 s"
    health.succeeded()
    assert health.ailing() == ""
    # A healthy poll answers well before the account counts as silent; each pause ends within half a minute.
    assert PATIENT.poll + PATIENT.grace < PATIENT.red < 30
    assert max(PATIENT.retry, PATIENT.backoff + PATIENT.grace) < 30
