"""What Slack refuses about blocks and views: structure, keys, lengths, counts and double ids."""

import copy
import json
from collections import Counter
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import BlockElement

from tests.platforms.slack import blocks as kit

Json = dict[str, Any]

BLOCKS_OF_MESSAGE = 50
BLOCKS_OF_VIEW = 100
BLOCK_CHARACTERS = 13_000
VIEW_BYTES = 250_000
_PLAIN_ONLY = {"header": ("text",), "input": ("label", "hint"), "button": ("text",), "video": ("title", "description")}
_PLAIN_ANYWHERE = ("placeholder", "submit", "close")
_LENGTHS = {"value": 2000, "action_id": 255, "block_id": 255, "url": 3000}


def blocks_too_long(blocks: list[Json]) -> bool:
    """Return whether all blocks together are more than Slack takes."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > BLOCK_CHARACTERS


def check_blocks(blocks: Any, most: int = BLOCKS_OF_MESSAGE) -> list[str]:
    """Return what is wrong with blocks, nothing if they are right."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["must be an array of objects [json-pointer:/blocks]"]
    found = [f"no more than {most} items allowed [json-pointer:/blocks]"] if len(blocks) > most else []
    for index, block in enumerate(blocks):
        found += [f"{problem} [json-pointer:/blocks/{index}]" for problem in _check_block(block)]
    for block_id, count in Counter(block.get("block_id") for block in blocks).items():
        if block_id is not None and count > 1:
            found.append(f"block_id `{block_id}` already exists [json-pointer:/blocks]")
    return found


def check_view(view: Any) -> list[str]:
    """Return what is wrong with a view."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return ["unsupported type [json-pointer:/view/type]"]
    allowed = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    if view["type"] == "modal":
        allowed |= {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
    found = [f"invalid additional property: {key} [json-pointer:/view]" for key in view if key not in allowed]
    if "blocks" not in view:
        return [*found, "missing required field: blocks [json-pointer:/view]"]
    found += check_blocks(view["blocks"], BLOCKS_OF_VIEW)
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if len(view.get(key) or "") > most:
            found.append(f"must be less than {most + 1} characters [json-pointer:/view/{key}]")
    return found + (_check_modal(view) if view["type"] == "modal" else [])


def _check_modal(view: Json) -> list[str]:
    found = [] if view.get("title") else ["missing required field: title [json-pointer:/view]"]
    for key in ("title", "submit", "close"):
        text = view.get(key)
        if text is None:
            continue
        if not isinstance(text, dict) or text.get("type") != "plain_text" or not text.get("text"):
            found.append(f"must be a plain_text object [json-pointer:/view/{key}]")
        elif len(text["text"]) > 24:
            found.append(f"must be less than 25 characters [json-pointer:/view/{key}/text]")
    blocks = view["blocks"] if isinstance(view["blocks"], list) else []
    if any(isinstance(block, dict) and block.get("type") == "input" for block in blocks) and not view.get("submit"):
        found.append("missing required field: submit, there are inputs [json-pointer:/view]")
    return found


def _check_block(block: Json) -> list[str]:
    found = _parse(Block, block)
    if found:
        return found
    every = [each.element for each in kit.controls([block])]
    for element in every:
        found += _parse(BlockElement, element)
    found += _check_texts(block) + _check_lengths(block)
    for action_id, count in Counter(element.get("action_id") for element in every).items():
        if action_id is not None and count > 1:
            found.append(f"action_id `{action_id}` already exists")
    if block["type"] == "actions" and not block.get("elements"):
        found.append("no less than 1 items allowed: elements")
    if block["type"] == "input" and (block.get("element") or {}).get("type") in ("button", "overflow", "image"):
        found.append("unsupported element in an input")
    return found + [problem for element in every for problem in _check_element(element)]


def _check_element(element: Json) -> list[str]:
    found = []
    if "action_id" in element and not element["action_id"]:
        found.append("must be more than 0 characters: action_id")
    if element.get("type") == "button" and not element.get("text"):
        found.append("missing required field: text")
    if "style" in element and element["style"] not in ("primary", "danger"):
        found.append(f"unsupported style: {element['style']}")
    if "url" in element and not str(element["url"]).startswith(("http://", "https://", "slack://", "mailto:")):
        found.append("invalid url")
    options = element.get("options")
    if options == []:
        found.append("no less than 1 items allowed: options")
    if isinstance(options, list):
        values = Counter(option.get("value") for option in options if isinstance(option, dict))
        found += [f"option value `{value}` already exists" for value, count in values.items() if count > 1]
        found += _check_initial(element, options)
    return found


def _check_initial(element: Json, options: list[Json]) -> list[str]:
    initial = element.get("initial_options") or ([element["initial_option"]] if element.get("initial_option") else [])
    return [f"initial option is not one of the options: {each}" for each in initial if each not in options]


def _parse(kind: Any, tree: Json) -> list[str]:
    if not isinstance(tree.get("type"), str):
        return ["missing required field: type"]
    try:
        parsed = kind.parse(copy.deepcopy(tree))
        if parsed is None or parsed.type != tree["type"]:
            return [f"unsupported type: {tree['type']}"]
        parsed.to_dict()
    except SlackObjectFormationError as error:
        return [str(error)]
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        return [f"invalid {tree['type']}: {error}"]
    return [f"invalid additional property: {key}" for key in tree if key not in parsed.attributes | {"type"}]


def _check_texts(tree: Any, kind: str = "", key: str = "") -> list[str]:
    if isinstance(tree, list):
        return [problem for item in tree for problem in _check_texts(item, kind, key)]
    if not isinstance(tree, dict):
        return []
    if tree.get("type") in ("plain_text", "mrkdwn"):
        return _check_text(tree, kind, key)
    kind = str(tree.get("type", kind))
    if kind.startswith("rich_text"):
        return []
    return [problem for name, value in tree.items() for problem in _check_texts(value, kind, name)]


def _check_text(text: Json, kind: str, key: str) -> list[str]:
    allowed = {"type", "text", "emoji"} if text["type"] == "plain_text" else {"type", "text", "verbatim"}
    found = [f"invalid additional property: {name}" for name in text if name not in allowed]
    if not isinstance(text.get("text"), str) or not text["text"]:
        found.append(f"must be more than 0 characters: {key}")
    elif len(text["text"]) > 3000:
        found.append(f"must be less than 3001 characters: {key}")
    if text["type"] != "plain_text" and (key in _PLAIN_ONLY.get(kind, ()) or key in _PLAIN_ANYWHERE):
        found.append(f"must be plain_text: {key}")
    return found


def _check_lengths(tree: Any) -> list[str]:
    if isinstance(tree, list):
        return [problem for item in tree for problem in _check_lengths(item)]
    if not isinstance(tree, dict):
        return []
    found = [
        f"must be less than {most + 1} characters: {key}"
        for key, most in _LENGTHS.items()
        if isinstance(tree.get(key), str) and len(tree[key]) > most
    ]
    return found + [problem for value in tree.values() for problem in _check_lengths(value)]
