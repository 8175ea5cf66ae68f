"""The commands as people read them: one table for every channel's menu and for /help."""

from collections.abc import Mapping, Sequence

from bot.wording.tongue import LANGUAGES, tongue

Entry = tuple[str, str]


def entries(language: str) -> list[Entry]:
    """Every listed command with what it does, in one line."""
    t = tongue(language)
    return [
        ("start", t.gettext("Begin, or come back")),
        ("act", t.gettext("Something good to do right now")),
        ("causes", t.gettext("Find, follow and leave causes")),
        ("me", t.gettext("Your path: what you did, what comes next")),
        ("settings", t.gettext("Hour, rhythm, language, quiet hours")),
        ("less", t.gettext("Fewer messages")),
        ("mute", t.gettext("Hear nothing of one cause for now")),
        ("pause", t.gettext("Rest until a day you choose")),
        ("stop", t.gettext("Stop everything at once")),
        ("story", t.gettext("Tell your own story")),
        ("invite", t.gettext("Your link for friends")),
        ("impact", t.gettext("What we did together")),
        ("why", t.gettext("Why did I get this?")),
        ("link", t.gettext("Join your chats on two platforms")),
        ("privacy", t.gettext("What we keep; take it or erase it")),
        ("help", t.gettext("How this works")),
    ]


def tables() -> Mapping[str, Sequence[Entry]]:
    """The entries in every language, under the empty key those for all others."""
    return {"": entries(LANGUAGES[0]), **{language: entries(language) for language in LANGUAGES}}
