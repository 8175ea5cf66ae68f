"""Installing the app in a workspace: Slack's OAuth, by the library's flow and the library's stores on our database."""

import html
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp
import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.slack import api
from bot.channels.slack.access import SLACK
from bot.channels.slack.manifest import SCOPES
from bot.wording import workplace as words
from bot.wording.tongue import nearest
from storage.sealed import Sealed

INSTALL = "/slack/install"
CALLBACK = "/slack/oauth_redirect"
STATE_SECONDS = 600
TOKENS = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token")

log = structlog.get_logger()

Installed = Callable[[str], Awaitable[None]]


@dataclass(kw_only=True)
class Installing:
    """The two routes of an install; `installed` is told whose it was, the workspace's id or the organization's."""

    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    url: str
    engine: AsyncEngine
    secret: str = field(repr=False)
    connections: Callable[[], aiohttp.ClientSession]
    installed: Installed
    _made: AsyncOAuthFlow | None = field(default=None, init=False)

    def routes(self) -> list[Route]:
        """Where an install begins, and where Slack sends people back to."""
        return [
            Route(INSTALL, self._install, methods=["GET"]),
            Route(CALLBACK, self._callback, methods=["GET"]),
        ]

    @property
    def _flow(self) -> AsyncOAuthFlow:
        if self._made is None:
            self._made = AsyncOAuthFlow(
                client=api.client("", self.url, self.connections()),
                settings=AsyncOAuthSettings(
                    client_id=self.client_id,
                    client_secret=self.client_secret,
                    scopes=list(SCOPES),
                    user_scopes=[],
                    redirect_uri=f"{self.public_url}{CALLBACK}" if self.public_url else None,
                    install_path=INSTALL,
                    redirect_uri_path=CALLBACK,
                    install_page_rendering_enabled=False,
                    authorization_url=_authorization_url(self.url),
                    state_expiration_seconds=STATE_SECONDS,
                    installation_store=self._store(),
                    state_store=AsyncSQLAlchemyOAuthStateStore(expiration_seconds=STATE_SECONDS, engine=self.engine),
                    callback_options=AsyncCallbackOptions(success=self._succeeded, failure=_failed),
                ),
            )
        return self._made

    def _store(self) -> AsyncSQLAlchemyInstallationStore:
        """The library's store, with its tokens sealed."""
        store = AsyncSQLAlchemyInstallationStore(client_id=self.client_id, engine=self.engine)
        for column in (*store.bots.c, *store.installations.c):
            if column.name in TOKENS:
                column.type = Sealed(self.secret)
        return store

    async def _install(self, request: Request) -> Response:
        return to_starlette_response(await self._flow.handle_installation(to_async_bolt_request(request, b"")))

    async def _callback(self, request: Request) -> Response:
        asked = to_async_bolt_request(request, b"")
        try:
            return to_starlette_response(await self._flow.handle_callback(asked))
        except (aiohttp.ClientError, TimeoutError) as error:
            log.error("Slack not reached for an install", error=type(error).__name__)
            language = _language(asked.headers)
            return to_starlette_response(_page(502, language, *words.not_added(language)))

    async def _succeeded(self, args: AsyncSuccessArgs) -> BoltResponse:
        done = args.installation
        owner = done.enterprise_id if done.is_enterprise_install else done.team_id
        await self.installed(owner or "")
        language = _language(args.request.headers)
        return _page(200, language, *words.installed(language, done.team_name or done.enterprise_name or ""))


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    language = _language(args.request.headers)
    return _page(args.suggested_status_code, language, *words.not_added(language))


def _authorization_url(url: str) -> str | None:
    """Where people agree: Slack's page, or that of the server that stands in for Slack."""
    return None if url == SLACK else f"{url.removesuffix('/').removesuffix('/api')}/oauth/v2/authorize"


def _language(headers: Mapping[str, Sequence[str]]) -> str:
    return nearest(next(iter(headers.get("accept-language", [])), "en")[:2])


def _page(status: int, language: str, heading: str, text: str) -> BoltResponse:
    body = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{html.escape(heading)}</title><link rel="stylesheet" href="/static/pages.css"></head>'
        f"<body><main><h1>{html.escape(heading)}</h1><p>{html.escape(text)}</p></main></body></html>"
    )
    return BoltResponse(status=status, body=body, headers={"Content-Type": "text/html; charset=utf-8"})
