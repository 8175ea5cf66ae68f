"""What is said about proof: confirmed, undone, a code asked for; sums of money."""

from babel.numbers import format_currency, get_currency_precision

from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import locale, tongue
from storage.confirming import Change


def money(amount: int, currency: str, language: str) -> str:
    """A sum, given in minor units, as the language writes it."""
    whole = amount / 10 ** get_currency_precision(currency)
    return format_currency(whole, currency, locale=locale(language)).replace("\u202f", "\u00a0")


def confirmed(language: str, title: str, change: Change) -> str:
    """Something is confirmed by its source; a gift has arrived."""
    t = tongue(language)
    title = names.quoted(title)
    if change.amount is None:
        return t.gettext("Confirmed: *{title}*. Thank you!").format(title=title)
    told = t.gettext("Your gift of {amount} for *{title}* has arrived. Thank you!").format(
        amount=money(change.amount, change.currency, language), title=title
    )
    if change.receipt.startswith("https://"):
        receipt = t.gettext("Receipt")
        told += f" [{receipt}](<{change.receipt}>)"
    return told


def undone(language: str, title: str, publisher: str, *, money: bool) -> Message:
    """Something counts no longer, because its source says so; no reproach in it."""
    t = tongue(language)
    title = names.quoted(title)
    words = (
        t.gettext("Your gift for *{title}* was paid back or is held by the bank, so it does not count for now.")
        if money
        else t.gettext("*{title}* could not be confirmed, so it does not count for now. That happens; nothing else changes.")
    )  # fmt: skip
    if publisher:
        words += " " + t.gettext("If you think this is a mistake, {publisher} can look into it.").format(
            publisher=names.quoted(publisher)
        )
    return Message(words.format(title=title), language=language)


def code_wanted(language: str, ask_id: int) -> Message:
    """After "I did it": the word that confirms it."""
    t = tongue(language)
    words = t.gettext(
        "There is a code for this: a word told on the spot, or printed on the receipt. Write it to me and it is "
        "confirmed. Without it, it counts as your word."
    )
    return Message(
        words, buttons=((Button(t.gettext("I have no code"), press=f"code:{ask_id}:none"),),), language=language
    )


def code_later(language: str, pressed: str, ask_id: int) -> Message:
    """No code at hand: fine."""
    t = tongue(language)
    words = t.gettext("Fine. It counts as your word; if you find the code later, there is a button for it.")
    return Message(
        words, replaces=pressed, buttons=((Button(t.gettext("Enter the code"), press=f"code:{ask_id}"),),),
        language=language,
    )  # fmt: skip


def code_wrong(language: str, ask_id: int) -> Message:
    """Not the code."""
    t = tongue(language)
    words = t.gettext("That is not the code for this. Capital letters and spaces do not matter. Try once more?")
    return Message(
        words, buttons=((Button(t.gettext("I have no code"), press=f"code:{ask_id}:none"),),), language=language
    )


def code_used(language: str) -> Message:
    """A code that counts once was used before."""
    t = tongue(language)
    return Message(t.gettext("That code was used already. Each one counts once."), language=language)


def code_pause(language: str) -> Message:
    """Too many wrong codes."""
    t = tongue(language)
    return Message(
        t.gettext("Those were many tries. Let us leave it for an hour; what you did counts as your word anyway."),
        language=language,
    )


def code_right(language: str, title: str) -> str:
    """The code is right."""
    t = tongue(language)
    return t.gettext("That is the code. *{title}* is confirmed. Thank you!").format(title=names.quoted(title))
