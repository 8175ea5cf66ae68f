"""What to bring a person now: the next story and at most one ask, or silence, each with its reasons.

Everything here is decided from values: the person, their history, what is on offer, the time and chance.
Rules decide what may be chosen (`eligible`, `asks`, `stories`); a `Policy` only orders it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from actions.asks import (
    TURN,
    Scene,
    asks_in,
    bar_in_cause,
    bar_to_nudged_asks,
    bar_within_gap,
    last_asked,
    offers_in,
    scene,
    why_ask,
)
from actions.eligible import bar_to_taking, explain
from actions.facts import History, Person, Ref
from actions.policy import PLAIN, Candidate, Draw, Policy, Ranked
from actions.reasons import Reason
from actions.record import Record, read
from actions.rhythm import is_paused
from actions.shelf import Shelf, ShelfAction, ShelfCause, ShelfStory
from actions.stories import pick_story, why_story


@dataclass(frozen=True, slots=True)
class Nudge:
    """A story and at most one ask; only when every story was read, an ask without a story.

    `propensity` is the probability with which exactly this was chosen. Without an ask the last reason is why.
    """

    story: Ref | None
    ask: Ref | None
    cause: Ref
    reasons: tuple[Reason, ...]
    propensity: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing suits now; why."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An action for a person who asked for something to do."""

    action: Ref
    cause: Ref
    reasons: tuple[Reason, ...]
    propensity: float


def choose(
    person: Person, history: History, shelf: Shelf, now: datetime, chance: Random, *, policy: Policy = PLAIN
) -> Nudge | Silence:
    """Choose the nudge for a person at this moment."""
    withdrawn = _withdrawn(person, now)
    if withdrawn is not None:
        return Silence((withdrawn,))
    causes = _followed(person, shelf)
    if isinstance(causes, Reason):
        return Silence((causes,))
    record = read(person, history, shelf, now)
    draw = Draw(policy, chance, record)
    picked = pick_story(record, causes, draw)
    if isinstance(picked, Reason):
        return _ask_only(record, causes, draw, picked)
    return _story_with_ask(record, draw, *picked)


def asks_for(  # noqa: PLR0913 - the question of `choose`, and how many answers
    person: Person,
    history: History,
    shelf: Shelf,
    now: datetime,
    chance: Random,
    limit: int = 3,
    *,
    policy: Policy = PLAIN,
) -> tuple[Offer, ...]:
    """Return what a person who asks for something to do can do now, best first, of various causes and kinds.

    What is rationed for nudges (the week's asks, the first chapter, slowing down) is not rationed here.
    """
    causes = _followed(person, shelf)
    if isinstance(causes, Reason):
        return ()
    record = read(person, history, shelf, now)
    scenes = {cause.ref: scene(record, cause) for cause in causes}
    candidates = [one for at in scenes.values() for one in offers_in(record, at)]
    ranked = Draw(policy, chance, record).rank("offer", candidates)
    return tuple(
        Offer(action.ref, action.cause, _why_offer(action, record, scenes[action.cause]), propensity)
        for action, propensity in _varied(ranked, limit)
    )


def may_take(person: Person, history: History, shelf: Shelf, action: Ref, now: datetime) -> Reason | None:
    """Return why an action behind an old button cannot be taken now, or None when it can."""
    offered = shelf.actions.get(action)
    if offered is None:
        return Reason("closed", action)
    record = read(person, history, shelf, now)
    bar = bar_to_taking(offered, record)
    return explain(bar, offered, record) if bar else None


def _withdrawn(person: Person, now: datetime) -> Reason | None:
    """Return why a person hears nothing from us at all, or None."""
    if person.state == "active":
        return None
    if person.state != "paused":
        return Reason(person.state)
    if is_paused(person, now):
        return Reason("paused", person.paused_until.isoformat() if person.paused_until else "")
    return None


