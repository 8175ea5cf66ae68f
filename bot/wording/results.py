"""What came of what people did, as they read it; failure is told as plainly as success."""

from collections.abc import Sequence
from datetime import date

from bot.message import Button, Image, Message
from bot.wording import names
from bot.wording.alerts import text_for
from bot.wording.tongue import base, tongue
from content.text import plain, shorten
from storage.results import Result

LINE = 160


def told(result: Result, done: Sequence[tuple[str, date]], language: str) -> Message:
    """A result for one person; `done` is what they did of it: titles with their days."""
    t = tongue(language)
    what = [f"*{names.quoted(title)}* ({names.short_day(on, language)})" for title, on in done]
    head = t.gettext("You did this: {what}. Here is what came of it.").format(what=names.all_of(what, language))
    row = (Button(t.gettext("Something to do"), press="act"),)
    image = Image(result.image, text_for(result.alt, language)) if result.image else None
    return Message(f"{head}\n\n{body(result, language)}", buttons=(row,), image=image, language=language)


def body(result: Result, language: str) -> str:
    """Whether it worked, the words, where one can read more; in which language, when it is not the reader's."""
    t = tongue(language)
    parts = [f"**{outcome(result.kind, language)}**", text_for(result.texts, language)]
    written = [base(code) for code in result.texts]
    if base(language) not in written:
        parts.append(t.gettext("*This was written in {language}.*").format(language=names.itself(written[0])))
    if result.source:
        parts.append(f"[{t.gettext('Source')}](<{result.source}>)")
    return "\n\n".join(parts)


def already(result: Result, language: str) -> str:
    """A result for who acted after it was told, in the place of the promise."""
    t = tongue(language)
    return t.gettext("What came of it so far:") + "\n\n" + body(result, language)


def line(result: Result, title: str, language: str) -> str:
    """A result as one line of a path."""
    words = shorten(" ".join(plain(text_for(result.texts, language)).split()), LINE)
    told_ = outcome(result.kind, language)
    return f"- → *{names.quoted(title)}*: {told_} {names.quoted(words)}"


def outcome(kind: str, language: str) -> str:
    """Whether it worked, in a sentence."""
    t = tongue(language)
    return {
        "win": t.gettext("It worked."),
        "partial": t.gettext("It worked in part."),
        "setback": t.gettext("It did not work."),
    }[kind]
