"""What is kept about a person, and how they take or erase it."""

from bot.message import Button, Document, Message
from bot.wording.tongue import tongue


def overview(language: str) -> Message:
    """What is kept, for how long, and the two buttons that matter."""
    t = tongue(language)
    words = [
        t.gettext("**What I keep about you**"),
        "\n".join(
            [
                t.gettext("- the number of this chat, so that I can write to you; no name, phone or e-mail"),
                t.gettext("- your language, time zone and settings"),
                t.gettext("- the causes you follow, the stories you saw, what you were asked and what you did"),
                t.gettext("- your plans: what, when, where and with whom; what you wrote yourself is encrypted"),
                t.gettext("- the stories you told with /story, encrypted, until you have them erased"),
                t.gettext("- why it matters to you, if you told me, encrypted and for you alone"),
                t.gettext(
                    "- the photos you sent to show what you did, encrypted and without the place they were taken, until 90 days after people of the organization looked at them; they do not learn whose they are"
                ),
            ]
        ),
        t.gettext(
            "What you type is forgotten once it is answered; only the web page keeps your chat for thirty days, so that you can read it again."
        ),
        t.gettext(
            "Nobody else sees what you do here; only totals of ten or more people are ever shown. The causes you follow may tell something about your opinions, so it is all treated as sensitive."
        ),
        t.gettext("You can take everything with you, or have it erased at once. Stopping is /stop."),
    ]
    rows = (
        (Button(t.gettext("Take my data"), press="export"),),
        (Button(t.gettext("Erase everything"), press="erase"),),
    )
    return Message("\n\n".join(words), buttons=rows, language=language)


def export(language: str, content: str) -> Message:
    """Everything about the person, as a file."""
    t = tongue(language)
    return Message(
        t.gettext("Here is everything I keep about you."),
        document=Document("kindling.json", content),
        language=language,
    )


def really_erase(language: str) -> Message:
    """The question before the end."""
    t = tongue(language)
    words = t.gettext(
        "Erase everything about you? Your path, your settings and what you did are gone for good. "
        "Only totals without names stay."
    )
    rows = (
        (Button(t.gettext("Yes, erase everything"), press="erase:yes"),),
        (Button(t.gettext("No, keep it"), press="erase:no", primary=True),),
    )
    return Message(words, buttons=rows, language=language)


def kept(language: str) -> Message:
    """Nothing was erased."""
    t = tongue(language)
    return Message(t.gettext("Nothing was erased."), language=language)


def erased(language: str) -> Message:
    """The last message, sent to a chat nobody is known at any more."""
    t = tongue(language)
    words = t.gettext("Everything about you is erased. Thank you for the time you were here. /start would begin anew.")
    return Message(words, notice=t.gettext("Erased."), language=language, direct=True)