def _followed(person: Person, shelf: Shelf) -> list[ShelfCause] | Reason:
    """Return the causes a person wants to hear of, in an order that depends on nothing but their names."""
    followed = [shelf.causes[ref] for ref in sorted(person.follows) if ref in shelf.causes]
    if not followed:
        return Reason("follows-nothing")
    heard = [cause for cause in followed if cause.ref not in person.muted]
    return heard or Reason("muted", followed[0].ref)


def _story_with_ask(record: Record, draw: Draw, story: ShelfStory, propensity: float) -> Nudge:
    cause = record.shelf.causes[story.cause]
    reasons = (Reason("follows", cause.ref), why_story(story, record.today))
    barred = bar_to_nudged_asks(record) or bar_in_cause(record, cause, story)
    if barred is not None:
        return Nudge(story.ref, None, cause.ref, (*reasons, barred), propensity)
    at = scene(record, cause, story)
    candidates = asks_in(record, at)
    if isinstance(candidates, Reason):
        return Nudge(story.ref, None, cause.ref, (*reasons, candidates), propensity)
    action, share = _first(draw.rank("ask", candidates))
    return Nudge(
        story=story.ref,
        ask=action.ref,
        cause=cause.ref,
        reasons=(*reasons, *why_ask(action, record, at, story)),
        propensity=propensity * share,
    )


def _ask_only(record: Record, causes: Sequence[ShelfCause], draw: Draw, why_no_story: Reason) -> Nudge | Silence:
    """Return an ask alone for someone who read everything, once a week at most, causes taking turns."""
    barred = bar_to_nudged_asks(record) or bar_within_gap(record)
    if barred is not None:
        return Silence((why_no_story, barred))
    candidates: list[Candidate[ShelfAction]] = []
    for turn, cause in _turns(record, causes):
        found = bar_in_cause(record, cause, None) or asks_in(record, scene(record, cause))
        if isinstance(found, Reason):
            barred = barred or found
        else:
            candidates += [(points + turn * TURN, action) for points, action in found]
    if not candidates:
        return Silence((why_no_story, barred) if barred else (why_no_story,))
    action, propensity = _first(draw.rank("ask", candidates))
    cause = record.shelf.causes[action.cause]
    reasons = (Reason("follows", cause.ref), Reason("asks-only", cause.ref))
    return Nudge(
        story=None,
        ask=action.ref,
        cause=cause.ref,
        reasons=(*reasons, *why_ask(action, record, scene(record, cause))),
        propensity=propensity,
    )


def _turns(record: Record, causes: Sequence[ShelfCause]) -> list[tuple[int, ShelfCause]]:
    """Return the causes with their turn: those asked least recently first, those never asked at the same time."""
    asked = [(last_asked(record, cause) or record.now.min.replace(tzinfo=UTC), cause) for cause in causes]
    order = {at: turn for turn, at in enumerate(sorted({at for at, _ in asked}))}
    return [(order[at], cause) for at, cause in asked]


def _first(ranked: Ranked[ShelfAction]) -> tuple[ShelfAction, float]:
    (_, action), propensity = ranked[0]
    return action, propensity


def _varied(ranked: Ranked[ShelfAction], limit: int) -> Iterable[tuple[ShelfAction, float]]:
    """Yield the best actions so that they differ in cause and kind, as far as they can."""
    left = [(action, propensity) for (_, action), propensity in ranked]
    causes: set[Ref] = set()
    kinds: set[str] = set()
    while left and limit > 0:
        best = min(left, key=lambda one: (one[0].cause in causes, one[0].kind in kinds))
        left.remove(best)
        causes.add(best[0].cause)
        kinds.add(best[0].kind)
        limit -= 1
        yield best


def _why_offer(action: ShelfAction, record: Record, at: Scene) -> tuple[Reason, ...]:
    return (Reason("requested"), Reason("follows", action.cause), *why_ask(action, record, at))
