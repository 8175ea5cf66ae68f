"""Carrot days: which stage one is in, whose bid wins, what the shop gives, who hears what and when."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal

from actions.facts import Person
from actions.pledging import hears_at, may_hear
from actions.rhythm import quiet_end
from actions.zones import first_instant, zone_or_utc
from content.model import Bid, Carrot

__all__ = ["ENOUGH", "Stage", "Step", "gives", "hears_at", "may_claim", "may_hear", "next_step", "stage", "winner"]

Stage = Literal["voting", "set", "day", "counting", "told"]
Step = Literal["winner", "morning", "thanks", "told"]
"""What somebody hears: whose bid won; that it is today; how many came; whether the promise was kept."""

ENOUGH = 10
"""From so many votes on the counts are shown, to those who voted."""
GRACE = timedelta(days=2)
"""So long after the day one can still say that one was there, with the receipt in hand."""
GIVE_UP = timedelta(days=28)
"""Whoever could not be spoken to for so long hears no more of it."""
MORNING, NEXT_MORNING = time(8), time(10)
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def voting_ends(carrot: Carrot) -> datetime:
    """Return the instant at which the last day of voting is over in the zone of the carrot day."""
    return _at(carrot, carrot.vote_until + _DAY, time(0))


def begins(carrot: Carrot) -> datetime:
    """Return the first instant of the day itself."""
    return _at(carrot, carrot.day, time(0))


def ends(carrot: Carrot) -> datetime:
    """Return the instant at which the day is over."""
    return _at(carrot, carrot.day + _DAY, time(0))


def closes(carrot: Carrot) -> datetime:
    """Return until when the shop expects people."""
    return _at(carrot, carrot.day, carrot.closes)


def stage(carrot: Carrot, now: datetime) -> Stage:
    """Return where a carrot day stands; a result in the pack is one only when the day is over."""
    if now < voting_ends(carrot):
        return "voting"
    if now < begins(carrot):
        return "set"
    if now < ends(carrot):
        return "day"
    return "told" if carrot.told is not None else "counting"


def may_claim(carrot: Carrot, now: datetime) -> bool:
    """Tell whether one can say that one was there."""
    return begins(carrot) <= now < ends(carrot) + GRACE


def winner(bids: Mapping[str, Bid], votes: Mapping[str, int]) -> str:
    """Return the bid that people chose: the most votes, then the higher share, then the earlier one in the pack."""
    return max(bids, key=lambda slug: (votes.get(slug, 0), bids[slug].share))


def gives(takings: int, share: int) -> int:
    """Return the share of the takings, both in minor units, to the cent; half a cent is rounded down."""
    whole, rest = divmod(takings * share, 100)
    return whole + (rest > 50)


def is_in_hand(carrot: Carrot, now: datetime, *, voted: bool, coming: bool) -> bool:
    """Tell whether somebody has done what there is to do for now, and is not asked once more."""
    at = stage(carrot, now)
    return (at == "voting" and voted) or (at == "set" and coming)


def told_at(step: Step, carrot: Carrot, person: Person) -> datetime | None:
    """Return when a person hears a step at the earliest: none for what their night leaves no time for."""
    if step == "winner":
        return quiet_end(person.rhythm, voting_ends(carrot))
    if step == "morning":
        early = min(_at(carrot, carrot.day, MORNING), _at(carrot, carrot.day, carrot.opens) - _HOUR)
        at = quiet_end(person.rhythm, early)
        return at if at < closes(carrot) else None
    next_day = _at(carrot, carrot.day + _DAY, NEXT_MORNING)
    return quiet_end(person.rhythm, next_day if step == "thanks" else ends(carrot))


def too_late(step: Step, carrot: Carrot, now: datetime) -> bool:
    """Tell whether a step has no use any more."""
    if step == "winner":
        return now >= begins(carrot)
    return now >= (closes(carrot) if step == "morning" else ends(carrot) + GIVE_UP) and step != "told"


def next_step(step: Step, carrot: Carrot, person: Person, *, coming: bool) -> tuple[Step, datetime] | None:
    """Return what a person hears after a step, and when; the result has its own time."""
    if step == "winner" and coming:
        morning = told_at("morning", carrot, person)
        if morning is not None:
            return "morning", morning
    if step in ("winner", "morning") and coming:
        thanks = told_at("thanks", carrot, person)
        return ("thanks", thanks) if thanks is not None else None
    return None


def _at(carrot: Carrot, day: date, wall: time) -> datetime:
    tz = zone_or_utc(carrot.zone)
    found = first_instant(day, wall, tz)
    return found if found is not None else _at(carrot, day + _DAY, time(0))
