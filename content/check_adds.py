"""What actions add up to: a unit is a bare name that stands after any number, and the same unit is written the same."""

import re
from collections.abc import Iterator
from typing import Any

from content.problems import Problem
from content.reader import Path
from content.sheet import Sheet

FORMS = ("one", "other")
NUMBER = re.compile(r"\s*[+-]?\d")


def units(sheet: Sheet) -> Iterator[Problem]:
    """Every unit that would read wrongly behind a number, or be summed apart from itself."""
    known: dict[str, tuple[str, Any]] = {}
    for slug, action in sheet.entries("actions").items():
        unit = _unit(action)
        if unit is None:
            continue
        path: Path = ("actions", slug, "adds", "each", "unit")
        yield from _numbers(sheet, path, unit)
        one = _key(unit.get("one"))
        first, written = known.setdefault(one, (slug, unit)) if one else (slug, unit)
        if written != unit:
            told = f"this unit is written otherwise in '{first}'; write it the same in both, else they are summed apart"
            yield sheet.problem(path, told, of_key=True, warning=True)


def _unit(action: dict[str, Any]) -> dict[str, Any] | None:
    adds = action.get("adds")
    each = adds.get("each") if isinstance(adds, dict) else None
    unit = each.get("unit") if isinstance(each, dict) else None
    return unit if isinstance(unit, dict) else None


def _numbers(sheet: Sheet, path: Path, unit: dict[str, Any]) -> Iterator[Problem]:
    for form in FORMS:
        text = unit.get(form)
        versions = text.items() if isinstance(text, dict) else [(None, text)]
        for language, words in versions:
            if isinstance(words, str) and NUMBER.match(words):
                place = (*path, form) if language is None else (*path, form, language)
                yield sheet.problem(place, "a unit has no number of its own; 'amount' is put before it")


def _key(one: Any) -> str:
    """What a unit is known by: its first name for one of it."""
    words = next(iter(one.values()), "") if isinstance(one, dict) else one
    return words.strip().casefold() if isinstance(words, str) else ""
