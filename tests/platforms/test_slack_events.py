"""Events over HTTP: signed, delivered again until taken, in Slack's envelope; commands are never repeated."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.platforms.slack import Person, SlackStandIn
from tests.platforms.slack.practice import bot, client, over_http

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        stand_in.pauses = (0.0, 0.05, 0.1)
        yield stand_in


@pytest.fixture
def ana(slack: SlackStandIn) -> Person:
    return slack.person("Ana")


@asynccontextmanager
async def plain(slack: SlackStandIn, handler: Handler) -> AsyncIterator[None]:
    """Serve events_url with a bare handler."""
    app = web.Application()
    app.router.add_post("/slack/events", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()


async def test_an_event_is_delivered_until_it_is_taken(slack: SlackStandIn, ana: Person) -> None:
    seen: list[tuple[str | None, str | None, Json]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        names = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")
        num, reason = (request.headers.get(name) for name in names)
        seen.append((num, reason, json.loads(await request.read())))
        return web.Response(status=500 if len(seen) < 3 else 200)

    async with plain(slack, handler):
        ana.says("a & b")
        await slack.wait_for(slack.wait, lambda: len(slack.acks) == 3)
    assert [each[:2] for each in seen] == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({each[2]["event_id"] for each in seen}) == 1
    body = seen[0][2]
    assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", slack.team.id, slack.app_id)
    assert body["authorizations"][0]["user_id"] == slack.team.bot_user
    assert (body["event"]["text"], body["event"]["channel_type"]) == ("a &amp; b", "im")
    assert [ack.status for ack in slack.acks] == [500, 500, 200]


async def test_a_slow_acknowledgement_is_late(slack: SlackStandIn, ana: Person) -> None:
    slack.patience = 0.2

    async def handler(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0 if "X-Slack-Retry-Num" in request.headers else 0.4)
        return web.Response()

    async with plain(slack, handler):
        ana.says("hello")
        await slack.wait_for(slack.wait, lambda: len(slack.acks) == 2)
        reply = await slack.wait_for(ana.types, "/act")
    assert (reply.status, reply.error, reply.ok) == (0, "operation_timeout", False)
    assert [(ack.kind, ack.attempt) for ack in slack.late] == [("event", 0), ("command", 0)]
    assert [ack.attempt for ack in slack.acks if ack.kind == "command"] == [0]
    assert slack.acks[0].seconds >= 0.2


async def test_nobody_listening_is_a_failed_delivery(slack: SlackStandIn, ana: Person) -> None:
    slack.events_url = "http://127.0.0.1:1/slack/events"
    ana.says("hello")
    await slack.wait_for(slack.wait, lambda: len(slack.acks) == 4)
    assert all(ack.error.startswith("connection_failed") for ack in slack.acks)


async def test_signatures_are_those_bolt_wants(slack: SlackStandIn, ana: Person) -> None:
    async with over_http(slack, bot(slack)):
        verified = await slack.wait_for(slack.verify_url)
        body = json.dumps({"type": "url_verification", "challenge": "x"}).encode()
        more = {"Content-Type": "application/json"}
        good = await slack.wait_for(slack.post_raw, body, slack.signature(body) | more)
        old = await slack.wait_for(slack.post_raw, body, slack.signature(body, 1_600_000_000) | more)
        odd = await slack.wait_for(slack.post_raw, body, slack.signature(b"else") | more)
        none = await slack.wait_for(slack.post_raw, body, more)
    assert (verified.ok, good.status) == (True, 200)
    assert [old.status, odd.status, none.status] == [401] * 3


async def test_the_same_event_may_be_pushed_again(slack: SlackStandIn, ana: Person) -> None:
    seen: list[tuple[str, str | None]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(((await request.json())["event_id"], request.headers.get("X-Slack-Retry-Num")))
        return web.Response(status=200)

    event = {"type": "message", "channel_type": "im", "channel": ana.dm, "user": ana.id, "text": "x", "ts": "1.2"}
    async with plain(slack, handler):
        for retry in (None, None, 2):
            assert (await slack.wait_for(slack.push, event, event_id="Ev1", retry=retry)).ok
    assert seen == [("Ev1", None), ("Ev1", None), ("Ev1", "2")]


async def test_the_bot_hears_itself_in_direct_messages(slack: SlackStandIn, ana: Person) -> None:
    seen: list[Json] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append((await request.json())["event"])
        return web.Response()

    async with plain(slack, handler):
        sent = await client(slack).chat_postMessage(channel=ana.id, text="hi")
        await client(slack).chat_update(channel=ana.dm, ts=sent["ts"], text="ho")
        await slack.wait_for(slack.wait, lambda: len(seen) == 2)
    seen.sort(key=lambda event: "subtype" in event)
    assert (seen[0]["bot_id"], seen[0]["user"]) == (slack.team.bot_id, slack.team.bot_user)
    assert (seen[1]["subtype"], seen[1]["message"]["text"]) == ("message_changed", "ho")


async def test_only_subscribed_events_of_installed_teams_come(slack: SlackStandIn, ana: Person) -> None:
    other = slack.new_team("Second")
    zoe, room = slack.person("Zoe", team=other), slack.channel("general", members=[ana])
    async with over_http(slack, bot(slack)):
        ana.invites_bot(room)
        ana.says("not for the bot", channel=room)
        zoe.says("hello")
        assert (await slack.wait_for(zoe.types, "/act")).error == "not_installed"
        await slack.wait_for(slack.wait, lambda: slack.acks)
    assert {ack.name for ack in slack.acks} == {"member_joined_channel"}


async def test_uninstalling_kills_the_token_unless_it_is_old_news(slack: SlackStandIn) -> None:
    app: AsyncApp = bot(slack)
    seen: list[tuple[str, int]] = []

    async def handler(body: Json) -> None:
        seen.append((body["event"]["type"], body["event_time"]))

    app.event("app_uninstalled")(handler)
    app.event("tokens_revoked")(handler)
    async with over_http(slack, app):
        await slack.wait_for(slack.uninstalls(slack.team, at=1000, order=("tokens_revoked", "app_uninstalled")).result)
        assert (await client(slack).auth_test())["ok"]
        token = slack.team.bot_token
        slack.uninstalls(slack.team)
        await slack.wait_for(slack.wait, lambda: len(slack.acks) == 4)
    assert seen[:2] == [("tokens_revoked", 1000), ("app_uninstalled", 1000)]
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client(slack, token).auth_test()


async def test_one_person_in_two_teams_of_a_grid(slack: SlackStandIn) -> None:
    teams = [slack.new_team(name, enterprise="E123") for name in ("North", "South")]
    for team in teams:
        slack.world.install(team)
    north = slack.person("Ana", team=teams[0])
    south = slack.person("Ana", team=teams[1], id=north.id)
    seen: list[Json] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(await request.json())
        return web.Response()

    async with plain(slack, handler):
        north.says("from the north")
        south.says("from the south")
        await slack.wait_for(slack.wait, lambda: len(seen) == 2)
    assert north.id.startswith("W")
    assert north.dm != south.dm
    assert {body["team_id"] for body in seen} == {team.id for team in teams}
    assert {(body["enterprise_id"], body["event"]["user"]) for body in seen} == {("E123", north.id)}
