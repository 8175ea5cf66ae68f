"""A small real bot, written with bolt, for practising with the stand-in over HTTP and through sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.slack.standin import SlackStandIn


def client(slack: SlackStandIn, token: str | None = None) -> AsyncWebClient:
    """Return Slack's own client, without retries."""
    token = slack.team.bot_token if token is None else token
    return AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])


def bot(slack: SlackStandIn, **more: Any) -> AsyncApp:
    """Return an app of bolt without any handlers."""
    return AsyncApp(client=client(slack), signing_secret=slack.signing_secret, **more)


@asynccontextmanager
async def over_http(slack: SlackStandIn, app: AsyncApp) -> AsyncIterator[str]:
    """Let the bot listen at events_url; yield its base address."""
    runner = web.AppRunner(app.web_app(path="/slack/events"), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack.events_url = f"{address}/slack/events"
    try:
        yield address
    finally:
        await runner.cleanup()


@asynccontextmanager
async def by_socket(slack: SlackStandIn, app: AsyncApp, ping_interval: float = 0.2) -> AsyncIterator[Any]:
    """Let the bot open a socket."""
    handler = AsyncSocketModeHandler(
        app, slack.app_token, web_client=client(slack, slack.app_token), ping_interval=ping_interval
    )
    await handler.connect_async()
    try:
        yield handler
    finally:
        await handler.close_async()
