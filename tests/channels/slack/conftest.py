"""A whole instance on a stand-in for Slack, in this process: by HTTP, by Socket Mode, or installed in many workspaces."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import compose
from bot.channels.slack.hub import SlackHub
from bot.channels.slack.workspace import Workspace
from bot.clock import MovableClock
from bot.commands.serving import bind, web_server
from bot.instance import Kindling
from bot.settings import Settings
from storage import guard, schema
from tests import make
from tests.acceptance import slack as acting
from tests.platforms.slack import Person, SlackStandIn
from tests.talk import publish

QUICK = 500.0


@dataclass
class House:
    """One running instance; `db` is its database file, `address` where it listens."""

    slack: SlackStandIn
    kindling: Kindling
    clock: MovableClock
    db: Path
    sock: socket.socket = field(repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.sock.getsockname()[1]}"

    @property
    def hub(self) -> SlackHub:
        (hub,) = self.kindling.hubs
        assert isinstance(hub, SlackHub)
        return hub

    @property
    def workspace(self) -> Workspace:
        return self.hub.workspaces[self.slack.team.id]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table."""
        found = schema.metadata.tables[table]

        def look(conn: Any) -> list[dict[str, Any]]:
            return [dict(row) for row in conn.execute(select(found).order_by(found.c.id)).mappings()]

        return self.kindling.store.read_now(look)

    def passes(self, span: timedelta) -> None:
        """Let time pass for the bot and for Slack."""
        self.clock.ahead += span
        self.slack.later(span.total_seconds())

    async def next_evening(self) -> None:
        """Go to the next day, past everybody's slot, and plan: the nudges are on their way when this returns."""
        tomorrow = (self.clock.now() + timedelta(days=1)).replace(hour=20, minute=0)
        self.passes(tomorrow - self.clock.now())
        await self.kindling.tick()

    async def joins(self, *people: Person) -> None:
        """Let people go through the first talk."""
        await asyncio.gather(*(asyncio.to_thread(acting.joins, person) for person in people))
        for person in people:
            person.listens()
        await until(self.is_still)

    def is_still(self) -> bool:
        """Whether nothing waits to be handled or sent."""
        waiting = [row for row in self.rows("inbox") if row["state"] == "new"]
        due = [row for row in self.rows("deliveries") if row["status"] in ("pending", "sending")]
        return not waiting and not due


def settings_for(slack: SlackStandIn, folder: Path, mode: str) -> dict[str, Any]:
    """The settings of an instance; `mode` is `socket`, `http` or `oauth`."""
    named = {
        "kindling_database_url": f"sqlite:///{folder / 'kindling.db'}",
        "kindling_secret": "canary-of-the-instance",
        "slack_api_url": slack.api_url,
    }
    if mode == "oauth":
        more = {"slack_client_id": slack.client_id, "slack_client_secret": slack.client_secret}
        return {**named, **more, "slack_signing_secret": slack.signing_secret}
    ways = {"socket": {"slack_app_token": slack.app_token}, "http": {"slack_signing_secret": slack.signing_secret}}
    return {**named, "slack_bot_token": slack.team.bot_token, **ways[mode]}


@asynccontextmanager
async def running(slack: SlackStandIn, folder: Path, mode: str = "http", **more: Any) -> AsyncIterator[House]:
    """An instance that listens to Slack until the block ends; quicker than it would be with people."""
    sock = bind("127.0.0.1", 0)
    address = f"http://127.0.0.1:{sock.getsockname()[1]}"
    settings = Settings(_env_file=None, **{**settings_for(slack, folder, mode), "kindling_public_url": address, **more})  # type: ignore[call-arg]
    clock = MovableClock()
    kindling = compose.build(settings, clock)
    guard.ensure_schema(kindling.store)
    if not (folder / "loaded").exists():
        publish(kindling.store, make.pack("water", actions=make.climb()), now=clock.now())
        (folder / "loaded").touch()
    compose.add_slack(kindling)
    house = House(slack, kindling, clock, folder / "kindling.db", sock)
    house.hub.join = quickly(kindling)
    slack.events_url = None if mode == "socket" else f"{address}/slack/events"
    slack.pace = None  # type: ignore[assignment]
    await kindling.recover()
    await kindling.start()
    try:
        async with web_server(compose.web_app(kindling), sock):
            if mode == "socket":
                await until(lambda: len(slack.sockets) == 2)
            yield house
    finally:
        await asyncio.wait_for(kindling.stop(), 15)


def quickly(kindling: Kindling) -> Callable[[Workspace], None]:
    """Let workspaces be sent to as fast as the machine can."""

    def join(workspace: Workspace) -> None:
        workspace.rate, workspace.chat_gap = QUICK, 0.0
        kindling.speak_for(workspace)

    return join


async def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not holds():
        assert loop.time() < end, "waited in vain"
        await asyncio.sleep(0.02)


class Locked:
    """Somebody else holds the database: nothing can be written."""

    def __init__(self, db: Path) -> None:
        self._conn = sqlite3.connect(db, isolation_level=None, check_same_thread=False)

    def __enter__(self) -> None:
        self._conn.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        self._conn.execute("ROLLBACK")
        self._conn.close()


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as standin:
        yield standin


def until_noon(made: House) -> None:
    """Let it be noon, where nobody's quiet hours are."""
    noon = made.clock.now().replace(hour=12, minute=0)
    made.passes((noon - made.clock.now()) % timedelta(days=1))


@pytest.fixture
async def house(slack: SlackStandIn, tmp_path: Path) -> AsyncIterator[House]:
    """An instance for one workspace, by HTTP."""
    async with running(slack, tmp_path) as made:
        until_noon(made)
        yield made


@pytest.fixture
async def apart(slack: SlackStandIn, tmp_path: Path) -> AsyncIterator[House]:
    """An instance for one workspace, by Socket Mode."""
    async with running(slack, tmp_path, "socket") as made:
        yield made


Blocking = Callable[..., Any]


async def do(deed: Blocking, *args: Any, **more: Any) -> Any:
    """Let a person do something, without blocking the loop the bot lives in."""
    work: Awaitable[Any] = asyncio.to_thread(deed, *args, **more)
    return await work
