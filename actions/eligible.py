"""Whether an action can be taken, offered or put to a person; if not, why."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TypeAlias

from actions import limits
from actions.reasons import Reason
from actions.record import Record
from actions.shelf import ShelfAction, ShelfCause

Bar: TypeAlias = str
"""The code of the reason that bars an action, or the empty string."""


def bar_to_taking(action: ShelfAction, record: Record) -> Bar:
    """Return what keeps a person from taking an action; who lives where we do not know is believed."""
    return _bar_to_all(action, record) or ("not-yet-open" if record.today < action.counts else "")


def _bar_to_all(action: ShelfAction, record: Record) -> Bar:
    if not action.opens <= record.today <= action.closes:
        return "closed" if record.today > action.closes else "not-yet-open"
    if action.ref in record.spent:
        return "taken"
    if action.regions and record.places and record.places.isdisjoint(action.regions):
        return "region"
    if action.needs and not record.done.issuperset(action.needs):
        return "needs"
    return ""


def bar_to_offering(action: ShelfAction, record: Record) -> Bar:
    """Return what keeps an action from being offered to a person who asked for something to do."""
    bar = _bar_to_all(action, record)
    if bar:
        return bar
    if record.today > action.last:
        return "closed"
    if action.decides is not None and record.today >= action.decides:
        return "closed"
    if action.regions and not record.places:
        return "region"
    refused = record.declined.get(action.ref)
    if refused is not None and record.now - refused < limits.ACTION_REST:
        return "resting"
    if action.kind in record.person.unwanted:
        return "unwanted-kind"
    return ""


def bar_to_asking(action: ShelfAction, record: Record) -> Bar:
    """Return what keeps an action from being put to a person unasked; rung and minutes are judged apart."""
    bar = bar_to_offering(action, record)
    if bar:
        return bar
    if action.ref in record.waiting:
        return record.waiting[action.ref][0]
    if action.public and record.acts < limits.PRIVATE_ACTS:
        return "private-first"
    return ""


def bar_to_step(cause: ShelfCause, record: Record) -> Bar:
    """Return what keeps a person from being asked a step up in a cause now."""
    answered = record.history.last_answer_at
    if answered is not None and record.now - answered < limits.CONVERSATION:
        return "same-conversation"
    if record.took_today(record.last_taken_at):
        return "same-conversation"
    taken = record.last_taken.get(cause.ref)
    return "too-soon" if taken is not None and record.now - taken < limits.STEP_REST else ""


def refused_step(cause: ShelfCause, step: int, record: Record) -> bool:
    """Tell whether the person declined a step up in a cause so lately that only a smaller one may follow."""
    refusal = record.refusals.get(cause.ref)
    if refusal is None or record.now - (refusal.answered_at or refusal.at) >= limits.STEP_REFUSAL_REST:
        return False
    return refusal.rung not in cause.rungs[: step + 1]


def explain(bar: Bar, action: ShelfAction, record: Record) -> Reason:
    """Return the reason behind a bar, with what it is about and when it ends."""
    tell = _TOLD.get(bar)
    return tell(bar, action, record) if tell else Reason(bar, action.ref)


def _resting(bar: Bar, action: ShelfAction, record: Record) -> Reason:
    return Reason(bar, action.ref, record.declined[action.ref] + limits.ACTION_REST)


def _waiting(bar: Bar, action: ShelfAction, record: Record) -> Reason:
    return Reason(bar, action.ref, record.waiting[action.ref][1])


def _taken(bar: Bar, action: ShelfAction, record: Record) -> Reason:
    due = record.spent[action.ref]
    at = None if due == date.max else datetime.combine(due, time(0), record.zone).astimezone(UTC)
    return Reason(bar, action.ref, at)


def _needs(bar: Bar, action: ShelfAction, record: Record) -> Reason:
    return Reason(bar, next(ref for ref in action.needs if ref not in record.done))


def _unwanted(bar: Bar, action: ShelfAction, _: Record) -> Reason:
    return Reason(bar, action.kind)


_TOLD: dict[Bar, Callable[[Bar, ShelfAction, Record], Reason]] = {
    "resting": _resting,
    "later": _waiting,
    "asked-lately": _waiting,
    "asked-enough": _waiting,
    "taken": _taken,
    "needs": _needs,
    "unwanted-kind": _unwanted,
}
