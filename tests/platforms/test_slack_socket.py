"""Socket Mode with bolt's own client: drops, planned leaves, refusals and half-open connections."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.platforms.slack import Person, SlackStandIn
from tests.platforms.slack.practice import bot, by_socket, client


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        stand_in.pauses = (0.0, 0.05, 0.1)
        yield stand_in


@pytest.fixture
def ana(slack: SlackStandIn) -> Person:
    return slack.person("Ana")


class Raw:
    """A bare socket, which acknowledges only what it is told to."""

    def __init__(self, session: aiohttp.ClientSession, slack: SlackStandIn) -> None:
        self._session, self._slack = session, slack
        self._all: list[aiohttp.ClientWebSocketResponse] = []
        self.ws: Any = None

    async def url(self) -> str:
        web = client(self._slack, self._slack.app_token)
        return str((await web.apps_connections_open(app_token=self._slack.app_token))["url"])

    async def open(self, url: str = "") -> "Raw":
        self.ws = await self._session.ws_connect(url or await self.url())
        self._all.append(self.ws)
        assert (await self.ws.receive_json())["type"] == "hello"
        return self

    async def close(self) -> None:
        for each in self._all:
            await each.close()

    async def take(self, *, ack: bool = True) -> Any:
        envelope = await self.ws.receive_json(timeout=3)
        if ack:
            await self.ws.send_json({"envelope_id": envelope["envelope_id"]})
        return envelope


@pytest.fixture
async def raw(slack: SlackStandIn) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        raw = await Raw(session, slack).open()
        yield raw
        await raw.close()


async def test_an_event_comes_again_when_the_socket_drops_before_the_ack(
    slack: SlackStandIn, ana: Person, raw: Raw
) -> None:
    ana.says("hello")
    first = await raw.take(ack=False)
    slack.drop_sockets()
    second = await (await raw.open()).take()
    assert first["payload"] == second["payload"]
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    await slack.wait_for(slack.wait, lambda: len(slack.acks) == 2)
    assert [ack.error for ack in slack.acks] == ["connection_closed", ""]


async def test_an_event_not_acknowledged_in_time_comes_again(slack: SlackStandIn, ana: Person, raw: Raw) -> None:
    slack.patience = 0.2
    ana.says("hello")
    await raw.take(ack=False)
    again = await raw.take()
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
    assert [ack.kind for ack in slack.late] == ["event"]


async def test_a_command_waits_for_a_socket_and_comes_once(slack: SlackStandIn, ana: Person, raw: Raw) -> None:
    await raw.ws.close()
    await slack.wait_for(slack.wait, lambda: not slack.sockets)
    typing = asyncio.create_task(slack.wait_for(ana.types, "/act"))
    await asyncio.sleep(0.2)
    await raw.open()
    envelope = await raw.take(ack=False)
    assert (envelope["type"], envelope["payload"]["command"]) == ("slash_commands", "/act")
    assert envelope["accepts_response_payload"] is True
    slack.drop_sockets()
    reply = await typing
    assert (reply.status, reply.error) == (0, "connection_closed")
    await raw.open()
    with pytest.raises(TimeoutError):
        await raw.ws.receive_json(timeout=0.2)


async def test_envelopes_are_spread_over_the_connections(slack: SlackStandIn, ana: Person, raw: Raw) -> None:
    async with aiohttp.ClientSession() as session:
        second = await Raw(session, slack).open()
        ana.says("one")
        ana.says("two")
        texts = {(await each.take())["payload"]["event"]["text"] for each in (raw, second)}
        await second.close()
    assert texts == {"one", "two"}


async def test_sockets_are_refused_for_a_while(slack: SlackStandIn, raw: Raw) -> None:
    slack.refuse_sockets(0.2)
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        await raw.open()
    assert error.value.status == 503
    await asyncio.sleep(0.25)
    await raw.open()
    slack.refuse_sockets()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await raw.open()
    slack.refuse_sockets(False)
    await raw.open()


async def test_a_ticket_is_good_once(slack: SlackStandIn, raw: Raw) -> None:
    url = await raw.url()
    await raw.open(url)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await raw.open(url)


async def test_a_frozen_socket_says_nothing_any_more(slack: SlackStandIn, ana: Person, raw: Raw) -> None:
    slack.patience = 0.3
    slack.freeze_sockets()
    await raw.ws.ping()
    reply = await slack.wait_for(ana.types, "/act")
    assert reply.error == "operation_timeout"
    ana.says("hello")
    with pytest.raises(TimeoutError):
        await raw.ws.receive(timeout=0.1)
    async with aiohttp.ClientSession() as session:
        second = await Raw(session, slack).open()
        envelope = await second.take()
        await second.close()
    assert envelope["payload"]["event"]["text"] == "hello"
    slack.drop_sockets()


@pytest.mark.parametrize("fault", ["drop", "refresh", "warning", "freeze"])
async def test_bolt_comes_back_by_itself(slack: SlackStandIn, ana: Person, fault: str) -> None:
    app, seen = bot(slack), []

    @app.message("hello")
    async def hello(event: dict[str, Any]) -> None:
        seen.append(event["text"])

    async with by_socket(slack, app, ping_interval=0.1):
        ana.says("hello 1")
        await slack.wait_for(slack.wait, lambda: len(seen) == 1)
        if fault == "drop":
            slack.drop_sockets()
        elif fault == "freeze":
            slack.freeze_sockets()
            slack.patience = 0.5
        else:
            slack.disconnect_sockets("refresh_requested" if fault == "refresh" else "warning", grace=0.5)
        start = time.monotonic()
        ana.says("hello 2")
        await slack.wait_for(slack.wait, lambda: len(seen) == 2)
        assert time.monotonic() - start < 5
    assert seen == ["hello 1", "hello 2"]
