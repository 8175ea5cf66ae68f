"""The pack as a frozen model: the reference for the shape of a pack in YAML.

The names are DESIGN.md section 4's contract; `kindling pack schema` prints this model as JSON Schema.
Rules that need more than one item (dangling references, gaps, cycles) live in `content.check`.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"
WORDS_AT_MOST = 20_000
DEFAULT_RUNGS = ("curious", "supporter", "advocate", "contributor", "organizer", "leader")

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=64)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
WebAddress = Annotated[str, StringConstraints(max_length=2000)]
PositiveInt = Annotated[int, Field(ge=1, le=2**31 - 1)]

StoryKind = Literal["explainer", "update", "testimony", "fact", "win"]
ActionKind = Literal[
    "petition", "donation", "share", "event", "outreach", "pledge", "purchase", "volunteer",
    "learn", "story", "report", "invite", "host", "circle", "form",
]  # fmt: skip
Verify = Literal["self", "link", "webhook", "code", "photo", "payment"]
Repeat = Literal["never", "daily", "weekly", "monthly"]


def _days(value: Any) -> Any:
    """Read `60d` as 60 days; an integer is days already."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}d", value, re.ASCII):
        return int(value[:-1])
    return value


Days = Annotated[
    int,
    BeforeValidator(_days, json_schema_input_type=int | Annotated[str, StringConstraints(pattern="^[0-9]{1,4}d$")]),
    Field(ge=1, le=3660),
]


def _day(value: Any) -> Any:
    """Read a day as people write it, and only so: pydantic would take a number in quotes for seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        raise PydanticCustomError("day_form", "Input should be a day, like 2026-12-01")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day_unknown", "Input should be a day that exists, like 2026-12-01") from None


Day = Annotated[date, BeforeValidator(_day)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True)


Words = Annotated[str, StringConstraints(min_length=1, max_length=WORDS_AT_MOST)]
Text = Words | dict[Language, Words]
"""A string, or a map of language to string; `content.text.choose` picks the words to show."""


class Publisher(_Strict):
    """The organization behind a pack."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    url: WebAddress | None = None


class Cause(_Strict):
    """An issue people follow."""

    title: Text
    why: Text
    tags: tuple[Annotated[str, StringConstraints(min_length=1, max_length=64)], ...] = ()


class Story(_Strict):
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


class Goal(_Strict):
    """A collective goal: so many people by a day."""

    count: PositiveInt
    by: Day | None = None


class Unit(_Strict):
    """What is counted, for one of it and for several; a language with more forms takes `other` for the rest."""

    one: Text
    other: Text


class Each(_Strict):
    """How much one action adds."""

    amount: Annotated[int, Field(ge=1, le=1_000_000)]
    unit: Unit


class Adds(_Strict):
    """What an action adds up to; `person` is a sentence on one single person helped by one such action."""

    each: Each
    person: Text | None = None


class Action(_Strict):
    """Something one can do, suited to the people of one rung."""

    cause: Slug
    kind: ActionKind
    rung: Slug
    title: Text
    ask: Text
    url: WebAddress | None = None
    minutes: Annotated[int, Field(ge=1, le=600)] = 2
    verify: Verify = "self"
    result_by: Day | None = None
    goal: Goal | None = None
    repeat: Repeat = "never"
    needs: tuple[Slug, ...] = ()
    regions: tuple[Region, ...] = ()
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    share: Text | None = None
    adds: Adds | None = None


class Reach(_Strict):
    """What a person must have done in a cause to stand on a rung; each named condition must hold.

    `actions` counts what was taken, `kinds` the distinct kinds among it, `verified` what a source confirmed,
    all `within` the last so many days (ever, when absent); `ethics` asks for the pack's statement to be accepted.
    """

    actions: PositiveInt = 1
    kinds: PositiveInt = 1
    within: Days | None = None
    verified: Annotated[int, Field(ge=0, le=10_000)] = 0
    ethics: bool = False


class Step(_Strict):
    """One rung of a ladder and how to reach it."""

    rung: Slug
    reach: Reach


class Toolkit(_Strict):
    """Words and material anyone may use."""

    title: Text
    text: Text


class Feed(_Strict):
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


class Pack(_Strict):
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
    ladder: tuple[Step, ...] = DEFAULT_LADDER
    toolkits: Mapping[Slug, Toolkit] = {}
    ethics: Text | None = None
    feeds: tuple[Feed, ...] = ()

    @property
    def rungs(self) -> tuple[str, ...]:
        """The rungs in order, the entry rung first."""
        entry = DEFAULT_RUNGS[0]
        return (entry, *(step.rung for step in self.ladder if step.rung != entry))
