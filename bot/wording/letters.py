"""The words around letters to those who decide; the letter itself is the person's own, and never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from actions.deciding import country_of, days_left, key_of, last_day, makers_for, regions_to_ask
from actions.facts import Ref
from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import LANGUAGES, base, locale, tongue
from content.model import Action, Decision, Maker, Pack
from content.text import choose, escape, plain, shorten
from storage.catalog import Stock
from storage.letters import Letter

MAKERS_NAMED = 3
LABEL_AT_MOST = 60
IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Desk:
    """What a letter is written at: the ask, its action and decision, the pack's first language, the writer's day."""

    ask_id: int
    action: Action
    decision: Decision
    first: str
    today: date

    def what(self, language: str) -> str:
        """What is decided, as plain words on one line."""
        return " ".join(plain(choose(self.decision.what, language, self.first)).split())


def decides(pack: Pack, decision: Decision, language: str, today: date | None = None, region: str | None = None) -> str:
    """What is decided, when, how many days that leaves on a given day, and by whom for a given region."""
    t = tongue(language)
    first = pack.languages[0]
    lines = [t.gettext("**Decision:** {what}").format(what=names.quoted(plain(choose(decision.what, language, first))))]
    lines.append(_when(decision.day, language, today))
    if region is not None:
        who = t.gettext("it depends on where you live; I ask when you write")
        if not regions_to_ask(decision, region):
            found = makers_for(decision, region)
            who = names.all_of([_titled(maker, first, language) for maker in found[:MAKERS_NAMED]], language)
        lines.append(t.gettext("**Who decides:** {who}").format(who=who))
    return "\n".join(lines)


def _when(on: date, language: str, today: date | None) -> str:
    t = tongue(language)
    day = names.day(on, language) if today is None or on.year == today.year else names.short_day(on, language)
    if today is None:
        return t.gettext("**When:** {day}").format(day=day)
    return t.gettext("**When:** {day} ({left})").format(day=day, left=left(on, today, language))


def left(on: date, today: date, language: str) -> str:
    """How many days are left until a decision, as one says it."""
    t = tongue(language)
    days = days_left(on, today)
    if days < 0:
        return t.gettext("decided")
    near = {0: t.gettext("today"), 1: t.gettext("tomorrow")}
    return near.get(days) or t.ngettext("in {count} day", "in {count} days", days).format(count=days)


def _titled(maker: Maker, first: str, language: str) -> str:
    office = plain(choose(maker.office, language, first))
    return f"{names.quoted(maker.name)} ({names.quoted(office)})"


def write_button(language: str, ask_id: int, *, primary: bool = True) -> Button:
    """The button that begins a letter."""
    return Button(tongue(language).gettext("Write my letter"), press=f"letter:{ask_id}", primary=primary)


def where(language: str, desk: Desk, regions: Sequence[str], pressed: str) -> Message:
    """The question where the person lives, with the places somebody is named for."""
    t = tongue(language)
    buttons = [Button(place(one, language), press=f"letter:{desk.ask_id}:in:{one}") for one in regions]
    buttons.append(Button(t.gettext("Elsewhere"), press=f"letter:{desk.ask_id}:else"))
    rows = [tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW)]
    words = t.gettext("Where do you live? Then I know who decides for you.")
    return Message(words, buttons=(*rows, (_never_mind(language),)), replaces=pressed, language=language)


def place(region: str, language: str) -> str:
    """The name of a country; a part of one by its code."""
    country = country_of(region)
    name = str(locale(language).territories.get(country, country))
    return name if region == country else f"{name}: {region.partition('-')[2]}"


def nobody(language: str, desk: Desk, pressed: str) -> Message:
    """Nobody is named for where the person lives."""
    t = tongue(language)
    words = t.gettext("I know of nobody who decides this for where you live, so there is no letter to write here.")
    row = (_another_region(language, desk), Button(t.gettext("Something else"), press=f"else:{desk.ask_id}"))
    return Message(words, buttons=(row,), replaces=pressed, language=language)


def whom(language: str, desk: Desk, makers: Sequence[Maker], pressed: str) -> Message:
    """The question to which of several the letter shall go."""
    t = tongue(language)
    rows = []
    for maker in makers:
        office = plain(choose(maker.office, language, desk.first))
        label = shorten(f"{maker.name} · {office}", LABEL_AT_MOST)
        rows.append((Button(label, press=f"letter:{desk.ask_id}:to:{key_of(maker)}"),))
    words = t.gettext("Several people decide this for you. To whom would you like to write?")
    last = (*_other_places(language, desk), _never_mind(language))
    return Message(words, buttons=(*rows, last), replaces=pressed, language=language)


def points(language: str, desk: Desk, maker: Maker, pressed: str) -> Message:
    """The invitation to write, with the talking points beside it."""
    t = tongue(language)
    head = t.gettext("**Your letter to {name}**").format(name=names.quoted(maker.name))
    parts = [f"{head}\n{names.quoted(plain(choose(maker.office, language, desk.first)))}"]
    parts.append(f"{_when(desk.decision.day, language, desk.today)}\n{_until(desk, language)}".strip())
    parts.append(t.gettext("Say in your own words, in one message, why this matters to you. I put a salutation and a close around it and change nothing."))  # fmt: skip
    told = [" ".join(choose(point, language, desk.first).split()) for point in desk.decision.points]
    parts.append(t.gettext("These points may help:") + "\n\n" + "\n".join(f"- {point}" for point in told))
    if maker.languages and base(language) not in map(base, maker.languages):
        known = names.all_of([names.itself(code) for code in maker.languages], language)
        parts.append(t.gettext("Letters are read there in: {languages}.").format(languages=known))
    row = (*_other_places(language, desk), _never_mind(language))
    return Message("\n\n".join(parts), buttons=(row,), replaces=pressed, language=language)


def _until(desk: Desk, language: str) -> str:
    """What to know about the time: only where it is not the plain eve of the decision."""
    t = tongue(language)
    if desk.today >= desk.decision.day:
        return t.gettext(
            "A letter may come too late today; a short e-mail or a call in the morning may still be heard."
        )
    last = last_day(desk.decision, desk.action.until)
    if desk.action.until is None or last != desk.action.until:
        return ""
    return t.gettext("Letters are taken in until {day}.").format(day=names.day(last, language))


def _other_places(language: str, desk: Desk) -> tuple[Button, ...]:
    named = {region for maker in desk.decision.makers for region in maker.regions}
    return (_another_region(language, desk),) if named else ()


def _another_region(language: str, desk: Desk) -> Button:
    return Button(tongue(language).gettext("Another region"), press=f"letter:{desk.ask_id}:where")


def _never_mind(language: str) -> Button:
    return Button(tongue(language).gettext("Never mind"), press="letter:cancel")


def never_mind(language: str, pressed: str) -> Message:
    """No letter now."""
    t = tongue(language)
    return Message(
        t.gettext("All right, no letter now. The ask stays open; /act finds it again."),
        replaces=pressed, language=language,
    )  # fmt: skip


def too_short(language: str) -> Message:
    """What was written is hardly a letter."""
    t = tongue(language)
    words = t.gettext("A little more, please: one or two sentences of your own are enough.")
    return Message(words, buttons=((_never_mind(language),),), language=language)


def too_long(language: str, length: int, most: int) -> Message:
    """What was written is longer than anybody reads."""
    t = tongue(language)
    words = t.gettext(
        "That is {length} characters, and {most} fit. What is the one thing they must read? Send me that, please."
    )
    told = words.format(length=length, most=most)
    return Message(told, buttons=((_never_mind(language),),), language=language)


def enough(language: str, pressed: str) -> Message:
    """So many letters about one decision were written."""
    t = tongue(language)
    return Message(
        t.gettext("You have written many letters about this one already. Thank you! Please leave it at that."),
        replaces=pressed, language=language,
    )  # fmt: skip


def frame_language(maker: Maker, language: str) -> str:
    """The language of the salutation and the close: the writer's, where it is read; else one that is, if we speak it."""
    read = [base(code) for code in maker.languages]
    if not read or base(language) in read:
        return language
    return next((code for code in read if code in LANGUAGES), language)


