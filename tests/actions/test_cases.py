"""The tables of decisions in `cases/`: what is on offer, what happened, and what must be chosen and why.

Days count from Monday, 2026-06-01 18:00 UTC; slugs stand for refs of the one pack `water`.
"""

from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from actions.choose import Nudge, Offer, Silence, asks_for, choose, may_take
from actions.facts import Asked, History, Person, Taken
from actions.kinds import KINDS
from actions.reasons import CODES
from actions.shelf import Shelf
from content.model import DEFAULT_RUNGS
from tests import make

Case = dict[str, Any]
FOLDER = Path(__file__).parent / "cases"


def cases(of: str) -> list[Any]:
    table = yaml.safe_load((FOLDER / f"{of}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["title"]) for case in table]


def every_case() -> list[Case]:
    return [case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", cases("nudges"))
def test_a_nudge(case: Case) -> None:
    person, history, shelf = world(case)
    chosen = choose(person, history, shelf, make.day(case.get("day", 0)), Random(1))
    assert isinstance(chosen, Nudge), chosen
    expected = case["expect"]
    assert (slug(chosen.story), slug(chosen.ask)) == (expected["story"], expected["ask"]), chosen.reasons
    assert told(chosen) == expected["reasons"]


@pytest.mark.parametrize("case", cases("silence"))
def test_a_silence(case: Case) -> None:
    person, history, shelf = world(case)
    chosen = choose(person, history, shelf, make.day(case.get("day", 0)), Random(1))
    assert isinstance(chosen, Silence), chosen
    assert told(chosen) == case["expect"]["reasons"]


@pytest.mark.parametrize("case", cases("offers"))
def test_offers(case: Case) -> None:
    person, history, shelf = world(case)
    limit = case.get("limit", 3)
    offers = asks_for(person, history, shelf, make.day(case.get("day", 0)), Random(1), limit)
    assert {slug(offer.action): told(offer) for offer in offers} == case["expect"]
    assert [slug(offer.action) for offer in offers] == list(case["expect"])


@pytest.mark.parametrize("case", cases("taking"))
def test_an_old_button(case: Case) -> None:
    person, history, shelf = world(case)
    reason = may_take(person, history, shelf, f"water/{case['take']}", make.day(case.get("day", 0)))
    assert (reason and reason.code) == case["expect"]


def test_every_reason_kind_and_rung_has_a_case() -> None:
    table = every_case()
    assert CODES.keys() - {code for case in table for code in codes_in(case["expect"])} == set()
    chosen = [case["pack"]["actions"][name] for case in table for name in asks_in(case["expect"]) if name is not None]
    assert KINDS.keys() - {about.get("kind", "petition") for about in chosen} == set()
    assert set(DEFAULT_RUNGS) - {about.get("rung", "supporter") for about in chosen} == set()


def test_no_two_cases_have_one_title() -> None:
    titles = [case["title"] for case in every_case()]
    assert len(titles) == len(set(titles))


def codes_in(expected: Any) -> set[str]:
    """The reason codes that an expectation names."""
    if isinstance(expected, dict):
        listed = expected.values() if "reasons" not in expected else [expected["reasons"]]
        return {code for codes in listed for code in codes}
    return {expected} if expected else set()


def asks_in(expected: Any) -> list[str | None]:
    if not isinstance(expected, dict):
        return []
    return [expected.get("ask")] if "reasons" in expected else list(expected)


def told(chosen: Nudge | Silence | Offer) -> list[str]:
    assert all(reason.code in CODES for reason in chosen.reasons)
    return [reason.code for reason in chosen.reasons]


def slug(ref: str | None) -> str | None:
    return ref.removeprefix("water/") if ref else None


def world(case: Case) -> tuple[Person, History, Shelf]:
    shelf = make.shelf(pack_of(case.get("pack", {})))
    about = dict(case.get("person", {}))
    for name in ("follows", "muted"):
        if name in about:
            about[name] = [f"water/{cause}" for cause in about[name]]
    return make.person(**about), history_of(case.get("history", {}), shelf), shelf


def pack_of(about: Case) -> Any:
    about = {name: frozen(value) for name, value in about.items()}
    stories = {name: make.story(**given) for name, given in about.pop("stories", {}).items()}
    actions = {name: make.action(**given) for name, given in about.pop("actions", {}).items()}
    return make.pack(stories=stories, actions=actions, **about)


def frozen(value: Any) -> Any:
    """Lists as tuples, which the strict model wants."""
    if isinstance(value, dict):
        return {name: frozen(one) for name, one in value.items()}
    return tuple(frozen(one) for one in value) if isinstance(value, list) else value


def history_of(about: Case, shelf: Shelf) -> History:
    """A history from days: `shown`, `asked`, `taken`, and `acts: [count, kinds]` taken in the cause ten days ago."""
    count, kinds = about.get("acts", (0, 1))
    old = [make.taken(f"water/old-{n}", kind=make.LADDER_KINDS[n % kinds], at=make.day(-10)) for n in range(count)]
    answered = about.get("answered")
    return make.history(
        shown={f"water/{name}": make.day(number) for name, number in about.get("shown", {}).items()},
        asked=[asked(one, shelf) for one in about.get("asked", [])],
        taken=[*old, *(taken(one, shelf) for one in about.get("taken", []))],
        last_answer_at=make.day(answered) if answered is not None else None,
    )


def asked(one: Case, shelf: Shelf) -> Asked:
    action = shelf.actions[f"water/{one['action']}"]
    about = {name: value for name, value in one.items() if name not in ("action", "day")}
    return make.asked(
        action.ref, cause=action.cause, kind=action.kind, rung=action.rung, at=make.day(one["day"]), **about
    )


def taken(one: Case, shelf: Shelf) -> Taken:
    action = shelf.actions[f"water/{one['action']}"]
    about = {name: value for name, value in one.items() if name not in ("action", "day")}
    return make.taken(action.ref, cause=action.cause, kind=action.kind, at=make.day(one["day"]), **about)
