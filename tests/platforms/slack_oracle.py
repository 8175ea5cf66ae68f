"""A judge of what the bot sends to Slack, written by others: Slack's own types and Slack's own Python models.

The types (`slack_schemas/`) know every method, block, view and manifest key, but no lengths; the models know some lengths, but
let unknown keys pass; `slack_lengths` adds from the documents what neither knows.
"""

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from tests.platforms.slack_lengths import MESSAGE_TEXT, manifest_lengths, message_lengths, view_lengths

if TYPE_CHECKING:
    from jsonschema import Draft7Validator, ValidationError

SCHEMAS = Path(__file__).parent / "slack_schemas"

# Bolt adds both by itself, and the token travels in a header as well.
NOT_JUDGED = {"team_id", "token"}
# The SDK sends these two as HTTP Basic authentication, as docs.slack.dev/reference/methods/oauth.v2.access prefers.
IN_A_HEADER = {"oauth.v2.access": {"client_id": "", "client_secret": ""}}
UNKNOWN = "unknown key"


class Mistake(NamedTuple):
    """One thing wrong: where, and what; `kinds` are the types allowed there if it is of the wrong type."""

    path: tuple[str | int, ...]
    words: str
    kinds: tuple[str, ...] = ()


def complaints(method: str, args: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the arguments of a Web API call, nothing if they are right.

    Blocks, views and metadata are objects; a number or a truth value may still be the string of a form.
    """
    validator = _validators("arguments.json").get(method)
    if validator is None:
        return [f"{method}: no such method"]
    judged = {key: value for key, value in args.items() if key not in NOT_JUDGED}
    judged = _decoded(method, IN_A_HEADER.get(method, {}) | judged)
    found = [*_schema_complaints(validator, judged)]
    if method.startswith("chat."):
        found += _message_complaints(judged)
    elif isinstance(judged.get("blocks"), list):
        found += block_complaints(judged["blocks"])
    if isinstance(judged.get("view"), dict):
        found += view_complaints(judged["view"])
    return [f"{method}: {each}" for each in dict.fromkeys(found)]


def block_complaints(blocks: list[Any], path: str = "blocks") -> list[str]:
    """Return what is wrong with the blocks of a message, be it sent by a method or to a response_url."""
    return [*_each_block(blocks, path), *message_lengths(blocks, path)]


def view_complaints(view: dict[str, Any], path: str = "view") -> list[str]:
    """Return what is wrong with a view, be it sent by a method or in the answer to a submission."""
    from slack_sdk.models.views import View

    found = [*_schema_complaints(_validators("views.json")[""], view, path)]
    if not found:
        found += _model_complaints(lambda: View(**copy.deepcopy(view)).validate_json(), path)
    if isinstance(view.get("blocks"), list):
        found += _each_block(view["blocks"], f"{path}.blocks")
    return [*dict.fromkeys([*found, *view_lengths(view, path)])]


def manifest_complaints(manifest: dict[str, Any]) -> list[str]:
    """Return what is wrong with an app manifest, nothing if it is right."""
    return [*_schema_complaints(_validators("manifest.json")[""], manifest), *manifest_lengths(manifest)]


def load() -> None:
    """Read the schemas and import the models now, so that no call has to wait for it."""
    for name in ("arguments.json", "blocks.json", "views.json", "manifest.json"):
        _validators(name)
    view_complaints({"type": "home", "blocks": [{"type": "divider"}]})


def _message_complaints(args: Mapping[str, Any]) -> Iterator[str]:
    blocks, text, attachments = args.get("blocks"), args.get("text"), args.get("attachments")
    if isinstance(blocks, list):
        yield from block_complaints(blocks)
    # docs.slack.dev/reference/methods/chat.postMessage: beside blocks, `text` is what a notification and a screen reader say.
    if (blocks or attachments) and not text:
        yield "text: missing beside blocks"
    if isinstance(text, str) and len(text) > MESSAGE_TEXT:
        yield f"text: {len(text)} characters, it takes {MESSAGE_TEXT}"
    for index, each in enumerate(attachments if isinstance(attachments, list) else []):
        if isinstance(each, dict) and isinstance(each.get("blocks"), list):
            yield from block_complaints(each["blocks"], f"attachments[{index}].blocks")


def _each_block(blocks: list[Any], path: str) -> Iterator[str]:
    """Judge block by block, by the types and, once these agree, by the models, which stumble over what the types refuse."""
    from slack_sdk.models.blocks import Block

    def judged_by_models(block: dict[str, Any]) -> None:
        parsed = Block.parse(copy.deepcopy(block))
        if parsed is not None:  # the models know fewer blocks than the types
            parsed.to_dict()  # validate_json() of the block and of all beneath

    validator = _validators("blocks.json")[""]
    for index, block in enumerate(blocks):
        where = f"{path}[{index}]"
        found = [*_schema_complaints(validator, block, where)]
        yield from found or _model_complaints(lambda block=block: judged_by_models(block), where)


def _model_complaints(judge: Any, path: str) -> list[str]:
    from slack_sdk.errors import SlackObjectFormationError

    try:
        judge()
    except SlackObjectFormationError as error:
        return [f"{path}: {error}"]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return [f"{path}: slack_sdk.models cannot read it: {error!r}"]
    return []


@cache
def _schemas(name: str) -> dict[str, dict[str, Any]]:
    """Return the schemas of a file by their method, or the only one of it by ""."""
    read: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return {"": read} if "$schema" in read else read


@cache
def _validators(name: str) -> "dict[str, Draft7Validator]":
    from jsonschema import Draft7Validator

    return {key: Draft7Validator(schema) for key, schema in _schemas(name).items()}


def _schema_complaints(validator: "Draft7Validator", value: Any, path: str = "") -> Iterator[str]:
    for error in validator.iter_errors(value):
        for mistake in _mistakes(error):
            where = _spelled(path, mistake.path)
            yield f"{where}: {mistake.words}" if where else mistake.words


def _mistakes(error: "ValidationError") -> list[Mistake]:
    """Return the mistakes behind one error; of a union only those of the branch that was meant."""
    path = tuple(error.absolute_path)
    match error.validator:
        case "anyOf":
            return _narrowed(error, path)
        case "additionalProperties" if isinstance(error.instance, dict):
            known = error.schema.get("properties", {})
            return [Mistake((*path, key), UNKNOWN) for key in error.instance if key not in known]
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            return [Mistake((*path, key), "missing") for key in missing if f"{key!r} is a" in error.message]
        case "const" | "enum":
            given = error.validator_value
            kinds = tuple(map(str, given if error.validator == "enum" else [given]))
            return [_not_one_of(path, error.instance, kinds)]
        case "not":
            return [Mistake(path, "does not go with the other keys")]
    return [Mistake(path, _shortened(error.message))]


def _narrowed(error: "ValidationError", path: tuple[str | int, ...]) -> list[Mistake]:
    """Return the mistakes of the branch of a union that was meant: of the same `type`, knowing the most keys, nearest."""
    branches: dict[Any, list[Mistake]] = {}
    strangers = set()
    for each in error.context or []:
        branch = each.schema_path[0]
        branches.setdefault(branch, []).extend(_mistakes(each))
        if each.validator == "type" and tuple(each.absolute_path) == path:
            strangers.add(branch)
    discriminator = (*path, "type")

    def other_type(mistakes: list[Mistake]) -> list[Mistake]:
        return [each for each in mistakes if each.path == discriminator and each.kinds]

    def distance(branch: Any) -> tuple[int, ...]:
        mistakes = branches[branch]
        unknown = sum(each.words == UNKNOWN and each.path[:-1] == path for each in mistakes)
        unlike = sum(bool(each.kinds) for each in mistakes)
        return branch in strangers, bool(other_type(mistakes)), unknown, len(mistakes), unlike

    closest = min(branches, key=distance)
    refused = other_type(branches[closest])
    if closest in strangers and not refused:
        return [Mistake(path, _shortened(f"{error.instance!r} is of the wrong kind"))]
    if not refused:
        return branches[closest]
    kinds = {kind for mistakes in branches.values() for each in other_type(mistakes) for kind in each.kinds}
    return [_not_one_of(discriminator, error.instance["type"], tuple(sorted(kinds)))]


def _not_one_of(path: tuple[str | int, ...], value: Any, kinds: tuple[str, ...]) -> Mistake:
    return Mistake(path, f"{value!r} is not {' or '.join(kinds) if len(kinds) < 4 else 'one of ' + _few(kinds)}", kinds)


def _few(kinds: Iterable[str]) -> str:
    return _shortened(", ".join(kinds), 600)


def _shortened(words: str, most: int = 200) -> str:
    return words if len(words) <= most else f"{words[: most - 40]} ... {words[-35:]}"


def _spelled(start: str, path: Iterable[str | int]) -> str:
    for part in path:
        start += f"[{part}]" if isinstance(part, int) else f".{part}" if start else part
    return start


def _decoded(method: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments with the strings of a form read as what the method takes: a number, a truth value, a list."""
    kinds: dict[str, set[str]] = {}
    for properties in _properties(_schemas("arguments.json")[method]):
        for key, schema in properties.items():
            types = schema.get("type", "object")
            kinds.setdefault(key, set()).update([types] if isinstance(types, str) else types)
    return {
        key: _read(value, kinds[key])
        if isinstance(value, str) and "string" not in kinds.get(key, {"string"})
        else value
        for key, value in args.items()
    }


def _read(value: str, kinds: set[str]) -> Any:
    if "boolean" in kinds and value in ("0", "1"):
        return value == "1"
    try:
        return json.loads(value)
    except ValueError:
        return value


def _properties(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the keys of every branch that the top of a schema may lead to."""
    top = dict(schema)
    while "$ref" in top:
        name = unquote(top["$ref"].removeprefix("#/definitions/"))
        top = schema["definitions"][name]
    for branch in top.get("anyOf", [top]):
        if "$ref" in branch:
            yield from _properties({**branch, "definitions": schema["definitions"]})
        else:
            yield branch.get("properties", {})
