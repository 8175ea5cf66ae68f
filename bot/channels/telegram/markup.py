"""CommonMark as Telegram shows it: HTML and plain text, cut to its limits in UTF-16 units."""

import html
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from content.text import Span, document

TEXT_AT_MOST = 4096
CAPTION_AT_MOST = 1024
_SEPARATORS = ("\n\n", "\n", " ")
_EARLIEST = 4
"""A cut at a separator must leave at least this fraction (one of …) of the room used."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message's worth of text: as HTML, and as plain text for when the HTML is refused."""

    html: str
    plain: str


@lru_cache(maxsize=512)
def parts(markdown: str, limit: int = TEXT_AT_MOST) -> tuple[Part, ...]:
    """Return a text as the parts that fit into one message each; none when there is nothing to say."""
    spans = _line_up(markdown)
    plain = "".join(span.text for span in spans)
    return tuple(_part(spans, start, end) for start, end in _cuts(plain, limit))


def _line_up(markdown: str) -> list[Span]:
    """All spans of a document in one row, with line breaks and list markers between them."""
    row: list[Span] = []
    before = ""
    for block in document(markdown):
        if row:
            row.append(Span("\n" if block.kind == before == "item" else "\n\n"))
        if block.marker:
            row.append(Span(f"{block.marker} "))
        row += block.spans
        before = block.kind
    return row


def _part(spans: list[Span], start: int, end: int) -> Part:
    chosen = list(_slice(spans, start, end))
    return Part("".join(map(_as_html, chosen)), "".join(span.text for span in chosen))


def _slice(spans: list[Span], start: int, end: int) -> Iterator[Span]:
    at = 0
    for span in spans:
        first, last = max(start - at, 0), min(end - at, len(span.text))
        if first < last:
            yield replace(span, text=span.text[first:last])
        at += len(span.text)


def _as_html(span: Span) -> str:
    words = html.escape(span.text)
    if not span.text.strip():
        return words
    if span.code:
        words = f"<code>{words}</code>"
    if span.emphasis:
        words = f"<i>{words}</i>"
    if span.strong:
        words = f"<b>{words}</b>"
    if span.link:
        words = f'<a href="{html.escape(span.link)}">{words}</a>'
    return words


def _cuts(words: str, limit: int) -> Iterator[tuple[int, int]]:
    """Where to cut, as pairs of start and end, without the white space around each part."""
    start = _skip(words, 0)
    while start < len(words):
        reach = _reach(words, start, limit)
        end = reach if reach == len(words) else _best_end(words, start, reach)
        yield start, start + len(words[start:end].rstrip())
        start = _skip(words, end)


def _skip(words: str, start: int) -> int:
    return len(words) - len(words[start:].lstrip())


def _reach(words: str, start: int, limit: int) -> int:
    """The end of the longest stretch from `start` that fits."""
    room = limit
    for position in range(start, len(words)):
        room -= 2 if words[position] > "\uffff" else 1
        if room < 0:
            return position
    return len(words)


def _best_end(words: str, start: int, reach: int) -> int:
    earliest = start + (reach - start) // _EARLIEST
    for separator in _SEPARATORS:
        # A separator that begins exactly at the reach is a good place too.
        found = words.rfind(separator, earliest, reach + len(separator))
        if found > start:
            return found
    return reach
