"""Letters that hide or mislead: where they stand in a text, and what to call them."""

import re
import unicodedata
from collections.abc import Iterator

FORBIDDEN = re.compile(
    "[\u202a-\u202e\u200b\u2060-\u2064\ufeff\u00ad\u115f\u1160\u3164\uffa0\U000e0000-\U000e007f"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|\r(?!\n)"
)
"""Overrides of direction, invisible letters, tags, controls. Joiners (U+200C, U+200D) and plain marks of direction
(U+200E, U+200F) stay: Persian and emoji need them."""
ISOLATES = re.compile("[\u2066-\u2069]")
MARKS_AT_MOST = 4


def found_in(words: str) -> Iterator[tuple[int, str]]:
    """Each forbidden letter: its offset, and what is wrong with it in one sentence."""
    for match in FORBIDDEN.finditer(words):
        yield match.start(), _told(match[0])
    for start, line in _lines(words):
        if (at := _unbalanced(line)) is not None:
            yield start + at, _told(line[at])
        if (at := _stacked(line)) is not None:
            yield start + at, f"more than {MARKS_AT_MOST} marks on one letter; remove some"


def _told(letter: str) -> str:
    code = f"U+{ord(letter):04X}"
    name = unicodedata.name(letter, "a control character").lower()
    return f"an invisible or misleading character ({code}, {name}); remove it"


def _lines(words: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in words.split("\n"):
        yield start, line
        start += len(line) + 1


def _unbalanced(line: str) -> int | None:
    open_at: list[int] = []
    for match in ISOLATES.finditer(line):
        if match[0] != "\u2069":
            open_at.append(match.start())
        elif open_at:
            open_at.pop()
        else:
            return match.start()
    return open_at[0] if open_at else None


def _stacked(line: str) -> int | None:
    if line.isascii():
        return None
    marks = 0
    for at, letter in enumerate(line):
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > MARKS_AT_MOST:
            return at
    return None
