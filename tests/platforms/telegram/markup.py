"""Text with entities: the platform's HTML read as strictly as the platform reads it, and written back.

Offsets and lengths count UTF-16 code units, as everywhere on this platform.
"""

import html
import re
from collections.abc import Iterable
from typing import Any

from tests.platforms.telegram.errors import bad_request

Entity = dict[str, Any]

_KIND_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strikethrough",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
_TAG_OF_KIND = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "spoiler": "tg-spoiler",
}
_KINDS_SENT = {*_KIND_OF_TAG.values(), "mention", "hashtag", "bot_command", "url", "email", "phone_number"}
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)"
    r"|(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)])"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{3,32})"
)
_SPACE = " \t\r\n\f\v"


def units(text: str) -> int:
    """Return the length of a text as the platform counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def find_entities(text: str) -> list[Entity]:
    """Return what the platform marks in a text by itself: commands, links and mentions."""
    return [
        {"type": found.lastgroup, "offset": units(text[: found.start()]), "length": units(found.group())}
        for found in _FOUND.finditer(text)
    ]


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the plain text and the entities of an HTML text, or refuse it."""
    return _HtmlReader(source).read()


def check_entities(text: str, entities: Any) -> list[Entity]:
    """Return the entities given beside a text, or refuse them."""
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    for entity in entities:
        if entity.get("type") not in _KINDS_SENT:
            raise bad_request(f'can\'t parse MessageEntity: Unsupported type "{entity.get("type")}" specified')
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0:
            raise bad_request("can't parse MessageEntity: Invalid offset or length")
        if offset + length > units(text):
            raise bad_request(f"entity beyond the end of the text: offset {offset}, length {length}")
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return the text without outer white space, and the entities moved along."""
    shift = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        first = max(0, entity["offset"] - shift)
        last = min(end, entity["offset"] + entity["length"] - shift)
        if last > first:
            kept.append({**entity, "offset": first, "length": last - first})
    return text, kept


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Return the entities together with those the platform finds by itself."""
    closed = [entity for entity in entities if entity["type"] in {"code", "pre", "text_link"}]
    given = {(entity["offset"], entity["length"]) for entity in entities}
    found = [
        entity
        for entity in find_entities(text)
        if (entity["offset"], entity["length"]) not in given and not any(_overlap(entity, other) for other in closed)
    ]
    return sorted([*entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))


def to_html(text: str, entities: Iterable[Entity]) -> str:
    """Return the text as HTML that would be parsed to the same text and entities."""
    opened: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    for entity in sorted(entities, key=lambda each: (each["offset"], -each["length"])):
        tag = "a" if entity["type"] == "text_link" else _TAG_OF_KIND.get(entity["type"])
        if tag is None:
            continue
        href = f' href="{html.escape(entity["url"])}"' if tag == "a" else ""
        opened.setdefault(entity["offset"], []).append(f"<{tag}{href}>")
        closed.setdefault(entity["offset"] + entity["length"], []).insert(0, f"</{tag}>")
    pieces: list[str] = []
    position = 0
    for character in text:
        pieces += closed.pop(position, []) + opened.pop(position, [])
        pieces.append(html.escape(character, quote=False))
        position += units(character)
    return "".join(pieces + closed.pop(position, []))


def _overlap(one: Entity, other: Entity) -> bool:
    starts_before_end: bool = one["offset"] < other["offset"] + other["length"]
    return starts_before_end and bool(other["offset"] < one["offset"] + one["length"])


class _HtmlReader:
    """One pass over an HTML text, in the order the platform's own parser works."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text: list[str] = []
        self._offset = 0
        self._open: list[tuple[str, str, int]] = []
        self._entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._source):
            if self._source.startswith("</", self._at):
                self._end_tag()
            elif self._source[self._at] == "<":
                self._start_tag()
            else:
                self._character()
        if self._open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._text), self._entities

    def _character(self) -> None:
        match = _CHARACTER.match(self._source, self._at)
        raw = match.group() if match else self._source[self._at]
        self._at += len(raw)
        plain = html.unescape(raw) if match else raw
        self._text.append(plain)
        self._offset += units(plain)

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        name = self._until(_SPACE + ">", begin).lower()
        if name not in _KIND_OF_TAG:
            raise self._error(f'Unsupported start tag "{name}"', begin)
        argument = ""
        while self._skip_space(begin) != ">":
            attribute = self._until(_SPACE + "=>", begin)
            if not attribute:
                raise self._error(f'Empty attribute name in the tag "{name}"', begin)
            if self._skip_space(begin) != "=":
                raise self._error(f'Expected equal sign in declaration of an attribute of the tag "{name}"', begin)
            self._at += 1
            value = self._value(begin)
            if (name, attribute.lower()) == ("a", "href"):
                argument = value
        self._at += 1
        self._open.append((name, argument, self._offset))

    def _value(self, begin: int) -> str:
        quote = self._skip_space(begin)
        if quote not in "'\"":
            return self._until(_SPACE + ">", begin)
        self._at += 1
        value = self._until(quote, begin)
        self._at += 1
        return _CHARACTER.sub(lambda match: html.unescape(match.group()), value)

    def _end_tag(self) -> None:
        begin = self._at
        self._at += 2
        if not self._open:
            raise self._error("Unexpected end tag", begin)
        name = self._until(_SPACE + ">", begin).lower()
        if self._skip_space(begin) != ">":
            raise self._error("Unclosed end tag", begin)
        self._at += 1
        expected, argument, offset = self._open.pop()
        if name not in ("", expected):
            raise self._error("Unmatched end tag", begin, f', expected "</{expected}>", found "</{name}>"')
        self._close(expected, argument, offset)

    def _close(self, name: str, argument: str, offset: int) -> None:
        if self._offset == offset:
            return
        entity: Entity = {"type": _KIND_OF_TAG[name], "offset": offset, "length": self._offset - offset}
        if name == "a":
            # A link that leads nowhere stays plain text, without an error: so does the platform.
            if not re.match(r"(?:https?|tg|mailto):", argument):
                return
            entity["url"] = argument
        self._entities.append(entity)

    def _until(self, ends: str, begin: int) -> str:
        start = self._at
        while self._at < len(self._source) and self._source[self._at] not in ends:
            self._at += 1
        if self._at >= len(self._source):
            raise self._error("Unclosed start tag", begin)
        return self._source[start : self._at]

    def _skip_space(self, begin: int) -> str:
        while self._at < len(self._source) and self._source[self._at] in _SPACE:
            self._at += 1
        if self._at >= len(self._source):
            raise self._error("Unclosed start tag", begin)
        return self._source[self._at]

    def _error(self, problem: str, begin: int | None = None, rest: str = "") -> Exception:
        where = "" if begin is None else f" at byte offset {len(self._source[:begin].encode())}"
        return bad_request(f"can't parse entities: {problem}{where}{rest}")
