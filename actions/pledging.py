"""Pledge drives: "I will, if so many others will, by that day", which binds everyone at once, or nobody.

A drive is one action in one place (everywhere, a region; later a circle). Until it binds everybody may step back, and
it binds in the moment in which enough are in; whoever joins afterwards is bound at once. When its day is over on all
the earth without that, it fails, and everybody is released.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import erf, exp, sqrt
from typing import Literal

from actions import rhythm
from actions.facts import Person, Rhythm
from actions.zones import first_instant, zone_or_utc

State = Literal["open", "bound", "failed"]
Part = Literal["", "in", "withdrawn", "bound", "released", "done", "not_done"]
"""What one person is to a drive; empty for who was never in it."""
Joining = Literal["joined", "binds", "bound-too", "in-already", "bound-already", "over"]
Withdrawing = Literal["withdrawn", "bound", "not-in", "over"]
Outlook = Literal["likely", "open", "unlikely"]
Step = Literal["tell", "remind", "ask"]

EVERYWHERE = ""
"""The place of a drive that counts all people together."""
KEPT_WITHIN = timedelta(days=28)
"""Where no day is given, people are asked four weeks after it bound whether they did it (PledgeBank)."""
REMIND_BEFORE = timedelta(days=2)
LIKELY, UNLIKELY = 0.75, 0.25
_LAST_ZONE = timedelta(hours=12)
_DAY = timedelta(days=1)
_BINDS: Collection[Part] = ("bound", "done", "not_done")
_MANY = 50


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive as decisions see it; `counted` are those who are in: before it binds only who can be told when it does.

    `needs` and `by` are what was asked for when it was opened: a goal never moves ahead of the count.
    """

    needs: int
    by: date
    counted: int = 0
    state: State = "open"
    place: str = EVERYWHERE
    opened_at: datetime | None = None
    do_by: date | None = None
    kept: int = 0
    missed: int = 0

    @property
    def missing(self) -> int:
        """How many more are needed: the need that is still open."""
        return max(0, self.needs - self.counted) if self.state == "open" else 0


def ends_at(by: date) -> datetime:
    """Return the instant at which a day is over everywhere: nobody's last evening is cut short."""
    return datetime.combine(by + _DAY, time(0), UTC) + _LAST_ZONE


def halfway(opened_at: datetime, by: date) -> datetime:
    """Return when it is looked whether a drive will come about, while something can still be done for it."""
    return opened_at + (ends_at(by) - opened_at) / 2


def place_of(within: str, region: str) -> str:
    """Return the place whose drive a person belongs to."""
    return region if within == "region" else EVERYWHERE


def join(drive: Drive, mine: Part, now: datetime) -> Joining:
    """Decide what it means that a person presses "count me in"."""
    if mine in _BINDS:
        return "bound-already"
    if drive.state == "failed" or now >= ends_at(drive.by):
        return "over"
    if drive.state == "bound":
        return "bound-too"
    if mine == "in":
        return "in-already"
    return "binds" if drive.counted + 1 >= drive.needs else "joined"


def withdraw(drive: Drive, mine: Part) -> Withdrawing:
    """Decide what it means that a person wants to step back."""
    if mine in _BINDS:
        return "bound"
    if mine != "in":
        return "not-in"
    return "withdrawn" if drive.state == "open" else "over"


def decide(drive: Drive, now: datetime) -> State:
    """Return what a drive is now: bound once enough are in, failed when its day is over without that."""
    if drive.state != "open":
        return drive.state
    if drive.counted >= drive.needs:
        return "bound"
    return "failed" if now >= ends_at(drive.by) else "open"


def keep_by(by: date | None, decided_at: datetime) -> date:
    """Return the day until which a pledge is to be kept that bound at an instant."""
    return by or (decided_at + KEPT_WITHIN).date()


def forecast(drive: Drive, now: datetime) -> Outlook:
    """Return whether enough will come, if people go on joining as they did since the first one.

    The starter is no sign of others, so they are not counted as an arrival; half a person is added, so that a quiet
    first day does not mean never.
    """
    if drive.missing == 0:
        return "likely"
    if drive.opened_at is None or now >= ends_at(drive.by):
        return "unlikely"
    elapsed = max((now - drive.opened_at) / _DAY, 1.0)
    rate = (max(0, drive.counted - 1) + 0.5) / elapsed
    chance = _at_least(drive.missing, rate * ((ends_at(drive.by) - now) / _DAY))
    if chance >= LIKELY:
        return "likely"
    return "unlikely" if chance < UNLIKELY else "open"


def _at_least(count: int, expected: float) -> float:
    """Return the probability that so many or more come when so many are expected (Poisson)."""
    if expected > _MANY:
        return (1 - erf((count - 0.5 - expected) / sqrt(2 * expected))) / 2
    term = below = exp(-expected)
    for number in range(1, count):
        term *= expected / number
        below += term
    return max(0.0, 1.0 - below)


def next_step(step: Step, person: Person, do_by: date, now: datetime) -> tuple[Step, datetime] | None:
    """Return what a bound person hears after a step, and when: one reminder, then whether they did it.

    Whoever was told so late that a reminder could only come on the same day gets none.
    """
    if step == "ask":
        return None
    if step == "tell":
        today = rhythm.local_day(person.rhythm, now)
        day = max(do_by - REMIND_BEFORE, today + _DAY)
        if day <= do_by:
            return "remind", at_their_hour(person.rhythm, day)
    return "ask", rhythm.quiet_end(person.rhythm, max(now, at_their_hour(person.rhythm, do_by + _DAY)))


def at_their_hour(wished: Rhythm, day: date) -> datetime:
    """Return the hour that a person chose, on a day of theirs, or the end of the quiet hours around it."""
    tz = zone_or_utc(wished.zone)
    at = first_instant(day, wished.hour, tz) or datetime.combine(day + _DAY, time(0), tz).astimezone(UTC)
    return rhythm.quiet_end(wished, at)


def may_hear(person: Person, now: datetime) -> bool:
    """Tell whether a person may be spoken to at this moment."""
    if person.state in ("stopped", "unreachable"):
        return False
    return not rhythm.is_paused(person, now) and not rhythm.is_quiet(person.rhythm, now)


def hears_at(person: Person, now: datetime) -> datetime:
    """Return when it is worth looking again at somebody who may not be spoken to now."""
    return rhythm.quiet_end(person.rhythm, now) if rhythm.is_quiet(person.rhythm, now) else now + _DAY
