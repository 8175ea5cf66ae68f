"""What goes to the bot: events, commands and interactions, signed over HTTP or through a socket."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.platforms.slack.calls import Ack, Json, Reply
from tests.platforms.slack.sockets import Sockets
from tests.platforms.slack.world import World

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_EVENT_WAIT = 120.0
_SOCKET_ATTEMPTS = 12


class Delivery:
    """Sends and notes what came back.

    `patience` is how long Slack waits for an acknowledgement, `pauses` what lies between the attempts of an
    event (the real ones: none, a minute, five minutes), `command_wait` how long a command waits for a socket.
    """

    def __init__(self, world: World, sockets: Sockets) -> None:
        self.events_url: str | None = None
        self.signing_secret = secrets.token_hex(16)
        self.patience = 3.0
        self.pauses: tuple[float, ...] = (0.0, 0.2, 0.6)
        self.command_wait = 5.0
        self.acks: list[Ack] = []
        self._world = world
        self._sockets = sockets
        self._session: aiohttp.ClientSession | None = None

    @property
    def late(self) -> list[Ack]:
        """Return what was not acknowledged in time."""
        return [ack for ack in self.acks if ack.error == "operation_timeout"]

    async def start(self) -> None:
        """Get ready to send."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()

    def signature(self, body: bytes, timestamp: int | str | None = None) -> dict[str, str]:
        """Return the headers that prove a body comes from Slack."""
        stamp = str(int(self._world.clock.unix()) if timestamp is None else timestamp)
        digest = hmac.new(self.signing_secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def event(self, envelope: Json, *, attempt: int = 0, is_retried: bool = True) -> Reply:
        """Deliver an event until it is taken or Slack gives up."""
        if self.events_url is None:
            return await self._event_by_socket(envelope, attempt, is_retried)
        reason = "http_timeout"
        while True:
            more = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
            reply = await self._post(json.dumps(envelope).encode(), _JSON, more)
            self._note("event", _event_name(envelope), reply, attempt, str(envelope.get("event_id", "")))
            if reply.ok or not is_retried or attempt >= len(self.pauses) or reply.headers.get("x-slack-no-retry"):
                return reply
            reason = {"operation_timeout": "http_timeout", "": "http_error"}.get(reply.error, "connection_failed")
            await asyncio.sleep(self.pauses[attempt])
            attempt += 1

    async def command(self, fields: Json) -> Reply:
        """Deliver a command, once."""
        name = str(fields["command"])
        if self.events_url is None:
            return await self._once_by_socket("command", name, "slash_commands", fields)
        reply = await self._post(urlencode(fields).encode(), _FORM)
        return self._note("command", name, reply)

    async def interaction(self, payload: Json) -> Reply:
        """Deliver what somebody pressed, chose or sent, once."""
        kind, name = str(payload["type"]), _interaction_name(payload)
        if self.events_url is None:
            return await self._once_by_socket(kind, name, "interactive", payload)
        reply = await self._post(urlencode({"payload": json.dumps(payload)}).encode(), _FORM)
        return self._note(kind, name, reply)

    async def raw(self, body: bytes, headers: dict[str, str]) -> Reply:
        """Post anything at the bot."""
        assert self.events_url, "there is no events_url"
        return await self._send(self.events_url, body, headers)

    async def _post(self, body: bytes, kind: str, more: dict[str, str] | None = None) -> Reply:
        assert self.events_url is not None
        agent = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Content-Type": kind}
        return await self._send(self.events_url, body, agent | self.signature(body) | (more or {}))

    async def _send(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        assert self._session is not None
        start, timeout = time.monotonic(), aiohttp.ClientTimeout(total=self.patience)
        sending = self._session.post(url, data=body, headers=headers, timeout=timeout, allow_redirects=False)
        try:
            async with sending as answer:
                text = await answer.text(errors="replace")
        except TimeoutError:
            return Reply(0, "", time.monotonic() - start, "operation_timeout")
        except (aiohttp.ClientError, OSError) as error:
            return Reply(0, "", time.monotonic() - start, f"connection_failed: {type(error).__name__}")
        seen = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, _body(text, answer.content_type), time.monotonic() - start, headers=seen)

    async def _event_by_socket(self, envelope: Json, attempt: int, is_retried: bool) -> Reply:
        reason, name, id_ = "", _event_name(envelope), str(envelope.get("event_id", ""))
        failures = 0
        while True:
            more = {"retry_attempt": attempt, "retry_reason": reason}
            reply = await self._sockets.send("events_api", envelope, self.patience, _EVENT_WAIT, more)
            self._note("event", name, reply, attempt, id_, "socket")
            if reply.ok or not is_retried or failures >= _SOCKET_ATTEMPTS or reply.error == "no_connection":
                return reply
            if reply.error == "operation_timeout":
                if failures >= len(self.pauses):
                    return reply
                await asyncio.sleep(self.pauses[failures])
            reason = "timeout" if reply.error == "operation_timeout" else "connection_closed"
            failures, attempt = failures + 1, attempt + 1

    async def _once_by_socket(self, kind: str, name: str, type_: str, payload: Json) -> Reply:
        reply = await self._sockets.send(type_, payload, self.patience, self.command_wait, {})
        return self._note(kind, name, reply, via="socket")

    def _note(
        self, kind: str, name: str, reply: Reply, attempt: int = 0, event_id: str = "", via: str = "http"
    ) -> Reply:
        self.acks.append(Ack(kind, name, replace(reply), attempt, event_id, via))
        self._world.bell.ring()
        return reply


def _event_name(envelope: Json) -> str:
    event = envelope.get("event")
    return str(event.get("type", "")) if isinstance(event, dict) else str(envelope.get("type", ""))


def _interaction_name(payload: Json) -> str:
    actions = payload.get("actions")
    if actions:
        return str(actions[0]["action_id"])
    return str(payload.get("callback_id") or payload.get("view", {}).get("callback_id", ""))


def _body(text: str, kind: str) -> Any:
    if kind != _JSON:
        return text
    try:
        return json.loads(text) if text else ""
    except ValueError:
        return text
