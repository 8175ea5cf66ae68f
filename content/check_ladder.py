"""A ladder goes up: each rung once, in the known order, none easier than the one below; actions use its rungs."""

from collections.abc import Iterator
from typing import Any

from content.model import DEFAULT_LADDER, DEFAULT_RUNGS
from content.problems import Problem
from content.reader import Path
from content.shape import did_you_mean
from content.sheet import Sheet

Step = tuple[int, str, dict[str, Any]]
RISING = {"actions": 1, "kinds": 1, "verified": 0}
"""What a rung may not ask less of than the rung below, and what it asks when it says nothing."""


def _steps(sheet: Sheet) -> list[Step]:
    ladder = sheet.tree.data.get("ladder")
    found = []
    for number, step in enumerate(ladder if isinstance(ladder, list) else ()):
        if isinstance(step, dict) and isinstance(step.get("rung"), str):
            reach = step.get("reach")
            found.append((number, step["rung"], reach if isinstance(reach, dict) else {}))
    return found


def ladder(sheet: Sheet) -> Iterator[Problem]:
    """Every step out of place."""
    if sheet.tree.data.get("ladder") == []:
        yield sheet.problem(("ladder",), "the ladder has no rung; leave it out to use the default one")
    steps = _steps(sheet)
    yield from _order(sheet, steps)
    yield from _reach(sheet, steps)


def _order(sheet: Sheet, steps: list[Step]) -> Iterator[Problem]:
    seen: set[str] = set()
    highest = DEFAULT_RUNGS[0]
    for number, rung, _ in steps:
        path: Path = ("ladder", number, "rung")
        if rung == DEFAULT_RUNGS[0]:
            yield sheet.problem(path, f"'{rung}' is where everybody begins; leave it out")
        elif rung in seen:
            yield sheet.problem(path, f"the rung '{rung}' stands in this ladder already")
        elif rung in DEFAULT_RUNGS:
            if DEFAULT_RUNGS.index(rung) < DEFAULT_RUNGS.index(highest):
                yield sheet.problem(path, f"the rung '{rung}' belongs below '{highest}'; the lowest rung comes first")
            else:
                highest = rung
        seen.add(rung)


def _reach(sheet: Sheet, steps: list[Step]) -> Iterator[Problem]:
    below = dict(RISING)
    for number, _, reach in steps:
        for key, unsaid in RISING.items():
            wanted = reach.get(key, unsaid)
            if not isinstance(wanted, int) or isinstance(wanted, bool):
                continue
            if wanted < below[key]:
                path: Path = ("ladder", number, "reach", key)
                yield sheet.problem(path, f"a higher rung asks for fewer {_named(key)} than one below ({below[key]})")
            below[key] = max(below[key], wanted)
        actions, kinds = reach.get("actions", 1), reach.get("kinds", 1)
        if isinstance(actions, int) and isinstance(kinds, int) and kinds > actions:
            yield sheet.problem(
                ("ladder", number, "reach", "kinds"), f"{kinds} kinds cannot be reached with {actions} actions"
            )


def _named(key: str) -> str:
    return "verified actions" if key == "verified" else key


def rungs(sheet: Sheet) -> Iterator[Problem]:
    """Every action on a rung that the ladder lacks."""
    steps = [rung for _, rung, _ in _steps(sheet)] or [step.rung for step in DEFAULT_LADDER]
    known = [DEFAULT_RUNGS[0], *steps]
    for slug, item in sheet.entries("actions").items():
        rung = item.get("rung")
        if isinstance(rung, str) and rung not in known:
            told = did_you_mean(rung, known) or f"; it has {', '.join(known[:12])}"
            yield sheet.problem(("actions", slug, "rung"), f"the ladder has no rung '{rung}'{told}")
