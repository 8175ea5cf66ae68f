"""Pledge drives: the need that is still open, being in, what binds, what became of it."""

from dataclasses import replace
from datetime import date

from actions.pledging import Drive, Outlook
from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import tongue
from content.model import Action, Pledge
from content.text import choose
from storage.catalog import Stock
from storage.pledges import Standing

Row = tuple[Button, ...]


def need(language: str, terms: Pledge, drive: Drive | None) -> str:
    """How many are in and how many are still needed, near and true; without a drive in sight, only the terms."""
    t = tongue(language)
    if drive is None:
        words = t.gettext("It binds only once {needs} are in, by {day}.")
        return words.format(needs=terms.needs, day=names.day(terms.by, language))
    return _placed(_standing(language, drive), drive, language)


def _placed(words: str, drive: Drive, language: str) -> str:
    return f"{names.quoted(names.place(drive.place, language))}: {words}" if drive.place else words


def _standing(language: str, drive: Drive) -> str:
    t = tongue(language)
    if drive.state == "bound":
        words = t.gettext("It is on: {count} are in. Whoever joins now is in for certain.")
        return words.format(count=drive.counted)
    if not drive.counted:
        words = t.gettext("Be the first of {needs}, by {day}. It binds only once all {needs} are in.")
        return words.format(needs=drive.needs, day=names.day(drive.by, language))
    return _counts(language, drive)


def _counts(language: str, drive: Drive) -> str:
    t = tongue(language)
    words = t.gettext("{who}; {missing} to go by {day}.")
    return words.format(who=_who(language, drive.counted), missing=drive.missing, day=names.day(drive.by, language))


def _who(language: str, count: int) -> str:
    return tongue(language).ngettext("{count} is in", "{count} are in", count).format(count=count)


def join_button(language: str, ask_id: int) -> Button:
    """The primary button of the ask of a pledge drive."""
    t = tongue(language)
    return Button(t.gettext("Count me in"), press=f"pledge:{ask_id}", primary=True)


def joined(language: str, drive: Drive, ask_id: int, pressed: str) -> list[Message]:
    """In, and free to step back until it binds."""
    t = tongue(language)
    words = t.gettext("You are in. Nothing binds until {needs} are; until then you can step back.").format(
        needs=drive.needs
    )
    off = Message(
        replaces=pressed,
        buttons=((Button(t.gettext("In ✓ · Step back"), press=f"undo:{ask_id}"),),),
        notice=t.gettext("You are in."),
        language=language,
    )
    told = _message(f"{words}\n\n{_placed(_counts(language, drive), drive, language)}", language)
    return [off, replace(told, buttons=((_back(language, ask_id),),))]


def _back(language: str, ask_id: int) -> Button:
    t = tongue(language)
    return Button(t.gettext("Step back"), press=f"undo:{ask_id}")


def in_already(language: str, drive: Drive, ask_id: int, outlook: Outlook) -> Message:
    """The same press once more: it counts once; how it stands, and what is to be expected."""
    t = tongue(language)
    counts = _placed(_counts(language, drive), drive, language)
    again = t.gettext("You are in already, and you count once.")
    words = f"{again} {counts} {expected(language, outlook)}"
    return replace(_message(words, language), buttons=((_back(language, ask_id),),))


def expected(language: str, outlook: Outlook) -> str:
    """A forecast, as what it is."""
    t = tongue(language)
    return {
        "likely": t.gettext("If people go on joining like this, it will come about."),
        "open": t.gettext("It hangs in the balance."),
        "unlikely": t.gettext("If people go on joining like this, it will not be enough."),
    }[outlook]


def bound(stock: Stock, language: str, found: Standing, *, reminded: bool) -> Message:
    """It is on: what each one promised counts now."""
    t = tongue(language)
    drive = found.drive
    words = t.gettext(
        "**It is on.** *{title}*: {count} are in, so your promise counts now. Please do it by {day}."
    ).format(title=_title(stock, found, language), count=drive.counted, day=_do_by(drive, language))
    if reminded:
        words += " " + t.gettext("I will remind you once.")
    return replace(_message(_placed(words, drive, language), language), buttons=_ways(stock, language, found))


