"""What the platform knows: workspaces, people, channels, messages, views and tickets, behind one lock."""

import secrets
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.slack.calls import Calls
from tests.platforms.slack.clock import Bell, Clock
from tests.platforms.slack.messages import Message
from tests.platforms.slack.pace import Pace

Json = dict[str, Any]
Check = Callable[[str, Json], list[str]]

SCOPES = (
    "chat:write",
    "commands",
    "im:history",
    "im:write",
    "users:read",
    "channels:read",
    "groups:read",
    "app_mentions:read",
    "files:read",
    "files:write",
)


@dataclass(eq=False)
class Team:
    """One workspace, with the app installed when there is a token."""

    id: str
    name: str
    bot_user: str
    bot_id: str
    enterprise: str | None = None
    installed: bool = False
    bot_token: str = ""
    refresh_token: str = ""
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    installed_at: float = 0.0

    @property
    def domain(self) -> str:
        """Return the word before .slack.com."""
        return self.name.lower().replace(" ", "-")


@dataclass(eq=False)
class User:
    """An account in one workspace."""

    id: str
    team: str
    name: str
    locale: str = "en-US"
    tz: str = "Europe/London"
    is_bot: bool = False
    deactivated: bool = False
    gone: bool = False
    is_restricted: bool = False


@dataclass(eq=False)
class Channel:
    """A conversation: `im`, `channel` or `group` (private)."""

    id: str
    team: str
    kind: str
    name: str = ""
    members: list[str] = field(default_factory=list)
    archived: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def visible(self) -> list[Message]:
        """Return the messages that were not deleted."""
        return [message for message in self.messages if not message.deleted]

    def person_of(self, team: Team) -> str:
        """Return the other side of a direct message with the bot."""
        return next((member for member in self.members if member != team.bot_user), "")


@dataclass(eq=False)
class Answering:
    """A response_url: who may be answered where, how often and until when."""

    key: str
    team: str
    user: str
    channel: str
    until: float
    message: Message | None = None
    uses: int = 0


class World:
    """Everything the platform knows; hold `lock` to read or change several things at once."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.bell = Bell()
        self.clock = Clock()
        self.pace = Pace()
        self.url = ""
        self.app_id = "A0KINDLING1"
        self.verification = "verification-token"
        self.calls = Calls()
        self.complaints: list[str] = []
        self.check: Check | None = None
        self.teams: dict[str, Team] = {}
        self.users: dict[tuple[str, str], User] = {}
        self.channels: dict[str, Channel] = {}
        self.answering: dict[str, Answering] = {}
        self.dead_tokens: dict[str, str] = {}
        self.files: dict[str, Json] = {}
        self.tell: Callable[[Team, Json], None] = lambda team, event: None
        self.on_uninstall: Callable[[Team], None] = lambda team: None
        self._numbers: Counter[str] = Counter()

    def number(self, prefix: str) -> str:
        """Return the next id of a series."""
        self._numbers[prefix] += 1
        return f"{prefix}0{0x5A000 + self._numbers[prefix] * 37:08X}"

    def ts(self) -> str:
        """Return a timestamp that no other message has."""
        self._numbers["ts"] += 1
        return f"{int(self.clock.unix())}.{self._numbers['ts']:06d}"

    def new_team(self, name: str, enterprise: str | None = None) -> Team:
        """Let a workspace exist; the app is not installed in it."""
        team = Team(self.number("T"), name, self.number("U"), self.number("B"), enterprise)
        self.teams[team.id] = team
        self.users[team.id, team.bot_user] = User(team.bot_user, team.id, "Kindling", is_bot=True)
        return team

    def install(self, team: Team) -> None:
        """Install the app in a workspace, with a new token unless it has one."""
        team.bot_token = team.bot_token or f"xoxb-{team.id[1:]}-{secrets.token_hex(12)}"
        team.installed, team.installed_at = True, self.clock.unix()

    def uninstall(self, team: Team) -> None:
        """Let the app be gone from a workspace."""
        team.installed = False
        self.kill_token(team, "account_inactive")

    def kill_token(self, team: Team, error: str) -> None:
        """Let the token die; `error` is what it is answered from now on."""
        if team.bot_token:
            self.dead_tokens[team.bot_token] = error
        team.bot_token = ""

    def dm(self, team: Team, user: str) -> Channel:
        """Return the direct message between a person and the bot, opened if needed."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.team == team.id and set(channel.members) == {user, team.bot_user}:
                return channel
        channel = Channel(self.number("D"), team.id, "im", "directmessage", [user, team.bot_user])
        self.channels[channel.id] = channel
        return channel

    def name_in(self, team: str) -> Callable[[str], str]:
        """Return what names a user or a channel as people see it."""

        def name(id_: str) -> str:
            user, channel = self.users.get((team, id_)), self.channels.get(id_)
            return user.name if user else f"#{channel.name}" if channel else id_

        return name

    def post(self, channel: Channel, message: Message) -> Message:
        """Put a message into a channel."""
        message.name = self.name_in(channel.team)
        channel.messages.append(message)
        return self.touch(message)

    def touch(self, message: Message) -> Message:
        """Note that a message is new or was changed."""
        message.read_mentions()
        self._numbers["version"] += 1
        message.version = self._numbers["version"]
        self.bell.ring()
        return message

    def token_for(self, team: Team, user: str, channel: str, message: Message | None = None) -> str:
        """Return a new response_url."""
        key = secrets.token_hex(12)
        self.answering[key] = Answering(key, team.id, user, channel, self.clock.monotonic() + 1800, message)
        return f"{self.url}/response/{team.id}/{key}"

    def judge(self, method: str, args: Json) -> list[str]:
        """Return what the judge complains about, and keep it."""
        problems = self.check(method, args) if self.check is not None else []
        self.complaints += problems
        return problems

    def last_calls(self) -> str:
        """Return the latest calls as a line, for a test that waited in vain."""
        lines = [f"{call.method} -> {call.status} {call.error}".rstrip() for call in list(self.calls)[-5:]]
        return f"the last calls: {lines}; complaints: {self.complaints[-3:]}"
