"""A dated decision: who decides for a person's region, how much time is left, until when a letter makes sense."""

from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import blake2s

from actions import limits
from content.model import Decision, Maker


def makers_for(decision: Decision, region: str) -> tuple[Maker, ...]:
    """Return who decides for a region: those of exactly that place, else of its country, else those of everyone."""
    for place in dict.fromkeys((region, country_of(region), "")):
        found = tuple(maker for maker in decision.makers if (place in maker.regions if place else not maker.regions))
        if found:
            return found
    return ()


def regions_to_ask(decision: Decision, region: str) -> tuple[str, ...]:
    """Return the places a person must choose among before we know who decides for them; none when we do.

    Countries come first, then the parts of one. Whose region nobody decides for is asked too: it may be outdated.
    """
    named = {place for maker in decision.makers for place in maker.regions}
    parts = tuple(sorted(place for place in named if region and place.startswith(f"{region}-")))
    if parts:
        return parts
    if region and makers_for(decision, region):
        return ()
    return tuple(sorted({country_of(place) for place in named}))


def country_of(region: str) -> str:
    """Return the country a region is in: `US` for `US-CA`."""
    return region.partition("-")[0]


def refines(region: str, known: str) -> bool:
    """Tell whether a region says more of where someone lives than what we know."""
    return not known or region.startswith(f"{known}-")


def days_left(on: date, today: date) -> int:
    """Return the days until a decision: 1 when it is tomorrow, 0 when it is today, below 0 when it has fallen."""
    return (on - today).days


def is_near(on: date | None, today: date) -> bool:
    """Tell whether a decision falls within the next days, and a letter still comes before it."""
    return on is not None and 0 < days_left(on, today) <= limits.DECISION_NEAR.days


def last_day(decision: Decision, until: date | None = None) -> date:
    """Return the last day on which a letter is sensible: the eve of the decision, or the action's own last day."""
    eve = decision.day - timedelta(days=1)
    return eve if until is None else min(eve, until)


def kept_until(on: date) -> date:
    """Return the day from which on letters about a decision are kept no more."""
    return on + limits.LETTERS_KEPT


def key_of(maker: Maker) -> str:
    """Return the short name a decision-maker goes by in buttons, the same in each version of a pack that names them."""
    known = "\n".join((maker.name, *sorted(maker.regions)))
    return blake2s(known.encode(), digest_size=5).hexdigest()


def find(makers: Iterable[Maker], key: str) -> Maker | None:
    """Return the decision-maker of a key, if they are still there."""
    return next((maker for maker in makers if key_of(maker) == key), None)
