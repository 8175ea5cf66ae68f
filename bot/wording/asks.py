"""A nudge, an ask, and what is said after each answer to it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from actions import planning_ahead
from actions.facts import Person, Ref
from actions.pledging import Drive
from actions.rhythm import local_day
from bot.message import Button, Image, Message
from bot.wording import carrots, chapter, drives, letters, names, pledges, recognition
from bot.wording.links import PLAIN, Links
from bot.wording.tongue import tongue
from content.model import Action
from content.text import choose
from storage.carrots import Standing as CarrotDay
from storage.catalog import Stock
from storage.drives import Standing

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class OpenAsk:
    """An ask on the point of being shown: its recorded number (0 for nobody's own), the action, the way to its page,
    whom it is shown to on which day, its pledge drive where they are, the drive it counts toward, and how its carrot day
    stands for them.
    """

    ask_id: int
    action: Ref
    links: Links = PLAIN
    today: date | None = None
    region: str | None = None
    drive: Drive | None = None
    toward: Standing | None = None
    carrot: CarrotDay | None = None


def open_ask(person: Person, ask_id: int, action: Ref, now: datetime, links: Links = PLAIN) -> OpenAsk:
    """An ask on the point of being shown to a person."""
    return OpenAsk(ask_id, action, links, local_day(person.rhythm, now), person.region)


def nudge(stock: Stock, language: str, story: Ref | None, offer: OpenAsk | None) -> Message:
    """A story, and under it at most one ask with its buttons."""
    parts: list[str] = []
    image: Image | None = None
    if story is not None:
        told = stock.story(story)
        if told is not None:
            parts.append(chapter.words(stock.pack(story), told, language))
            image = chapter.image(stock.pack(story), told, language)
    rows: Rows = ((_why_button(0, language),),)
    if offer is not None:
        if parts:
            parts.append("—")
        parts.append(ask(stock, language, offer))
        rows = ask_buttons(stock, language, offer)
    return Message("\n\n".join(parts), buttons=rows, image=image, language=language)


def ask(stock: Stock, language: str, offer: OpenAsk) -> str:
    """The words of an ask: its title, how long it takes, the invitation, words to pass on, what is decided and when."""
    pack, offered = stock.pack(offer.action), stock.action(offer.action)
    if offered is None:
        return ""
    first = pack.languages[0]
    title = names.quoted(choose(offered.title, language, first))
    words = f"**{title}** · {names.minutes(offered.minutes, language)}\n\n{choose(offered.ask, language, first)}"
    if offered.pledge is not None:
        words += "\n\n" + pledges.need(language, offered.pledge, offer.drive)
    if offer.toward is not None:
        words += "\n\n" + drives.line(stock, language, offer.toward)
    if offered.carrot is not None:
        words += "\n\n" + carrots.state(stock, language, offer.carrot or CarrotDay(offer.action, offered.carrot))
    if offered.share is not None:
        url = offer.links.passed_on(offered, offer.ask_id)
        words += "\n\n" + _quote(choose(offered.share, language, first), url)
    if offered.decision is not None:
        words += "\n\n" + letters.decides(pack, offered.decision, language, offer.today, offer.region)
    return words


def _quote(words: str, url: str | None) -> str:
    lines = [*words.splitlines(), *([url] if url and url not in words else [])]
    return "\n".join(f"> {line}" for line in lines)


def ask_buttons(stock: Stock, language: str, offer: OpenAsk) -> Rows:
    """Open, I did it · Plan it, Later, Not for me · Why this?"""
    t = tongue(language)
    action = stock.action(offer.action)
    first = [Button(t.gettext("I did it ✓"), press=f"done:{offer.ask_id}", primary=True)]
    if action is not None and action.pledge is not None:
        first = [pledges.join_button(language, offer.ask_id)]
    url = offer.links.own(action, offer.ask_id) if action is not None else None
    if action is not None and url is not None:
        first.insert(0, Button(_open_label(action, language), url=url))
    if action is not None and action.decision is not None:
        first = [letters.write_button(language, offer.ask_id), *(replace(button, primary=False) for button in first)]
    steps: Rows = (tuple(first),)
    if action is not None and action.carrot is not None:
        found = offer.carrot or CarrotDay(offer.action, action.carrot)
        steps = (*carrots.rows(language, found, offer.ask_id), *([tuple(first[:1])] if url is not None else []))
    plan = (Button(t.gettext("Plan it"), press=f"plan:{offer.ask_id}"),) if _is_to_plan(stock, offer) else ()
    return (
        *steps,
        (
            *plan,
            Button(t.gettext("Later"), press=f"later:{offer.ask_id}"),
            Button(t.gettext("Not for me"), press=f"no:{offer.ask_id}"),
        ),
        (_why_button(offer.ask_id, language),),
    )


def _is_to_plan(stock: Stock, offer: OpenAsk) -> bool:
    """Whether an ask is one to make a plan for; a drive has its own days."""
    offered, action = stock.shelf.actions.get(offer.action), stock.action(offer.action)
    if offered is None or action is None or action.pledge or action.carrot or offer.today is None:
        return False
    return planning_ahead.suits(offered, offer.today)


def _open_label(action: Action, language: str) -> str:
    t = tongue(language)
    return {
        "petition": t.gettext("Read and sign"),
        "donation": t.gettext("Give"),
        "learn": t.gettext("Read"),
    }.get(action.kind, t.gettext("Open"))


def _why_button(ask_id: int, language: str) -> Button:
    t = tongue(language)
    return Button(t.gettext("Why this?"), press=f"why:{ask_id}")


def act(stock: Stock, language: str, offer: OpenAsk) -> Message:
    """Something to do, because the person asked for it."""
    t = tongue(language)
    buttons = ask_buttons(stock, language, offer)
    other = Button(t.gettext("Something else"), press=f"else:{offer.ask_id}")
    return Message(
        ask(stock, language, offer),
        buttons=(*buttons[:-1], (other, *buttons[-1])),
        language=language,
    )


def no_more_offers(language: str, *, follows: bool) -> Message:
    """Nothing to do right now, and where something may be found."""
    t = tongue(language)
    words = (
        t.gettext("That is all I have for you today. New things open as you go along, and other causes have theirs.")
        if follows
        else t.gettext("You follow no cause yet. Choose one, and I will find something you can do.")
    )
    return Message(words, buttons=((Button(t.gettext("See causes"), press="causes"),),), language=language)


def thanks(stock: Stock, language: str, action: Ref, *, others: int) -> str:
    """Thanks for an action, with how many people have taken it where that is many enough to be anonymous."""
    t = tongue(language)
    words = t.gettext("Thank you! I noted it: *{title}*.").format(
        title=names.quoted(names.action(stock.pack(action), action, language))
    )
    if others >= 10:
        words += " " + t.ngettext(
            "{count} person has done this so far.", "{count} people have done this so far.", others
        ).format(count=others)
    taken = stock.action(action)
    if taken is not None and taken.adds is not None:
        words += "\n\n" + recognition.this_one(taken.adds, language, stock.pack(action).languages[0])
    return words


def result_promised(language: str, by: date) -> str:
    """When those who acted are told what came of it."""
    t = tongue(language)
    return t.gettext("You will hear by {day} what came of it.").format(day=names.short_day(by, language))


def climb(language: str, cause: str, rung: str) -> str:
    """Said once when someone reaches a rung: its name, and what it opens."""
    t = tongue(language)
    head = t.gettext("**A new step on your path.** In *{cause}* you are now: **{rung}**.").format(
        cause=names.quoted(cause), rung=names.quoted(names.rung(rung, language))
    )
    return f"{head}\n\n{names.opens(rung, language)}"


def done(language: str, pressed: str, ask_id: int) -> Message:
    """The buttons of an ask after *I did it*: only the way back."""
    t = tongue(language)
    return Message(
        replaces=pressed,
        buttons=((Button(t.gettext("Noted ✓ · Undo"), press=f"undo:{ask_id}"),),),
        notice=t.gettext("Thank you!"),
        language=language,
    )


def plain(words: str, language: str, *rows: tuple[Button, ...]) -> Message:
    """Words of ours as a message."""
    return Message(words, buttons=rows, language=language)


def already(language: str, ask_id: int) -> Message:
    """The same claim once more: it counts once."""
    t = tongue(language)
    return plain(
        t.gettext("You told me already, and it counts. Thank you!"),
        language,
        (Button(t.gettext("Undo"), press=f"undo:{ask_id}"),),
    )


def undone(stock: Stock, language: str, pressed: str, offer: OpenAsk) -> list[Message]:
    """A claim was taken back: the ask is open again."""
    t = tongue(language)
    reopened = Message(
        replaces=pressed,
        buttons=ask_buttons(stock, language, offer),
        notice=t.gettext("Taken back."),
        language=language,
    )
    return [reopened, plain(t.gettext("Taken back; it no longer counts. The ask stays open if you want it."), language)]


def nothing_to_undo(language: str) -> Message:
    """A second undo, or one of something a source has confirmed."""
    t = tongue(language)
    return plain(t.gettext("There is nothing to take back here any more."), language)


def later(language: str, pressed: str, day: date) -> list[Message]:
    """An ask put off; what was said stays to be read."""
    t = tongue(language)
    words = t.gettext("Fine. I will not bring it up before {day}; /act finds it any time.").format(
        day=names.day(day, language)
    )
    return [Message(replaces=pressed, language=language), plain(words, language)]


def declined(language: str, pressed: str, ask_id: int, kind: str) -> list[Message]:
    """A "no", taken as one; the kind can go too."""
    t = tongue(language)
    off = Message(replaces=pressed, notice=t.gettext("All right."), language=language)
    words = t.gettext("All right, I will not ask for that again soon. Your next story comes as usual.")
    row = (
        Button(t.gettext("Never: {kind}").format(kind=names.kind(kind, language)), press=f"never:{ask_id}"),
        Button(t.gettext("Oops, undo"), press=f"reopen:{ask_id}"),
    )
    return [off, plain(words, language, row)]


def never_again(language: str, kind: str) -> Message:
    """A kind of action is off the list."""
    t = tongue(language)
    return plain(
        t.gettext("Noted: no more of *{kind}*. You can change that under /settings.").format(
            kind=names.kind(kind, language)
        ),
        language,
    )


def closed(language: str, title: str, *, why: str) -> str:
    """An old button whose action cannot be taken any more, or not by this person, and why."""
    t = tongue(language)
    reasons = {
        "closed": t.gettext("*{title}* is over, so it cannot be counted now. Thank you for wanting to."),
        "not-yet-open": t.gettext("*{title}* has not begun yet. I will bring it when it does."),
        "region": t.gettext("*{title}* is for another region."),
        "needs": t.gettext("Something else comes before *{title}*; it opens once that is done."),
        "taken": t.gettext("You did *{title}* already, and it counts. Thank you!"),
    }
    return reasons.get(why, t.gettext("*{title}* is not open for you at the moment.")).format(title=names.quoted(title))


def another(message: Message, language: str) -> Message:
    """The same offer, led in as the nearest one that is open."""
    t = tongue(language)
    return replace(message, text=t.gettext("This one is open:") + "\n\n" + message.text)


def not_yours(language: str) -> Message:
    """A button nobody gave to this person."""
    t = tongue(language)
    return plain(
        t.gettext("That button is from another conversation or a very old one. /act shows what is open now."), language
    )
