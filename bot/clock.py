"""System time, read only here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class Clock:
    """The system's clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


@dataclass
class MovableClock(Clock):
    """A clock that runs on from the present, and can be moved forward (the demo's *next day*)."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """The present instant as moved so far."""
        return datetime.now(UTC) + self.ahead

    def move_to(self, instant: datetime) -> None:
        """Move forward to `instant`; never back."""
        self.ahead = max(self.ahead, instant - datetime.now(UTC))


@dataclass
class FixedClock(Clock):
    """A clock that stands where it was put: for `tick --at` and tests."""

    instant: datetime

    def now(self) -> datetime:
        """The instant it was put to."""
        return self.instant
