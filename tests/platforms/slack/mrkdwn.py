"""Slack's markup: what a person sees of it, and whom it calls."""

import re
from collections.abc import Callable

_ANGLE = re.compile(r"<([^<>]*)>")
_CALLS_AT = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")


def escape(text: str) -> str:
    """Return what somebody typed as Slack stores it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo the three escapes Slack knows."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def shown(text: str, name: Callable[[str], str] = str) -> str:
    """Return the words a person sees: links as labels, mentions as names, escapes undone."""
    return unescape(_ANGLE.sub(lambda found: _shown_link(found[1], name), text))


def mentions(text: str, *, by_name: bool = False) -> list[str]:
    """Return whom a text calls: `<!channel>`, `<@U...>` and the like, and with `by_name` @channel too."""
    found = [f"<{inner.partition('|')[0]}>" for inner in _ANGLE.findall(text) if _calls(inner)]
    return found + ([f"<!{word}>" for word in _CALLS_AT.findall(text)] if by_name else [])


def links(text: str) -> list[str]:
    """Return the addresses of a text's links."""
    return [inner.partition("|")[0] for inner in _ANGLE.findall(text) if inner and inner[0] not in "@#!"]


def _calls(inner: str) -> bool:
    word = inner.partition("|")[0].partition("^")[0]
    return inner.startswith("@") or word in ("!channel", "!here", "!everyone", "!group", "!subteam")


def _shown_link(inner: str, name: Callable[[str], str]) -> str:
    target, _, label = inner.partition("|")
    if label:
        return label
    if target.startswith("@"):
        return "@" + name(target[1:])
    if target.startswith("!"):
        return "@" + target[1:]
    return name(target[1:]) if target.startswith("#") else target.removeprefix("mailto:")
