"""What the YAML library refuses, told where a person would mend it: it often notices a mistake lines later."""

from collections.abc import Sequence
from typing import Any

import yaml
from yaml.events import ScalarEvent

Place = tuple[int, int]

WORDS = {
    "cannot start any token": "this character cannot begin a value; put the words in quotes",
    "mapping values are not allowed": "a colon inside plain words, or wrong indentation; put the words in quotes",
    "did not find expected key": "the indentation does not fit the lines above, or a quote is missing",
    "did not find expected ',' or": "a bracket or a comma is missing in this list or map",
    "could not find expected ':'": "a colon and a space are missing after this key, or the words need quotes",
    "did not find expected '-' indicator": "this line does not belong to the list above; check the indentation",
    "did not find expected <document start>": "the indentation does not fit the lines above",
    "found unexpected end of stream": "a quote or a bracket is opened and never closed",
    "did not find expected node content": "a value is missing here",
    "found a tab character": "a tab; indent with spaces",
    "found character '\\t'": "a tab; indent with spaces",
    "found unknown escape": "an unknown escape after a backslash; use single quotes or double the backslash",
    "block sequence entries are not allowed": "a list cannot begin here; put it on the next line",
    "expected comment or line break": "the words of a block begin on the next line, below its `|` or `>`",
    "expected alphabetic or numeric character": "words that begin with & or * need quotes",
    "block mapping": "the indentation does not fit the lines above",
    "control characters are not allowed": "an invisible control character; remove it",
}


def place_of(mark: Any) -> Place:
    """A mark of the library, counted from 1."""
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def told(error: yaml.MarkedYAMLError, trail: Sequence[yaml.Event], text: str) -> tuple[Place, str]:
    """Where and how to tell a refusal; `trail` holds the last events before it."""
    problem = str(error.problem or "this cannot be read")
    lines = text.splitlines()
    place = place_of(error.problem_mark or error.context_mark)
    if "end of stream" in problem and error.context_mark is not None:
        return place_of(error.context_mark), _words(problem)
    if "could not find expected ':'" in problem and error.context_mark is not None:
        return place_of(error.context_mark), _words(problem)
    if "cannot start any token" in problem and _line(lines, place[0])[place[1] - 1 : place[1]] == "\t":
        return place, "a tab; indent with spaces"
    return _earlier(error, trail, lines) or (place, _words(problem))


def _earlier(error: yaml.MarkedYAMLError, trail: Sequence[yaml.Event], lines: list[str]) -> tuple[Place, str] | None:
    """The mistake's beginning, when words that ran on to a later line led to the refusal."""
    last = trail[-1] if trail else None
    if not isinstance(last, ScalarEvent) or place_of(last.start_mark)[0] == place_of(last.end_mark)[0]:
        return None
    began, noticed = place_of(last.start_mark), place_of(error.problem_mark)
    runs_on = _indent(lines, began[0] + 1) <= _indent(lines, began[0])
    if last.style in ("'", '"'):
        return (began, f"a quote is opened here and closed only in line {noticed[0]}") if runs_on else None
    if "',' or" in str(error.problem):
        if _indent(lines, noticed[0]) <= _indent(lines, place_of(error.context_mark)[0]):
            return place_of(error.context_mark), "a bracket is opened here and never closed"
        return began, "a comma is missing after this"
    if "mapping values" not in str(error.problem) or last.style in ("|", ">"):
        return None
    before = trail[-2] if len(trail) > 1 else None
    if isinstance(before, ScalarEvent) and place_of(before.start_mark)[0] == began[0]:
        return (noticed[0], _indent(lines, noticed[0]) + 1), "the indentation does not fit the lines above"
    return began, "a colon and a space are missing after this key"


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _indent(lines: list[str], number: int) -> int:
    line = _line(lines, number)
    return len(line) - len(line.lstrip(" "))


def _words(problem: str) -> str:
    words = next((said for part, said in WORDS.items() if part in problem), None)
    return words or f"this cannot be read as YAML: {problem}"
