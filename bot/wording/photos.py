"""The words around photos that show that something was done: for who sends them, and for who looks at them."""

from collections.abc import Sequence
from datetime import date

from actions.photos import Reason
from bot.message import Button, Image, Message
from bot.wording import names
from bot.wording.tongue import tongue

NONE_OF_THEM = "none"


def invitation(language: str, number: int) -> Message:
    """A photo would confirm what somebody says they did; said once."""
    t = tongue(language)
    words = t.gettext(
        "A photo would make it count as confirmed; you can send me one within a week. People from the organization look at it, nobody else; the place it was taken is removed. Skipping is fine."
    )
    return Message(words, buttons=((Button(t.gettext("Skip"), press=f"photo:skip:{number}"),),), language=language)


def skipped(language: str, pressed: str) -> list[Message]:
    """No photo."""
    t = tongue(language)
    words = t.gettext("All right. What you did counts as you told me.")
    return [Message(replaces=pressed, language=language), Message(words, language=language)]


def taken(language: str) -> Message:
    """A photo came and is on its way."""
    t = tongue(language)
    words = t.gettext(
        "Thank you for the photo! People from the organization will look at it, and I tell you what they say."
    )
    return Message(words, language=language)


def which(language: str, held: int, choices: Sequence[tuple[int, str, date]]) -> Message:
    """A photo came, and several things it may show; each with its number, title and day."""
    t = tongue(language)
    rows = [
        (Button(f"{title} · {names.day(day, language)}", press=f"photo:for:{held}:{number}"),)
        for number, title, day in choices
    ]
    rows.append((Button(t.gettext("None of these"), press=f"photo:skip:{held}"),))
    return Message(t.gettext("Thank you! What does the photo show?"), buttons=tuple(rows), language=language)


def not_kept(language: str, pressed: str) -> list[Message]:
    """A photo that shows nothing that was asked about."""
    t = tongue(language)
    words = t.gettext("All right, I do not keep it.")
    return [Message(replaces=pressed, language=language), Message(words, language=language)]


def one_is_enough(language: str) -> Message:
    """A second photo while the first waits."""
    t = tongue(language)
    words = t.gettext("I have a photo of yours already, and one is enough. I tell you as soon as it was looked at.")
    return Message(words, language=language)


def too_late(language: str) -> Message:
    """An old button."""
    t = tongue(language)
    return Message(t.gettext("That is settled already. /me shows what counts."), language=language)


def not_taken(language: str, why: str) -> Message:
    """A file that is not taken as a photo, and what would be."""
    t = tongue(language)
    words = {
        "big": t.gettext("That file is larger than 10 MB. Please send a smaller one; photos are small enough as a rule."),
        "kind": t.gettext("I cannot open that as a photo. Please send a JPEG or PNG."),
        "lost": t.gettext("I could not fetch your photo. I am sorry; please send it once more."),
    }  # fmt: skip
    return Message(words[why], language=language)


def accepted(language: str, title: str) -> str:
    """A photo confirms what was claimed."""
    t = tongue(language)
    return t.gettext("Your photo was looked at: *{title}* counts as confirmed now. Thank you!").format(
        title=names.quoted(title)
    )


def declined(language: str, title: str, reason: Reason) -> Message:
    """A photo was declined, kindly and with the reason."""
    t = tongue(language)
    another = t.gettext(
        "You can send another one within a week, if you like; what you did counts as you told me either way."
    )
    words = {
        "unclear": t.gettext(
            "Thank you for your photo for *{title}*. People looked at it with care and could not make out what it shows."
        ),
        "person": t.gettext(
            "Thank you for your photo for *{title}*. It shows someone who may not want to be seen, so it was deleted."
        ),
        "other": t.gettext(
            "Thank you for your photo for *{title}*. It seems to show something else, so I no longer count this one. If that is a mistake, or you do it another day, tell me with /act and send another photo."
        ),
    }[reason].format(title=names.quoted(title))
    return Message(words if reason == "other" else f"{words} {another}", language=language)


def waiting(language: str, count: int) -> Button:
    """The way to the photos that wait."""
    t = tongue(language)
    label = t.ngettext("{count} photo waiting", "{count} photos waiting", count).format(count=count)
    return Button(label, press="photos")


def to_look_at(language: str, source: str, number: int, title: str, day: date, count: int) -> Message:
    """One photo with what it is to show; of who sent it nothing is told."""
    t = tongue(language)
    head = t.ngettext("**{count} photo waits.**", "**{count} photos wait.**", count).format(count=count)
    words = t.gettext("Does it show this? *{title}* · {day}").format(
        title=names.quoted(title), day=names.short_day(day, language)
    )
    image = Image(source, t.gettext("A photo somebody sent for: {title}").format(title=title))
    return Message(f"{head}\n\n{words}", buttons=decision(language, number), image=image, language=language)


def decision(language: str, number: int) -> tuple[tuple[Button, ...], ...]:
    """What there is to decide about a photo."""
    t = tongue(language)
    return (
        (
            Button(t.gettext("Accept ✓"), press=f"photos:yes:{number}", primary=True),
            Button(t.gettext("Not this one"), press=f"photos:no:{number}"),
        ),
        (Button(t.gettext("Next"), press=f"photos:next:{number}"),),
    )


def reasons(language: str, number: int, pressed: str) -> Message:
    """Why a photo is declined; its person is told so."""
    t = tongue(language)
    labels = {
        "unclear": t.gettext("I cannot make it out"),
        "other": t.gettext("It shows another thing"),
        "person": t.gettext("Someone may not want to be on it"),
    }
    rows = [(Button(label, press=f"photos:no:{number}:{reason}"),) for reason, label in labels.items()]
    rows.append((Button(t.gettext("Back"), press=f"photos:back:{number}"),))
    return Message(replaces=pressed, buttons=tuple(rows), notice=t.gettext("Why not?"), language=language)


def again(language: str, number: int, pressed: str) -> Message:
    """Back from the reasons."""
    return Message(replaces=pressed, buttons=decision(language, number), language=language)


def decided(language: str, pressed: str, *, accepted: bool) -> Message:
    """A decision is noted; its buttons go."""
    t = tongue(language)
    notice = t.gettext("Accepted, and told.") if accepted else t.gettext("Declined, and told kindly.")
    return Message(replaces=pressed, notice=notice, language=language)


def decided_before(language: str, pressed: str) -> list[Message]:
    """Somebody else was quicker, or the claim was taken back."""
    t = tongue(language)
    words = t.gettext("That photo is settled already: somebody else decided, or it was taken back.")
    return [Message(replaces=pressed, language=language), Message(words, language=language)]


def no_more(language: str) -> Message:
    """Nothing (more) to look at."""
    return Message(tongue(language).gettext("No more photos wait. Thank you!"), language=language)
