"""What is said in a workplace's chat past the conversation: when it is not known to whom, in all our languages."""

from collections.abc import Callable
from gettext import NullTranslations

from bot.wording.tongue import LANGUAGES, tongue


def busy() -> str:
    """Nothing could be written down in time."""
    return _in_all(lambda t: t.gettext("I could not write that down just now. Please send it again in a minute."))


def not_installed() -> str:
    """A workspace in which the app is not installed (any more)."""
    return _in_all(lambda t: t.gettext("I am not installed in this workspace. Whoever manages its apps can add me."))


def installed(language: str, workspace: str) -> tuple[str, str]:
    """The page after an install: a heading, and what to do now."""
    t = tongue(language)
    return (
        t.gettext("Kindling is in {workspace} now").format(workspace=workspace or "Slack"),
        t.gettext("Open Kindling under Apps in Slack, or type /kindling in any channel. You can close this page."),
    )


def not_added(language: str) -> tuple[str, str]:
    """The page after an install that did not come about."""
    t = tongue(language)
    return (
        t.gettext("That did not work"),
        t.gettext("Slack did not confirm it in time, or it was cancelled. Nothing was changed; please try once more."),
    )


def close(language: str) -> str:
    """The button that closes a form unsent."""
    return tongue(language).gettext("Cancel")


def _in_all(words: Callable[[NullTranslations], str]) -> str:
    return "\n".join(dict.fromkeys(words(tongue(language)) for language in LANGUAGES))


def description(language: str) -> str:
    """The app in one line, as the workplace's directory of apps shows it."""
    return tongue(language).gettext("One short story of your cause a day, and one small thing to do about it.")


def all_commands(language: str) -> str:
    """What the one command does that carries all others."""
    return tongue(language).gettext("Everything Kindling can do: /kindling help")


def usage(language: str) -> str:
    """What to write behind that command."""
    return tongue(language).gettext("act, causes, me, mute, help …")


def shortcuts(language: str) -> list[tuple[str, str, str, str]]:
    """The shortcuts: where each is found, its name for us, its label, what it does."""
    t = tongue(language)
    return [
        ("global", "record", t.gettext("Record an action"), t.gettext("Tell what you did, so that it counts")),
        ("message", "draft", t.gettext("Make it a story"), t.gettext("Keep this message as a draft of a story")),
    ]
