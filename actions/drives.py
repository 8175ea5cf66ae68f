"""How far a drive is: what was done and given, what a sponsor adds to the cent, and how teams stand within it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Literal

from content.drives import Drive

Phase = Literal["coming", "open", "over"]
FEWEST = 10
"""No figure is shown behind which fewer people stand."""
PERCENT = 100
EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Given:
    """What was done in a drive and stands: by people's word, confirmed, and confirmed money in minor units."""

    people: int = 0
    claimed: int = 0
    verified: int = 0
    sums: Mapping[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """All actions, whoever vouches for them."""
        return self.claimed + self.verified

    def and_(self, other: "Given") -> "Given":
        """Both together."""
        return Given(
            self.people + other.people,
            self.claimed + other.claimed,
            self.verified + other.verified,
            {one: self.sums.get(one, 0) + other.sums.get(one, 0) for one in {*self.sums, *other.sums}},
        )

    def without(self, part: "Given") -> "Given":
        """What is left when a part of it is taken out."""
        return Given(
            max(0, self.people - part.people),
            self.claimed - part.claimed,
            self.verified - part.verified,
            {one: amount - part.sums.get(one, 0) for one, amount in self.sums.items()},
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a drive is: `reached` of `goal`, in actions or in minor units of the goal's currency."""

    phase: Phase
    given: Given
    goal: int
    reached: int
    matched: int
    other: Mapping[str, int]
    """Money in other currencies, never converted."""

    @property
    def missing(self) -> int:
        """What is still needed."""
        return max(0, self.goal - self.reached)

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: a hundred only when it is reached, more when it is passed."""
        return self.reached * PERCENT // self.goal

    @property
    def is_few(self) -> bool:
        """Whether too few people stand behind the figures to tell them."""
        return self.given.people < FEWEST


def progress(drive: Drive, given: Given, today: date) -> Progress:
    """How far a drive is on a day (UTC)."""
    goal, currency = drive.goal, drive.goal.currency
    if goal.count is not None:
        return Progress(phase(drive, today), given, goal.count, given.done, matched(drive, given), _told(given, ""))
    reached = given.sums.get(currency or "", 0)
    other = _told(given, currency or "")
    return Progress(phase(drive, today), given, goal.sum or 1, reached, matched(drive, given), other)


def _told(given: Given, but: str) -> dict[str, int]:
    return {one: amount for one, amount in sorted(given.sums.items()) if one != but and amount > 0}


def phase(drive: Drive, today: date) -> Phase:
    """Whether a drive is coming, open or over."""
    if today < drive.from_:
        return "coming"
    return "open" if today <= drive.by else "over"


def window(drive: Drive) -> tuple[datetime, datetime]:
    """The instants from which, and before which, what is done counts."""
    midnight = time(tzinfo=UTC)
    return datetime.combine(drive.from_, midnight), datetime.combine(drive.by + timedelta(days=1), midnight)


def matched(drive: Drive, given: Given) -> int:
    """What the sponsor adds, in whole minor units: rounded down once, over all of it, and never beyond the cap."""
    match = drive.match
    if match is None:
        return 0
    base = given.verified if match.confirmed else given.done
    if drive.goal.sum is not None:
        base = given.sums.get(match.currency, 0)
    added = EXACT.multiply(Decimal(max(0, base)), Decimal(match.each))
    return min(match.up_to, int(added.to_integral_value(ROUND_FLOOR)))


def shown(parts: Sequence[Given]) -> list[bool]:
    """Which parts of a whole may be told, beside the whole.

    A part of few people is not; nor is the next smallest, when what is not told could be had by taking the others
    from the whole and would then be of few.
    """
    tell = [part.people >= FEWEST for part in parts]
    while 0 < sum(part.people for part, told in zip(parts, tell, strict=True) if not told) < FEWEST and any(tell):
        smallest = min((number for number, told in enumerate(tell) if told), key=lambda one: parts[one].people)
        tell[smallest] = False
    return tell
