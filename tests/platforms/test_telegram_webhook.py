"""Delivery by webhook: secret, order, repetition, and calls in the answer."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from tests.platforms.telegram import TelegramStandIn
from tests.platforms.telegram.calling import call

Answering = Callable[[dict[str, Any]], web.Response]


class Hook:
    """A bot's webhook that notes what it gets and answers as told."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()
        self.answering: Answering = lambda update: web.Response()
        self.url = ""

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]

    async def receive(self, request: web.Request) -> web.Response:
        assert request.content_type == "application/json"
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.append(json.loads(await request.read()))
        return self.answering(self.got[-1])


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with hooked() as hook:
        yield hook


@pytest.fixture
async def telegram(hook: Hook) -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn(haste=100) as stand_in:
        reply = await stand_in.wait_for(call, stand_in, "setWebhook", url=hook.url, secret_token="s3cret")
        assert reply.body["result"] is True
        yield stand_in


async def test_updates_arrive_with_the_secret_and_in_order(telegram: TelegramStandIn, hook: Hook) -> None:
    ana = telegram.person()
    for number in range(5):
        ana.says(f"m{number}")
    await telegram.wait_for(telegram.wait, lambda: len(hook.got) == 5)
    assert hook.texts == ["m0", "m1", "m2", "m3", "m4"]
    assert hook.secrets == {"s3cret"}


async def test_a_failure_blocks_that_chat_until_it_is_over(telegram: TelegramStandIn, hook: Hook) -> None:
    ana, bo = telegram.person(name="Ana"), telegram.person(name="Bo")
    failures = iter([500, 404, 302, 503])

    def answer(update: dict[str, Any]) -> web.Response:
        is_anas = update["message"]["from"]["first_name"] == "Ana"
        return web.Response(status=next(failures, 200) if is_anas else 200)

    hook.answering = answer
    ana.says("a1")
    ana.says("a2")
    bo.says("b1")
    await telegram.wait_for(telegram.wait, lambda: hook.texts.count("a2") == 1)
    assert [text for text in hook.texts if text != "b1"] == ["a1"] * 5 + ["a2"]
    assert hook.texts.count("b1") == 1
    assert hook.texts.index("b1") < len(hook.texts) - 2
    info = (await telegram.wait_for(call, telegram, "getWebhookInfo")).body["result"]
    assert (info["url"], info["pending_update_count"]) == (hook.url, 0)
    assert info["last_error_message"].startswith("Wrong response from the webhook: 503")
    assert telegram.webhook.attempts == 7


async def test_a_body_with_a_method_is_carried_out(telegram: TelegramStandIn, hook: Hook) -> None:
    ana = telegram.person()
    hook.answering = lambda update: web.json_response(
        {"method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": "through the answer"}
    )
    ana.says("hi")
    await telegram.wait_for(ana.hears, "through the answer")
    assert telegram.calls[-1].via == "webhook"


async def test_a_dead_bot_gets_its_updates_when_it_is_back() -> None:
    async with TelegramStandIn(haste=100) as telegram, hooked() as hook:
        nowhere = "http://127.0.0.1:1/hook"
        await telegram.wait_for(call, telegram, "setWebhook", url=nowhere)
        telegram.person().says("hi")
        await telegram.wait_for(telegram.wait, lambda: telegram.webhook.attempts >= 2)
        await telegram.wait_for(call, telegram, "setWebhook", url=hook.url)
        await telegram.wait_for(telegram.wait, lambda: hook.texts == ["hi"])
        assert hook.secrets == {None}


async def test_bad_webhooks_are_refused(telegram: TelegramStandIn) -> None:
    reply = await telegram.wait_for(call, telegram, "setWebhook", url="http://example.org/hook")
    assert reply.body["description"] == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    reply = await telegram.wait_for(call, telegram, "setWebhook", url="https://example.org", secret_token="a b")
    assert reply.status == 400


async def test_pending_updates_can_be_dropped(telegram: TelegramStandIn, hook: Hook) -> None:
    await telegram.wait_for(call, telegram, "deleteWebhook")
    telegram.person().says("too old")
    await telegram.wait_for(call, telegram, "setWebhook", url=hook.url, drop_pending_updates=True)
    telegram.person().says("new")
    await telegram.wait_for(telegram.wait, lambda: hook.texts)
    assert hook.texts == ["new"]
