"""Which action to put to a person: at most one, never pushing, the reasons always told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions import limits
from actions.deciding import is_near
from actions.eligible import Bar, bar_to_asking, bar_to_offering, bar_to_step, explain, refused_step
from actions.facts import Ref
from actions.kinds import KINDS
from actions.policy import Candidate
from actions.reasons import Reason
from actions.record import Record
from actions.shelf import ShelfAction, ShelfCause, ShelfStory

_VARIETY = 1 << 10
_RUNG_BELOW = 1 << 11
_AGAIN = 1 << 13
_NO_STEP = 1 << 14
_NOT_LED_TO = 1 << 15
_DECISION_NEAR = 1 << 16
_NOT_SMALLER = 1 << 17
_TOO_PUBLIC = 1 << 18
TURN = 1 << 20
"""What puts one cause's asks after another's, whatever else speaks for them."""

_TOLD_FIRST: Sequence[Bar] = (
    "later", "asked-lately", "same-conversation", "too-soon", "resting", "no-minutes", "private-first", "needs",
    "not-yet-open", "unwanted-kind", "region", "asked-enough", "taken", "closed", "too-high",
)  # fmt: skip
"""Of all that bars a cause's actions, what tells a person most."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What an ask is judged by: the cause, where the person stands in it, the story before it, the minutes left."""

    cause: ShelfCause
    step: int
    leads_to: tuple[Ref, ...]
    minutes: int
    refused_size: int | None

    def is_smaller(self, action: ShelfAction) -> bool:
        """Tell whether an action asks less than what the person last refused here."""
        return self.refused_size is not None and action.size < self.refused_size


def scene(record: Record, cause: ShelfCause, story: ShelfStory | None = None) -> Scene:
    """Return what asks in a cause are judged by now."""
    return Scene(
        cause=cause,
        step=record.step(cause),
        leads_to=story.leads_to if story else (),
        minutes=record.person.rhythm.minutes - (story.minutes if story else 0),
        refused_size=_refused_size(record, cause),
    )


def bar_to_nudged_asks(record: Record) -> Reason | None:
    """Return why no ask at all may be put to the person now, or None."""
    allowed, recent = record.person.rhythm.asks, record.budgeted
    if len(recent) >= allowed:
        return Reason("ask-budget", at=recent[-allowed] + limits.WEEK if allowed > 0 else None)
    if max(record.silence, record.noes) >= limits.SILENT_ASKS:
        return bar_within_gap(record)
    return None


def bar_within_gap(record: Record) -> Reason | None:
    """Return why another ask comes too soon for someone who gets one a week at most, or None."""
    if record.last_nudged is None or record.now - record.last_nudged >= limits.SILENT_GAP:
        return None
    return Reason("slowed", at=record.last_nudged + limits.SILENT_GAP)


def bar_in_cause(record: Record, cause: ShelfCause, story: ShelfStory | None) -> Reason | None:
    """Return why a cause asks nothing now, or None."""
    if not cause.actions:
        return Reason("nothing-to-ask", cause.ref)
    refusal = record.refusals.get(cause.ref)
    if refusal is not None:
        until = (refusal.answered_at or refusal.at) + limits.CAUSE_REST
        if record.now < until:
            return Reason("resting", cause.ref, until)
    return None if _begun(record, cause, story) else Reason("before-first-chapter", cause.ref)


def asks_in(record: Record, at: Scene) -> list[Candidate[ShelfAction]] | Reason:
    """Return what a cause may ask a person now, scored, or why it may not ask anything."""
    step_bar = bar_to_step(at.cause, record)
    refused = refused_step(at.cause, at.step, record)
    # A step up follows from a yes: who left the last ask unanswered is asked on their own rung first.
    ready = not step_bar and not refused and not record.silence
    bars: dict[Bar, ShelfAction] = {}
    candidates: list[Candidate[ShelfAction]] = []
    for action in at.cause.actions:
        bar = bar_to_asking(action, record)
        if not bar and action.step > at.step:
            bar = step_bar if action.step == at.step + 1 else "too-high"
            if not bar and refused and not at.is_smaller(action):
                bar = "too-soon"
        if not bar and action.minutes > at.minutes:
            bar = "no-minutes"
        if bar:
            bars.setdefault(bar, action)
        else:
            candidates.append((score(action, record, at, ready), action))
    return candidates or _tell_most(bars, record)


