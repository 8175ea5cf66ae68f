"""The words of forms, and of what is wrong with what was filled in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from actions.facts import Person
from bot.message import Button, Field, Form, Message
from bot.wording import names
from bot.wording.onboarding import FREQUENCIES
from bot.wording.settings import KINDS, on_off
from bot.wording.tongue import LANGUAGES, tongue

ZONE_AT_MOST = 64


def settings(person: Person, *, weeks: bool = True) -> Form:
    """All settings of a person, filled in as they are."""
    language, rhythm = person.language, person.rhythm
    t = tongue(language)
    return Form(
        "settings",
        t.gettext("Settings"),
        t.gettext("Save"),
        (
            Field("freq", t.gettext("Rhythm"), "choice", rhythm.frequency,
                  tuple((name, names.frequency(name, language)) for name in FREQUENCIES)),
            Field("hour", t.gettext("Time"), "time", _clock(rhythm.hour)),
            Field("zone", t.gettext("Time zone"), "text", rhythm.zone, most=ZONE_AT_MOST,
                  hint=t.gettext("A city, like Madrid, or a zone, like Europe/Madrid")),
            Field("quiet_from", t.gettext("Quiet from"), "time", _clock(rhythm.quiet_from)),
            Field("quiet_until", t.gettext("Quiet until"), "time", _clock(rhythm.quiet_until),
                  hint=t.gettext("The same time twice: no quiet hours")),
            Field("min", t.gettext("Minutes a day"), "number", str(rhythm.minutes), most=60),
            Field("asks", t.gettext("Asks a week"), "number", str(rhythm.asks), most=7),
            Field("kinds", t.gettext("Kinds left out"), "choices", ",".join(sorted(person.unwanted)),
                  tuple((kind, names.kind(kind, language)) for kind in KINDS), optional=True),
            Field("alerts", t.gettext("Alerts"), "choice", "on" if person.alerts else "off",
                  tuple((value, on_off(value == "on", language)) for value in ("on", "off"))),
            Field("weeks", t.gettext("Weeks in your path"), "choice", "on" if weeks else "off",
                  tuple((value, on_off(value == "on", language)) for value in ("on", "off"))),
            Field("lang", t.gettext("Language"), "choice", language,
                  tuple((code, names.itself(code)) for code in LANGUAGES)),
        ),
    )  # fmt: skip


def _clock(at: time) -> str:
    return at.strftime("%H:%M")


def wrong(language: str, name: str) -> str:
    """What is wrong with a field."""
    t = tongue(language)
    known = {
        "hour": t.gettext("I need a time of day, like 7:45 or 18:30."),
        "quiet_from": t.gettext("I need a time of day, like 7:45 or 18:30."),
        "quiet_until": t.gettext("I need a time of day, like 7:45 or 18:30."),
        "min": t.gettext("A number of minutes, from 1 to 60, please."),
        "asks": t.gettext("A number from 0 to 7, please."),
    }
    return known.get(name, t.gettext("Please choose one of the list."))


def which_zone(language: str, found: Sequence[str]) -> str:
    """A place that is not one, or is several."""
    t = tongue(language)
    if found:
        return t.gettext("Which one is it? {zones}").format(zones=", ".join(found[:5]))
    return t.gettext("I do not know that place. Try the nearest large city.")


def saved(overview: Message) -> Message:
    """All settings as they are now."""
    t = tongue(overview.language)
    return replace(overview, text=f"{t.gettext('Saved.')}\n\n{overview.text}", replaces="")


def record(language: str, options: Sequence[tuple[str, str]]) -> Form:
    """What did you do?"""
    t = tongue(language)
    hint = t.gettext("It counts toward your path; only you see it.")
    action = Field("action", t.gettext("What did you do?"), "choice", "", tuple(options), hint)
    return Form("record", t.gettext("Record an action"), t.gettext("Note it"), (action,))


def which_action(language: str, options: Sequence[tuple[str, str]]) -> Message:
    """The same as buttons."""
    t = tongue(language)
    rows = tuple((Button(title, press=f"record:{number}"),) for number, title in options)
    return Message(t.gettext("What did you do?"), buttons=rows, language=language)


def nothing_open(language: str) -> Message:
    """There is no open action to record."""
    t = tongue(language)
    return Message(
        t.gettext("Nothing is open for you at the moment. New things come with your stories."), language=language
    )


def not_open(language: str, why: str) -> str:
    """Why an action cannot be recorded now."""
    t = tongue(language)
    if why == "taken":
        return t.gettext("You told me already, and it counts. Thank you!")
    return t.gettext("That one is not open for you at the moment. Please choose another.")


def with_undo(language: str, ask_id: int, answers: Sequence[Message]) -> list[Message]:
    """Thanks, with the way back beneath."""
    t = tongue(language)
    undo = (Button(t.gettext("Undo"), press=f"undo:{ask_id}"),)
    first, *rest = answers
    return [replace(first, buttons=(*first.buttons, undo)), *rest]
