"""Less, pause, stop, and the way back."""

from collections.abc import Sequence
from datetime import date

from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import tongue


def less(language: str, frequency: str, before: str) -> Message:
    """The rhythm just became slower."""
    t = tongue(language)
    words = t.gettext("Fewer messages from now on: **{rhythm}**.").format(rhythm=names.frequency(frequency, language))
    row = (
        Button(t.gettext("Undo"), press=f"set:freq:{before}"),
        Button(t.gettext("Pause"), press="pause"),
    )
    return Message(words, buttons=(row,), language=language)


def least(language: str) -> Message:
    """The rhythm is the slowest already."""
    t = tongue(language)
    row = (Button(t.gettext("Pause"), press="pause"), Button(t.gettext("Stop"), press="stop"))
    words = t.gettext("You hear from me once a week already; that is the least. You can pause until a day, or stop.")
    return Message(words, buttons=(row,), language=language)


def pause_until(language: str, days: Sequence[tuple[int, date]]) -> Message:
    """Until which day to rest."""
    t = tongue(language)
    rows = tuple((Button(names.short_day(day, language), press=f"pause:{count}"),) for count, day in days)
    words = t.gettext("Until which day shall I be silent? Tap one, or write a date like {example}.").format(
        example=days[-1][1].isoformat()
    )
    return Message(words, buttons=rows, language=language)


def bad_day(language: str, example: date) -> Message:
    """Not a day that a pause can last until."""
    t = tongue(language)
    words = t.gettext("I need a day to come, within the next year, like {example}.").format(example=example.isoformat())
    return Message(words, language=language)


def paused(language: str, until: date) -> Message:
    """Silence until a day."""
    t = tongue(language)
    words = t.gettext("Resting until **{day}**. Nothing comes before; your path waits for you.").format(
        day=names.short_day(until, language)
    )
    return Message(words, buttons=((Button(t.gettext("Go on now"), press="resume"),),), language=language)


def resumed(language: str) -> Message:
    """The pause is over."""
    t = tongue(language)
    return Message(t.gettext("Good, I am awake again. Your next story comes at your usual hour."), language=language)


def stopped(language: str) -> Message:
    """Everything has stopped; what is there instead, and the way back."""
    t = tongue(language)
    words = t.gettext(
        "Stopped. You will hear nothing more from me.\n\n"
        "If it was a slip, say “oops” within a day. Or choose something gentler; /start always brings you back."
    )
    rows = (
        (Button(t.gettext("Oops, undo"), press="oops"),),
        (Button(t.gettext("Once a week instead"), press="instead:weekly"),
         Button(t.gettext("A month's rest instead"), press="instead:pause")),
        (Button(t.gettext("Only mute one cause"), press="instead:mute"),),
        (Button(t.gettext("Erase everything"), press="erase"),),
    )  # fmt: skip
    return Message(words, buttons=rows, language=language)


def still_stopped(language: str) -> Message:
    """Someone who stopped writes something: the way back, and nothing else."""
    t = tongue(language)
    row = (Button(t.gettext("Come back"), press="start", primary=True),)
    return Message(
        t.gettext("You have stopped, so I stay silent. Shall I start again?"), buttons=(row,), language=language
    )


def oops(language: str) -> Message:
    """A stop was taken back."""
    t = tongue(language)
    return Message(t.gettext("No harm done: everything is as it was."), language=language)


def oops_too_late(language: str) -> Message:
    """There is no stop of the last day to take back."""
    t = tongue(language)
    return Message(
        t.gettext("There is nothing to undo from the last day. /start brings you back any time."), language=language
    )


def shall_i_stay(language: str) -> Message:
    """Asked once, after a long silence; without an answer, quiet follows."""
    t = tongue(language)
    words = t.gettext(
        "I have not heard from you for a while, and that is fine. Shall I stay? Without a word from you I keep quiet "
        "from here on."
    )
    rows = (
        (Button(t.gettext("Yes, stay"), press="stay", primary=True), Button(t.gettext("Stop"), press="stop")),
        (Button(t.gettext("Once a week is enough"), press="set:freq:weekly"),),
    )
    return Message(words, buttons=rows, language=language)


def staying(language: str) -> Message:
    """Yes to staying."""
    t = tongue(language)
    return Message(t.gettext("Good, I stay. Your next story comes at your usual hour."), language=language)


def crisis(language: str) -> Message:
    """Words of crisis get a helpline and people, not an ask."""
    t = tongue(language)
    words = t.gettext(
        "That sounds very hard, and I am only a bot. Please talk to someone now: "
        "[findahelpline.com](https://findahelpline.com) lists free helplines in your country, and your local emergency "
        "number is there day and night. You do not have to carry this alone."
    )
    return Message(words, language=language)
