"""What all reports of one thing come to, in whatever order they arrived and however often.

Money counts once it was paid, less what went back, unless it is held back by a dispute. Anything else counts when the
latest report says it was done. The same set of reports always comes to the same, which is how late and reordered
deliveries are reconciled.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actions.proof.reports import Report
from actions.record import due_again


@dataclass(frozen=True, slots=True)
class Settled:
    """What a thing comes to. `known` as soon as it was done or paid, `counts` unless it was undone since.

    `amount` is what is left of the money, in minor units of `currency`; none where there was no money.
    """

    known: bool = False
    counts: bool = False
    at: datetime | None = None
    amount: int | None = None
    currency: str = ""
    period: str = ""
    receipt: str = ""


def settle(reports: Collection[Report]) -> Settled:
    """Bring all that was said of one thing to one end."""
    ordered = sorted(reports, key=_order)
    paid = [one for one in ordered if one.what == "paid"]
    if paid:
        return _money(ordered, paid)
    said = [one for one in ordered if one.what in ("done", "undone")]
    if not said:
        return Settled(receipt=_receipt(ordered))
    first = next((one for one in said if one.what == "done"), None)
    return Settled(
        known=first is not None,
        counts=said[-1].what == "done",
        at=first.at if first else None,
        period=max((one.period for one in said), default=""),
        receipt=_receipt(ordered),
    )


def _money(ordered: list[Report], paid: list[Report]) -> Settled:
    whole = max(one.amount or 0 for one in paid)
    returned = max((one.amount or 0 for one in ordered if one.what == "returned"), default=0)
    left = max(0, whole - returned)
    about = [one for one in ordered if one.what in ("disputed", "cleared")]
    held = bool(about) and about[-1].what == "disputed"
    return Settled(
        known=True,
        counts=left > 0 and not held,
        at=paid[0].at,
        amount=0 if held else left,
        currency=paid[0].currency,
        # Of two that tell it the one with the invoice knows better, and names an earlier day.
        period=min((one.period for one in paid if one.period), default=""),
        receipt=_receipt(ordered),
    )


def _order(report: Report) -> tuple[datetime, bool, str]:
    # At the same instant the one that takes back comes last.
    return report.at, report.what in ("undone", "disputed"), report.event


def _receipt(ordered: list[Report]) -> str:
    return next((one.receipt for one in reversed(ordered) if one.receipt), "")


def period_of(repeat: str, day: date, series_period: str, others: Collection[str]) -> str:
    """The period under which an action of that day is recorded, so that it counts once a period.

    `others` are the periods (local dates) under which the person's same action counts already: one within whose time
    the day lies is the same. Something recurring has its own periods.
    """
    if series_period:
        return series_period
    if repeat == "never":
        return "once"
    for other in sorted(others, reverse=True):
        begins = _date(other)
        if begins is not None and _same(repeat, begins, day):
            return other
    return day.isoformat()


def _same(repeat: str, begins: date, day: date) -> bool:
    """Tell whether two days lie within one time of a repeating action, whichever was first."""
    early, late = min(begins, day), max(begins, day)
    due = due_again(repeat, early)
    return due is not None and late < due and late - early < timedelta(days=31)


def _date(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
