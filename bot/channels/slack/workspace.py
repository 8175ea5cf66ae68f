"""One workspace: an account of its own, which says and hears with its own token."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from starlette.routing import BaseRoute

from bot.channels.slack import fetching, inbound
from bot.channels.slack.api import Api
from bot.channels.slack.envelope import Envelope, sort
from bot.channels.slack.inbound import Us
from bot.channels.slack.people import People
from bot.channels.slack.sender import Sender, Shown
from bot.channels.worker import Intake, Worker
from bot.message import File, Image, Message, Outcome, Receipt

RATE = 8.0
"""Messages a second: Slack names no limit for a workspace, others plan 230 to 525 a minute."""
FINISH = 5.0
LEAVING = ("app_uninstalled", "tokens_revoked")

Leave = Callable[["Workspace", Mapping[str, Any]], Awaitable[None]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What every workspace needs of the house around it."""

    intake: Intake
    url: str
    connections: aiohttp.ClientSession
    commands: frozenset[str]
    known: Callable[[str, list[str]], Awaitable[set[str]]]
    picture: Callable[[Image], str]
    close: Callable[[str], str]
    left: Leave


@dataclass(eq=False)
class Workspace:
    """The account `slack:T…` (or `slack:E…`, for a whole organization)."""

    owner: str
    token: str = field(repr=False)
    ties: Ties = field(repr=False)
    user: str = ""
    rate: float = RATE
    chat_gap: float = 1.0
    stopped: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.name = f"slack:{self.owner}"
        self._api = Api(self.token, self.ties.url, self.ties.connections)
        self._shown = Shown()
        self._sender = Sender(self._api, self._shown, self.ties.picture, self.ties.close)
        self.people = People(self._api.form, self._known)
        self._worker = Worker(self.name, self.ties.intake, self._answered, asyncio.sleep, self._prepare)
        self._waiting: list[tuple[str, str, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._outcomes: dict[str, asyncio.Future[Sequence[Message]]] = {}
        self._given_up: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def fetch(self, file: File) -> bytes:
        """The bytes of a file somebody sent."""
        return await fetching.fetch(self._api, self.ties.url, file)

    def look(self, chat: str = "") -> None:  # noqa: ARG002 - the contract of an adapter
        """Handle what another process wrote down."""
        self._worker.look()

    def crowd(self, chat: str) -> int:  # noqa: ARG002 - the contract of an adapter
        """Channels and people have the same limit: one a second (docs.slack.dev, rate limits)."""
        return 0

    def cost(self, message: Message) -> int:  # noqa: ARG002
        """Nobody counts them over the whole workspace."""
        return 1

    async def open(self) -> None:
        """Nothing to make ready: the connections are shared."""

    async def start(self) -> None:
        """Begin to handle what is kept."""
        us = Us(self.name, self.user, self.ties.commands, self.people.of, self._sender.chat_of)
        self._worker.start(lambda tree: None if self._is_given_up(tree) else inbound.incoming(tree, us))

    async def stop(self) -> None:
        """Finish what is in hand."""
        await self._worker.stop(FINISH)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def send(self, chat: str, message: Message) -> Receipt:
        """Say one message; once the token was refused nothing is tried any more."""
        if self.stopped:
            return Receipt(Outcome.ACCOUNT_STOPPED, reason=self.stopped, wait=3600.0, everyone=True)
        try:
            receipt = await self._sender.send(chat, message)
        except Exception as error:
            log.exception("message could not be sent")
            return Receipt(Outcome.FAILED, reason=type(error).__name__)
        if receipt.outcome is Outcome.ACCOUNT_STOPPED and not self.stopped:
            self.stopped = receipt.reason
            log.error("workspace refuses us, nothing more is sent there", account=self.name, error=receipt.reason)
        return receipt

    def routes(self) -> Sequence[BaseRoute]:
        """None of its own: all workspaces share one door."""
        return ()

    def ailing(self) -> str:
        """Why this workspace is not well."""
        return self.stopped

    async def keep(self, envelope: Envelope) -> None:
        """Write a delivery down, together with others that come at the same time; then it may be confirmed."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((envelope.key, envelope.raw, future))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await future

    def outcome(self, envelope: Envelope) -> "asyncio.Future[Sequence[Message]]":
        """What will have been answered to a form once it is handled."""
        future: asyncio.Future[Sequence[Message]] = asyncio.get_running_loop().create_future()
        self._outcomes[envelope.key] = future
        return future

    def forget_outcome(self, envelope: Envelope) -> None:
        """Wait no longer for what was answered to a form."""
        self._outcomes.pop(envelope.key, None)

    def give_up(self, envelope: Envelope, kept: asyncio.Future[None]) -> None:
        """Note that a delivery was not written down in time: whoever did it is asked to do it again, so what is written
        too late is not handled. Only events are: Slack brings them again by itself, under the same id.
        """
        self.forget_outcome(envelope)
        if envelope.kind != "event":
            self._given_up.add(envelope.key)

        def ended(task: asyncio.Future[None]) -> None:
            if task.cancelled() or task.exception() is not None:
                self._given_up.discard(envelope.key)

        kept.add_done_callback(ended)

    def _is_given_up(self, tree: object) -> bool:
        if not self._given_up or not isinstance(tree, dict):
            return False
        key = sort(tree).key
        found = key in self._given_up
        self._given_up.discard(key)
        return found

    async def respond(self, address: str, words: str) -> None:
        """Say something past everything else, where something was pressed or typed."""
        with suppress(Exception):
            await self._api.respond(address, {"response_type": "ephemeral", "replace_original": False, "text": words})

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._worker.keep([(key, raw) for key, raw, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits for it is told
                for *_, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for *_, future in batch:
                    if not future.done():
                        future.set_result(None)

    async def _known(self, people: list[str]) -> set[str]:
        return await self.ties.known(self.name, people)

    async def _prepare(self, raws: Sequence[str]) -> None:
        trees = [tree for raw in raws if isinstance(tree := _tree(raw), dict)]
        for tree in trees:
            await self._look(tree)
        if not self.stopped:
            await self.people.meet(inbound.person_in(tree) for tree in trees)

    async def _look(self, tree: Mapping[str, Any]) -> None:
        message, channel, event = tree.get("message"), tree.get("channel"), tree.get("event")
        if isinstance(message, dict) and isinstance(channel, dict) and isinstance(message.get("blocks"), list):
            self._shown.learn(f"{channel.get('id')}:{message.get('ts')}", message["blocks"])
        person, chat = inbound.person_in(tree), inbound.own_chat_in(tree)
        if person and chat:
            self._sender.learn_chat(person, chat)
        if isinstance(event, dict) and event.get("type") in LEAVING:
            await self.ties.left(self, tree)

    def _later(self, work: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _answered(self, raw: str, messages: Sequence[Message]) -> None:
        if '"view_submission"' not in raw:
            return
        tree = _tree(raw)
        envelope = sort(tree) if isinstance(tree, dict) else None
        if envelope is None or envelope.kind != "form":
            return
        future = self._outcomes.pop(envelope.key, None)
        if future is not None and not future.done():
            future.set_result(messages)
        elif wrong := [words for message in messages for _, words in message.errors]:
            # The form is gone from the screen: what is wrong with it is said in the chat.
            self._later(self.send(inbound.person_in(tree), Message("\n".join(wrong))))


def _tree(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
