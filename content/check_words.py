"""The words of a pack: every language there, short enough for a chat, links that lead where they say."""

import re
from collections.abc import Iterator
from typing import Any, Protocol

from content.addresses import complaint, host_of, names_host
from content.model import LANGUAGE_PATTERN
from content.problems import Problem
from content.reader import Path
from content.text import document, plain, utf16

LIMITS = {
    "title": 120, "ask": 400, "share": 600, "why": 1_000, "image_alt": 400, "text": 3_000, "ethics": 3_500,
}  # fmt: skip
"""UTF-16 units after rendering: a story and its ask together stay below Telegram's 4,096."""
TOOLKIT_TEXT = 3_500
WITH_PICTURE = 900
"""A story with a picture and its ask stay near Telegram's caption of 1,024."""
TEXTS = {
    "causes": ("title", "why"),
    "stories": ("title", "text", "image_alt"),
    "actions": ("title", "ask", "share"),
    "toolkits": ("title", "text"),
}


class Tell(Protocol):
    """Makes a problem at a path."""

    def __call__(self, path: Path, message: str, *, of_key: bool = False, warning: bool = False) -> Problem:
        """The problem."""


def check(tell: Tell, data: dict[str, Any]) -> list[Problem]:
    """Every problem with the words of a pack."""
    languages = data.get("languages")
    wanted = [code for code in languages if isinstance(code, str)] if isinstance(languages, list) else []
    if not all(re.fullmatch(LANGUAGE_PATTERN, code) for code in wanted):
        wanted = []  # told already; what each text lacks cannot be known
    problems = list(_twice(tell, wanted))
    for path, text, limit in _texts(data):
        problems += _languages(tell, path, text, wanted)
        for place, words in _versions(path, text):
            problems += _length(tell, place, words, limit)
            problems += _links(tell, place, words)
    return problems


def _twice(tell: Tell, wanted: list[str]) -> Iterator[Problem]:
    for number, code in enumerate(wanted):
        if code in wanted[:number]:
            yield tell(("languages", number), f"the language '{code}' is listed twice")


def _texts(data: dict[str, Any]) -> Iterator[tuple[Path, Any, int]]:
    for key in ("title", "ethics"):
        if data.get(key) is not None:
            yield (key,), data[key], LIMITS[key]
    for section, keys in TEXTS.items():
        items = data.get(section)
        for slug, item in items.items() if isinstance(items, dict) else ():
            for key in keys if isinstance(item, dict) else ():
                if item.get(key) is not None:
                    yield (section, slug, key), item[key], _limit(section, key, item)


def _limit(section: str, key: str, item: dict[str, Any]) -> int:
    if section == "toolkits" and key == "text":
        return TOOLKIT_TEXT
    if section == "stories" and key == "text" and item.get("image"):
        return WITH_PICTURE
    return LIMITS[key]


def _versions(path: Path, text: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(text, str):
        yield path, text
    elif isinstance(text, dict):
        for code, words in text.items():
            if isinstance(words, str):
                yield (*path, code), words


def _languages(tell: Tell, path: Path, text: Any, wanted: list[str]) -> Iterator[Problem]:
    name = str(path[-1])
    if isinstance(text, str) and len(set(wanted)) > 1:
        yield tell(path, f"'{name}' is in one language only; the pack promises {', '.join(wanted)}")
    if not isinstance(text, dict):
        return
    missing = [code for code in wanted if code not in text]
    if missing and wanted:
        yield tell(path, f"'{name}' lacks a translation: {', '.join(missing)}", of_key=True)
    for code in text:
        if wanted and code not in wanted:
            yield tell((*path, code), f"'{code}' is not among the pack's languages ({', '.join(wanted)})", of_key=True)


def _length(tell: Tell, path: Path, words: str, limit: int) -> Iterator[Problem]:
    length = utf16(plain(words)) if len(words) > limit else 0
    if length > limit:
        yield tell(path, f"too long for a chat: {length:,} characters, at most {limit:,} fit")
    if not words.strip():
        yield tell(path, "there are no words here")


def _links(tell: Tell, path: Path, words: str) -> Iterator[Problem]:
    if "](" not in words and "<" not in words and "]:" not in words:
        return
    for block in document(words):
        for span in block.spans:
            if span.link is None:
                continue
            if told := complaint(span.link):
                yield tell(path, f"a link in these words: {told}")
            elif (named := names_host(span.text)) and named != host_of(span.link):
                yield tell(path, f"a link says {named} and leads to {host_of(span.link)}")
