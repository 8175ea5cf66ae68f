"""The words within a drawn picture, and those that say the same to whoever cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.facts import Ref
from bot.drawing.path import Path, Stairs
from bot.message import Button, Image, Message
from bot.wording import names
from bot.wording.path import CausePath, coming
from bot.wording.tongue import is_rtl, tongue
from content.text import plain

CAUSES = 3
"""As many as a phone shows without much scrolling."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cause to be drawn, with the rungs of its ladder from the entry up."""

    ref: Ref
    path: CausePath
    rungs: Sequence[str]


def path(language: str, causes: Sequence[Wanted], day: date) -> Path:
    """The path in the words of a language, the first causes of it."""
    t = tongue(language)
    more = len(causes) - CAUSES
    return Path(
        heading=plain(t.gettext("**Your path**")),
        day=names.short_day(day, language),
        here=t.gettext("you are here"),
        stairs=tuple(_stairs(language, one) for one in causes[:CAUSES]),
        more=t.ngettext("and {count} more", "and {count} more", more).format(count=more) if more > 0 else "",
        rtl=is_rtl(language),
    )


def _stairs(language: str, wanted: Wanted) -> Stairs:
    t = tongue(language)
    one = wanted.path
    return Stairs(
        title=one.cause,
        rungs=tuple(names.rung(rung, language) for rung in wanted.rungs),
        here=wanted.rungs.index(one.progress.rung),
        # Nobody needs to be told in a picture that they did nothing yet.
        done=t.ngettext("{count} action", "{count} actions", one.total).format(count=one.total) if one.total else "",
        coming=plain(coming(language, one.progress)),
        plain=wanted.ref.partition("/")[2].replace("-", " "),
    )


def message(language: str, drawn: Path, source: str) -> Message:
    """The picture, with the words for whoever cannot see it."""
    t = tongue(language)
    words = t.gettext("Your path on {day}.").format(day=names.quoted(drawn.day))
    row = (Button(t.gettext("Something to do"), press="act", primary=True),)
    return Message(words, buttons=(row,), image=Image(source, _told(language, drawn)), language=language)


def _told(language: str, drawn: Path) -> str:
    t = tongue(language)
    parts = [f"{drawn.heading}."]
    for one in drawn.stairs:
        here = t.gettext("**{cause}** – you are here: *{rung}*").format(
            cause=names.quoted(one.title), rung=names.quoted(one.rungs[one.here])
        )
        step = t.gettext("step {place} of {count}").format(place=one.here + 1, count=len(one.rungs))
        parts += [f"{plain(here)}, {step}.", f"{one.done}." if one.done else "", one.coming]
    parts.append(f"… {drawn.more}." if drawn.more else "")
    return " ".join(part for part in parts if part)
