"""The frozen values that decisions read; `storage` returns them, `actions` never fetches them.

A `Ref` names an item of a pack across versions: `pack/slug`, as in `energy-access/sign-universal-access`.
All instants are timezone-aware UTC; all dates are local to the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

Ref = str
Frequency = Literal["daily", "weekdays", "three", "weekly"]
State = Literal["active", "paused", "stopped", "unreachable"]
Status = Literal["claimed", "verified", "undone"]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a person wants to hear from us.

    `hour` is local wall time in `zone` (an IANA name); nothing is sent from `quiet_from` until `quiet_until`.
    `weekday` (Monday is 0) is the day of a weekly rhythm. `minutes` is the daily time budget, `asks` the weekly one.
    """

    frequency: Frequency = "daily"
    hour: time = time(18, 0)
    zone: str = "UTC"
    quiet_from: time = time(22, 0)
    quiet_until: time = time(7, 0)
    weekday: int = 0
    minutes: int = 10
    asks: int = 3


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber, as far as decisions need to know them."""

    id: int
    key: str
    language: str = "en"
    region: str = ""
    state: State = "active"
    paused_until: date | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)
    follows: frozenset[Ref] = frozenset()
    muted: frozenset[Ref] = frozenset()
    unwanted: frozenset[str] = frozenset()
    joined_at: datetime | None = None
    alerts: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A person took an action: `claimed` (they say so), `verified` (a source says so), or `undone`."""

    action: Ref
    cause: Ref
    kind: str
    at: datetime
    status: Status = "claimed"
    source: str = "self"


@dataclass(frozen=True, slots=True)
class Asked:
    """An action was put to a person; `answer` is what they said, if anything yet.

    `nudged` asks came from us and count against the weekly budget; the others were asked for with `/act`.
    """

    action: Ref
    cause: Ref
    kind: str
    rung: str
    at: datetime
    answer: Literal["", "taken", "declined", "later"] = ""
    answered_at: datetime | None = None
    nudged: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """What happened between us and one person, as decisions need it: newest last in each tuple.

    `ethics` are the packs whose statement was accepted; `last_answer_at` is the last answer to an ask. `pledged` are
    the actions whose pledge drive the person is in while nothing binds yet.
    """

    shown: Mapping[Ref, datetime] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    taken: tuple[Taken, ...] = ()
    ethics: frozenset[str] = frozenset()
    last_answer_at: datetime | None = None
    pledged: frozenset[Ref] = frozenset()