def _ways(stock: Stock, language: str, found: Standing) -> tuple[Row, ...]:
    action = stock.action(found.action)
    return ((Button(tongue(language).gettext("Open"), url=action.url),),) if action and action.url else ()


def bound_already(stock: Stock, language: str, found: Standing) -> Message:
    """Neither a second press nor a wish to step back changes what binds."""
    t = tongue(language)
    words = t.gettext(
        "*{title}* is on, and others count on it, so it cannot be taken back here. If it does not work out by {day}, just say so when I ask: that is an answer too."
    )
    return _message(words.format(title=_title(stock, found, language), day=_do_by(found.drive, language)), language)


def over(language: str, title: str, by: date) -> Message:
    """Too late: nothing has changed."""
    t = tongue(language)
    words = t.gettext("*{title}* ended on {day}, so nobody can join any more. Nothing has changed for you.")
    return _message(words.format(title=names.quoted(title), day=names.day(by, language)), language)


def stepped_back(language: str, pressed: str, ask_id: int) -> list[Message]:
    """Out again, and welcome to come back."""
    t = tongue(language)
    words = t.gettext("You have stepped back, and nothing binds you. Thank you for thinking about it.")
    again = Button(t.gettext("Count me in after all"), press=f"pledge:{ask_id}")
    return [Message(replaces=pressed, language=language), replace(_message(words, language), buttons=((again,),))]


def released(stock: Stock, language: str, found: Standing, smaller: Action | None) -> Message:
    """Too few came together: everybody is free, with thanks, and a smaller version for those who still want one."""
    t = tongue(language)
    drive = found.drive
    words = t.gettext(
        "*{title}* did not come together: {who} at the end of its day, and it takes {needs}. You owe nothing. Thank you for being ready."
    ).format(title=_title(stock, found, language), who=_who(language, drive.counted), needs=drive.needs)
    message = _message(_placed(words, drive, language), language)
    if smaller is None:
        return message
    title = names.quoted(choose(smaller.title, language, stock.pack(found.action).languages[0]))
    offer = t.gettext("For those who still want to do something there is a smaller version: *{title}*.")
    return replace(
        message,
        text=f"{message.text}\n\n{offer.format(title=title)}",
        buttons=((Button(t.gettext("Show me"), press=f"smaller:{found.id}"),),),
    )


def reminder(stock: Stock, language: str, found: Standing) -> Message:
    """The one reminder."""
    t = tongue(language)
    words = t.gettext("The one reminder: *{title}*, by {day}. {count} of you are in this together.").format(
        title=_title(stock, found, language), day=_do_by(found.drive, language), count=found.drive.counted
    )
    done = Button(t.gettext("Done already ✓"), press=f"kept:yes:{found.id}")
    return replace(_message(words, language), buttons=(*_ways(stock, language, found), (done,)))


def did_you(stock: Stock, language: str, found: Standing) -> Message:
    """The question afterwards, to which either answer is fine."""
    t = tongue(language)
    words = t.gettext("*{title}*: did you do it? Yes and no are both fine; an honest answer helps most.")
    row = (
        Button(t.gettext("Yes, done"), press=f"kept:yes:{found.id}", primary=True),
        Button(t.gettext("Not this time"), press=f"kept:no:{found.id}"),
    )
    return replace(_message(words.format(title=_title(stock, found, language)), language), buttons=(row,))


def kept(language: str, drive: Drive, pressed: str) -> list[Message]:
    """They did it."""
    t = tongue(language)
    words = t.gettext("Thank you! You kept your word, and it is noted.")
    if drive.kept > 1:
        told = t.gettext("So far {kept} of {count} have done it.")
        words += " " + told.format(kept=drive.kept, count=drive.counted)
    return [Message(replaces=pressed, language=language), _message(words, language)]


