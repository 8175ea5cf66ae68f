"""Alerts: whom one is for, what may become of it, who gets it after all, and how long it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from actions.facts import Person, Ref
from actions.limits import ALERT_FIRST, ALERT_HOLD, ALERT_LOOK, ALERTS_A_WEEK
from actions.rhythm import is_paused

State = Literal["draft", "scheduled", "held", "running", "paused", "done", "cancelled", "retracted"]
What = Literal["send", "schedule", "begin", "pause", "resume", "cancel", "retract", "finish", "outage"]

MOVES: Mapping[What, tuple[frozenset[State], State]] = {
    "send": (frozenset({"draft"}), "held"),
    "schedule": (frozenset({"draft"}), "scheduled"),
    "begin": (frozenset({"held", "scheduled"}), "running"),
    "pause": (frozenset({"running"}), "paused"),
    "resume": (frozenset({"paused"}), "running"),
    "cancel": (frozenset({"draft", "scheduled", "held", "running", "paused"}), "cancelled"),
    "retract": (frozenset({"running", "paused", "done", "cancelled"}), "retracted"),
    "finish": (frozenset({"running"}), "done"),
    "outage": (frozenset({"scheduled", "held", "running"}), "paused"),
}
"""What may be done to an alert: in which states, and what it is then."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an alert is for, among those who want alerts; what is empty asks for nothing, the rest must all hold.

    `rung` is a rung's name, to be stood on or above, or `exactly`; in `cause`, or in any cause when that is empty.
    `region` is an ISO 3166 code, `did` and `did_not` are actions, `since` is the first day (UTC) of having joined.
    """

    cause: Ref = ""
    rung: str = ""
    exactly: bool = False
    region: str = ""
    language: str = ""
    did: Ref = ""
    did_not: Ref = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an audience: so many people of one account who read one language."""

    account: str
    language: str
    people: int


def after(state: State, what: What) -> State | None:
    """Return the state after something was done, or None when it cannot be done in this one."""
    allowed, then = MOVES[what]
    return then if state in allowed else None


def withheld(person: Person, lately: int, now: datetime) -> str:
    """Return why a person gets no alert at this moment, or nothing; `lately` got theirs within the last seven days."""
    if person.state in ("stopped", "unreachable"):
        return person.state
    if is_paused(person, now):
        return "paused"
    if not person.alerts:
        return "alerts off"
    return "budget" if lately >= ALERTS_A_WEEK else ""


def duration(people: Mapping[str, int], rates: Mapping[str, float]) -> timedelta:
    """Return how long an alert takes from being sent: the hold, the look at the first ones, the slowest account.

    `people` are by account; `rates` are messages a second by kind of channel.
    """
    slowest = max((number / rates.get(name.partition(":")[0], 1.0) for name, number in people.items()), default=0.0)
    look = ALERT_LOOK if sum(people.values()) > ALERT_FIRST else timedelta()
    return ALERT_HOLD + look + timedelta(seconds=round(slowest))
