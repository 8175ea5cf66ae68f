"""Where a person stands: a published rule over the log of what they took, explained line by line.

The rule: a person stands on the highest rung whose own reach holds **and** below which every reach holds
too. Nobody skips a rung, and whoever has been silent longer than a rung's `within` stands lower again; the
log itself is never touched. What was undone does not count. With nothing taken one stands on the entry rung.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.facts import Taken
from actions.shelf import ShelfCause
from content.model import Reach


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a person stands in a cause and what the next rung still asks for.

    `missing_actions` many more actions suffice if `missing_kinds` of them are of kinds not counted yet,
    `missing_verified` actions in all get confirmed, and the ethics statement is accepted where it is needed.
    """

    rung: str
    next_rung: str | None = None
    missing_actions: int = 0
    missing_kinds: int = 0
    missing_verified: int = 0
    needs_ethics: bool = False
    within: int | None = None


def standing(cause: ShelfCause, taken: Iterable[Taken], now: datetime, ethics: Collection[str] = ()) -> str:
    """Return the rung a person stands on in a cause; `ethics` are the packs whose statement they accepted."""
    return cause.rungs[step_of(cause, taken, now, ethics)]


def step_of(cause: ShelfCause, taken: Iterable[Taken], now: datetime, ethics: Collection[str] = ()) -> int:
    """Return the place of a person's rung in the ladder, the entry rung being 0."""
    ref = cause.ref
    counted = [one for one in taken if one.cause == ref and one.status != "undone"]
    if not counted:
        return 0
    accepted = cause.pack in ethics
    for step, rule in enumerate(cause.steps):
        if not _holds(rule.reach, counted, now, accepted):
            return step
    return len(cause.steps)


def climbed(cause: ShelfCause, before: Iterable[Taken], claim: Taken, ethics: Collection[str] = ()) -> str | None:
    """Return the new rung when a claim lifts the person, or None.

    A claim that is already in the log (same action, same instant) replaces its entry, as when it is verified.
    """
    log = list(before)
    now = claim.at
    rest = [one for one in log if one.action != claim.action or one.at != claim.at]
    after = step_of(cause, [*rest, claim], now, ethics)
    return cause.rungs[after] if after > step_of(cause, log, now, ethics) else None


def progress(cause: ShelfCause, taken: Iterable[Taken], now: datetime, ethics: Collection[str] = ()) -> Progress:
    """Return where a person stands in a cause and what opens the next rung."""
    counted = [one for one in taken if one.cause == cause.ref and one.status != "undone"]
    step = step_of(cause, counted, now, ethics)
    if step == len(cause.steps):
        return Progress(cause.rungs[step])
    reach = cause.steps[step].reach
    recent = _recent(reach, counted, now)
    # A single kind asks for nothing: whatever one does first is of some kind.
    kinds = max(0, reach.kinds - len({one.kind for one in recent})) if reach.kinds > 1 else 0
    return Progress(
        rung=cause.rungs[step],
        next_rung=cause.rungs[step + 1],
        missing_actions=max(0, reach.actions - len(recent), kinds),
        missing_kinds=kinds,
        missing_verified=max(0, reach.verified - _verified(recent)),
        needs_ethics=reach.ethics and cause.pack not in ethics,
        within=reach.within,
    )


def _holds(reach: Reach, counted: Sequence[Taken], now: datetime, accepted: bool) -> bool:
    if len(counted) < reach.actions or (reach.ethics and not accepted):
        return False
    recent = _recent(reach, counted, now)
    if len(recent) < reach.actions or _verified(recent) < reach.verified:
        return False
    return reach.kinds <= 1 or len({one.kind for one in recent}) >= reach.kinds


def _recent(reach: Reach, counted: Sequence[Taken], now: datetime) -> Sequence[Taken]:
    if reach.within is None:
        return counted
    line = now - timedelta(days=reach.within)
    return [one for one in counted if one.at >= line]


def _verified(recent: Sequence[Taken]) -> int:
    return sum(one.status == "verified" for one in recent)
