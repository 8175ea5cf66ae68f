"""The first talk: who I am, what you care about, how often, when."""

from collections.abc import Sequence, Set
from datetime import time

from actions.facts import Ref
from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import LANGUAGES, tongue
from storage.catalog import Stock

HOURS = (time(8, 0), time(12, 30), time(18, 0), time(20, 30))
FREQUENCIES = ("daily", "weekdays", "three", "weekly")


def greeting(
    stock: Stock, language: str, causes: Sequence[Ref], chosen: Set[Ref], *, replaces: str = "", workplace: bool = False
) -> Message:
    """Hello, with the causes to choose from and the other languages."""
    t = tongue(language)
    words = [
        t.gettext("Hello, I am **Kindling**."),
        t.gettext(
            "I bring you one short story a day about what you care about, and now and then one small thing you can do about it."
        ),
        t.gettext("**What do you care about?** Tap one or more, or write a word to search."),
        t.gettext(
            "*I keep only what you choose and do here. /privacy shows it, /stop ends it. For people of 16 and over.*"
        ),
    ]
    if workplace:
        words.append(t.gettext("*This is a workplace chat: your employer may be able to read it.*"))
    if not causes:
        words[2] = t.gettext("No causes are here yet. An organizer will load some soon; write /start then.")
    rows = [cause_row(stock, language, ref, chosen) for ref in causes]
    if chosen:
        rows.append((Button(t.gettext("Continue"), press="join:go", primary=True),))
    rows.append(tuple(Button(names.itself(code), press=f"join:lang:{code}") for code in LANGUAGES if code != language))
    return Message("\n\n".join(words), buttons=tuple(rows), replaces=replaces, language=language)


def cause_row(stock: Stock, language: str, ref: Ref, chosen: Set[Ref]) -> tuple[Button, ...]:
    """A cause as a button that can be ticked."""
    tick = "✓ " if ref in chosen else ""
    return (Button(tick + names.cause(stock, ref, language), press=f"join:cause:{stock.causes[ref]}"),)


def found(stock: Stock, language: str, causes: Sequence[Ref], chosen: Set[Ref], word: str) -> Message:
    """The causes that answer to a word."""
    t = tongue(language)
    if not causes:
        return Message(
            t.gettext("I found nothing for “{word}”. Try another word, or tap one of the causes above.").format(
                word=names.echoed(word)
            ),
            language=language,
        )
    rows = [cause_row(stock, language, ref, chosen) for ref in causes]
    return Message(t.gettext("This is what I found:"), buttons=tuple(rows), language=language)


def choose_first(language: str) -> Message:
    """Nothing was chosen yet."""
    t = tongue(language)
    return Message(notice=t.gettext("Tap at least one cause first."), language=language)


def rhythm(language: str, *, replaces: str = "") -> Message:
    """How often to write."""
    t = tongue(language)
    words = t.gettext("**How often may I write?** A story each time; asks are rarer, three a week at the most.")
    rows = tuple((Button(names.frequency(name, language), press=f"join:freq:{name}"),) for name in FREQUENCIES)
    return Message(words, buttons=rows, replaces=replaces, language=language)


def hour(language: str, clock_there: str, zone: str, *, replaces: str = "") -> Message:
    """At what hour, and in which zone."""
    t = tongue(language)
    words = (
        t.gettext("**At what time of day?** Or write one, like 7:45.")
        + "\n\n"
        + t.gettext("I take it that it is {time} where you are ({place}).").format(
            time=clock_there, place=names.quoted(place(zone))
        )
    )
    hours = tuple(Button(names.clock(at, language), press=f"join:hour:{at.hour * 60 + at.minute}") for at in HOURS)
    other = Button(t.gettext("It is another time here"), press="join:zone")
    return Message(words, buttons=(hours[:2], hours[2:], (other,)), replaces=replaces, language=language)


def place(zone: str) -> str:
    """The city of a zone's name, as a hint: Berlin."""
    return zone.rpartition("/")[2].replace("_", " ")


def where(language: str) -> Message:
    """Which zone the person is in."""
    t = tongue(language)
    return Message(
        t.gettext("What time is it where you are (like 14:05), or which large city is near you?"), language=language
    )


def zones(language: str, found_zones: Sequence[str], prefix: str) -> Message:
    """The zones that answer to a city or a time."""
    t = tongue(language)
    if not found_zones:
        return Message(
            t.gettext("I do not know that place. Write a large city near you in English, or the time it is there, like 14:05."),
            language=language,
        )  # fmt: skip
    rows = tuple((Button(place(zone), press=f"{prefix}:{zone}"),) for zone in found_zones)
    return Message(t.gettext("Which one is nearest?"), buttons=rows, language=language)


def ready(language: str, frequency: str, at: time, *, replaces: str = "") -> Message:
    """All is set; the first story follows."""
    t = tongue(language)
    words = t.gettext(
        "Done: **{rhythm}**, around **{time}**. Change it any time under /settings. Here is your first story."
    ).format(rhythm=names.frequency(frequency, language), time=names.clock(at, language))
    return Message(words, replaces=replaces, language=language)


def welcome_back(language: str, standing: Sequence[tuple[str, str]] = ()) -> Message:
    """Someone known writes /start again; `standing` are causes with the rung they stand on."""
    t = tongue(language)
    row = (
        Button(t.gettext("Something to do"), press="act", primary=True),
        Button(t.gettext("My path"), press="me"),
        Button(t.gettext("Causes"), press="causes"),
    )
    words = [t.gettext("Good to see you again."), *_standing(language, standing), t.gettext("What would you like?")]
    return Message(" ".join(words), buttons=(row,), language=language)


def _standing(language: str, standing: Sequence[tuple[str, str]]) -> list[str]:
    t = tongue(language)
    places = [
        t.gettext("*{cause}*: {rung}").format(cause=names.quoted(cause), rung=names.quoted(names.rung(rung, language)))
        for cause, rung in standing
    ]
    return [t.gettext("You stand where you stood – {places}.").format(places=" · ".join(places))] if places else []


def back_again(language: str, standing: Sequence[tuple[str, str]] = ()) -> Message:
    """Someone who had stopped is back, where they stood."""
    t = tongue(language)
    row = (
        Button(t.gettext("Something to do"), press="act", primary=True),
        Button(t.gettext("My path"), press="me"),
        Button(t.gettext("Settings"), press="settings"),
    )
    words = [
        t.gettext("Welcome back! Everything is as you left it, and your next story comes at your usual hour."),
        *_standing(language, standing),
    ]
    return Message(" ".join(words), buttons=(row,), language=language)
