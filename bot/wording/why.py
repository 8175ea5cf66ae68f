"""Why a message came, in the person's own words: what they follow, what they did, what they set."""

from collections.abc import Iterable
from datetime import date

from actions.facts import Person
from actions.reasons import Reason
from bot.message import Message
from bot.wording import names
from bot.wording.onboarding import place
from bot.wording.tongue import tongue
from storage.catalog import Stock


def why(stock: Stock, person: Person, reasons: Iterable[Reason], *, nudged: bool) -> Message:
    """The reasons of one message, a line each, and what the person can change."""
    language = person.language
    t = tongue(language)
    lines = [told for reason in reasons if (told := line(stock, reason, language))]
    if nudged:
        rhythm = person.rhythm
        lines.append(
            t.gettext("it is your rhythm: {rhythm}, around {time} ({place})").format(
                rhythm=names.frequency(rhythm.frequency, language),
                time=names.clock(rhythm.hour, language),
                place=names.quoted(place(rhythm.zone)),
            )
        )
    words = t.gettext("**You got this because**") + "\n\n" + "\n".join(f"- {line}" for line in lines)
    return Message(
        words + "\n\n" + t.gettext("Change it under /settings or /causes, or write /less."), language=language
    )


def nothing_yet(language: str) -> Message:
    """No message with a reason was sent yet."""
    return Message(tongue(language).gettext("I have not sent you anything yet, beyond my answers."), language=language)


def line(stock: Stock, reason: Reason, language: str) -> str:
    """One reason in the person's words; empty for one that is only told when it is asked about."""
    t = tongue(language)
    if reason.code == "chapter" and reason.about == "1":
        return t.gettext("its story begins here")
    title = names.quoted(_about(stock, reason, language))
    return {
        "follows": t.gettext("you follow *{about}*"),
        "timely": t.gettext("this story belongs to these days"),
        "chapter": t.gettext("it is chapter {about} of its story, and you read the ones before"),
        "evergreen": t.gettext("you had not seen this story yet"),
        "asks-only": t.gettext("you have read all stories of *{about}*"),
        "fits-story": t.gettext("the ask follows from the story"),
        "decision-near": t.gettext("it is about something that is decided on {about}"),
        "step-up": t.gettext("it leads to the next step: *{about}*"),
        "smaller-after-no": t.gettext("you said no to something, so this one is smaller"),
        "new-kind": t.gettext("it is something you have not done lately"),
        "again": t.gettext("you did this before, and it can be done again"),
        "fits-time": t.gettext("it fits the minutes a day that you set"),
        "requested": t.gettext("you asked for something to do"),
    }.get(reason.code, "").format(about=title)  # fmt: skip


def _about(stock: Stock, reason: Reason, language: str) -> str:
    if reason.code in ("follows", "asks-only"):
        return names.cause(stock, reason.about, language)
    if reason.code == "decision-near":
        return names.day(date.fromisoformat(reason.about), language)
    if reason.code == "step-up":
        return names.rung(reason.about, language)
    return reason.about
