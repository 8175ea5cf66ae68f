"""What the public page may say of the figures: rounded, and nothing of fewer than ten people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from babel.dates import format_skeleton
from babel.numbers import format_decimal

from bot.wording.tongue import locale
from content.model import Cause, Pack, Story
from content.text import choose, plain
from storage.figures import CauseFigures, Count

FEWEST = 10
STEP = 5
NONE, UNDER = -1, -2
"""What stands for a figure of nobody, and for one of too few to tell."""
TOLD = ("win", "testimony")


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures as the public may see them: a rounded number, `NONE` or `UNDER`."""

    actions: int
    claimed: int
    verified: int
    people: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month's figures; `name` in words."""

    name: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Told:
    """A story of a single person or success, in plain text."""

    text: str
    source: str
    host: str


@dataclass(frozen=True, slots=True)
class CauseReport:
    """One cause: what it is, what was done in it, and one story of many."""

    title: str
    why: str
    publisher: str
    shown: Shown
    followers: int
    climbed: int
    story: Told | None


@dataclass(frozen=True, slots=True)
class PackReport:
    """One pack: who publishes it, and what its stories rest on."""

    title: str
    publisher: str
    url: str
    version: int
    license: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything below the totals; `most` is the greatest month's number, for the bars."""

    months: tuple[Month, ...]
    most: int
    causes: tuple[CauseReport, ...]
    packs: tuple[PackReport, ...]


def of(
    packs: Sequence[Pack],
    causes: Mapping[str, CauseFigures],
    months: Iterable[tuple[datetime, Count]],
    language: str,
) -> Report:
    """The report in a language; months before the first action are left out."""
    named = [Month(format_skeleton("yMMM", start, locale=locale(language)), shown(count)) for start, count in months]
    while named and named[0].shown.actions == NONE:
        named.pop(0)
    return Report(
        months=tuple(named),
        most=max((month.shown.actions for month in named), default=0),
        causes=tuple(
            _cause(pack, slug, causes.get(f"{pack.pack}/{slug}"), language) for pack in packs for slug in pack.causes
        ),
        packs=tuple(_pack(pack, language) for pack in packs),
    )


def shown(count: Count) -> Shown:
    """A count as the public may see it."""
    return Shown(
        actions=public(count.actions, count.people),
        claimed=public(count.claimed, count.claimed_people),
        verified=public(count.verified, count.verified_people),
        people=public(count.people, count.people),
    )


def public(number: int, people: int) -> int:
    """A number rounded to fives, or why it is not told."""
    if number == 0:
        return NONE
    return UNDER if people < FEWEST else round(number / STEP) * STEP


def grouped(number: int, language: str) -> str:
    """A number as it is written in a language."""
    return format_decimal(number, locale=locale(language))


def _cause(pack: Pack, slug: str, known: CauseFigures | None, language: str) -> CauseReport:
    cause: Cause = pack.causes[slug]
    known = known or CauseFigures(slug)
    return CauseReport(
        title=plain(choose(cause.title, language, pack.languages[0])),
        why=plain(choose(cause.why, language, pack.languages[0])),
        publisher=pack.publisher.name,
        shown=shown(known.taken),
        followers=public(known.followers, known.followers),
        climbed=public(known.climbed, known.climbed),
        story=_told(pack, slug, language),
    )


def _told(pack: Pack, slug: str, language: str) -> Told | None:
    stories: list[Story] = [story for story in pack.stories.values() if story.cause == slug and story.kind in TOLD]
    if not stories:
        return None
    story = min(stories, key=lambda story: TOLD.index(story.kind))
    source = _web(story.source)
    return Told(plain(choose(story.text, language, pack.languages[0])), source, _host(source))


def _pack(pack: Pack, language: str) -> PackReport:
    sources = {_host(address): address for story in pack.stories.values() if (address := _web(story.source))}
    return PackReport(
        title=plain(choose(pack.title, language, pack.languages[0])),
        publisher=pack.publisher.name,
        url=_web(pack.publisher.url),
        version=pack.version,
        license=pack.license or "",
        sources=tuple(sorted(sources.items())),
    )


def _web(address: str | None) -> str:
    return address if address and address.startswith(("https://", "http://")) else ""


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
