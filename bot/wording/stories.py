"""The words around stories that people tell, and their drafts."""

from collections.abc import Sequence

from actions.facts import Ref
from bot.message import Button, Document, Field, Form, Message
from bot.wording import names
from bot.wording.tongue import LANGUAGES, tongue
from content.text import escape
from storage.catalog import Stock
from storage.drafts import Draft


def which_cause(stock: Stock, language: str, causes: Sequence[Ref]) -> Message:
    """The invitation, and the question what it is about."""
    t = tongue(language)
    words = t.gettext(
        "Your own story can move others more than mine. Nobody sees it before a person has read it. What is it about?"
    )
    rows = [
        (Button(names.cause(stock, ref, language), press=f"story:cause:{stock.causes[ref]}"),) for ref in causes[:10]
    ]
    return Message(words, buttons=(*rows, (_never_mind(language),)), language=language)


def _never_mind(language: str) -> Button:
    return Button(tongue(language).gettext("Never mind"), press="story:cancel")


def tell_me(language: str, cause: str, pressed: str) -> Message:
    """The cause is chosen; now the story."""
    t = tongue(language)
    words = t.gettext("*{cause}*. Tell me in your own words, in one message. How did you come to it? What did you see?")
    words += " " + t.gettext("Nobody sees it before a person has read it.")
    return Message(
        words.format(cause=names.quoted(cause)),
        buttons=((_never_mind(language),),),
        replaces=pressed,
        language=language,
    )


def form(language: str, causes: Sequence[tuple[str, str]], most: int) -> Form:
    """The same as a form."""
    t = tongue(language)
    return Form(
        "story",
        t.gettext("Tell a story"),
        t.gettext("Send"),
        (
            Field("cause", t.gettext("What is it about?"), "choice", causes[0][0] if causes else "", tuple(causes)),
            Field("text", t.gettext("Your story, in your own words"), "long", most=most,
                  hint=t.gettext("Nobody sees it before a person has read it.")),
            Field("name", t.gettext("A name to show with it"), "text", most=64, optional=True,
                  hint=t.gettext("Leave it empty to stay without a name.")),
        ),
    )  # fmt: skip


def draft_form(language: str, causes: Sequence[tuple[str, str]], text: str, most: int) -> Form:
    """A message as the beginning of a story."""
    t = tongue(language)
    return Form(
        "draft",
        t.gettext("Make it a story"),
        t.gettext("Keep as draft"),
        (
            Field("cause", t.gettext("What is it about?"), "choice", causes[0][0], tuple(causes)),
            Field("text", t.gettext("The story"), "long", text, most=most,
                  hint=t.gettext("Ask whoever wrote it whether they agree.")),
            Field("name", t.gettext("A name to show with it"), "text", most=64, optional=True),
            Field("lang", t.gettext("Language"), "choice", language,
                  tuple((code, names.itself(code)) for code in LANGUAGES)),
        ),
    )  # fmt: skip


def thanks(language: str) -> Message:
    """A story is kept."""
    t = tongue(language)
    return Message(
        t.gettext("Thank you, your story is kept. An organizer reads it, and I tell you what becomes of it."),
        language=language,
    )


def kept(language: str, waiting: int) -> Message:
    """A draft is kept."""
    t = tongue(language)
    words = t.ngettext("Kept. {count} draft waits now.", "Kept. {count} drafts wait now.", waiting).format(
        count=waiting
    )
    return Message(words, buttons=((Button(t.gettext("See the drafts"), press="drafts"),),), language=language)


def enough(language: str) -> Message:
    """So many stories of one person wait already."""
    t = tongue(language)
    return Message(
        t.gettext("Several stories of yours are waiting to be read. Please tell the next one after that."),
        language=language,
    )


def too_short(language: str) -> Message:
    """What was written is hardly a story."""
    t = tongue(language)
    words = t.gettext("Tell me a little more: two or three sentences are enough.")
    return Message(words, buttons=((_never_mind(language),),), language=language)


def too_long(language: str, least: int, most: int) -> Message:
    """What was written is longer than a chat can tell."""
    return Message(wrong_length(language, least, most), buttons=((_never_mind(language),),), language=language)


def never_mind(language: str, pressed: str) -> Message:
    """No story today."""
    t = tongue(language)
    return Message(t.gettext("All right. /story is there whenever you like."), replaces=pressed, language=language)


def choose_cause(language: str) -> str:
    """No cause was chosen."""
    return tongue(language).gettext("Please choose one of the list.")


def wrong_length(language: str, least: int, most: int) -> str:
    """A story that is too short, or too long."""
    t = tongue(language)
    return t.gettext("Between {least} and {most} characters, please.").format(least=least, most=most)


def wrong_name(language: str, most: int) -> str:
    """A name that is too long."""
    t = tongue(language)
    return t.gettext("At most {most} characters, on one line, please.").format(most=most)


def for_organizers(language: str) -> Message:
    """Somebody without a role wants to read or make drafts."""
    t = tongue(language)
    return Message(t.gettext("Drafts are for organizers. Your own story is welcome: /story"), language=language)


def nothing_to_make(language: str) -> Message:
    """The form could not be opened in time."""
    t = tongue(language)
    return Message(
        t.gettext("The form did not open in time. Please try it on the message once more."), language=language
    )


def draft(stock: Stock, language: str, found: Draft, waiting: int, pressed: str) -> Message:
    """One draft, with what an organizer can do about it."""
    t = tongue(language)
    about = (
        names.cause(stock, found.cause, language)
        if found.cause and found.cause in stock.shelf.causes
        else t.gettext("no cause")
    )
    by = found.name or t.gettext("without a name")
    head = t.ngettext("**{count} draft waits.**", "**{count} drafts wait.**", waiting).format(count=waiting)
    line = f"*{names.quoted(about)}* · {names.quoted(by)} · {names.short_day(found.at.date(), language)}"
    quote = "\n".join(f"> {escape(row)}" if row.strip() else ">" for row in found.text.splitlines())
    rows: tuple[tuple[Button, ...], ...] = (
        (
            Button(t.gettext("As YAML"), press=f"drafts:yaml:{found.id}"),
            Button(t.gettext("Taken over ✓"), press=f"drafts:used:{found.id}", primary=True),
        ),
        (
            Button(t.gettext("Decline"), press=f"drafts:no:{found.id}"),
            Button(t.gettext("Next"), press=f"drafts:next:{found.id}"),
        ),
    )
    if not found.text:
        quote, rows = t.gettext("This one cannot be read: it was written under another secret."), rows[1:]
    return Message(f"{head}\n\n{line}\n\n{quote}", buttons=rows, replaces=pressed, language=language)


def no_more(language: str, pressed: str) -> Message:
    """There is nothing (more) to read."""
    t = tongue(language)
    return Message(t.gettext("No more drafts wait."), replaces=pressed, language=language)


def as_yaml(language: str, document: Document) -> Message:
    """A draft to paste into a pack."""
    t = tongue(language)
    return Message(t.gettext("Paste this into your pack, under *stories*."), document=document, language=language)


def became(language: str, *, used: bool) -> Message:
    """What became of somebody's story."""
    t = tongue(language)
    if used:
        return Message(
            t.gettext("Your story was taken over: it will be told to others. Thank you for it!"), language=language
        )
    words = t.gettext(
        "Your story was read with care. It will not be told further this time. Thank you for trusting us with it."
    )
    return Message(words, language=language)
