"""Results that are owed: to whom and by when, when organizers are reminded, and when a person may be told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from actions.facts import Person, Ref
from actions.rhythm import hour_on, is_paused, quiet_end

Outcome = Literal["win", "partial", "setback"]

REMINDED = (-7, 0, 7, 14)
"""On which days, counted from the promised one, organizers are reminded: four times at most."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What came of an action was promised by a day to so many people who acted, and is not told yet."""

    action: Ref
    by: date
    people: int

    def is_overdue(self, today: date) -> bool:
        """Tell whether the promised day is over."""
        return today > self.by


def debts(promised: Mapping[Ref, date], acted: Mapping[Ref, int], told: Collection[Ref]) -> tuple[Debt, ...]:
    """Return the unpaid debts, the longest due first; where nobody acted nothing is owed."""
    unpaid = (Debt(ref, by, acted[ref]) for ref, by in promised.items() if ref not in told and acted.get(ref, 0) > 0)
    return tuple(sorted(unpaid, key=lambda debt: (debt.by, debt.action)))


def reminder(debt: Debt, sent: int, today: date) -> int:
    """Return the number, from 1, of the reminder that is due on a day when so many were sent; 0 when none is.

    Of those that were missed only the last one is sent.
    """
    days = (today - debt.by).days
    reached = sum(day <= days for day in REMINDED)
    return reached if reached > sent else 0


def told_at(person: Person, now: datetime) -> datetime | None:
    """Return when a person may hear what came of what they did: now, after their night or pause; None for never."""
    if person.state in ("stopped", "unreachable"):
        return None
    if not is_paused(person, now):
        return quiet_end(person.rhythm, now)
    return None if person.paused_until is None else hour_on(person.rhythm, person.paused_until)
