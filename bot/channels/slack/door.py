"""The one door of all workspaces: a delivery is written down, then confirmed, always within Slack's three seconds."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.channels.slack.envelope import Envelope
from bot.channels.slack.workspace import LEAVING, Workspace
from bot.message import Message
from bot.wording import workplace as words

WRITE_SECONDS = 1.5
HANDLE_SECONDS = 1.0
"""Together well within the three seconds after which Slack tells the person that something went wrong."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ack:
    """How a delivery is answered: confirmed or not (then Slack brings events again), and with which body."""

    confirmed: bool = True
    body: Mapping[str, Any] | None = None


@dataclass
class Door:
    """Takes deliveries in for every workspace."""

    find: Callable[[str], Awaitable[Workspace | None]]
    strangers: Callable[[str, str], Awaitable[None]]
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def take(self, envelope: Envelope) -> Ack:
        """Write a delivery down and say how to answer it."""
        if envelope.kind in ("closed", "other"):
            return Ack()
        try:
            workspace = await asyncio.wait_for(self.find(envelope.owner), WRITE_SECONDS)
        except Exception as error:  # noqa: BLE001 - a database that is away must not keep Slack waiting
            log.error("workspace not looked up", error=type(error).__name__)
            return self._busy(envelope)
        if workspace is None:
            return self._strange(envelope)
        outcome = workspace.outcome(envelope) if envelope.kind == "form" else None
        kept = asyncio.ensure_future(workspace.keep(envelope))
        done, _ = await asyncio.wait([kept], timeout=WRITE_SECONDS)
        if not done or kept.exception() is not None:
            log.error("delivery not written down in time", account=workspace.name, kind=envelope.kind)
            workspace.give_up(envelope, kept)
            return self._busy(envelope)
        return await self._outcome(envelope, workspace, outcome) if outcome is not None else Ack()

    async def _outcome(self, envelope: Envelope, workspace: Workspace, outcome: "asyncio.Future[Any]") -> Ack:
        try:
            answers: list[Message] = list(await asyncio.wait_for(outcome, HANDLE_SECONDS))
        except TimeoutError:
            return Ack()
        finally:
            workspace.forget_outcome(envelope)
        wrong = {name: text for answer in answers for name, text in answer.errors}
        return Ack(body={"response_action": "errors", "errors": wrong}) if wrong else Ack()

    def _busy(self, envelope: Envelope) -> Ack:
        if envelope.kind == "event":
            return Ack(confirmed=False)
        if envelope.kind == "command":
            return Ack(body={"response_type": "ephemeral", "text": words.busy()})
        if envelope.kind == "form":
            first = envelope.first_field
            return Ack(body={"response_action": "errors", "errors": {first: words.busy()}} if first else None)
        self._later(self.strangers(envelope.response_url, words.busy()))
        return Ack()

    def _strange(self, envelope: Envelope) -> Ack:
        if envelope.event_type in LEAVING or envelope.kind in ("event", "form"):
            return Ack()
        if envelope.kind == "command":
            return Ack(body={"response_type": "ephemeral", "text": words.not_installed()})
        self._later(self.strangers(envelope.response_url, words.not_installed()))
        return Ack()

    def _later(self, work: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
