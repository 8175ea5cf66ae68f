"""Slack as a whole: the ways in, and one account for each workspace, added and removed while we run."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from bot.channels.slack import api
from bot.channels.slack.access import Access
from bot.channels.slack.door import Door
from bot.channels.slack.http import Requests
from bot.channels.slack.records import Records
from bot.channels.slack.socket import Sockets
from bot.channels.slack.workspace import Ties, Workspace
from bot.channels.worker import Intake
from bot.clock import Clock
from bot.conversation import passes
from bot.message import Image, Outcome
from bot.wording import workplace as words

if TYPE_CHECKING:
    from bot.channels.slack.install import Installing

RETRY_SECONDS = 15.0

log = structlog.get_logger()


@dataclass(eq=False, kw_only=True)
class SlackHub:
    """All workspaces. `join` and `leave` are told when an account begins and when it ends."""

    access: Access = field(repr=False)
    intake: Intake = field(repr=False)
    records: Records = field(repr=False)
    engine: AsyncEngine = field(repr=False)
    secret: str = field(repr=False)
    clock: Clock
    join: Callable[[Workspace], None]
    leave: Callable[[str], None]
    commands: frozenset[str] = frozenset()
    monotonic: Callable[[], float] = time.monotonic
    name: str = field(default="slack", init=False)

    def __post_init__(self) -> None:
        self.workspaces: dict[str, Workspace] = {}
        self._connections: aiohttp.ClientSession | None = None
        self._trouble = ""
        self._is_refused = False
        self._running = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._installing = self._make_installing() if self.access.client_id else None
        take = Door(self._find, self._tell_strangers).take
        secret, token = self.access.signing_secret, self.access.app_token
        self._requests = Requests(secret, take, self._now) if secret else None
        self._sockets = Sockets(token, self.access.url, take, self.monotonic, self._now) if token else None

    async def open(self) -> None:
        """Make ready to send: find out which workspaces there are."""
        await self._reach()

    async def start(self) -> None:
        """Begin to take in; workspaces that cannot be reached now are tried until they can."""
        self._running = True
        await self._reach()
        for workspace in self.workspaces.values():
            await workspace.start()
        if self._trouble:
            self._later(self._keep_reaching())
        if self._sockets is not None:
            await self._sockets.start()

    async def stop(self) -> None:
        """Take in nothing more, finish what is in hand, close connections."""
        self._running = False
        if self._sockets is not None:
            await self._sockets.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(workspace.stop() for workspace in self.workspaces.values()), return_exceptions=True)

    async def find(self, account: str) -> None:
        """Let a workspace in that another process has installed."""
        with suppress(LookupError):
            await self._find(account.removeprefix(f"{self.name}:"))

    async def close(self) -> None:
        """Close the connections, once nothing is sent any more."""
        if self._connections is not None:
            await self._connections.close()

    def routes(self) -> Sequence[BaseRoute]:
        """What the web server shall serve for Slack."""
        routes: list[BaseRoute] = [self._requests.route()] if self._requests is not None else []
        return [*routes, *(self._installing.routes() if self._installing is not None else ())]

    def ailing(self) -> str:
        """Why Slack is not well; one workspace that ended us is its own affair, unless it is the only one."""
        ways = (self._sockets, self._requests)
        found = [way.ailing() for way in ways if way is not None]
        if self.access.bot_token:
            found += [workspace.ailing() for workspace in self.workspaces.values()]
        return next((words_ for words_ in (self._trouble, *found) if words_), "")

    def _now(self) -> float:
        return self.clock.now().timestamp()

    async def _reach(self) -> None:
        self._trouble = ""
        if self.access.bot_token and not any(w.token == self.access.bot_token for w in self.workspaces.values()):
            await self._reach_own()
        if self.access.client_id:
            for install in await self.records.installs(self.access.client_id):
                if install.owner not in self.workspaces:
                    self._add(Workspace(install.owner, install.token, self._ties(), install.user))

    async def _reach_own(self) -> None:
        """The one workspace of the configured token: Slack alone can say which it is."""
        try:
            me = await api.Api(self.access.bot_token, self.access.url, self._session()).call("auth.test", {})
        except api.CallError as refused:
            self._is_refused = refused.receipt.outcome is Outcome.ACCOUNT_STOPPED
            stopped = "SLACK_BOT_TOKEN is refused" if self._is_refused else "Slack cannot be reached"
            self._trouble = f"{stopped} ({refused.error})"
            log.error("workspace not reached", problem=self._trouble)
            return
        owner = me.get("enterprise_id") if me.get("is_enterprise_install") else me.get("team_id")
        self._add(Workspace(str(owner), self.access.bot_token, self._ties(), str(me.get("user_id", ""))))

    async def _keep_reaching(self) -> None:
        while self._trouble:
            await asyncio.sleep(RETRY_SECONDS)
            before = set(self.workspaces)
            await self._reach()
            for owner in set(self.workspaces) - before:
                await self.workspaces[owner].start()

    def _add(self, workspace: Workspace) -> None:
        self.workspaces[workspace.owner] = workspace
        self.join(workspace)
        log.info("workspace", account=workspace.name)

    async def _find(self, owner: str) -> Workspace | None:
        """The workspace of an owner.

        Raises `LookupError` while we do not know which one the configured token is for.
        """
        found = self.workspaces.get(owner)
        if owner and self.access.client_id and (found is None or found.stopped):
            # Installed by another process that serves the same address.
            await self._installed(owner, anew=False)
            found = self.workspaces.get(owner)
        if found is None and self._is_unknown:
            raise LookupError(owner)
        return found

    @property
    def _is_unknown(self) -> bool:
        """Whether Slack could not yet be asked which workspace the configured token is for."""
        return bool(self.access.bot_token and self._trouble and not self._is_refused)

    async def _installed(self, owner: str, *, anew: bool = True) -> None:
        for install in await self.records.installs(self.access.client_id, owner):
            old = self.workspaces.get(owner)
            if old is not None and old.token == install.token and not (anew and old.stopped):
                return
            await self._remove(owner)
            workspace = Workspace(install.owner, install.token, self._ties(), install.user)
            await self.records.come_back(workspace.name)
            self._add(workspace)
            if self._running:
                await workspace.start()

    async def _left(self, workspace: Workspace, tree: Mapping[str, Any]) -> None:
        """An uninstall, or bot tokens revoked: unless the app was installed anew since."""
        event = tree.get("event") or {}
        tokens = event.get("tokens") or {}
        if event.get("type") == "tokens_revoked" and not tokens.get("bot"):
            return
        at = tree.get("event_time")
        newest = await self.records.installs(self.access.client_id, workspace.owner)
        if newest and isinstance(at, int) and at < int(newest[0].at.timestamp()):
            log.info("uninstall of an older install ignored", account=workspace.name)
            return
        workspace.stopped = "uninstalled"
        await self.records.leave(self.access.client_id, workspace.owner, workspace.name, self.clock.now())
        if workspace.token == self.access.bot_token:
            self._trouble, self._is_refused = "the workspace of SLACK_BOT_TOKEN has removed the app", True
        log.warning("workspace has removed us", account=workspace.name)
        self._later(self._remove(workspace.owner))

    async def _remove(self, owner: str) -> None:
        workspace = self.workspaces.pop(owner, None)
        if workspace is not None:
            self.leave(workspace.name)
            await workspace.stop()

    async def _tell_strangers(self, address: str, text: str) -> None:
        workspace = Workspace("", "", self._ties())
        await workspace.respond(address, text)

    def _ties(self) -> Ties:
        return Ties(
            intake=self.intake,
            url=self.access.url,
            connections=self._session(),
            commands=self.commands,
            known=self.records.known,
            picture=self._picture,
            close=words.close,
            left=self._left,
        )

    def _picture(self, image: Image) -> str:
        if image.source.startswith("https://"):
            return image.source
        public = self.access.public_url
        number = passes.number_of(image.source)
        path = f"/pictures/{image.source}" if number is None else passes.path(number, self.secret, self.clock.now())
        return f"{public}{path}" if public.startswith("https://") else ""

    def _session(self) -> aiohttp.ClientSession:
        if self._connections is None or self._connections.closed:
            self._connections = api.session()
        return self._connections

    def _make_installing(self) -> "Installing":
        from bot.channels.slack.install import Installing

        return Installing(
            client_id=self.access.client_id,
            client_secret=self.access.client_secret,
            public_url=self.access.public_url,
            url=self.access.url,
            engine=self.engine,
            secret=self.secret,
            connections=self._session,
            installed=self._installed,
        )

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
