"""What a test may set or read: addresses, secrets, logs, pace, and the failures of sockets."""

import time

from tests.platforms.slack.calls import Ack, Calls
from tests.platforms.slack.oauth import OAuth
from tests.platforms.slack.pace import Pace
from tests.platforms.slack.sockets import Connection
from tests.platforms.slack.stage import Stage
from tests.platforms.slack.world import Team


class Settings:
    """The knobs of the stand-in."""

    def __init__(self, stage: Stage, oauth: OAuth) -> None:
        self._stage = stage
        self.world = stage.world
        self.oauth = oauth
        self.app_token = stage.sockets.app_token
        self.client_id, self.client_secret = oauth.client_id, oauth.client_secret
        self.app_id = stage.world.app_id
        self.bot_events = stage.bot_events
        self.calls: Calls = stage.world.calls
        self.complaints = stage.world.complaints
        self.acks: list[Ack] = stage.delivery.acks

    @property
    def url(self) -> str:
        """Return the address of the server."""
        return self.world.url

    @property
    def api_url(self) -> str:
        """Return what replaces https://slack.com/api/."""
        return f"{self.world.url}/api/"

    @property
    def signing_secret(self) -> str:
        """Return the secret that signs what is sent over HTTP."""
        return self._stage.delivery.signing_secret

    @property
    def events_url(self) -> str | None:
        """Return where events, commands and interactions go; without it they go through sockets."""
        return self._stage.delivery.events_url

    @events_url.setter
    def events_url(self, url: str | None) -> None:
        self._stage.delivery.events_url = url

    @property
    def late(self) -> list[Ack]:
        """Return what was not acknowledged in time."""
        return self._stage.delivery.late

    @property
    def patience(self) -> float:
        """Return the seconds an acknowledgement may take."""
        return self._stage.delivery.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self._stage.delivery.patience = seconds

    @property
    def pauses(self) -> tuple[float, ...]:
        """Return the pauses before the second, third and fourth attempt to deliver an event."""
        return self._stage.delivery.pauses

    @pauses.setter
    def pauses(self, seconds: tuple[float, ...]) -> None:
        self._stage.delivery.pauses = seconds

    @property
    def pace(self) -> Pace:
        """Return the limit of chat.postMessage; set a number for another burst, None for no limit."""
        return self.world.pace

    @pace.setter
    def pace(self, pace: Pace | int | None) -> None:
        self.world.pace = pace if isinstance(pace, Pace) else Pace(pace)

    @property
    def sockets(self) -> list[Connection]:
        """Return the sockets that are open."""
        return [each for each in list(self._stage.sockets.connections) if each.is_open]

    def signature(self, body: bytes, timestamp: int | str | None = None) -> dict[str, str]:
        """Return the headers that prove a body comes from Slack."""
        return self._stage.delivery.signature(body, timestamp)

    def drop_sockets(self) -> None:
        """Cut all sockets without a word."""
        self._stage.call(self._stage.sockets.drop)

    def disconnect_sockets(self, reason: str = "refresh_requested", grace: float | None = None) -> None:
        """Tell all sockets to leave, for `warning` or `refresh_requested`; they are closed `grace` seconds later."""
        if grace is not None:
            self._stage.sockets.grace = grace
        self._stage.call(lambda: self._stage.sockets.disconnect(reason))

    def refuse_sockets(self, seconds: float | bool = True) -> None:
        """Refuse new sockets for a while, for ever (True) or no longer (False)."""
        forever = float("inf") if seconds else 0.0
        until = forever if isinstance(seconds, bool) else time.monotonic() + seconds
        self._stage.sockets.refuse_until = until

    def freeze_sockets(self) -> None:
        """Let all sockets stay open and carry nothing any more, not even pongs."""
        self._stage.call(self._stage.sockets.freeze)

    def thaw_sockets(self) -> None:
        """Let frozen sockets carry again."""
        self._stage.call(self._stage.sockets.thaw)

    def expire_token(self, team: Team) -> None:
        """Let the token of a workspace expire; with `oauth.rotates` it can be refreshed."""
        with self.world.lock:
            self.oauth.expire(team)

    def later(self, seconds: float) -> None:
        """Let the platform's clock go forward: triggers and response_urls grow old, limits are forgotten."""
        self.world.clock.advance(seconds)
        self.world.bell.ring()
