"""The shelf: what the loaded packs have on offer, laid out for deciding quickly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from actions.facts import Ref
from actions.kinds import KINDS
from actions.limits import NEWS
from content.model import Action, Pack, Step, Story

ONE_DAY = timedelta(days=1)
CLAIMED_WITHIN = timedelta(days=3)
"""So long after its carrot day an action may be claimed; the place's own hours decide in the end."""


@dataclass(frozen=True, slots=True)
class ShelfStory:
    """A story on offer. It is open from `opens` to `closes`, and timely until `fresh` when it is dated."""

    ref: Ref
    cause: Ref
    kind: str
    chapter: int | None
    minutes: int
    from_: date | None = None
    until: date | None = None
    leads_to: tuple[Ref, ...] = ()
    opens: date = date.min
    closes: date = date.max
    fresh: date = date.min


@dataclass(frozen=True, slots=True)
class ShelfAction:
    """An action on offer: `step` is its rung's place in the ladder, `size` orders actions by what they ask.

    `decides` is the day of the decision it is about, if it is about one; on that day it is offered no more. `counts`
    is the first day on which it can be done, where it is offered earlier; `last` the last one on which it is offered.
    """

    ref: Ref
    cause: Ref
    kind: str
    rung: str
    step: int
    minutes: int
    from_: date | None = None
    until: date | None = None
    repeat: str = "never"
    needs: tuple[Ref, ...] = ()
    regions: tuple[str, ...] = ()
    verify: str = "self"
    opens: date = date.min
    closes: date = date.max
    size: int = 0
    public: bool = False
    decides: date | None = None
    counts: date = date.min
    last: date = date.max


@dataclass(frozen=True, slots=True)
class ShelfCause:
    """A cause on offer with its ladder and all that belongs to it, each list in the order of choice.

    `rungs` begins with the entry rung, so `steps[i]` leads to `rungs[i + 1]`.
    """

    ref: Ref
    pack: str
    rungs: tuple[str, ...]
    steps: tuple[Step, ...]
    chapters: tuple[ShelfStory, ...] = ()
    dated: tuple[ShelfStory, ...] = ()
    evergreen: tuple[ShelfStory, ...] = ()
    actions: tuple[ShelfAction, ...] = ()
    story_refs: frozenset[Ref] = frozenset()
    chapter_refs: frozenset[Ref] = frozenset()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All causes, stories and actions on offer, by ref."""

    causes: Mapping[Ref, ShelfCause]
    stories: Mapping[Ref, ShelfStory]
    actions: Mapping[Ref, ShelfAction]


def stock(packs: Iterable[Pack]) -> Shelf:
    """Lay out checked packs; of a pack given twice the highest version counts."""
    newest: dict[str, Pack] = {}
    for pack in packs:
        if pack.pack not in newest or newest[pack.pack].version < pack.version:
            newest[pack.pack] = pack
    causes = [_cause(pack, slug) for pack in newest.values() for slug in pack.causes]
    return Shelf(
        causes={cause.ref: cause for cause in causes},
        stories={story.ref: story for cause in causes for story in (*cause.chapters, *cause.dated, *cause.evergreen)},
        actions={action.ref: action for cause in causes for action in cause.actions},
    )


def _cause(pack: Pack, slug: str) -> ShelfCause:
    stories = [_story(pack, name, story) for name, story in pack.stories.items() if story.cause == slug]
    chapters = sorted((story for story in stories if story.chapter is not None), key=lambda s: s.chapter or 0)
    loose = [story for story in stories if story.chapter is None]
    dated = sorted((story for story in loose if story.fresh > date.min), key=lambda s: (s.fresh, s.opens))
    rungs = pack.rungs
    return ShelfCause(
        ref=f"{pack.pack}/{slug}",
        pack=pack.pack,
        rungs=rungs,
        steps=tuple(step for step in pack.ladder if step.rung != rungs[0]),
        chapters=tuple(chapters),
        dated=tuple(dated),
        evergreen=tuple(story for story in loose if story.fresh == date.min),
        actions=tuple(_action(pack, name, action) for name, action in pack.actions.items() if action.cause == slug),
        story_refs=frozenset(story.ref for story in stories),
        chapter_refs=frozenset(story.ref for story in chapters),
    )


def _story(pack: Pack, slug: str, story: Story) -> ShelfStory:
    return ShelfStory(
        ref=f"{pack.pack}/{slug}",
        cause=f"{pack.pack}/{story.cause}",
        kind=story.kind,
        chapter=story.chapter,
        minutes=story.minutes,
        from_=story.from_,
        until=story.until,
        leads_to=tuple(f"{pack.pack}/{action}" for action in story.leads_to),
        opens=story.from_ or date.min,
        closes=story.until or date.max,
        fresh=_fresh(story),
    )


def _fresh(story: Story) -> date:
    """Return the last day on which a story is timely; news without an end grows old by itself."""
    if story.until is not None:
        return story.until
    if story.from_ is not None:
        return min(story.from_, date.max - NEWS) + NEWS
    return date.min


def _action(pack: Pack, slug: str, action: Action) -> ShelfAction:
    kind = KINDS[action.kind]
    goal_by = action.goal.by if action.goal else None
    decides = action.decision.day if action.decision else None
    drive_by = action.pledge.by if action.pledge else None
    bought = action.carrot.day if action.carrot else None
    claimed = bought + CLAIMED_WITHIN if bought else None
    ends = [day for day in (action.until, goal_by, decides, drive_by) if day is not None]
    ends = [claimed] if claimed else ends
    return ShelfAction(
        ref=f"{pack.pack}/{slug}",
        cause=f"{pack.pack}/{action.cause}",
        kind=action.kind,
        rung=action.rung,
        step=_step(pack, action.rung),
        minutes=action.minutes,
        from_=action.from_,
        until=min(ends, default=None),
        repeat=action.repeat,
        needs=tuple(f"{pack.pack}/{other}" for other in action.needs),
        regions=action.regions,
        verify=action.verify,
        opens=action.from_ or date.min,
        closes=min(ends, default=date.max),
        size=kind.effort * 1000 + action.minutes,
        public=kind.public,
        decides=decides,
        # One day early: a person's own date may be behind that of the place.
        counts=bought - ONE_DAY if bought else date.min,
        last=bought or date.max,
    )


def _step(pack: Pack, rung: str) -> int:
    """Return a rung's place in the ladder; one the ladder lacks is out of everybody's reach."""
    rungs = pack.rungs
    return rungs.index(rung) if rung in rungs else len(rungs) + 1
