"""Deliveries in bad times: acknowledged within seconds whatever happens, done once, told apart, and kept to ourselves."""

import asyncio
import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import structlog

from bot import log
from bot import settings as settings_module
from bot.channels.slack import api, hub
from bot.channels.slack.access import SLACK
from bot.conversation import intake
from bot.message import Message, dump
from bot.nudging.pace import Pace
from bot.wording import workplace as words
from storage import deliveries, slots, subscribers
from tests import make
from tests.channels.slack.conftest import QUICK, House, Locked, do, running, until, until_noon
from tests.channels.slack.test_socket import answers, help_of
from tests.platforms.slack import Person, SlackStandIn

POST = "chat.postMessage"


@contextmanager
def slow_handler(house: House) -> Iterator[None]:
    """Somebody's message takes many seconds to be answered."""
    respond = intake.router.respond
    entered, released = threading.Event(), threading.Event()

    def slow(*args: Any) -> Any:
        entered.set()
        released.wait(8)
        return respond(*args)

    intake.router.respond = slow
    house.slack.person("Somebody").says("hello")
    assert entered.wait(5)
    try:
        yield
    finally:
        released.set()
        intake.router.respond = respond


def locked(house: House) -> AbstractContextManager[None]:
    """Another process holds the database."""
    return Locked(house.db)


@pytest.mark.parametrize("blocked", [locked, slow_handler])
async def test_s1_everything_is_acknowledged_while_nothing_can_be_written(
    house: House, slack: SlackStandIn, blocked: Any
) -> None:
    ana = slack.person("Ana")
    await house.joins(ana)
    await do(ana.uses_shortcut, "record")
    await until(lambda: ana.modal is not None)
    each = await help_of(house, ana)
    deed = ana.modal["blocks"][0]["element"]["options"][0]["value"]
    slack.pauses = (0.0, 0.5, 2.0, 2.0)
    before = len(answers(ana))
    seen = len(slack.acks)

    held = blocked(house)
    await asyncio.to_thread(held.__enter__)
    try:
        ana.says("help")
        command, form = await asyncio.gather(do(ana.types, "/help"), do(ana.submits, {"action": deed}))
        await until(lambda: [ack for ack in slack.acks[seen:] if ack.status == 503])
    finally:
        held.__exit__(None, None, None)
    await until(lambda: len(answers(ana)) - before >= each + 1 and house.is_still())
    await asyncio.sleep(0.3)

    assert slack.late == []
    assert command.body == {"response_type": "ephemeral", "text": words.busy()}
    assert list(ana.errors.values()) == [words.busy()]
    assert form.seconds < 3
    # The event came again and was answered once; what was called unwritten was not done behind anybody's back.
    assert len(answers(ana)) - before == each + 1
    assert house.rows("taken") == []

    assert await help_of(house, ana) == each
    await do(ana.submits, {"action": deed})
    await until(lambda: len(house.rows("taken")) == 1 and house.is_still())


