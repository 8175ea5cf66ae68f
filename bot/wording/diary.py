"""The diary of a persona: what is added between the messages themselves, in the person's language."""

from collections import Counter
from collections.abc import Iterable

from actions.choose import Silence
from actions.facts import Asked, Frequency, Ref
from actions.reasons import Reason
from bot.wording import names, why
from bot.wording.tongue import tongue
from content.text import choose, plain, shorten
from storage.catalog import Stock

FIRST_WORDS = 96


def who(name: str, language: str) -> str:
    """What kind of person this is."""
    t = tongue(language)
    return {
        "willing": t.gettext("The willing one does most of what is asked."),
        "busy": t.gettext("The busy one has three minutes, and says later often."),
        "skeptical": t.gettext("The skeptical one reads first, says no first, and then does small things in private."),
        "giver": t.gettext("The giver gives, buys and pledges, and does not want to be seen."),
        "silent": t.gettext("The silent one answers nothing, until the eighth month."),
        "leader": t.gettext("The leader takes every step and asks for the next."),
    }.get(name, name)


def follows(stock: Stock, causes: Iterable[Ref], language: str) -> str:
    """The causes the person chose."""
    titles = [names.cause(stock, ref, language) for ref in causes]
    return tongue(language).gettext("Follows {causes}.").format(causes=names.all_of(titles, language))


def story(stock: Stock, ref: Ref, language: str) -> str:
    """A story on one line: its cause, and its title or first words."""
    told, first = stock.story(ref), stock.pack(ref).languages[0]
    if told is None:
        return ref
    words = choose(told.title or told.text, language, first)
    head = plain(words).splitlines()[0]
    cause = names.cause(stock, f"{stock.pack(ref).pack}/{told.cause}", language)
    return f"{cause}: {shorten(head, FIRST_WORDS)}"


def ask(stock: Stock, ref: Ref, language: str) -> str:
    """An ask on one line: its title and how long it takes."""
    action = stock.action(ref)
    title = names.action(stock.pack(ref), ref, language)
    return f"{title} · {names.minutes(action.minutes, language)}" if action else title


def answer(given: str, language: str) -> str:
    """What was pressed."""
    t = tongue(language)
    return {
        "taken": t.gettext("I did it ✓"),
        "later": t.gettext("Later"),
        "declined": t.gettext("Not for me"),
    }.get(given, t.gettext("no answer"))


def voted(language: str) -> str:
    """A bid of a carrot day was pressed."""
    return tongue(language).gettext("My vote goes to one of the shops")


def because(stock: Stock, reasons: Iterable[Reason], language: str) -> str:
    """Why a message came, on one line; what goes without saying in a diary is left out."""
    told = [reason for reason in reasons if reason.code not in ("follows", "fits-time")]
    lines = [plain(line) for reason in told if (line := why.line(stock, reason, language))]
    return tongue(language).gettext("because {reasons}").format(reasons="; ".join(lines)) if lines else ""


def no_ask(stock: Stock, reason: Reason, language: str) -> str:
    """Why a story came without an ask, where that is more than the usual."""
    t = tongue(language)
    if reason.code == "resting" and reason.about in stock.shelf.causes:
        cause = names.cause(stock, reason.about, language)
        return t.gettext("no ask: after your no, {cause} rests").format(cause=cause)
    return t.gettext("no ask: one a week is enough for now") if reason.code == "slowed" else ""


def slid(cause: str, rung: str, language: str) -> str:
    """A rung no longer holds."""
    return (
        tongue(language)
        .gettext("In *{cause}* you stand on *{rung}* again: what carried you higher is long ago. It all stays noted.")
        .format(cause=names.quoted(cause), rung=names.quoted(names.rung(rung, language)))
    )


def slowed(frequency: Frequency | None, unanswered: int, language: str) -> str:
    """Silence made the rhythm slower, or ended it."""
    t = tongue(language)
    if frequency is None:
        return t.gettext("No answer to that either: nothing more comes until you write.")
    return t.gettext("{count} messages in a row without a word from you, so from here on: {rhythm}.").format(
        count=unanswered, rhythm=names.frequency(frequency, language)
    )


def minutes_set(minutes: int, language: str) -> str:
    """The daily minutes were changed."""
    t = tongue(language)
    return f"{t.gettext('Minutes a day')}: {names.minutes(minutes, language)}"


def quiet_days(count: int, language: str) -> str:
    """A stretch in which nothing came."""
    return tongue(language).ngettext("{count} quiet day", "{count} quiet days", count).format(count=count)


def quiet_reason(nothing: Silence | str, language: str) -> str:
    """Why a slot brought nothing."""
    t = tongue(language)
    if isinstance(nothing, str):
        return t.gettext("I keep quiet, as I said")
    codes = [reason.code for reason in nothing.reasons]
    if codes == ["nothing-new", "slowed"]:
        return t.gettext("every story is read, and one ask a week is enough")
    if codes == ["nothing-new", "ask-budget"]:
        return t.gettext("every story is read, and this week's asks are used up")
    if "no-minutes" in codes:
        return t.gettext("what is left takes longer than your minutes a day")
    return t.gettext("nothing new")


def ending(language: str) -> str:
    """What stands over the sums."""
    return tongue(language).gettext("What became of it")


def stands(cause: str, rung: str, highest: str, language: str) -> str:
    """Where the person stands in a cause in the end."""
    t = tongue(language)
    words = t.gettext("**{cause}** – you are here: *{rung}*").format(
        cause=names.quoted(cause), rung=names.quoted(names.rung(rung, language))
    )
    if highest == rung:
        return words
    at_times = t.gettext("at times: {rung}").format(rung=names.quoted(names.rung(highest, language)))
    return f"{words} ({at_times})"


def kinds(taken: Counter[str], language: str) -> str:
    """What was done, by kind."""
    t = tongue(language)
    total = taken.total()
    words = t.ngettext("{count} action", "{count} actions", total).format(count=total)
    if not total:
        return words
    return words + ": " + ", ".join(f"{names.kind(kind, language)} {count}" for kind, count in taken.most_common())


def asks(put: Iterable[Asked], language: str) -> str:
    """What was asked, and what the person said to it."""
    said = Counter(one.answer for one in put)
    t = tongue(language)
    return t.gettext("asked {put} times: {taken} done, {later} put off, {declined} refused, {open} unanswered").format(
        put=said.total(), taken=said["taken"], later=said["later"], declined=said["declined"], open=said[""]
    )


def read(count: int, language: str) -> str:
    """How many stories were read."""
    return (tongue(language).ngettext("You have read {count} story.", "You have read {count} stories.", count)).format(
        count=count
    )
