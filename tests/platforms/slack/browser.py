"""Somebody who installs the app: their browser goes to the bot, approves in Slack and comes back."""

import html
import re
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from tests.platforms.slack.calls import Reply
from tests.platforms.slack.oauth import OAuth
from tests.platforms.slack.world import Team

_LINK = re.compile(r'href="([^"]*/oauth/v2/authorize[^"]*)"')


class Browser:
    """One visit; it keeps cookies, those marked Secure too, and goes to no other machine."""

    def __init__(self, oauth: OAuth, base_url: str) -> None:
        self._oauth = oauth
        self._base = base_url.rstrip("/")
        self._cookies: dict[str, str] = {}

    async def install(self, team: Team, user: str, path: str, *, approves: bool = True) -> Reply:
        """Install the app and return the page that the bot shows at the end."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            start = await self._get(session, self._base + path)
            address = start.headers.get("location") or _authorize_link(str(start.body))
            if not address:
                return start
            query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
            assert query.get("client_id") == self._oauth.client_id, f"somebody else's app: {address}"
            target = query.get("redirect_uri", "")
            answer = {"state": query.get("state", "")}
            if approves:
                scopes = [scope for scope in query.get("scope", "").split(",") if scope]
                answer["code"] = self._oauth.approve(team, user, scopes, target)
            else:
                answer["error"] = "access_denied"
            back = urlsplit(target).path if target else "/slack/oauth_redirect"
            return await self._get(session, f"{self._base}{back}?{urlencode(answer)}")

    async def _get(self, session: aiohttp.ClientSession, url: str) -> Reply:
        start = time.monotonic()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        async with session.get(url, headers=headers if self._cookies else {}, allow_redirects=False) as answer:
            text = await answer.text()
            for name, morsel in answer.cookies.items():
                self._cookies[name] = morsel.value
        seen = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status, text, time.monotonic() - start, headers=seen)


def _authorize_link(page: str) -> str:
    found = _LINK.search(page)
    return html.unescape(found[1]) if found else ""
