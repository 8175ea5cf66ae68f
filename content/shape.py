"""The plain tree against the model: each refusal at the key or value it is about, in a campaigner's words."""

import difflib
import json
import re
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from content.model import Pack
from content.problems import Problem
from content.reader import Path, Tree

SLUGS = "lower-case letters, digits and single hyphens, like energy-access"


def shaped(tree: Tree, file: str) -> tuple[Pack | None, list[Problem]]:
    """The pack, or every place where the tree is not one."""
    if not isinstance(tree.data, dict):
        return None, [Problem(file, *tree.place(()), "a pack is a map of keys, beginning with `pack: its-name`")]
    try:
        return Pack.model_validate_json(json.dumps(tree.data)), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, list(dict.fromkeys(_problems(details, tree, file)))
    except RecursionError:
        return None, [Problem(file, *tree.place(()), "nested too deeply")]


def _problems(details: Iterable[ErrorDetails], tree: Tree, file: str) -> Iterable[Problem]:
    for detail in details:
        path = _real_path(detail["loc"], tree)
        if _is_noise(detail, path, tree):
            continue
        about_key = detail["type"] in ("extra_forbidden", "missing") or "[key]" in detail["loc"]
        yield Problem(file, *_place(detail, path, tree, about_key), _words(detail, path))


def _place(detail: ErrorDetails, path: Path, tree: Tree, about_key: bool) -> tuple[int, int]:
    if detail["type"] == "missing":
        # The thing that lacks it is named by its own key; the whole pack by its first line.
        return tree.place(path[:-1], of_key=True)
    return tree.place(path, of_key=about_key)


def _real_path(loc: tuple[int | str, ...], tree: Tree) -> Path:
    """The part of an error's location that is in the document; what names a union's branch is left out."""
    path: Path = ()
    node: Any = tree.data
    for step in loc:
        inside = (isinstance(node, dict) and step in node) or (
            isinstance(node, list) and isinstance(step, int) and step < len(node)
        )
        if inside:
            node = node[step]
            path = (*path, step)
        elif isinstance(step, str) and not _is_branch(step):
            path = (*path, step)
            break
    return path


def _is_branch(step: str) -> bool:
    return step == "[key]" or step.startswith(("constrained-str", "dict[", "str", "function-", "int"))


def _value_at(path: Path, tree: Tree) -> Any:
    node: Any = tree.data
    for step in path:
        if isinstance(node, dict):
            node = node.get(step)
        else:
            node = node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None
    return node


def _is_noise(detail: ErrorDetails, path: Path, tree: Tree) -> bool:
    """Words are a string or a map: only the branch that fits what was written is told."""
    branches = [step for step in detail["loc"] if isinstance(step, str) and _is_branch(step) and step != "[key]"]
    if not branches:
        return False
    of_map = branches[-1].startswith("dict[")
    holder = next((path[: at + 1] for at, step in enumerate(path) if isinstance(_value_at(path[: at + 1], tree), dict)
                   and step == _before_branch(detail["loc"])), path)  # fmt: skip
    wrote_map = isinstance(_value_at(holder, tree), dict)
    return of_map != wrote_map


def _before_branch(loc: tuple[int | str, ...]) -> int | str:
    for at, step in enumerate(loc):
        if isinstance(step, str) and _is_branch(step):
            return loc[at - 1]
    return loc[-1]


def _words(detail: ErrorDetails, path: Path) -> str:
    name = str(path[-1]) if path else "pack"
    kind = detail["type"]
    context = detail.get("ctx") or {}
    if kind == "extra_forbidden":
        return f"unknown key '{name}'{did_you_mean(name, _known_keys(path[:-1]))}"
    if kind == "missing":
        return f"'{name}' is missing here"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        wrong = str(detail["input"])
        return f"{name} must be one of: {', '.join(choices)}{did_you_mean(wrong, choices)}"
    return f"{_subject(detail, path)} {_complaint(detail, context)}"


def _subject(detail: ErrorDetails, path: Path) -> str:
    if "[key]" in detail["loc"]:
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
        "date_parsing": "must be a day that exists, like 2026-12-01",
        "date_from_datetime_parsing": "must be a day that exists, like 2026-12-01",
        "date_from_datetime_inexact": "must be a day without a time, like 2026-12-01",
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


def _pattern_words(pattern: str) -> str:
    if pattern.startswith("^[a-z0-9]+"):
        return f"must be {SLUGS}"
    if pattern.startswith("^[a-z]{2,3}"):
        return "must be a language code, like en, es or pt-BR"
    return "must be a region code in capitals, like GB or US-NY"


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
    near = difflib.get_close_matches(wrong.lower(), list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""
