"""Block Kit: a message, a page and a form as blocks and views, within Slack's limits.

The limits are those of the reference of blocks and views and of `slack_sdk.models`; the one on all blocks of a message
together stands nowhere and was found by others (slackapi/bolt-js#2509: about 13,000; #2867: 11,341 refused).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.channels.slack import markup
from bot.channels.slack.commands import as_typed
from bot.message import Button, Image, Message
from content.text import shorten

Block = dict[str, Any]

BLOCKS_AT_MOST = 48
"""Of fifty; two are left for what is put around a message."""
PAGE_AT_MOST = 96
TOTAL_AT_MOST = 10_000
BUTTONS_IN_A_ROW = 25
LABEL_AT_MOST = 75
VALUE_AT_MOST = 2000
URL_AT_MOST = 3000
ALT_AT_MOST = 2000
PRESS = "press"
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message's worth: the blocks, and the words beside them."""

    text: str
    blocks: tuple[Block, ...]

    def plain(self) -> dict[str, Any]:
        """The same without blocks, for when they are refused."""
        return {"text": self.text}


def letters(message: Message, picture: str = "") -> tuple[Letter, ...]:
    """A message as the letters it takes, the buttons beneath the last one; `picture` is its image's address."""
    spoken = [_section(words) for words in markup.sections(as_typed(message.text))]
    head = [_image(message.image, picture)] if message.image else []
    tail = [*_people(message.people), *_rows(message.buttons, "")]
    groups = list(_packed([*head, *spoken], TOTAL_AT_MOST, BLOCKS_AT_MOST - len(tail)))
    if not groups:
        groups = [[]]
    groups[-1] = [*groups[-1], *tail]
    return tuple(Letter(beside(group, message), tuple(group)) for group in groups if group)


def page(parts: Sequence[Message], pictures: Sequence[str]) -> dict[str, Any]:
    """The view of a person's page: each part that there is room for, a line between two."""
    blocks: list[Block] = []
    room = TOTAL_AT_MOST
    for nth, (part, picture) in enumerate(zip(parts, pictures, strict=True)):
        own = _part(part, picture, nth)
        size = sum(_size(block) for block in own)
        if size <= room and len(blocks) + len(own) < PAGE_AT_MOST:
            room -= size
            blocks += [{"type": "divider"}, *own] if blocks else own
    if not blocks and parts:
        # One part that is a whole page and more: as much of it as there is room for.
        blocks = next(_packed(_part(parts[0], pictures[0], 0), TOTAL_AT_MOST, PAGE_AT_MOST), [])
    return {"type": "home", "blocks": blocks or [_section("…")]}


def _part(part: Message, picture: str, nth: int) -> list[Block]:
    shown = [_image(part.image, picture)] if part.image else []
    return [
        *shown,
        *(_section(words) for words in markup.sections(as_typed(part.text))),
        *_rows(part.buttons, f"{nth}."),
    ]


def only_buttons(shown: Sequence[Block], message: Message) -> list[Block]:
    """The blocks of a message shown before, with other buttons or none."""
    kept = [block for block in shown if block.get("type") != "actions"]
    return [*kept, *_rows(message.buttons, "")]


def _packed(blocks: Iterable[Block], total: int, most: int) -> Iterator[list[Block]]:
    group: list[Block] = []
    used = 0
    for block in blocks:
        size = _size(block)
        if group and (used + size > total or len(group) >= most):
            yield group
            group, used = [], 0
        group.append(block)
        used += size
    if group:
        yield group


def _size(block: Block) -> int:
    return len(str(block))


def beside(group: Sequence[Block], message: Message) -> str:
    """The words beside blocks: notifications show them, screen readers read them, and they stand in for the blocks."""
    words = "\n\n".join(block["text"]["text"] for block in group if block.get("type") == "section")
    fallback = " · ".join(button.label for row in message.buttons for button in row)
    return words or markup.escape(shorten(message.notice or fallback or "…", markup.NOTIFICATION_AT_MOST))


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}


def _image(image: Image, address: str) -> Block:
    words = shorten(image.alt, ALT_AT_MOST) or "…"
    if address:
        return {"type": "image", "image_url": address, "alt_text": words}
    # Slack fetches pictures by their public address; without one, what there is to see is at least told.
    return {"type": "context", "elements": [{"type": "plain_text", "text": f"🖼 {words}", "emoji": True}]}


def _people(people: Sequence[str]) -> list[Block]:
    if not people:
        return []
    named = " · ".join(f"<@{person}>" for person in people[:50] if person.isalnum())
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": named}]}]


def _rows(rows: Sequence[Sequence[Button]], prefix: str) -> list[Block]:
    fitting = [[button for button in row if is_acceptable(button)] for row in rows]
    fitting = [row for row in fitting if row]
    if len(fitting) > 20:
        flat = [button for row in fitting for button in row]
        fitting = [flat[at : at + 5] for at in range(0, len(flat), 5)]
    blocks: list[Block] = []
    for nth, row in enumerate(fitting[:40]):
        elements = [_button(button, f"{prefix}{nth}.{place}") for place, button in enumerate(row[:BUTTONS_IN_A_ROW])]
        blocks.append({"type": "actions", "elements": elements})
    return blocks


def _button(button: Button, place: str) -> Block:
    kind = OPEN if button.url else PRESS
    made: Block = {
        "type": "button",
        "action_id": f"{kind}.{place}",
        "text": {"type": "plain_text", "text": shorten(button.label, LABEL_AT_MOST), "emoji": True},
    }
    made |= {"url": button.url} if button.url else {"value": button.press}
    return made | ({"style": "primary"} if button.primary else {})


def is_acceptable(button: Button) -> bool:
    """Whether Slack takes a button; one that it would refuse would take the whole message with it."""
    if not button.label.strip():
        return False
    if not button.url:
        return 0 < len(button.press) <= VALUE_AT_MOST
    try:
        parts = urlsplit(button.url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(button.url) <= URL_AT_MOST
