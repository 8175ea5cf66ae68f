"""Rules for the results of a pack: each of actions that are there, none later than it was promised."""

from collections.abc import Iterator
from typing import Any

from content.problems import Problem
from content.shape import did_you_mean
from content.sheet import Sheet, day_of


def results(sheet: Sheet) -> Iterator[Problem]:
    """Every problem between the results and the actions they came of."""
    actions = sheet.entries("actions")
    for slug, result in sheet.entries("results").items():
        named = result.get("actions")
        names = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
        for number, name in enumerate(names):
            path = ("results", slug, "actions", number)
            if name not in sheet.names("actions"):
                yield sheet.problem(path, f"there is no action '{name}'{did_you_mean(name, actions)}")
            elif name in names[:number]:
                yield sheet.problem(path, f"'{name}' is named twice; once is enough")
        yield from _in_time(sheet, slug, result, [actions[name] for name in names if name in actions])


def _in_time(sheet: Sheet, slug: str, result: dict[str, Any], actions: list[dict[str, Any]]) -> Iterator[Problem]:
    told = day_of(result.get("at"))
    promised = min((day for action in actions if (day := day_of(action.get("result_by")))), default=None)
    if told and promised and told > promised:
        yield sheet.problem(
            ("results", slug, "at"),
            f"it is told ({told}) after the day that was promised ({promised}); "
            "tell by then what is known, if only that nothing is",
        )
