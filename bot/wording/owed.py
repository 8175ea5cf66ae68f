"""The words for organizers around results: which are owed, writing one, the last look before it goes."""

from collections.abc import Mapping, Sequence
from datetime import date

from actions.limits import ALERT_LETTERS
from actions.owing import Debt
from bot.message import Button, Message
from bot.wording import names, results
from bot.wording.tongue import base, tongue
from content.text import shorten
from storage.results import Result

LABEL = 40
LISTED = 10

Titled = tuple[str, Debt]
"""A debt with its action's title."""


def way(language: str, count: int) -> tuple[Button, ...]:
    """The button under how things stand."""
    t = tongue(language)
    label = t.ngettext("{count} result owed", "{count} results owed", count).format(count=count)
    return (Button(label, press="owed"),)


def overview(
    debts: Sequence[Titled], numbers: Mapping[str, int], today: date, language: str, *, replaces: str = ""
) -> Message:
    """All debts, the longest due first, each with a button; `numbers` are the actions'."""
    t = tongue(language)
    if not debts:
        words = t.gettext("No result is owed at the moment.")
        return Message(words, replaces=replaces, language=language)
    words = t.gettext(
        "**Results owed.** These people acted and were promised to hear what came of it. Choose one to tell it:"
    )
    lines = "\n".join(_line(title, debt, today, language) for title, debt in debts[:LISTED])
    rows = [
        (Button(shorten(title, LABEL), press=f"owed:tell:{numbers[debt.action]}"),) for title, debt in debts[:LISTED]
    ]
    return Message(f"{words}\n\n{lines}", buttons=tuple(rows), replaces=replaces, language=language)


def _line(title: str, debt: Debt, today: date, language: str) -> str:
    t = tongue(language)
    people = t.ngettext("{count} person", "{count} people", debt.people).format(count=debt.people)
    by = names.short_day(debt.by, language)
    late = t.gettext("overdue since {day}") if debt.is_overdue(today) else t.gettext("due by {day}")
    return f"- *{names.quoted(title)}*: {people}, {late.format(day=by)}"


def reminder(debts: Sequence[Titled], today: date, language: str) -> Message:
    """What organizers are reminded of."""
    t = tongue(language)
    words = t.gettext("People acted and wait to hear what came of it. If it did not work, that is worth telling too.")
    lines = "\n".join(_line(title, debt, today, language) for title, debt in debts)
    row = (Button(t.gettext("Results owed"), press="owed", primary=True),)
    return Message(f"{words}\n\n{lines}", buttons=(row,), language=language)


def write(title: str, language: str, *, replaces: str = "") -> Message:
    """Now the words."""
    t = tongue(language)
    asked = t.gettext(
        "What came of *{title}*? Write it in one message of at most {most} characters, plainly, with what comes next. "
        "Nothing is sent yet."
    )
    words = asked.format(title=names.quoted(title), most=ALERT_LETTERS)
    return Message(words, buttons=((_never_mind(language),),), replaces=replaces, language=language)


def _never_mind(language: str, number: int = 0) -> Button:
    label = tongue(language).gettext("Never mind")
    return Button(label, press=f"owed:drop:{number}" if number else "owed:drop")


def wrong_length(count: int, language: str) -> Message:
    """What was written is too long; the question stays open."""
    t = tongue(language)
    said = t.gettext("That is {count} characters; at most {most}, please. Write it once more.")
    words = said.format(count=count, most=ALERT_LETTERS)
    return Message(words, buttons=((_never_mind(language),),), language=language)


def how_did_it_go(number: int, language: str) -> Message:
    """The words are there; did it work?"""
    t = tongue(language)
    row = tuple(
        Button(results.outcome(kind, language), press=f"owed:{kind}:{number}") for kind in ("win", "partial", "setback")
    )
    words = t.gettext("Kept. How did it go? It stands above your words.")
    return Message(words, buttons=(row, (_never_mind(language, number),)), language=language)


def preview(result: Result, sample: Message, readers: Mapping[str, int], language: str) -> list[Message]:
    """What people will read, how many they are, in which languages; and the button that sends."""
    t = tongue(language)
    people = sum(readers.values())
    each = names.all_of(
        [f"{names.itself(code)} {count}" for code, count in sorted(readers.items(), key=lambda one: -one[1])], language
    )
    words = t.ngettext(
        "**{count} person** who did this will read it, once, outside their quiet hours.",
        "**{count} people** who did this will read it, once, outside their quiet hours.",
        people,
    ).format(count=people)
    words += f" ({each})"
    if not people:
        words = t.gettext("Nobody who did this can be reached now; those who do it from now on will read it.")
    foreign = [code for code in readers if base(code) not in {base(one) for one in result.texts}]
    if foreign:
        others = names.all_of([names.itself(code) for code in foreign], language)
        written = names.itself(next(iter(result.texts)))
        told = t.gettext("It is written in {language}; readers of {others} get it as it is, with a line that says so.")
        words += " " + told.format(language=written, others=others)
    send = Button(t.gettext("Send"), press=f"owed:send:{result.id}", primary=True)
    again = Button(t.gettext("Write it anew"), press=f"owed:anew:{result.id}")
    buttons = ((send,), (again, _never_mind(language, result.id)))
    return [sample, Message(words, buttons=buttons, language=language)]


def sent(language: str, *, replaces: str = "") -> Message:
    """It goes out."""
    words = tongue(language).gettext("It is on its way to those who did this. Thank you for telling them.")
    return Message(words, replaces=replaces, language=language)


def dropped(language: str, *, replaces: str = "") -> Message:
    """Not now."""
    t = tongue(language)
    return Message(
        t.gettext("All right. Nothing was sent; /organize shows what is owed."), replaces=replaces, language=language
    )


def too_late(language: str) -> Message:
    """It was sent, told or thrown away in the meantime."""
    return Message(tongue(language).gettext("That was told or put aside already."), language=language)
