"""The pack as a frozen model: the reference for the shape of a pack in YAML.

The names are DESIGN.md section 4's contract; `kindling pack schema` prints this model as JSON Schema.
Rules that need more than one item (dangling references, gaps, cycles) live in `content.check`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from content.carrot import Bid, Carrot
from content.drives import Drive
from content.proof import Hook, Payment
from content.terms import (
    LANGUAGE_PATTERN,
    SLUG_PATTERN,
    WORDS_AT_MOST,
    Day,
    Days,
    Language,
    PositiveInt,
    Region,
    Slug,
    Strict,
    Text,
    WebAddress,
    Words,
)

__all__ = [
    "LANGUAGE_PATTERN",
    "SLUG_PATTERN",
    "WORDS_AT_MOST",
    "Bid",
    "Carrot",
    "Hook",
    "Language",
    "Payment",
    "Slug",
    "Text",
    "Words",
]

DEFAULT_RUNGS = ("curious", "supporter", "advocate", "contributor", "organizer", "leader")

StoryKind = Literal["explainer", "update", "testimony", "fact", "win"]
ActionKind = Literal[
    "petition", "donation", "share", "event", "outreach", "pledge", "purchase", "volunteer",
    "learn", "story", "report", "invite", "host", "circle", "form",
]  # fmt: skip
Verify = Literal["self", "link", "webhook", "code", "photo", "payment"]
Repeat = Literal["never", "daily", "weekly", "monthly"]
ResultKind = Literal["win", "setback", "partial"]


class Publisher(Strict):
    """The organization behind a pack."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    url: WebAddress | None = None


class Cause(Strict):
    """An issue people follow."""

    title: Text
    why: Text
    tags: tuple[Annotated[str, StringConstraints(min_length=1, max_length=64)], ...] = ()


class Story(Strict):
    """A piece of content: a chapter of its cause's arc, dated, or evergreen."""

    cause: Slug
    kind: StoryKind
    chapter: PositiveInt | None = None
    title: Text | None = None
    text: Text
    image: WebAddress | None = None
    image_alt: Text | None = None
    source: WebAddress | None = None
    minutes: Annotated[int, Field(ge=1, le=60)] = 1
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    leads_to: tuple[Slug, ...] = ()


class Goal(Strict):
    """A collective goal: so many people by a day."""

    count: PositiveInt
    by: Day | None = None


class Maker(Strict):
    """Someone who decides, for the people of some regions (without any: for everyone), and the ways to reach them."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    office: Text
    regions: tuple[Region, ...] = ()
    languages: tuple[Language, ...] = ()
    email: WebAddress | None = None
    url: WebAddress | None = None
    phone: WebAddress | None = None


class Decision(Strict):
    """A question that is decided on a day, and by whom; `points` may help people to find their own words."""

    day: Day
    what: Text
    points: Annotated[tuple[Text, ...], Field(min_length=1, max_length=8)]
    makers: Annotated[tuple[Maker, ...], Field(min_length=1, max_length=300)]


class Pledge(Strict):
    """What makes a pledge bind: so many people in one place by a day, each to do it by another day.

    `do_by` is when people are asked whether they did it; without it, four weeks after it bound. `smaller` is the
    action offered to those who still want something when too few came together.
    """

    needs: Annotated[int, Field(ge=2, le=10_000)] = 8
    by: Day
    within: Literal["everywhere", "region"] = "everywhere"
    do_by: Day | None = None
    smaller: Slug | None = None


class Unit(Strict):
    """What is counted, for one of it and for several; a language with more forms takes `other` for the rest."""

    one: Text
    other: Text


class Each(Strict):
    """How much one action adds."""

    amount: Annotated[int, Field(ge=1, le=1_000_000)]
    unit: Unit


class Adds(Strict):
    """What an action adds up to; `person` is a sentence on one single person helped by one such action."""

    each: Each
    person: Text | None = None


class Action(Strict):
    """Something one can do, suited to the people of one rung.

    `codes` are words told at an event, for `verify: code`; `payment` tells how `verify: payment` is paid.
    """

    cause: Slug
    kind: ActionKind
    rung: Slug
    title: Text
    ask: Text
    url: WebAddress | None = None
    minutes: Annotated[int, Field(ge=1, le=600)] = 2
    verify: Verify = "self"
    codes: tuple[Annotated[str, StringConstraints(min_length=1, max_length=64)], ...] = ()
    payment: Payment | None = None
    result_by: Day | None = None
    goal: Goal | None = None
    repeat: Repeat = "never"
    needs: tuple[Slug, ...] = ()
    regions: tuple[Region, ...] = ()
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    share: Text | None = None
    decision: Decision | None = None
    pledge: Pledge | None = None
    carrot: Carrot | None = None
    adds: Adds | None = None


class Reach(Strict):
    """What a person must have done in a cause to stand on a rung; each named condition must hold.

    `actions` counts what was taken, `kinds` the distinct kinds among it, `verified` what a source confirmed,
    all `within` the last so many days (ever, when absent); `ethics` asks for the pack's statement to be accepted.
    """

    actions: PositiveInt = 1
    kinds: PositiveInt = 1
    within: Days | None = None
    verified: Annotated[int, Field(ge=0, le=10_000)] = 0
    ethics: bool = False


class Step(Strict):
    """One rung of a ladder and how to reach it."""

    rung: Slug
    reach: Reach


class Toolkit(Strict):
    """Words and material anyone may use."""

    title: Text
    text: Text


class Result(Strict):
    """What came of some actions, told to those who took them; failure is told as plainly as success."""

    actions: Annotated[tuple[Slug, ...], Field(min_length=1)]
    kind: ResultKind
    text: Text
    image: WebAddress | None = None
    image_alt: Text | None = None
    source: WebAddress | None = None
    at: Day | None = None


class Feed(Strict):
    """An outside source of stories."""

    url: WebAddress
    cause: Slug
    review: bool = True


DEFAULT_LADDER = (
    Step(rung="supporter", reach=Reach(actions=1)),
    Step(rung="advocate", reach=Reach(actions=3, kinds=2, within=60)),
    Step(rung="contributor", reach=Reach(actions=6, kinds=3, within=120)),
    Step(rung="organizer", reach=Reach(actions=10, kinds=4, within=180)),
    Step(rung="leader", reach=Reach(actions=15, kinds=5, within=365)),
)


class Pack(Strict):
    """A versioned set of causes, stories and actions by one publisher."""

    pack: Slug
    version: PositiveInt
    title: Text
    publisher: Publisher
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    license: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    causes: Annotated[Mapping[Slug, Cause], Field(min_length=1)]
    stories: Mapping[Slug, Story] = {}
    actions: Mapping[Slug, Action] = {}
    results: Mapping[Slug, Result] = {}
    ladder: tuple[Step, ...] = DEFAULT_LADDER
    drives: Mapping[Slug, Drive] = {}
    toolkits: Mapping[Slug, Toolkit] = {}
    ethics: Text | None = None
    feeds: tuple[Feed, ...] = ()
    hooks: Mapping[Slug, Hook] = {}

    @property
    def rungs(self) -> tuple[str, ...]:
        """The rungs in order, the entry rung first."""
        entry = DEFAULT_RUNGS[0]
        return (entry, *(step.rung for step in self.ladder if step.rung != entry))
