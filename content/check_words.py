"""The words of a pack: every language there, short enough for a chat, links that lead where they say."""

import re
from collections.abc import Iterator
from typing import Any, Protocol

from content import check_carrots, check_decisions
from content.addresses import complaint, host_of, leads_to, names_host, punycode
from content.model import LANGUAGE_PATTERN, WORDS_AT_MOST
from content.problems import Problem
from content.reader import Path
from content.text import links, plain, utf16

LIMITS = {
    "title": 120, "ask": 400, "share": 600, "why": 1_000, "image_alt": 400, "text": 3_000, "ethics": 3_500,
    "one": 60, "other": 60, "person": 200,
}  # fmt: skip
"""UTF-16 units after rendering: a story and its ask together stay below Telegram's 4,096."""
TOOLKIT_TEXT = 3_500
TEAM_TITLE = 40
LANGUAGES_AT_MOST = 100
MARKS = re.compile(r"[*_`<&!>]")
MARKS_AT_MOST = 600
BRACKETS_AT_MOST, BRACKETS_IN_ALL = 100, 20_000
"""Markup in one text: beyond it reading it takes too long."""
LINKED = re.compile(r"\]\(|<|\]:|://")
WITH_PICTURE = 900
"""A story with a picture and its ask stay near Telegram's caption of 1,024."""
TEXTS = {
    "causes": ("title", "why"),
    "stories": ("title", "text", "image_alt"),
    "actions": ("title", "ask", "share"),
    "results": ("text", "image_alt"),
    "toolkits": ("title", "text"),
    "drives": ("title",),
}


class Tell(Protocol):
    """Makes a problem at a path."""

    def __call__(self, path: Path, message: str, *, of_key: bool = False, warning: bool = False) -> Problem:
        """The problem."""


def check(tell: Tell, data: dict[str, Any]) -> Iterator[Problem]:
    """Every problem with the words of a pack."""
    languages = data.get("languages")
    wanted = [code for code in languages if isinstance(code, str)] if isinstance(languages, list) else []
    if not all(re.fullmatch(LANGUAGE_PATTERN, code) for code in wanted):
        wanted = []  # told already; what each text lacks cannot be known
    if len(wanted) > LANGUAGES_AT_MOST:
        yield tell(("languages",), f"more than {LANGUAGES_AT_MOST} languages")
        return
    yield from _twice(tell, wanted)
    brackets = 0
    for path, text, limit in _texts(data):
        yield from _languages(tell, path, text, wanted)
        for place, words in _versions(path, text):
            brackets += words.count("[")
            if brackets > BRACKETS_IN_ALL:
                yield tell(place, f"too much markup: more than {BRACKETS_IN_ALL:,} brackets up to here")
                return
            yield from _words(tell, place, words, limit)


def _twice(tell: Tell, wanted: list[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, code in enumerate(wanted):
        if code in seen:
            yield tell(("languages", number), f"the language '{code}' is listed twice")
        seen.add(code)


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
            if isinstance(item, dict):
                yield from _deeper(section, slug, item)


def _deeper(section: str, slug: str, item: dict[str, Any]) -> Iterator[tuple[Path, Any, int]]:
    """The texts inside the parts of an item."""
    if section == "actions":
        yield from check_decisions.texts(slug, item)
        yield from _inside(("actions", slug, "adds"), item.get("adds"))
        yield from check_carrots.texts(slug, item)
    elif section == "drives":
        yield from _teams(slug, item.get("teams"))


def _teams(slug: str, teams: Any) -> Iterator[tuple[Path, Any, int]]:
    for name, team in teams.items() if isinstance(teams, dict) else ():
        if isinstance(team, dict) and team.get("title") is not None:
            yield ("drives", slug, "teams", name, "title"), team["title"], TEAM_TITLE


def _inside(path: Path, part: Any) -> Iterator[tuple[Path, Any, int]]:
    """The texts of what an action adds, at whatever depth."""
    for key, value in part.items() if isinstance(part, dict) else ():
        if key in ("one", "other", "person") and value is not None:
            yield (*path, key), value, LIMITS[key]
        elif key in ("each", "unit"):
            yield from _inside((*path, key), value)


def _limit(section: str, key: str, item: dict[str, Any]) -> int:
    if section == "toolkits" and key == "text":
        return TOOLKIT_TEXT
    if section in ("stories", "results") and key == "text" and item.get("image"):
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
    name = next(str(step) for step in reversed(path) if isinstance(step, str))
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


def _words(tell: Tell, path: Path, words: str, limit: int) -> Iterator[Problem]:
    if not words.strip():
        yield tell(path, "there are no words here")
    elif words.count("[") > BRACKETS_AT_MOST or len(MARKS.findall(words)) > MARKS_AT_MOST:
        told = f"at most {BRACKETS_AT_MOST} brackets and {MARKS_AT_MOST} other marks fit in one text"
        yield tell(path, f"too much markup: {told}")
    elif len(words) <= WORDS_AT_MOST:  # the model tells the others
        length = utf16(words)
        if length > limit and (length := utf16(plain(words))) > limit:
            yield tell(path, f"too long for a chat: {length:,} characters, at most {limit:,} fit")
        yield from _links(tell, path, words)


def _links(tell: Tell, path: Path, words: str) -> Iterator[Problem]:
    if not LINKED.search(words):
        return
    for said, target in links(words):
        if target.startswith("mailto:"):
            continue  # the words stay, the link does not reach the chat
        if told := complaint(target):
            yield tell(path, f"a link in these words: {told}")
        elif (named := names_host(said)) and not leads_to(named, target):
            yield tell(path, f"a link says {punycode(named)} and leads to {punycode(host_of(target))}")