def framed(letter: Letter) -> str:
    """A letter as it goes out: a salutation, the person's words as they are, a close."""
    t = tongue(letter.language)
    salutation = t.gettext("Dear {name},").format(name=letter.maker)
    return "\n\n".join((salutation, letter.text, t.gettext("Yours sincerely,")))


def finished(language: str, letter: Letter, maker: Maker | None, link: str, pressed: str = "") -> Message:
    """The letter as it goes out, and what can be done with it; `link` leads to its page, where there is one."""
    t = tongue(language)
    quote = "\n".join(f"> {escape(line)}" if line.strip() else ">" for line in framed(letter).splitlines())
    parts = [t.gettext("**Your letter to {name}**").format(name=names.quoted(letter.maker)), quote]
    if maker is None:
        parts.append(t.gettext("They are not named for this decision any more."))
    elif link:
        parts.append(t.gettext("Open it to send it, put your name and where you live under it, and tell me when it is on its way."))  # fmt: skip
    else:
        parts.append(t.gettext("Copy it, put your name and where you live under it, and send it here:"))
        parts.append("\n".join(_ways(maker, language)))
    ask_id = letter.ask_id or 0
    first = [Button(t.gettext("I sent it ✓"), press=f"letter:{ask_id}:sent:{letter.id}", primary=True)]
    if maker is not None and link:
        label = t.gettext("Open in my mail") if maker.email else t.gettext("Open and send")
        first.insert(0, Button(label, url=link))
    second = (
        Button(t.gettext("Change the words"), press=f"letter:{ask_id}:change:{letter.id}"),
        Button(t.gettext("Throw away"), press=f"letter:{ask_id}:drop:{letter.id}"),
    )
    rows = (tuple(first), second)
    return Message("\n\n".join(parts), buttons=rows, replaces=pressed, language=language)


