"""Factories for tests: values with sensible defaults, of which each test names what it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from actions.facts import Asked, History, Person, Rhythm, Taken
from actions.shelf import Shelf, stock
from content.model import DEFAULT_RUNGS, Action, Cause, Pack, Publisher, Story

NOW = datetime(2026, 6, 1, 18, 0, tzinfo=UTC)
"""A Monday evening."""

_RHYTHM = {field.name for field in fields(Rhythm)}


def day(number: float) -> datetime:
    """The same hour so many days after (or before) NOW."""
    return NOW + timedelta(days=number)


def person(**about: Any) -> Person:
    """A person who follows the only cause of `make.pack()`; parts of the rhythm may be named directly."""
    rhythm = {name: about.pop(name) for name in list(about) if name in _RHYTHM}
    about.setdefault("rhythm", Rhythm(**rhythm))
    about.setdefault("follows", frozenset({"water/water"}))
    for name in ("follows", "muted", "unwanted"):
        about[name] = frozenset(about.get(name, ()))
    return Person(**{"id": 1, "key": "p1", **about})


def story(cause: str = "water", **about: Any) -> Story:
    """An evergreen explainer of one minute."""
    return Story(**{"cause": cause, "kind": "explainer", "text": "Water.", **about})


def action(cause: str = "water", **about: Any) -> Action:
    """A petition for supporters, of two minutes."""
    return Action(
        **{"cause": cause, "kind": "petition", "rung": "supporter", "title": "Sign", "ask": "Will you?", **about}
    )


def pack(
    slug: str = "water",
    *,
    causes: Iterable[str] = ("water",),
    chapters: int = 3,
    stories: Mapping[str, Story] | None = None,
    actions: Mapping[str, Action] | None = None,
    **about: Any,
) -> Pack:
    """A pack with so many one-minute chapters for each cause, beside the stories and actions given."""
    causes = tuple(causes)
    arc = {f"{cause}-{number}": story(cause, chapter=number) for cause in causes for number in range(1, chapters + 1)}
    return Pack(
        **{
            "pack": slug,
            "version": 1,
            "title": slug,
            "publisher": Publisher(name="Wells"),
            "languages": ("en",),
            "causes": {cause: Cause(title=cause, why="Because.") for cause in causes},
            "stories": {**arc, **(stories or {})},
            "actions": actions or {},
            **about,
        }
    )


LADDER_KINDS = ("petition", "learn", "outreach", "report", "donation", "purchase")


def climb(cause: str = "water", each: int = 6, **about: Any) -> dict[str, Action]:
    """Actions enough to climb the default ladder: for each rung so many, of various kinds."""
    return {
        f"{cause}-{rung}-{number}": action(cause, rung=rung, kind=LADDER_KINDS[number % len(LADDER_KINDS)], **about)
        for rung in DEFAULT_RUNGS[1:]
        for number in range(each)
    }


def shelf(*packs: Pack) -> Shelf:
    """The shelf of these packs, or of `make.pack()` with one petition."""
    return stock(packs or (pack(actions={"sign": action()}),))


def taken(ref: str = "water/sign", **about: Any) -> Taken:
    """A claimed petition, taken at NOW."""
    return Taken(**{"action": ref, "cause": "water/water", "kind": "petition", "at": NOW, **about})


def asked(ref: str = "water/sign", **about: Any) -> Asked:
    """A petition put to a person at NOW, unanswered."""
    return Asked(**{"action": ref, "cause": "water/water", "kind": "petition", "rung": "supporter", "at": NOW, **about})


def history(**about: Any) -> History:
    """Nothing happened yet, but for what is given."""
    for name in ("asked", "taken"):
        about[name] = tuple(about.get(name, ()))
    return History(**about)
