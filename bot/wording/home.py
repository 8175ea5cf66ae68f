"""The words of a person's own page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from actions.facts import Person
from actions.rhythm import zone
from bot.message import Button, Message
from bot.wording import names, path
from bot.wording.tongue import tongue
from content.text import shorten

A_ROW = 5
CAUSES = 6
STORY_AT_MOST = 2000
"""Letters of a story: beyond them there would be no room on the page for the rest of it."""


def today(told: Message, story: str) -> Message:
    """Today's story and ask, under a heading; a very long story only as its beginning."""
    t = tongue(told.language)
    text = _beginning(story) + told.text[len(story) :]
    return replace(told, text=f"**{t.gettext('Today')}**\n\n{text}")


def _beginning(story: str) -> str:
    if len(story) <= STORY_AT_MOST:
        return story
    first, _, _ = story[:STORY_AT_MOST].rpartition("\n\n")
    return f"{first}\n\n…" if len(first) > STORY_AT_MOST // 2 else shorten(story, STORY_AT_MOST)


def nothing_yet(person: Person, due: datetime | None) -> Message:
    """No story within the last day: when the next one comes, and that there is always something to do."""
    t = tongue(person.language)
    words = t.gettext("Nothing new yet.")
    if due is not None:
        there = due.astimezone(zone(person.rhythm.zone))
        words = t.gettext("Your next story comes on {day}, around {time}.").format(
            day=names.day(there.date(), person.language), time=names.clock(_said(person, there), person.language)
        )
    button = Button(t.gettext("Something to do"), press="act", primary=True)
    return Message(f"**{t.gettext('Today')}**\n\n{words}", buttons=((button,),), language=person.language)


def _said(person: Person, there: datetime) -> time:
    """The time of day to name for a slot: the one its person chose, where it lies within that hour."""
    wished = person.rhythm.hour
    late = (there.hour - wished.hour) * 60 + there.minute - wished.minute
    return wished if 0 <= late < 60 else there.time()


def my_path(language: str, paths: Sequence[path.CausePath]) -> Message:
    """The path in short: for each cause the rung, how much was done, what opens next."""
    if not paths:
        return path.me(language, (), stories=0)
    t = tongue(language)
    first = sorted(paths, key=lambda one: -one.total)[:CAUSES]
    lines = [t.gettext("**Your path**"), *(_cause(language, one) for one in first)]
    if more := len(paths) - len(first):
        lines.append(t.ngettext("and {count} more", "and {count} more", more).format(count=more))
    row = (Button(t.gettext("My path"), press="me"), Button(t.gettext("Causes"), press="causes"))
    return Message("\n\n".join(lines), buttons=(row,), language=language)


def _cause(language: str, one: path.CausePath) -> str:
    t = tongue(language)
    rung = names.quoted(names.rung(one.progress.rung, language))
    here = t.gettext("**{cause}** – you are here: *{rung}*").format(cause=names.quoted(one.cause), rung=rung)
    done = t.ngettext("{count} action", "{count} actions", one.total).format(count=one.total)
    return f"{here} · {done}\n{path.coming(language, one.progress)}"


def in_the_chat(language: str) -> str:
    """A page holds no file."""
    return tongue(language).gettext("Here you are: the file waits in our chat.")


def change(language: str) -> str:
    """The button that opens the settings."""
    return tongue(language).gettext("Change settings")


def commands(language: str, *, organizer: bool) -> Message:
    """Every command as a button."""
    t = tongue(language)
    labels = [
        ("act", t.gettext("Something to do")),
        ("form:record", t.gettext("Record an action")),
        ("form:story", t.gettext("Tell a story")),
        ("causes", t.gettext("Causes")),
        ("me", t.gettext("My path")),
        ("settings", t.gettext("Settings")),
        ("less", t.gettext("Fewer messages")),
        ("mute", t.gettext("Mute a cause")),
        ("pause", t.gettext("Pause")),
        ("stop", t.gettext("Stop")),
        ("invite", t.gettext("Invite friends")),
        ("impact", t.gettext("What we did together")),
        ("why", t.gettext("Why this?")),
        ("link", t.gettext("Join my chats")),
        ("privacy", t.gettext("Privacy")),
        ("help", t.gettext("Help")),
    ]
    if organizer:
        labels.append(("organize", t.gettext("For organizers")))
    buttons = [Button(label, press=press) for press, label in labels]
    rows = tuple(tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW))
    return Message(f"**{t.gettext('Everything you can do')}**", buttons=rows, language=language)