def _ways(maker: Maker, language: str) -> Iterable[str]:
    t = tongue(language)
    if maker.email:
        yield t.gettext("E-mail: {address}").format(address=names.quoted(maker.email))
    if maker.url:
        label = t.gettext("Contact form")
        yield f"[{label}](<{maker.url}>)"
    if maker.phone:
        yield t.gettext("Telephone: {number}").format(number=names.quoted(maker.phone))


def unreadable(language: str, desk: Desk, pressed: str) -> Message:
    """A letter whose words are gone: thrown away, or sealed with another secret."""
    t = tongue(language)
    words = t.gettext("That letter is not here any more.")
    row = (write_button(language, desk.ask_id),)
    return Message(words, buttons=(row,), replaces=pressed, language=language)


def change(language: str, letter: Letter) -> Message:
    """New words for a letter."""
    t = tongue(language)
    words = t.gettext(
        "Send me the new words in one message; they take the place of the old ones, which stay until then."
    )
    row = (Button(t.gettext("Keep the old ones"), press=f"letter:{letter.ask_id or 0}:show:{letter.id}"),)
    return Message(words, buttons=(row,), language=language)


def dropped(language: str, ask_id: int, pressed: str) -> Message:
    """A letter was thrown away."""
    t = tongue(language)
    words = t.gettext("Thrown away; nothing of it is kept.")
    return Message(
        words, buttons=((write_button(language, ask_id, primary=False),),), replaces=pressed, language=language
    )


def went_too(language: str, maker: str, pressed: str) -> list[Message]:
    """A further letter about the same decision was sent; the action counts once."""
    t = tongue(language)
    words = t.gettext("Noted: your letter to {name} is on its way too. Thank you!").format(name=names.quoted(maker))
    return [Message(replaces=pressed, language=language), Message(words, language=language)]


def was_decided(language: str, title: str, on: date) -> str:
    """An old button whose decision has fallen."""
    t = tongue(language)
    return t.gettext("*{title}*: this was decided on {day}, so a letter would come too late. Thank you for wanting to.").format(
        title=names.quoted(title), day=names.short_day(on, language)
    )  # fmt: skip


def counted(stock: Stock, language: str, counts: Iterable[tuple[Ref, str, int, int]]) -> str:
    """For organizers: how many letters were written and sent, nothing of what is in them."""
    t = tongue(language)
    lines = [
        t.gettext("- {name}, *{title}*: {written} written, {sent} sent").format(
            name=names.quoted(maker), written=written, sent=sent,
            title=names.quoted(names.action(stock.packs.get(ref.partition("/")[0]), ref, language)),
        )
        for ref, maker, written, sent in counts
    ]  # fmt: skip
    return t.gettext("**Letters**") + "\n\n" + "\n".join(lines) if lines else ""