def offers_in(record: Record, at: Scene) -> Iterable[Candidate[ShelfAction]]:
    """Yield what a cause may offer a person who asks for something to do, scored."""
    highest = at.step + 1
    if record.took_today(record.last_taken.get(at.cause.ref)):
        highest = at.step
    for action in at.cause.actions:
        if action.step <= highest and action.minutes <= at.minutes and not bar_to_offering(action, record):
            early = action.public and record.acts < limits.PRIVATE_ACTS
            yield score(action, record, at, highest > at.step) + _TOO_PUBLIC * early, action


def score(action: ShelfAction, record: Record, at: Scene, ready: bool) -> int:
    """Return how far an ask is from the best one: lower is better, the weightiest preference first."""
    points = min(action.minutes, _VARIETY - 1)
    if action.kind in record.kinds:
        points += _VARIETY
    if action.step < at.step:
        points += _RUNG_BELOW * min(at.step - action.step, 7)
    if ready is (action.step <= at.step):
        points += _NO_STEP
    if action.ref in record.done:
        points += _AGAIN
    if action.ref not in at.leads_to:
        points += _NOT_LED_TO
    if is_near(action.decides, record.today):
        points -= _DECISION_NEAR
    if at.refused_size is not None and action.size >= at.refused_size:
        points += _NOT_SMALLER
    return points


def why_ask(action: ShelfAction, record: Record, at: Scene, story: ShelfStory | None = None) -> tuple[Reason, ...]:
    """Return the reasons that speak for an ask, the weightiest first."""
    reasons = []
    if story is not None and action.ref in at.leads_to:
        reasons.append(Reason("fits-story", story.ref))
    if action.decides is not None and is_near(action.decides, record.today):
        reasons.append(Reason("decision-near", action.decides.isoformat()))
    if at.is_smaller(action):
        reasons.append(Reason("smaller-after-no", record.refusals[at.cause.ref].action))
    if action.step > at.step:
        reasons.append(Reason("step-up", action.rung))
    if action.ref in record.done:
        reasons.append(Reason("again", action.ref))
    elif record.acts and action.kind not in record.kinds:
        reasons.append(Reason("new-kind", action.kind))
    reasons.append(Reason("fits-time", str(action.minutes)))
    return tuple(reasons)


def _tell_most(bars: Mapping[Bar, ShelfAction], record: Record) -> Reason:
    bar = next(code for code in _TOLD_FIRST if code in bars)
    return explain(bar, bars[bar], record)


def last_asked(record: Record, cause: ShelfCause) -> datetime | None:
    """Return when a cause last asked the person something."""
    return next((ask.at for ask in reversed(record.history.asked) if ask.cause == cause.ref), None)


def _begun(record: Record, cause: ShelfCause, story: ShelfStory | None) -> bool:
    """Tell whether an arc has begun, counting the story that comes with the ask; without an arc nothing is awaited."""
    if not cause.chapters or (story is not None and story.chapter is not None):
        return True
    return not cause.chapter_refs.isdisjoint(record.history.shown)


def _refused_size(record: Record, cause: ShelfCause) -> int | None:
    """Return the size of what the person last refused in a cause, unless it is long ago or made good since."""
    refusal = record.refusals.get(cause.ref)
    if refusal is None:
        return None
    at = refusal.answered_at or refusal.at
    taken = record.last_taken.get(cause.ref)
    if record.now - at >= limits.REFUSAL_MEMORY or (taken is not None and taken > at):
        return None
    action = record.shelf.actions.get(refusal.action)
    return action.size if action else KINDS[refusal.kind].effort * 1000  # type: ignore[index]
