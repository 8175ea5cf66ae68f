"""Calls of the Web API for one workspace: arguments in, the plain answer out."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.channels.files import FetchError, drained, refused
from bot.channels.slack import outcome
from bot.channels.slack.access import SLACK
from bot.message import Outcome, Receipt

HOOKS = "https://hooks.slack.com"
TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5, sock_connect=5)
KEPT_ALIVE = 10.0
PATIENCE = 3.0
"""So many seconds of a `Retry-After` are waited out inside a call; what is told to wait longer waits in the outbox."""


class CallError(Exception):
    """A call that Slack did not answer with ok; `receipt` is what that means for a message that was to be sent."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.reason)
        self.receipt = receipt

    @property
    def error(self) -> str:
        """Slack's name of the error."""
        return self.receipt.reason


class ShortRateLimitRetry(AsyncRateLimitErrorRetryHandler):
    """The library's retry after a 429, for short waits; its own reads only the first digit of `Retry-After`."""

    async def _can_retry_async(self, *, response: HttpResponse | None = None, **_other: Any) -> bool:
        return response is not None and response.status_code == 429 and 0 < _wait(response.headers) <= PATIENCE

    async def prepare_for_next_attempt_async(
        self, *, state: RetryState, response: HttpResponse | None = None, **_other: Any
    ) -> None:
        """Wait as long as we were told to."""
        await asyncio.sleep(_wait(response.headers) if response is not None else PATIENCE)
        state.next_attempt_requested = True
        state.increment_current_attempt()


class Client(AsyncWebClient):
    """The library's client; where it proves who the app is, it does so without the way that aiohttp gives up."""

    async def api_call(
        self,
        api_method: str,
        *,
        headers: dict[str, str] | None = None,
        auth: dict[str, str] | None = None,
        **more: Any,
    ) -> AsyncSlackResponse:
        """Call a method; `auth` has the app's `client_id` and `client_secret`."""
        if auth is not None:
            proof = aiohttp.encode_basic_auth(auth["client_id"], auth["client_secret"])
            headers = {**(headers or {}), "Authorization": proof}
        return await super().api_call(api_method, headers=headers, **more)


def session() -> aiohttp.ClientSession:
    """The connections of all workspaces. Idle ones are dropped before Slack does, which would leave a send in doubt."""
    return aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_ALIVE))


def client(token: str, url: str, connections: aiohttp.ClientSession) -> Client:
    """The library's client, without its retry after a broken connection: that one posts twice."""
    handlers: list[AsyncRetryHandler] = [ShortRateLimitRetry(max_retry_count=1)]
    return Client(token=token, base_url=url, session=connections, retry_handlers=handlers)


class Api:
    """The methods of one workspace; it knows the token and shows it to nobody."""

    def __init__(self, token: str, url: str, connections: aiohttp.ClientSession) -> None:
        self._client = client(token, url, connections)
        self._connections = connections
        self._url = url

    async def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method with JSON and return its answer.

        Raises `CallError` for everything that is no ok.
        """
        return await self._call(method, json=dict(arguments))

    async def form(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do the same with a method that takes no JSON."""
        return await self._call(method, params=dict(arguments))

    async def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer = await self._client.api_call(method, **arguments)
        except SlackApiError as error:
            raise CallError(_refused(error)) from None
        except Exception as error:  # noqa: BLE001 - the library raises many kinds; each is sorted
            raise CallError(_broken(error)) from None
        return answer.data if isinstance(answer.data, dict) else {}

    async def upload(self, address: str, content: bytes) -> None:
        """Put a file where Slack said.

        Raises `CallError` when it was not taken.
        """
        try:
            async with self._connections.post(address, data=content) as answer:
                if answer.status != 200:
                    raise CallError(outcome.receipt("", answer.status))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CallError(_broken(error)) from None

    async def download(self, address: str, most: int) -> bytes:
        """The bytes at an address of Slack's, at most so many; the token goes there and, by no redirect, elsewhere.

        Raises `FetchError`.
        """
        failure: FetchError
        headers = {"Authorization": f"Bearer {self._client.token}"}
        patience = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=10)
        try:
            async with self._connections.get(
                address, headers=headers, timeout=patience, allow_redirects=False
            ) as answer:
                # Without the right to a file Slack answers with the page to sign in at, or leads there.
                if answer.status == 200 and answer.content_type != "text/html":
                    return await drained(answer.content.iter_any(), most)
                failure = refused(answer.status)
        except FetchError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, only its kind is passed on
            failure = FetchError(type(error).__name__)
        raise failure

    async def respond(self, address: str, body: Mapping[str, Any]) -> None:
        """Answer under a response address.

        Raises `CallError` when it is not Slack's, was used up, or expired.
        """
        if not is_slacks(address, self._url):
            raise CallError(Receipt(Outcome.FAILED, reason="expired_url"))
        try:
            async with self._connections.post(address, json=dict(body)) as answer:
                words = (await answer.text())[:500]
                if answer.status == 429:
                    raise CallError(outcome.receipt("ratelimited", 429, _wait(answer.headers)))
                if answer.status != 200:
                    raise CallError(_hook_refusal(words, answer.status))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CallError(_broken(error)) from None


def is_slacks(address: str, url: str) -> bool:
    """Whether a response address is one to speak to: Slack's, or that of the server that stands in for it."""
    try:
        parts, ours = urlsplit(address), urlsplit(url)
    except ValueError:
        return False
    if url != SLACK:
        return (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)
    return f"{parts.scheme}://{parts.netloc}" == HOOKS


def _hook_refusal(words: str, status: int) -> Receipt:
    names = [name for name in (*outcome.UNEDITABLE, *outcome.GONE, *outcome.MALFORMED) if name in words]
    if not names and status in (400, 403, 404, 410):
        return Receipt(Outcome.FAILED, reason="expired_url")
    return outcome.receipt(names[0] if names else "", status)


def _refused(error: SlackApiError) -> Receipt:
    answer = error.response
    data = getattr(answer, "data", None)
    status = getattr(answer, "status_code", None) or getattr(answer, "status", 0) or 0
    found = data if isinstance(data, dict) else {}
    name = str(found.get("error") or "")
    if not name and status == 200:
        return Receipt(Outcome.UNSURE, reason="odd answer")
    return outcome.receipt(name, status, _wait(getattr(answer, "headers", {})), str(found.get("needed") or ""))


def _broken(error: Exception) -> Receipt:
    never_left = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
    if isinstance(error, never_left):
        return Receipt(Outcome.RETRY, reason="not reached")
    return Receipt(Outcome.UNSURE, reason=type(error).__name__)


def _wait(headers: Mapping[str, Any]) -> float:
    told = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0.0
