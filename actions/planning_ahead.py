"""Plans of people: when they mean to do something, when they are reminded of it, when they are asked whether they did.

A plan's time is local wall time: it moves with its person's zone. (How nudges are planned is `bot.nudging.plan`.)
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from actions.facts import Rhythm
from actions.rhythm import hour_on, is_quiet, quiet_end
from actions.shelf import ShelfAction
from actions.zones import first_instant, instant_before_gap, zone_or_utc

Stage = Literal["open", "reminded", "asked", "over"]
Deed = Literal["remind", "ask", "wait", "end"]

WITH_A_TIME = frozenset({"event", "volunteer", "outreach", "host"})
SOON = timedelta(days=60)
"""What ends this soon is better planned than put off."""
LONG = 15
"""Minutes: what takes so long is not done in passing."""
AHEAD = timedelta(hours=1)
"""So long before the time a person is reminded."""
LEAST_AHEAD = timedelta(minutes=15)
"""A reminder that must wait for the morning still comes so long before."""
BEFORE_NIGHT = timedelta(minutes=30)
"""One that cannot wait comes so long before the quiet hours begin."""
TO_GET_READY = timedelta(minutes=90)
"""What is offered lies so far ahead at least."""
AFTERWARDS = timedelta(hours=3)
"""So long after the time at least a person is asked."""
TOO_LATE = timedelta(days=2)
"""Whom we could not ask by then is not asked any more."""
FARTHEST = 366
"""Days ahead that a plan may lie."""
OFFERED = 6
_TIMES = (time(10), time(15, 30), time(18, 30))
_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class When:
    """A local date and wall time."""

    day: date
    at: time


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done for a plan now; the stage it is in then, and the instant (UTC) to look at it again."""

    deed: Deed
    stage: Stage
    at: datetime | None


def suits(action: ShelfAction, today: date) -> bool:
    """Tell whether an action is one to make a plan for."""
    if today > action.closes:
        return False
    return action.kind in WITH_A_TIME or action.minutes >= LONG or action.closes - today <= SOON


def fits(when: When, action: ShelfAction, rhythm: Rhythm, now: datetime) -> bool:
    """Tell whether a time is still to come, within a year, on a day on which the action is open."""
    begin = begins(when, rhythm)
    return now < begin <= now + _DAY * FARTHEST and action.opens <= when.day <= action.closes


def sensible(action: ShelfAction, rhythm: Rhythm, now: datetime) -> tuple[When, ...]:
    """Return the next times one would think of for an action, in their order, none in the quiet hours."""
    today = now.astimezone(zone_or_utc(rhythm.zone)).date()
    start = max(today, action.opens)
    if start > today + _DAY * FARTHEST:
        return ()
    days = [start, start + _DAY, _next(start, _SATURDAY), _next(start, _SUNDAY)]
    wishes = [When(start, at) for at in _TIMES]
    wishes += [When(days[1], _TIMES[0]), When(days[1], _TIMES[2]), When(days[2], _TIMES[0]), When(days[3], _TIMES[1])]
    found = _good(wishes, action, rhythm, now)
    # Whoever sleeps by day is offered their own hour.
    found = found or _good([When(day, rhythm.hour) for day in days], action, rhythm, now)
    return tuple(found[:OFFERED])


def _good(wishes: list[When], action: ShelfAction, rhythm: Rhythm, now: datetime) -> list[When]:
    ordered = sorted(set(wishes), key=lambda when: (when.day, when.at))
    return [
        when
        for when in ordered
        if fits(when, action, rhythm, now)
        and begins(when, rhythm) - now >= TO_GET_READY
        and not is_quiet(rhythm, begins(when, rhythm))
    ]


def _next(start: date, weekday: int) -> date:
    return start + _DAY * ((weekday - start.weekday()) % 7)


def begins(when: When, rhythm: Rhythm) -> datetime:
    """Return the instant of a time where the person lives; one that a clock change takes away moves behind the gap."""
    tz = zone_or_utc(rhythm.zone)
    at = first_instant(when.day, when.at, tz) or instant_before_gap(when.day, when.at, tz)
    return at or datetime.combine(when.day, when.at, tz).astimezone(UTC)


def reminder(when: When, rhythm: Rhythm, now: datetime) -> datetime | None:
    """Return when to remind, after `now`: an hour before, or near it outside the quiet hours; None when it is too late.

    Before a night that ends just in time it waits for the morning; else it comes before the night.
    """
    begin = begins(when, rhythm)
    wished = begin - AHEAD
    if is_quiet(rhythm, wished):
        morning = quiet_end(rhythm, wished)
        wished = morning if morning <= begin - LEAST_AHEAD else _before_night(rhythm, wished)
    return wished if now < wished < begin and not is_quiet(rhythm, wished) else None


def _before_night(rhythm: Rhythm, at: datetime) -> datetime:
    """Return an instant shortly before the quiet hours around another one."""
    tz: ZoneInfo = zone_or_utc(rhythm.zone)
    day = at.astimezone(tz).date()
    nights = (first_instant(one, rhythm.quiet_from, tz) for one in (day, day - _DAY))
    return next((night for night in nights if night is not None and night <= at), at) - BEFORE_NIGHT


def question(when: When, rhythm: Rhythm) -> datetime:
    """Return when to ask whether it was done: the next day at the person's hour, some hours after it at least."""
    begin = begins(when, rhythm)
    day = begin.astimezone(zone_or_utc(rhythm.zone)).date() + _DAY
    at = hour_on(rhythm, day)
    return at if at - begin >= AFTERWARDS else hour_on(rhythm, day + _DAY)


def first(when: When, rhythm: Rhythm, now: datetime) -> Next:
    """Return what a new plan waits for: the reminder, or when it is too late for one, the question."""
    at = reminder(when, rhythm, now)
    return Next("wait", "open", at) if at is not None else Next("wait", "reminded", question(when, rhythm))


def moved(stage: Stage, when: When, rhythm: Rhythm, now: datetime) -> Next:
    """Return what a plan waits for after its person's zone, hour or night changed; a reminder still owed is due now."""
    if stage == "open" and now < begins(when, rhythm):
        return Next("wait", "open", reminder(when, rhythm, now) or now)
    return Next("wait", "reminded", question(when, rhythm))


def advance(stage: Stage, when: When, rhythm: Rhythm, now: datetime) -> Next:
    """Return what to do for a plan that is due: each thing at most once, nothing in the quiet hours."""
    quiet = is_quiet(rhythm, now)
    if stage == "open":
        if now < begins(when, rhythm) and not quiet:
            return Next("remind", "reminded", question(when, rhythm))
        return first(when, rhythm, now)
    if stage != "reminded":
        return Next("end", "over", None)
    at = question(when, rhythm)
    if now < at:
        return Next("wait", "reminded", at)
    if now - at > TOO_LATE:
        return Next("end", "over", None)
    return Next("wait", "reminded", quiet_end(rhythm, now)) if quiet else Next("ask", "asked", None)
