"""Faults on demand and limits: each happens exactly where and as often as asked for."""

import http.client
import subprocess
import sys
import time
import urllib.error
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import telegram as ptb
from telegram import error as known

from tests.platforms.telegram import Person, TelegramStandIn
from tests.platforms.telegram.calling import call
from tests.platforms.telegram.errors import RefusedError
from tests.platforms.telegram.pace import Pace


@pytest.fixture
def telegram() -> Iterator[TelegramStandIn]:
    with TelegramStandIn.in_thread() as stand_in:
        yield stand_in


@pytest.fixture
def ana(telegram: TelegramStandIn) -> Person:
    return telegram.person(started=True)


def send(telegram: TelegramStandIn, person: Person, text: str = "hi") -> int:
    return call(telegram, "sendMessage", chat_id=person.id, text=text).status


def test_a_fault_strikes_as_often_as_asked(telegram: TelegramStandIn, ana: Person) -> None:
    fault = telegram.faults.add(method="sendMessage", status=500, every=3, times=2)
    assert [send(telegram, ana) for _ in range(10)] == [200, 200, 500, 200, 200, 500, 200, 200, 200, 200]
    assert (fault.struck, len(ana.heard)) == (2, 8)
    assert telegram.calls[2].description == "Internal Server Error"
    assert not telegram.calls[2].accepted


def test_a_fault_strikes_one_chat_or_method_only(telegram: TelegramStandIn, ana: Person) -> None:
    bo = telegram.person(started=True)
    fault = telegram.faults.add(chat=bo, status=429, description="Too Many Requests", parameters={"retry_after": 3})
    answer = call(telegram, "sendMessage", chat_id=bo.id, text="hi")
    assert (answer.status, answer.body["parameters"]) == (429, {"retry_after": 3})
    assert send(telegram, ana) == call(telegram, "getMe").status == 200
    telegram.faults.remove(fault)
    assert send(telegram, bo) == 200


def test_a_refusal_may_come_after_acceptance(telegram: TelegramStandIn, ana: Person) -> None:
    telegram.faults.add(status=502, at="accepted", times=1)
    assert send(telegram, ana, "done all the same") == 502
    assert (ana.last.text, telegram.calls[-1].accepted, telegram.calls[-1].status) == ("done all the same", True, 502)


@pytest.mark.parametrize(("drop", "heard"), [("before", 0), ("after", 1)])
def test_a_connection_may_be_cut(telegram: TelegramStandIn, ana: Person, drop: str, heard: int) -> None:
    telegram.faults.add(method="sendMessage", drop=drop, times=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError, urllib.error.URLError)):
        send(telegram, ana)
    assert (len(ana.heard), telegram.calls[-1].status) == (heard, 0)
    assert send(telegram, ana) == 200


def test_an_odd_body_comes_after_acceptance_and_an_error_page_before(telegram: TelegramStandIn, ana: Person) -> None:
    telegram.faults.add(body=b"<html>", times=1, status=504)
    assert call(telegram, "sendMessage", chat_id=ana.id, text="a").body == b"<html>"
    assert ana.heard == []
    telegram.faults.add(body=b'{"ok": true, "result": {}}', times=1)
    assert call(telegram, "sendMessage", chat_id=ana.id, text="a").body["result"] == {}
    assert len(ana.heard) == 1


def test_an_answer_may_be_late(telegram: TelegramStandIn, ana: Person) -> None:
    telegram.faults.add(delay=0.2, times=1, at="accepted")
    begin = time.monotonic()
    assert send(telegram, ana) == 200
    assert time.monotonic() - begin >= 0.2


@pytest.mark.parametrize(("moment", "heard"), [("arrived", 0), ("accepted", 1), ("answered", 1)])
def test_a_process_dies_at_the_moment_chosen(telegram: TelegramStandIn, ana: Person, moment: str, heard: int) -> None:
    code = (
        "import sys, time, urllib.request\n"
        "print(urllib.request.urlopen(sys.argv[1]).status, flush=True)\n"
        "time.sleep(30)\n"
    )
    url = f"{telegram.url}/bot{telegram.token}/sendMessage?chat_id={ana.id}&text=hi"
    with subprocess.Popen([sys.executable, "-S", "-c", code, url], stdout=subprocess.PIPE) as process:
        fault = telegram.faults.add(kill_pid=lambda: process.pid, at=moment)
        assert process.wait(10) == -9
    assert (fault.struck, len(ana.heard)) == (1, heard)


async def test_python_telegram_bot_sees_the_errors_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # Without it, reading `retry_after` warns.
    async with TelegramStandIn(rate=30) as telegram:
        ana = telegram.person(started=True)
        async with ptb.Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
            cases: list[tuple[dict[str, Any], type[known.TelegramError]]] = [
                ({"status": 401}, known.InvalidToken),
                ({"status": 409}, known.Conflict),
                ({"status": 500}, known.NetworkError),
                ({"drop": "after"}, known.NetworkError),
                ({"status": 429, "parameters": {"retry_after": 3}}, known.RetryAfter),
                ({"body": b"no json"}, known.TelegramError),
            ]
            for what, error in cases:
                telegram.faults.add(**what, times=1)
                telegram.later(5)
                with pytest.raises(error):
                    await bot.send_message(ana.id, "hi")
            group = telegram.group(ana)
            new = group.migrates()
            with pytest.raises(known.ChatMigrated) as caught:
                await bot.send_message(group.id, "hi")
            assert caught.value.new_chat_id == new.id
            ana.blocks()
            with pytest.raises(known.Forbidden):
                await bot.send_message(ana.id, "hi")


def refusals(pace: Pace, sends: list[tuple[int, float]], *, is_group: bool = False) -> list[int]:
    refused = []
    for index, (chat, at) in enumerate(sends):
        try:
            pace.admit(chat, at, is_group=is_group)
        except RefusedError:
            refused.append(index)
    return refused


def test_the_account_has_a_rate() -> None:
    pace = Pace(30)
    assert refusals(pace, [(chat, 0.01 * chat) for chat in range(35)]) == [30, 31, 32, 33, 34]
    assert refusals(pace, [(99, 1.0)]) == []
    assert pace.refusals == Counter(account=5)


def test_a_chat_has_a_rate_with_a_small_burst() -> None:
    pace = Pace(30)
    assert refusals(pace, [(1, at) for at in (0.0, 0.1, 0.2, 0.3)]) == [3]
    assert refusals(pace, [(1, float(at)) for at in range(10, 40)]) == []
    assert pace.refusals == Counter(chat=1)


def test_a_group_has_twenty_a_minute() -> None:
    pace = Pace(30)
    assert refusals(pace, [(-1, at * 1.5) for at in range(21)], is_group=True) == [20]
    assert refusals(pace, [(-1, 60.1)], is_group=True) == []
    assert pace.refusals == Counter(group=1)


def test_a_send_too_early_is_told_to_wait() -> None:
    with TelegramStandIn.in_thread(rate=2) as telegram:
        people = [telegram.person(started=True) for _ in range(3)]
        answers = [call(telegram, "sendMessage", chat_id=person.id, text="hi") for person in people]
        assert [answer.status for answer in answers] == [200, 200, 429]
        assert answers[2].body["parameters"] == {"retry_after": 1}
        assert answers[2].body["description"] == "Too Many Requests: retry after 1"
        assert telegram.pace.refusals["account"] == 1
        telegram.later(1)
        assert send(telegram, people[2]) == 200
        assert telegram.calls.busiest() == 3
        assert len(telegram.calls.accepted()) == 3
