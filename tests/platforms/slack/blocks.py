"""Walking through Block Kit: the words a person sees, the elements they can use."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.platforms.slack import mrkdwn

Json = dict[str, Any]

_TEXT_KINDS = ("plain_text", "mrkdwn", "text", "raw_text", "markdown")
_KEYS = (
    *("title", "text", "fields", "label", "hint", "description", "elements", "accessory", "element", "options"),
    *("placeholder", "option_groups", "blocks", "caption", "rows", "subtitle", "body"),
)


@dataclass(frozen=True)
class Control:
    """An element that can be used, and the block it stands in."""

    block: Json
    element: Json

    @property
    def is_input(self) -> bool:
        """Return whether it is a field of a form, which tells the bot only when the form is sent."""
        return self.block.get("type") == "input" and not self.block.get("dispatch_action")

    @property
    def label(self) -> str:
        """Return what stands on it, or beside it."""
        text = self.element.get("text") or self.block.get("label") or {}
        return str(text.get("text", ""))


def controls(blocks: list[Json]) -> Iterator[Control]:
    """Yield everything that can be pressed, chosen or filled in, in order."""
    for block in blocks:
        for key in ("accessory", "element"):
            if isinstance(block.get(key), dict) and block[key].get("type") != "image":
                yield Control(block, block[key])
        if block.get("type") in ("actions", "context_actions"):
            yield from (Control(block, element) for element in block.get("elements", []))


def buttons(blocks: list[Json]) -> list[Control]:
    """Return the buttons."""
    return [each for each in controls(blocks) if each.element.get("type") == "button"]


def find_button(blocks: list[Json], wanted: str) -> Control | None:
    """Return the button with this label, or with this action_id or value."""
    every = buttons(blocks)
    for part in (
        lambda each: each.label,
        lambda each: each.element["action_id"],
        lambda each: each.element.get("value"),
    ):
        for each in every:
            if part(each) == wanted:
                return each
    return None


def find_control(blocks: list[Json], wanted: str) -> Control | None:
    """Return the element by its action_id, its block_id or its label."""
    every = list(controls(blocks))
    for part in (lambda each: each.element["action_id"], lambda each: each.block["block_id"], lambda each: each.label):
        for each in every:
            if part(each) == wanted:
                return each
    return None


def with_ids(blocks: list[Json], number: Callable[[], str]) -> list[Json]:
    """Return a copy in which every block and element has an id, as Slack gives them."""
    blocks = deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", number())
    for each in controls(blocks):
        each.element.setdefault("action_id", number())
    return blocks


def text_objects(tree: Any) -> Iterator[Json]:
    """Yield the text objects at any depth, in reading order."""
    if isinstance(tree, list):
        for item in tree:
            yield from text_objects(item)
    elif isinstance(tree, dict):
        kind = tree.get("type")
        if kind in _TEXT_KINDS and "text" in tree:
            yield tree
            return
        if kind in ("user", "broadcast", "link", "emoji"):
            yield tree
        if tree.get("alt_text"):
            yield {"type": "plain_text", "text": tree["alt_text"]}
        for key in _KEYS:
            yield from text_objects(tree.get(key))


def words(blocks: list[Json], name: Callable[[str], str] = str) -> str:
    """Return everything a person can read in blocks."""
    lines = [_words_of(each, name) for each in text_objects(blocks)]
    return "\n".join(line for line in lines if line)


def mentions(blocks: list[Json]) -> list[str]:
    """Return whom blocks call."""
    found: list[str] = []
    for each in text_objects(blocks):
        if each["type"] in ("mrkdwn", "markdown"):
            found += mrkdwn.mentions(each["text"])
        elif each["type"] == "broadcast":
            found.append(f"<!{each.get('range')}>")
        elif each["type"] == "user":
            found.append(f"<@{each.get('user_id')}>")
    return found


def _words_of(each: Json, name: Callable[[str], str]) -> str:
    kind = each["type"]
    if kind == "mrkdwn":
        return mrkdwn.shown(each["text"], name)
    if kind == "user":
        return "@" + name(str(each.get("user_id", "")))
    if kind == "broadcast":
        return f"@{each.get('range')}"
    if kind == "emoji":
        return f":{each.get('name')}:"
    return str(each.get("text") or each.get("url") or "")
