"""Installing the app: codes, tokens, and their rotation."""

import secrets
from dataclasses import dataclass
from typing import Any

from tests.platforms.slack.errors import RefusedError
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.world import Json, Team, World

_EXPIRES_IN = 43_200
_CODE_SECONDS = 600.0


@dataclass(eq=False)
class Code:
    """What a browser brings back after somebody approved the app."""

    team: Team
    user: str
    scopes: list[str]
    redirect_uri: str
    until: float
    is_used: bool = False


class OAuth:
    """oauth.v2.access; `rotates` lets tokens expire and be refreshed."""

    def __init__(self, world: World) -> None:
        self.client_id = "1122334455.6677889900"
        self.client_secret = secrets.token_hex(16)
        self.rotates = False
        self._world = world
        self._codes: dict[str, Code] = {}
        self._refresh: dict[str, Team] = {}

    def approve(self, team: Team, user: str, scopes: list[str], redirect_uri: str) -> str:
        """Return a code, as if somebody had pressed Allow."""
        key = f"{team.id[1:]}.{secrets.token_hex(16)}"
        until = self._world.clock.monotonic() + _CODE_SECONDS
        self._codes[key] = Code(team, user, scopes, redirect_uri, until)
        return key

    def access(self, world: World, _: Any, asked: Asked) -> Json:
        """Serve oauth.v2.access."""
        client_id, secret = asked.basic if asked.basic[0] else (asked.text("client_id"), asked.text("client_secret"))
        if client_id != self.client_id:
            raise RefusedError("invalid_client_id")
        if secret != self.client_secret:
            raise RefusedError("bad_client_secret")
        if asked.text("grant_type") == "refresh_token":
            return self._refreshed(asked.text("refresh_token"))
        code = self._codes.get(asked.text("code"))
        if code is None or self._world.clock.monotonic() > code.until:
            raise RefusedError("invalid_code")
        if code.is_used:
            raise RefusedError("code_already_used")
        if code.redirect_uri and asked.text("redirect_uri", code.redirect_uri) != code.redirect_uri:
            raise RefusedError("bad_redirect_uri")
        code.is_used = True
        code.team.scopes = list(code.scopes)
        self._world.install(code.team)
        if self.rotates:
            self._rotate(code.team)
        return self._answer(code.team) | {"authed_user": {"id": code.user}}

    def _refreshed(self, token: str) -> Json:
        team = self._refresh.pop(token, None)
        if team is None:
            raise RefusedError("invalid_refresh_token")
        self._rotate(team)
        return self._answer(team)

    def _rotate(self, team: Team) -> None:
        self._world.kill_token(team, "token_expired")
        team.bot_token = f"xoxe.xoxb-1-{secrets.token_hex(20)}"
        team.refresh_token = f"xoxe-1-{secrets.token_hex(20)}"
        self._refresh[team.refresh_token] = team

    def expire(self, team: Team) -> None:
        """Let the token of a workspace expire; its refresh token stays good."""
        self._world.kill_token(team, "token_expired")

    def _answer(self, team: Team) -> Json:
        grid = {"id": team.enterprise, "name": team.enterprise} if team.enterprise else None
        answer: Json = {"access_token": team.bot_token, "token_type": "bot", "scope": ",".join(team.scopes)}
        answer |= {"bot_user_id": team.bot_user, "app_id": self._world.app_id, "is_enterprise_install": False}
        answer |= {"team": {"id": team.id, "name": team.name}, "enterprise": grid}
        if self.rotates:
            answer |= {"refresh_token": team.refresh_token, "expires_in": _EXPIRES_IN}
        return answer
