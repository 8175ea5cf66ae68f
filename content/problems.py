"""What is wrong with a pack, and how it is told: `file:line:column: message`."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SHOWN_AT_MOST = 50
LINE_AT_MOST = 500


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong (`error`) or worth a second look (`warning`), at a place counted from 1."""

    file: str
    line: int
    column: int
    message: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """The problem as one printable line."""
        mark = "warning: " if self.level == "warning" else ""
        return visible(f"{self.file}:{self.line}:{self.column}: {mark}{self.message}")[:LINE_AT_MOST]


def render(problems: Iterable[Problem]) -> str:
    """The problems in order, a line each, at most fifty."""
    ordered = sorted(set(problems))
    lines = [str(problem) for problem in ordered[:SHOWN_AT_MOST]]
    if len(ordered) > SHOWN_AT_MOST:
        lines.append(f"and {len(ordered) - SHOWN_AT_MOST} more")
    return "\n".join(lines)


def visible(words: str) -> str:
    """Words in which nothing hides: control, invisible and direction-changing letters are written as escapes."""
    return "".join(letter if _is_plain(letter) else ascii(letter)[1:-1] for letter in words)


def _is_plain(letter: str) -> bool:
    return letter.isprintable() and unicodedata.category(letter) not in ("Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp")
