"""The words around people's own plans: when, where, with whom; the reminder, and the one question afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from actions.planning_ahead import When
from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import tongue
from storage.catalog import Stock
from storage.intentions import Plan

WORDS_AT_MOST = 200
Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A plan in words; when its reminder comes in the person's own time, and whether that is just an hour before."""

    plan: str
    reminder: datetime | None
    hour_before: bool


def when(ask_id: int, title: str, times: Sequence[When], today: date, language: str, *, replaces: str = "") -> Message:
    """The first tap: when."""
    t = tongue(language)
    words = t.gettext("*{title}*: when does it suit you? Tap, or write a day and a time, like {example}.").format(
        title=names.quoted(title), example=_example(today)
    )
    buttons = [Button(_label(one, today, language), press=f"plan:{ask_id}:when:{_stamp(one)}") for one in times]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    end = (Button(t.gettext("Never mind"), press=f"plan:{ask_id}:forget"),)
    return Message(words, buttons=(*rows, end), replaces=replaces, language=language)


def _stamp(one: When) -> str:
    return f"{one.day:%Y%m%d}{one.at:%H%M}"


def _example(today: date) -> str:
    return f"{(today + timedelta(days=7)).isoformat()} 18:00"


def _label(one: When, today: date, language: str) -> str:
    t = tongue(language)
    clock = names.clock(one.at, language)
    days = (one.day - today).days
    if days == 0:
        return t.gettext("Today, {time}").format(time=clock)
    if days == 1:
        return t.gettext("Tomorrow, {time}").format(time=clock)
    return spoken(one, language)


def spoken(one: When, language: str) -> str:
    """A day and a time: Sat, Mar 7, 10:00."""
    return f"{names.day(one.day, language)}, {names.clock(one.at, language)}"


def not_a_time(opens: date, closes: date, today: date, language: str) -> Message:
    """What was written is no time, or none at which it can be done; the question stays open."""
    t = tongue(language)
    words = t.gettext("I could not make that a time that is still to come. Write it like {example}.").format(
        example=_example(today)
    )
    if opens > today:
        words += " " + t.gettext("It begins on {day}.").format(day=names.short_day(opens, language))
    if closes < date.max:
        words += " " + t.gettext("It is open until {day}.").format(day=names.short_day(closes, language))
    return Message(words, language=language)


def where(ask_id: int, one: When, language: str, *, replaces: str = "") -> Message:
    """The second tap: where."""
    t = tongue(language)
    words = t.gettext("Noted: {when}. Where will you do it? Tap, or write it.").format(when=spoken(one, language))
    return Message(
        words, buttons=_rows(ask_id, "where", places(language), language), replaces=replaces, language=language
    )


def company(ask_id: int, language: str, *, replaces: str = "") -> Message:
    """The third tap: with whom."""
    t = tongue(language)
    words = t.gettext("And with whom? Tap, or write it.")
    return Message(
        words, buttons=_rows(ask_id, "with", companies(language), language), replaces=replaces, language=language
    )


def _rows(ask_id: int, step: str, choices: Mapping[str, str], language: str) -> tuple[Row, ...]:
    t = tongue(language)
    buttons = [Button(label, press=f"plan:{ask_id}:{step}:{code}") for code, label in choices.items()]
    skip = Button(t.gettext("Skip"), press=f"plan:{ask_id}:{step}:skip")
    return (*(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)), (skip,))


def places(language: str) -> dict[str, str]:
    """Where something can be done."""
    t = tongue(language)
    return {"home": t.gettext("at home"), "way": t.gettext("on the way"), "there": t.gettext("at the place")}


def companies(language: str) -> dict[str, str]:
    """With whom."""
    t = tongue(language)
    return {"alone": t.gettext("alone"), "someone": t.gettext("with someone I ask")}


def too_long(language: str) -> Message:
    """A place or a name that is too long; the question stays open."""
    t = tongue(language)
    return Message(t.gettext("At most {most} characters, please.").format(most=WORDS_AT_MOST), language=language)


def whole(one: When, place: str, company: str, language: str) -> str:
    """When, where, with whom, as far as it was said."""
    return " · ".join([spoken(one, language), *(names.quoted(said) for said in (place, company) if said)])


def made(title: str, said: Said, ask_id: int, language: str, *, replaces: str = "") -> Message:
    """The plan, whole."""
    t = tongue(language)
    if said.reminder is None:
        told = t.gettext("That is soon, so there is no reminder before it.")
    elif said.hour_before:
        told = t.gettext("I will remind you an hour before.")
    else:
        at = When(said.reminder.date(), said.reminder.time())
        told = t.gettext("I will remind you: {when}.").format(when=spoken(at, language))
    told += " " + t.gettext("The day after I ask once whether you did it.")
    words = f"*{names.quoted(title)}*\n\n**{said.plan}**\n\n{told}"
    return Message(words, buttons=(_change(ask_id, language),), replaces=replaces, language=language)


def _change(ask_id: int, language: str) -> Row:
    t = tongue(language)
    return (
        Button(t.gettext("Change"), press=f"plan:{ask_id}:change"),
        Button(t.gettext("Forget it"), press=f"plan:{ask_id}:forget"),
    )


def forgotten(language: str, *, replaces: str = "") -> Message:
    """No plan any more."""
    t = tongue(language)
    return Message(
        t.gettext("All right, no plan and no reminder. /act finds it again any time."),
        replaces=replaces,
        language=language,
    )


def reminder(stock: Stock, plan: Plan, language: str) -> Message:
    """The reminder; what was written in own words stays sealed, and can be looked at."""
    t = tongue(language)
    title = names.action(stock.pack(plan.action), plan.action, language)
    said = [spoken(plan.when, language), *coded(plan, language)]
    words = (
        t.gettext("A reminder of your plan: *{title}*.").format(title=names.quoted(title))
        + f"\n\n**{' · '.join(said)}**"
    )
    action = stock.action(plan.action)
    first = [Button(t.gettext("I did it ✓"), press=f"done:{plan.ask_id}", primary=True)]
    if action is not None and action.url is not None:
        first.insert(0, Button(t.gettext("Open"), url=action.url))
    look = (
        (Button(t.gettext("My plan"), press=f"plan:{plan.ask_id}:show"),)
        if plan.place_words or plan.company_words
        else ()
    )
    return Message(words, buttons=(tuple(first), (*look, *_change(plan.ask_id, language))), language=language)


def coded(plan: Plan, language: str) -> list[str]:
    """Where and with whom, as far as it was tapped and not written."""
    said = (places(language).get(plan.place, ""), companies(language).get(plan.company, ""))
    return [one for one in said if one]


def question(stock: Stock, plan: Plan, language: str) -> Message:
    """The one question afterwards."""
    t = tongue(language)
    title = names.action(stock.pack(plan.action), plan.action, language)
    words = t.gettext(
        "You had planned *{title}* for {when}. Did you do it? Either answer is fine; I ask only this once."
    ).format(title=names.quoted(title), when=spoken(plan.when, language))
    rows = (
        (Button(t.gettext("I did it ✓"), press=f"done:{plan.ask_id}", primary=True),),
        (
            Button(t.gettext("Not yet: new plan"), press=f"plan:{plan.ask_id}"),
            Button(t.gettext("Not for me"), press=f"no:{plan.ask_id}"),
        ),
    )
    return Message(words, buttons=rows, language=language)