def missed(language: str, pressed: str) -> list[Message]:
    """They did not, and said so."""
    t = tongue(language)
    words = t.gettext("Thank you for saying so. The others only ever see totals. Another time, perhaps.")
    return [Message(replaces=pressed, language=language), _message(words, language)]


def halfway(stock: Stock, language: str, found: Standing, outlook: Outlook) -> Message:
    """To the first one who is in: how it stands while something can still be done, and words to pass on."""
    t = tongue(language)
    drive = found.drive
    counts = _placed(_counts(language, drive), drive, language)
    parts = [
        t.gettext("*{title}* is halfway to its day.").format(title=_title(stock, found, language)),
        f"{counts} {expected(language, outlook)}",
        t.gettext("You were the first here, and a line from you to two or three people does more than any message of mine. You could say:"),
    ]  # fmt: skip
    return _message("\n\n".join([*parts, _quote(_share(stock, language, found))]), language)


def _share(stock: Stock, language: str, found: Standing) -> str:
    action = stock.action(found.action)
    if action is not None and action.share is not None:
        words = choose(action.share, language, stock.pack(found.action).languages[0])
        return f"{words} {action.url}" if action.url and action.url not in words else words
    t = tongue(language)
    drive = found.drive
    words = t.gettext(
        "{title}: it happens only if {needs} of us are in by {day}, and {missing} are missing. Are you in?"
    )
    return words.format(
        title=_title(stock, found, language),
        needs=drive.needs,
        missing=drive.missing,
        day=names.day(drive.by, language),
    )


def _quote(words: str) -> str:
    return "\n".join(f"> {line}" for line in words.splitlines())


def line(stock: Stock, language: str, found: Standing) -> str:
    """One drive of a person, on their path."""
    t = tongue(language)
    drive = found.drive
    if found.part == "bound":
        words = t.gettext("it is on; by {day}").format(day=_do_by(drive, language))
    else:
        words = _counts(language, drive)
    return f"- *{_title(stock, found, language)}*: {_placed(words, drive, language)}"


def lines(stock: Stock, language: str, mine: list[Standing]) -> str:
    """The drives of a person; nothing when there are none."""
    t = tongue(language)
    return "\n".join([t.gettext("**Your pledges**"), "", *(line(stock, language, one) for one in mine)]) if mine else ""


def totals(stock: Stock, language: str, drives: list[tuple[Standing, Outlook]]) -> str:
    """How drives stand, for organizers: pledged, bound, kept; nothing when there are none."""
    t = tongue(language)
    if not drives:
        return ""
    lines_ = [f"- *{_title(stock, one, language)}*: {_total(language, one.drive, outlook)}" for one, outlook in drives]
    return "\n".join([t.gettext("**Pledge drives**"), "", *lines_])


def _total(language: str, drive: Drive, outlook: Outlook) -> str:
    t = tongue(language)
    if drive.state == "open":
        return f"{_placed(_counts(language, drive), drive, language)} {expected(language, outlook)}"
    if drive.state == "bound":
        words = t.gettext("it is on; of {count} who promised, {kept} kept it and {missed} did not, as they say.")
    else:
        words = t.gettext("{count} of {needs}; it did not come together.")
    numbers = {"count": drive.counted, "needs": drive.needs, "kept": drive.kept, "missed": drive.missed}
    return _placed(words.format(**numbers), drive, language)


def where(language: str) -> Message:
    """The question for the country, where people count by it and theirs is unknown."""
    t = tongue(language)
    words = t.gettext(
        "People are counted here country by country. In which one do you live? Write its two letters, like DE or MX."
    )
    return _message(words, language)


def no_country(language: str) -> Message:
    """What was written is no country."""
    t = tongue(language)
    return _message(t.gettext("I know no country by these letters. Two letters are enough, like DE or MX."), language)


def _do_by(drive: Drive, language: str) -> str:
    return names.day(drive.do_by or drive.by, language)


def _title(stock: Stock, found: Standing, language: str) -> str:
    pack = stock.packs.get(found.action.partition("/")[0])
    return names.quoted(names.action(pack, found.action, language))


def _message(words: str, language: str) -> Message:
    return Message(words, language=language)