async def test_s1_what_comes_before_slack_told_us_who_we_are_is_not_lost(
    slack: SlackStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RETRY_SECONDS", 1.0)
    slack.faults.add(method="auth.test", error="internal_error")
    slack.pauses = (0.0, 0.5, 3.0)
    ana = slack.person("Ana")
    async with running(slack, tmp_path) as house:
        ana.says("hello")
        command = await do(ana.types, "/help")
        assert "internal_error" in house.hub.ailing()
        await until(lambda: [message for message in answers(ana) if not message.ephemeral] and house.is_still())

        assert command.body["text"] == words.busy()
        assert house.hub.ailing() == ""
    assert len([message for message in answers(ana) if not message.ephemeral]) == 1


async def test_s2_one_event_has_one_effect_however_often_it_comes(house: House, slack: SlackStandIn) -> None:
    ana = slack.person("Ana")
    event = {"type": "message", "channel_type": "im", "user": ana.id, "ts": "1.2", "text": "hello", "channel": ana.dm}

    for attempt in range(3):
        assert (await do(slack.push, event, event_id="Ev1", retry=attempt)).ok
    replies = await asyncio.gather(*(do(slack.push, event, event_id="Ev2", retry=0) for _ in range(10)))
    await until(lambda: len(answers(ana)) >= 2 and house.is_still())
    await asyncio.sleep(0.2)

    assert all(reply.ok for reply in replies)
    assert [row["key"] for row in house.rows("inbox")].count("Ev1") == 1
    assert [row["key"] for row in house.rows("inbox")].count("Ev2") == 1
    assert len(answers(ana)) == 2


async def test_s2_to_two_processes_at_once(house: House, slack: SlackStandIn, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    event = {"type": "message", "channel_type": "im", "user": ana.id, "ts": "1.2", "text": "hello", "channel": ana.dm}
    first = slack.events_url
    async with running(slack, tmp_path) as other:
        other.clock.ahead = house.clock.ahead
        for url in (slack.events_url, first, slack.events_url, first):
            slack.events_url = url
            assert (await do(slack.push, event, event_id="Ev1")).ok
        await until(lambda: answers(ana) and house.is_still())
        await asyncio.sleep(0.3)

    assert len(answers(ana)) == 1


ELSEWHERE = (
    "http://127.0.0.1:{port}/response/T1/abc",
    "http://localhost:{port}/hook",
    "http://hooks.slack.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@hooks.slack.com/",
)
STRANGE = (
    "http://hooks.slack.com/commands/1",
    "https://hooks.slack.com.evil.example/1",
    "https://hooks.slack.com:8443/1",
    "https://user@hooks.slack.com/1",
    "https://evil.example/https://hooks.slack.com/",
    "//hooks.slack.com/1",
    "file:///etc/passwd",
    "https://[broken/",
    "",
)


@pytest.mark.parametrize("address", STRANGE)
def test_s21_only_slacks_own_response_address_is_one(address: str) -> None:
    assert not api.is_slacks(address, SLACK)
    assert api.is_slacks("https://hooks.slack.com/commands/T1/2/abc", SLACK)


@pytest.mark.parametrize("address", ELSEWHERE)
async def test_s21_a_response_address_elsewhere_is_not_called(house: House, slack: SlackStandIn, address: str) -> None:
    called: list[object] = []
    server = await asyncio.start_server(lambda *_: called.append(1), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    ana = slack.person("Ana")
    await house.joins(ana)
    room = slack.channel("general", [ana])
    before = len(answers(ana))
    fields = {"command": "/me", "text": "", "user_id": ana.id, "team_id": slack.team.id, "channel_id": room.id}
    body = urlencode({**fields, "trigger_id": "1.2", "response_url": address.format(port=port)}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    reply = await do(slack.post_raw, body, {**form, **slack.signature(body)})
    await until(lambda: len(answers(ana)) > before and house.is_still())
    server.close()

    assert reply.ok
    assert called == []
    assert answers(ana)[-1].channel == ana.dm  # said in the person's own chat instead


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_200_commands_at_once_are_answered_while_a_broadcast_is_sent(
    slack: SlackStandIn, tmp_path: Path, mode: str
) -> None:
    async with running(slack, tmp_path, mode) as house:
        until_noon(house)
        await _all_answered(house, slack)


async def _all_answered(house: House, slack: SlackStandIn) -> None:
    typists = [slack.person(f"Person {number}") for number in range(200)]
    readers = [slack.person(f"Reader {number}") for number in range(500)]
    each = await help_of(house, slack.person("Somebody"))
    sender = house.kindling.senders[house.workspace.name]
    sender.pace = Pace(100.0, sender.platform.chat_gap, sender.monotonic)
    await house.kindling.store.write(_broadcast, house, readers)
    sender.wake()
    await until(lambda: slack.calls.accepted(POST, readers[0]) or len(slack.calls.accepted(POST)) > 5)

    with ThreadPoolExecutor(200) as pool:
        loop = asyncio.get_running_loop()
        replies = await asyncio.gather(*(loop.run_in_executor(pool, one.types, "/help") for one in typists))
    left = sum(row["status"] == "pending" for row in house.rows("deliveries") if row["kind"] == "nudge")
    sender.pace = Pace(QUICK, sender.platform.chat_gap, sender.monotonic)
    await until(lambda: all(len(answers(one)) >= each for one in typists) and house.is_still(), 120)

    assert slack.late == []
    assert {reply.status for reply in replies} == {200}
    assert {reply.body for reply in replies} == {""}
    assert left > 0
    assert {len(answers(one)) for one in typists} == {each}
    assert {len(answers(one)) for one in readers} == {1}


def _broadcast(conn: Any, house: House, readers: list[Person]) -> None:
    now = house.clock.now()
    rows = []
    for reader in readers:
        reached = subscribers.join(conn, house.workspace.name, reader.id, make.person(), now)
        at = (reached.address_id, reached.account_id)
        body = dump(Message("A story of today."))
        due, end = now - timedelta(minutes=1), now + timedelta(hours=1)
        rows.append(slots.slot_row(reached.person.id, at, now.date(), due, body=body, expires_at=end))
    deliveries.add_planned(conn, rows)


@pytest.fixture
def all_logs(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Everything that anybody logs, down to the least of it, as an operator would see it."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield capsys
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_secrets_are_in_no_log_even_at_debug(
    slack: SlackStandIn, tmp_path: Path, all_logs: pytest.CaptureFixture[str], mode: str
) -> None:
    ana = slack.person("Ana")
    async with running(slack, tmp_path, mode) as house:
        log.configure("console", settings_module.secrets_of(house.kindling.settings), level=logging.DEBUG)
        await house.joins(ana)
        room = slack.channel("general", [ana])
        ana.invites_bot(room)
        await do(ana.types, "/me", "", room)
        slack.faults.add(method="response", drop=True)
        await do(ana.types, "/me", "", room)
        for fault in ({"body": "[]"}, {"drop": True}, {"error": "invalid_auth", "times": None}):
            slack.faults.add(method=POST, **fault)
            await do(ana.types, "/help")
            await until(house.is_still)
        assert house.workspace.stopped
    logged = _seen(all_logs)

    assert "refuses us" in logged
    secrets = (slack.app_token, slack.signing_secret, slack.client_secret, slack.team.bot_token, "canary-of-the-inst")
    assert [secret for secret in secrets if secret in logged] == []
    assert "/response/" not in logged
    assert "ticket=" not in logged


async def test_a_failing_database_tells_the_log_no_response_address(
    house: House, slack: SlackStandIn, all_logs: pytest.CaptureFixture[str]
) -> None:
    ana = slack.person("Ana")
    room = slack.channel("general", [ana])
    await house.joins(ana)
    log.configure("console", settings_module.secrets_of(house.kindling.settings), level=logging.DEBUG)
    _run(house, "CREATE TRIGGER t BEFORE INSERT ON deliveries BEGIN SELECT RAISE(ABORT, 'no'); END")

    await do(ana.types, "/me", "", room)
    await until(lambda: "update failed" in _seen(all_logs))

    assert "/response/" not in _seen(all_logs)


def _run(house: House, statement: str) -> None:
    conn = sqlite3.connect(house.db)
    conn.execute(statement)
    conn.close()


_LOGGED: dict[int, str] = {}


def _seen(capsys: pytest.CaptureFixture[str]) -> str:
    new = capsys.readouterr()
    _LOGGED[id(capsys)] = _LOGGED.get(id(capsys), "") + new.out + new.err
    return _LOGGED[id(capsys)]


def test_no_secret_is_in_what_an_object_says_of_itself() -> None:
    from bot.channels.slack.access import Access

    made = Access(bot_token="xoxb-canary", app_token="xapp-canary", signing_secret="canary", client_secret="canary")
    assert "canary" not in repr(made)
    assert "canary" not in json.dumps(str(made))
