"""The settings and their choices."""

from collections.abc import Sequence
from datetime import time
from typing import get_args

from actions.facts import Person, Rhythm
from bot.message import Button, Message
from bot.wording import names
from bot.wording.onboarding import FREQUENCIES, HOURS, place
from bot.wording.tongue import LANGUAGES, tongue
from content.model import ActionKind

MINUTES = (2, 5, 10, 20, 30, 60)
ASKS = (0, 1, 3, 7)
QUIET = ((21, 8), (22, 7), (23, 6), (0, 0))
KINDS: tuple[str, ...] = get_args(ActionKind)


def zone_is_gone(zone: str, language: str) -> Message:
    """A person's time zone is in no list any more: which one shall it be?"""
    t = tongue(language)
    words = t.gettext(
        "There is no time zone called {zone} any more. I keep to the hour you know. "
        "Please choose a zone, so that it stays right when the clocks change."
    ).format(zone=names.quoted(place(zone)))
    return Message(words, buttons=((Button(t.gettext("Time zone"), press="set:zone"),),), language=language)


def overview(person: Person, clock_there: str, *, replaces: str = "") -> Message:
    """All settings with their values; each opens its choices."""
    language, rhythm = person.language, person.rhythm
    t = tongue(language)
    lines = [
        (t.gettext("Rhythm"), names.frequency(rhythm.frequency, language), "freq"),
        (t.gettext("Time"), names.clock(rhythm.hour, language), "hour"),
        (t.gettext("Time zone"), f"{place(rhythm.zone)} ({clock_there})", "zone"),
        (t.gettext("Quiet hours"), quiet_words(rhythm, language), "quiet"),
        (t.gettext("Minutes a day"), names.minutes(rhythm.minutes, language), "min"),
        (t.gettext("Asks a week"), str(rhythm.asks), "asks"),
        (t.gettext("Kinds left out"), _unwanted(person), "kinds"),
        (t.gettext("Alerts"), on_off(person.alerts, language), "alerts"),
        (t.gettext("Language"), names.itself(language), "lang"),
    ]
    words = (
        t.gettext("**Settings**")
        + "\n\n"
        + "\n".join(f"- {name}: **{names.quoted(value)}**" for name, value, _ in lines)
    )
    buttons = [Button(name, press=f"set:{key}") for name, _, key in lines]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    return Message(words, buttons=rows, replaces=replaces, language=language)


def quiet_words(rhythm: Rhythm, language: str) -> str:
    """The quiet hours as a span, or that there are none."""
    t = tongue(language)
    if rhythm.quiet_from == rhythm.quiet_until:
        return t.gettext("none")
    return f"{names.clock(rhythm.quiet_from, language)} – {names.clock(rhythm.quiet_until, language)}"


def on_off(on: bool, language: str) -> str:
    """A switch in words."""
    t = tongue(language)
    return t.gettext("on") if on else t.gettext("off")


def _unwanted(person: Person) -> str:
    t = tongue(person.language)
    kinds = [names.kind(kind, person.language) for kind in KINDS if kind in person.unwanted]
    return names.all_of(kinds, person.language) or t.gettext("none")


def choices(person: Person, key: str, *, replaces: str = "") -> Message:
    """The choices of one setting.

    Raises `KeyError` for a setting there is not.
    """
    language = person.language
    t = tongue(language)
    questions = {
        "freq": t.gettext("How often may I write?"),
        "hour": t.gettext("At what time of day? Tap one, or write one, like 7:45."),
        "quiet": t.gettext("In which hours shall nothing come?"),
        "min": t.gettext("How many minutes a day do you have for this? A story and its ask never take longer."),
        "asks": t.gettext("How many asks a week at the most? Stories come all the same."),
        "kinds": t.gettext("Tap a kind of action to leave it out (✗), or to have it again."),
        "alerts": t.gettext(
            "Shall organizers reach you outside your rhythm, when something cannot wait? "
            "At most two such messages a week, never in your quiet hours."
        ),
        "weeks": t.gettext("Shall your path count the weeks in which you did something? Only you see it."),
        "lang": t.gettext("In which language?"),
    }
    rows = _choices(person, key)
    back = (Button(t.gettext("Back"), press="settings"),)
    return Message(questions[key], buttons=(*rows, back), replaces=replaces, language=language)


def _choices(person: Person, key: str) -> Sequence[tuple[Button, ...]]:
    language = person.language
    if key == "kinds":
        return [tuple(_kind_button(person, kind) for kind in KINDS[at : at + 2]) for at in range(0, len(KINDS), 2)]
    labels: dict[str, list[tuple[str, str]]] = {
        "freq": [(names.frequency(name, language), name) for name in FREQUENCIES],
        "hour": [(names.clock(at, language), str(at.hour * 60 + at.minute)) for at in HOURS],
        "quiet": [(_span(start, end, person), f"{start}-{end}") for start, end in QUIET],
        "min": [(names.minutes(count, language), str(count)) for count in MINUTES],
        "asks": [(str(count), str(count)) for count in ASKS],
        "alerts": [(on_off(True, language), "on"), (on_off(False, language), "off")],
        "weeks": [(on_off(True, language), "on"), (on_off(False, language), "off")],
        "lang": [(names.itself(code), code) for code in LANGUAGES],
    }
    buttons = [Button(label, press=f"set:{key}:{value}") for label, value in labels[key]]
    return [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]


def _span(start: int, end: int, person: Person) -> str:
    return quiet_words(Rhythm(quiet_from=time(start), quiet_until=time(end)), person.language)


def _kind_button(person: Person, kind: str) -> Button:
    tick = "✗ " if kind in person.unwanted else ""
    return Button(tick + names.kind(kind, person.language), press=f"set:kinds:{kind}")


def not_a_time(language: str) -> Message:
    """What was written is no time of day."""
    t = tongue(language)
    return Message(t.gettext("I need a time of day, like 7:45 or 18:30."), language=language)


def saved(language: str) -> str:
    """A setting was kept."""
    return tongue(language).gettext("Saved.")
