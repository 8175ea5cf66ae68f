"""Rules for the results of a pack: each of actions that are there, none later than it was promised."""

from collections.abc import Iterator
from typing import Any

from content.problems import Problem
from content.shape import did_you_mean
from content.sheet import Sheet, day_of


def results(sheet: Sheet) -> Iterator[Problem]:
    """Every problem between the results and the actions they came of."""
    actions, known = sheet.entries("actions"), sheet.names("actions")
    for slug, result in sheet.entries("results").items():
        named = result.get("actions")
        seen: set[str] = set()
        for number, name in enumerate(named if isinstance(named, list) else ()):
            if not isinstance(name, str):
                continue
            path = ("results", slug, "actions", number)
            if name not in known:
                yield sheet.problem(path, f"there is no action '{name}'{did_you_mean(name, known)}")
            elif name in seen:
                yield sheet.problem(path, f"'{name}' is named twice; once is enough")
            seen.add(name)
        yield from _in_time(sheet, slug, result, [actions[name] for name in seen if name in actions])


def _in_time(sheet: Sheet, slug: str, result: dict[str, Any], actions: list[dict[str, Any]]) -> Iterator[Problem]:
    told = day_of(result.get("at"))
    promised = min((day for action in actions if (day := day_of(action.get("result_by")))), default=None)
    if told and promised and told > promised:
        yield sheet.problem(
            ("results", slug, "at"),
            f"it is told ({told}) after the day that was promised ({promised}); "
            "tell by then what is known, if only that nothing is",
        )
