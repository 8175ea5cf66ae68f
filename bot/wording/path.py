"""A person's path: where they stand, what they did, what opens next; and what all did together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.ladder import Progress
from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import tongue


@dataclass(frozen=True, slots=True)
class CausePath:
    """One cause of a person's path, in words ready to be shown; `results` are whole lines of a list."""

    cause: str
    progress: Progress
    done: Sequence[tuple[str, date]]
    total: int
    results: Sequence[str] = ()
    added: str = ""


Row = tuple[Button, ...]
FEWEST = 10
"""Of fewer people no number is told."""


def me(
    language: str, paths: Sequence[CausePath], *, stories: int, extra: Row | None = None, more: Sequence[str] = ()
) -> Message:
    """The path: for each cause the rung, what was done, what opens next; and more about them."""
    t = tongue(language)
    if not paths:
        words = t.gettext("Your path begins with a cause. Choose one, and the first small step comes with it.")
        return Message(words, buttons=((Button(t.gettext("See causes"), press="causes"),),), language=language)
    parts = [t.gettext("**Your path**")]
    parts += [_cause(language, path) for path in paths]
    if stories:
        parts.append(
            t.ngettext("You have read {count} story.", "You have read {count} stories.", stories).format(count=stories)
        )
    parts += more
    row = (Button(t.gettext("Something to do"), press="act", primary=True), Button(t.gettext("Causes"), press="causes"))
    drawn = (Button(t.gettext("As a picture"), press="me:picture"),)
    return Message("\n\n".join(parts), buttons=(extra, row, drawn) if extra else (row, drawn), language=language)


def rules_row(language: str, cause_number: int) -> Row:
    """The way to the ground rules that a rung asks for."""
    t = tongue(language)
    return (Button(t.gettext("Read the ground rules"), press=f"ethics:{cause_number}"),)


def rules(language: str, text: str, cause_number: int) -> Message:
    """The ground rules of those who speak for a cause, and the yes to them."""
    t = tongue(language)
    row = (Button(t.gettext("I agree"), press=f"ethics:{cause_number}:yes", primary=True),)
    return Message(f"**{t.gettext('Ground rules')}**\n\n{text}", buttons=(row,), language=language)


def rules_agreed(language: str, pressed: str, rung: str) -> Message:
    """The ground rules are accepted; perhaps a rung opened by it."""
    t = tongue(language)
    words = t.gettext("Thank you; that is noted.")
    if rung:
        words += " " + t.gettext("You are now: **{rung}**.").format(rung=names.quoted(rung))
    return Message(words, replaces=pressed, language=language)


def _cause(language: str, path: CausePath) -> str:
    t = tongue(language)
    here = names.quoted(names.rung(path.progress.rung, language))
    lines = [t.gettext("**{cause}** – you are here: *{rung}*").format(cause=names.quoted(path.cause), rung=here)]
    lines += [f"- ✓ {names.quoted(title)} ({names.short_day(on, language)})" for title, on in path.done]
    more = path.total - len(path.done)
    if more > 0:
        lines.append("- " + t.ngettext("and {count} more", "and {count} more", more).format(count=more))
    lines += path.results
    listed = "\n".join([lines[0], "", *lines[1:]])
    return "\n\n".join(filter(None, (listed, path.added, coming(language, path.progress))))


def coming(language: str, progress: Progress) -> str:
    """What opens next, and with what."""
    t = tongue(language)
    if progress.next_rung is None:
        return t.gettext("You stand on the last rung. Thank you for leading.")
    rung = names.quoted(names.rung(progress.next_rung, language))
    wanted = _missing(language, progress)
    if not wanted:
        return t.gettext("Next opens: *{rung}*.").format(rung=rung)
    return t.gettext("Next opens *{rung}*, with {what}.").format(rung=rung, what=names.all_of(wanted, language))


def _missing(language: str, progress: Progress) -> list[str]:
    t = tongue(language)
    wanted = []
    if count := progress.missing_actions:
        wanted.append(t.ngettext("{count} more action", "{count} more actions", count).format(count=count))
    if count := progress.missing_kinds:
        wanted.append(
            t.ngettext("{count} new kind of action", "{count} new kinds of action", count).format(count=count)
        )
    if count := progress.missing_verified:
        wanted.append(t.ngettext("{count} confirmed action", "{count} confirmed actions", count).format(count=count))
    if progress.needs_ethics:
        wanted.append(t.gettext("a yes to the shared ground rules"))
    return wanted


@dataclass(frozen=True, slots=True)
class Together:
    """What all did for one cause: how many people, how many actions, and what it adds up to in words."""

    cause: str
    people: int
    actions: int
    added: str = ""


def impact(language: str, totals: Sequence[Together], mine: int) -> Message:
    """What all did together, for each cause; few people are not counted out loud."""
    t = tongue(language)
    parts = [t.gettext("**What we did together**")]
    for one in totals:
        if one.people < FEWEST:
            told = t.gettext("fewer than 10 people so far; every one counts")
        else:
            told = t.ngettext("{count} action", "{count} actions", one.actions).format(count=one.actions)
            told += " · " + t.ngettext("{count} person", "{count} people", one.people).format(count=one.people)
        parts.append("\n".join(filter(None, (f"**{names.quoted(one.cause)}**", told, one.added))))
    if not totals:
        parts.append(t.gettext("You follow no cause yet; /causes shows what there is."))
    if mine:
        parts.append(
            t.ngettext("{count} of these actions is yours.", "{count} of these actions are yours.", mine).format(
                count=mine
            )
        )
    return Message("\n\n".join(parts), language=language)
