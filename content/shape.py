"""The plain tree against the model: each refusal at the key or value it is about, in a campaigner's words."""

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from content.model import Pack
from content.problems import Problem
from content.reader import Path, Tree

TOLD_AT_MOST = 200
ABSENT = object()
KEY = "[key]"
READINGS = {"constrained-str": str, "dict[constrained-str,constrained-str]": dict}
"""How pydantic names the two readings of a text."""
KNOWN_AT_MOST = 400
WORD_AT_MOST = 64
SLUGS = "lower-case letters, digits and single hyphens, like energy-access"


def shaped(tree: Tree, file: str) -> tuple[Pack | None, list[Problem]]:
    """The pack, or every place where the tree is not one."""
    if not isinstance(tree.data, dict):
        return None, [Problem(file, *tree.place(()), "a pack is a map of keys, beginning with `pack: its-name`")]
    misnamed = list(_misnamed(tree, file))
    try:
        return Pack.model_validate_json(json.dumps(tree.data), by_alias=True, by_name=False), misnamed
    except ValidationError as error:
        details = error.errors(include_url=False)
        found = list(dict.fromkeys(islice(_problems(details, tree, file), TOLD_AT_MOST)))
        # Nothing is ever refused in silence.
        return None, misnamed + (found or [Problem(file, *tree.place(()), f"this is no pack: {details[0]['msg']}")])
    except RecursionError:
        return None, [Problem(file, *tree.place(()), "nested too deeply")]


def _misnamed(tree: Tree, file: str) -> Iterator[Problem]:
    """Keys that are names in our code only; pydantic passes them over in silence."""
    for path, place in tree.keys.items():
        if path[-1] == "from_" and len(path) == 3 and path[0] in ("stories", "actions"):
            yield Problem(file, *place, "unknown key 'from_'; did you mean 'from'?")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an error is in the document, and which reading of the words there it is about."""

    path: Path
    value: Any
    of_key: bool = False
    reading: type | None = None


def _problems(details: Iterable[ErrorDetails], tree: Tree, file: str) -> Iterable[Problem]:
    for detail in details:
        spot = _spot(detail["loc"], tree)
        # Words are a string or a map: only the reading that fits what was written is told.
        if spot.reading is None or spot.reading is (dict if isinstance(spot.value, dict) else str):
            yield Problem(file, *_place(detail, spot, tree), _words(detail, spot))


def _place(detail: ErrorDetails, spot: Spot, tree: Tree) -> tuple[int, int]:
    if detail["type"] == "missing":
        # The thing that lacks it is named by its own key; the whole pack by its first line.
        return tree.place(spot.path[:-1], of_key=True)
    return tree.place(spot.path, of_key=spot.of_key or detail["type"] == "extra_forbidden")


def _spot(loc: tuple[int | str, ...], tree: Tree) -> Spot:
    """The part of an error's location that is in the document; what names a reading is left out."""
    path: Path = ()
    node = value = tree.data
    of_key, reading = False, None
    for step in loc:
        below = _child(node, step)
        if below is not ABSENT:
            node, path = below, (*path, step)
        elif step == KEY:
            of_key = True
        elif isinstance(step, str) and step in READINGS:
            reading, value = READINGS[step], node
        else:
            return Spot((*path, step), value)
    return Spot(path, value, of_key, reading)


def _words(detail: ErrorDetails, spot: Spot) -> str:
    path = spot.path
    name = str(path[-1]) if path else "pack"
    kind = detail["type"]
    context = detail.get("ctx") or {}
    if kind == "extra_forbidden":
        return f"unknown key {_shown(name)}{did_you_mean(name, _known_keys(path[:-1]))}"
    if kind == "missing":
        return f"'{name}' is missing here"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        wrong = str(detail["input"])
        return f"{name} must be one of: {', '.join(choices)}{did_you_mean(wrong, choices)}"
    if kind == "string_type" and spot.reading is str and not spot.value:
        return f"'{name}' must be words; there are none"
    return f"{_subject(spot)} {_complaint(detail, context)}"


def _subject(spot: Spot) -> str:
    path = spot.path
    if spot.of_key:
        return f"the name '{path[-1] if path else ''}'"
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "the pack")
    return f"an entry of '{name}'" if path and isinstance(path[-1], int) else f"'{name}'"


def _complaint(detail: ErrorDetails, context: dict[str, Any]) -> str:
    kind = detail["type"]
    if kind == "string_pattern_mismatch":
        return _pattern_words(str(context.get("pattern", "")))
    plain = {
        "string_type": "must be words (put numbers and true/false in quotes)",
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "int_parsing": "must be a whole number",
        "bool_type": "must be true or false",
        "tuple_type": "must be a list, like [a, b]",
        "dict_type": "must be a map of keys",
        "mapping_type": "must be a map of keys",
        "model_type": "must be a map of keys",
        "model_attributes_type": "must be a map of keys",
        "date_type": "must be a day, like 2026-12-01",
        "day_form": "must be a day, like 2026-12-01",
        "day_unknown": "must be a day that exists, like 2026-12-01",
        "string_too_short": "must not be empty",
        "too_short": "must not be empty",
    }
    if kind in plain:
        return plain[kind]
    limits = {
        "string_too_long": f"is too long: at most {context.get('max_length')} characters",
        "greater_than_equal": f"must be {context.get('ge')} or more",
        "less_than_equal": f"must be {context.get('le')} or less",
    }
    return limits.get(kind, f"is not right: {detail['msg'].lower()}")


def _shown(name: str) -> str:
    """A key in quotes, with its odd letters named: a Cyrillic one among Latin ones is not to be seen."""
    odd = [f"U+{ord(letter):04X}" for letter in dict.fromkeys(name) if not letter.isascii()]
    return f"'{name}' (with the letter {', '.join(odd[:3])})" if odd and len(odd) < len(name) else f"'{name}'"


def _pattern_words(pattern: str) -> str:
    if pattern.startswith("^[a-z0-9]+"):
        return f"must be {SLUGS}"
    if pattern.startswith("^[a-z]{2,3}"):
        return "must be a language code, like en, es or pt-BR"
    if pattern.startswith("^([01]"):
        return 'must be a time of day in quotes, like "09:30"'
    if pattern == "^[A-Z]{3}$":
        return "must be a currency, like EUR"
    if pattern.startswith("^[A-Za-z0-9"):
        return "must be plain letters, digits and dots, like event.id"
    return "must be a region code in capitals, like GB or US-NY"


def _child(node: Any, step: int | str) -> Any:
    if isinstance(node, list):
        return node[step] if isinstance(step, int) and step < len(node) else ABSENT
    return node.get(step, ABSENT) if isinstance(node, dict) else ABSENT


def _known_keys(path: Path) -> list[str]:
    """The keys that the model knows at a place."""
    models: list[type[BaseModel]] = [Pack]
    for step in path:
        below = [found for model in models for found in _below(model, step)]
        # Inside a list or a map of models the step is an entry's name: the models stay the same.
        models = below or models
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _below(model: type[BaseModel], step: int | str) -> list[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if step in (name, field.alias):
            return _models_in(field.annotation)
    return []


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """The nearest known word as a question, or nothing."""
    choices = [name for name in known if len(name) <= WORD_AT_MOST][:KNOWN_AT_MOST]
    near = difflib.get_close_matches(wrong.lower(), choices, n=1, cutoff=0.6) if len(wrong) <= WORD_AT_MOST else []
    return f"; did you mean '{near[0]}'?" if near else ""
