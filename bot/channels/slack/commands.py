"""How commands are called in Slack, which keeps some names for itself."""

import re

OURS = "kindling"
"""The slash command that carries all others behind it."""
RESERVED = frozenset(
    {
        "me", "invite", "mute", "leave", "join", "open", "search", "status", "topic", "who", "remind", "msg", "dm",
        "feed", "away", "active", "archive", "apps", "call", "collapse", "expand", "feedback", "kick", "prefs",
        "remove", "rename", "shortcuts", "shrug", "star", "unarchive", "dnd", "pro", "help",
    }
)  # fmt: skip
"""Names of Slack's own commands; a manifest with one of them is refused whole. They go behind `/kindling`."""
_NAMED = re.compile(rf"(?<![\w/.:<-])/({'|'.join(sorted(RESERVED))})\b(?![\w/-]|\.\w)", re.ASCII)


def as_typed(words: str) -> str:
    """Words of ours in which a command is named, with the command as it has to be typed here."""
    return _NAMED.sub(rf"/{OURS} \1", words)
