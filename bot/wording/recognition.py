"""What someone's actions add up to, milestones, weeks, and why it matters to them: said warmly, and never as a race."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from babel.numbers import format_decimal

from actions.recognition import Milestone, Streak
from bot.message import Button, Message
from bot.wording import names
from bot.wording.settings import on_off
from bot.wording.tongue import base, locale, tongue
from content.model import Adds, Text, Unit
from content.text import choose

WEEKS_AT_LEAST = 2
"""One week alone is no stretch yet."""


@dataclass(frozen=True, slots=True)
class Added:
    """A sum on the point of being told; `parted`: how much of it is confirmed may be told too."""

    unit: Unit
    first: str
    total: int
    verified: int
    parted: bool = True


def quantity(amount: int, unit: Unit, language: str, first: str) -> str:
    """An amount with its unit: 1 hour of light, 1,200 hours of light; `first` is the pack's first language."""
    text = unit.one if _is_one(amount, unit.one, language, first) else unit.other
    return f"{format_decimal(amount, locale=locale(language))} {names.quoted(choose(text, language, first))}"


def _is_one(amount: int, text: Text, language: str, first: str) -> bool:
    """Whether a language says an amount like one; the language is that of the words which will be read."""
    there = isinstance(text, dict) and (language in text or base(language) in text)
    return bool(locale(language if there else first).plural_form(amount) == "one")


def sums(found: Sequence[Added], language: str, *, mine: bool) -> str:
    """Sums in words, what a source confirmed told apart from what people told; one's own, or everybody's."""
    return "; ".join(_sum(one, language, mine=mine) for one in found)


def _sum(one: Added, language: str, *, mine: bool) -> str:
    t = tongue(language)
    what = quantity(one.total, one.unit, language, one.first)
    if not one.parted:
        return what
    if one.verified == one.total:
        return t.gettext("{what}, all of it confirmed").format(what=what)
    if one.verified:
        count = format_decimal(one.verified, locale=locale(language))
        return t.gettext("{what}, {count} of them confirmed").format(what=what, count=count)
    told = t.gettext("{what}, as you told me") if mine else t.gettext("{what}, as people told me")
    return told.format(what=what)


def my_part(found: Sequence[Added], person: Text | None, language: str, first: str) -> str:
    """What a person's actions for one cause add up to, down to one single person where the pack says so."""
    if not found:
        return ""
    t = tongue(language)
    told = t.gettext("Your part so far: {sums}.").format(sums=sums(found, language, mine=True))
    return told + ("\n" + one_person(person, language, first) if person is not None else "")


def our_part(found: Sequence[Added], person: Text | None, language: str, first: str) -> str:
    """What everybody's actions for one cause add up to, and what one of them means for one single person."""
    if not found:
        return ""
    t = tongue(language)
    told = t.gettext("It adds up to {sums}.").format(sums=sums(found, language, mine=False))
    return told + ("\n" + one_person(person, language, first) if person is not None else "")


def one_person(person: Text, language: str, first: str) -> str:
    """What one such action means for one single person."""
    t = tongue(language)
    return t.gettext("What one such step means for one person: {sentence}").format(
        sentence=choose(person, language, first)
    )


def this_one(adds: Adds, language: str, first: str) -> str:
    """What the action just taken adds, said with the thanks for it."""
    t = tongue(language)
    what = quantity(adds.each.amount, adds.each.unit, language, first)
    told = t.gettext("Your part in it: **{what}**.").format(what=what)
    return told if adds.person is None else f"{told} {choose(adds.person, language, first)}"


def weeks(found: Streak, language: str) -> str:
    """The weeks of the stretch that goes on and of the longest one; nothing is ever told as lost."""
    t = tongue(language)
    if found.longest < WEEKS_AT_LEAST:
        return ""
    if not found.weeks:
        told = t.gettext("Weeks in which you did something: {longest} in your longest stretch.")
    elif found.weeks == found.longest:
        told = t.gettext("Weeks in which you did something: {count} this time, your longest stretch so far.")
    else:
        told = t.gettext("Weeks in which you did something: {count} this time, {longest} in your longest stretch.")
    return told.format(count=found.weeks, longest=found.longest)


def milestone(one: Milestone, language: str) -> str:
    """A milestone in one line; it stays true for the days it may have to wait."""
    t = tongue(language)
    if one.what == "kind":
        kind = names.kind(one.about, language)
        return t.gettext("Something new on your path: *{kind}*.").format(kind=names.quoted(kind))
    if one.what == "verified":
        return t.gettext("For the first time, an action of yours is confirmed by its source.")
    if one.what == "year":
        return t.ngettext(
            "You have been with us for {count} year now. Thank you for staying.",
            "You have been with us for {count} years now. Thank you for staying.",
            one.count,
        ).format(count=one.count)
    if one.what == "weeks":
        return t.gettext(
            "You did something in {count} weeks of this stretch. It is yours to keep, whatever comes."
        ).format(count=one.count)
    if one.count == 1:
        return t.gettext("Your first action is done, and it counts.")
    return t.gettext("You have reached {count} actions. Thank you for keeping on.").format(count=one.count)


def why_it_matters(language: str) -> Message:
    """Asked once, in private, when someone has done a few things."""
    t = tongue(language)
    words = t.gettext(
        "You have done a few things here by now. May I ask: why does it matter to you? "
        "A sentence or two, for you alone; your path will show it to you."
    )
    return Message(
        words, buttons=((_tell(language), Button(t.gettext("Not now"), press="matter:no")),), language=language
    )


def _tell(language: str) -> Button:
    return Button(tongue(language).gettext("Say why"), press="matter:tell", primary=True)


def say_why(language: str, pressed: str, *, known: bool) -> Message:
    """Waiting for the words; those of before can go."""
    t = tongue(language)
    words = t.gettext("Write it as you would say it. Only you will read it, and it is kept encrypted.")
    row = [Button(t.gettext("Never mind"), press="matter:no")]
    if known:
        row.append(Button(t.gettext("Forget what I said"), press="matter:forget"))
    return Message(words, buttons=(tuple(row),), replaces=pressed, language=language)


def not_so_long(language: str, most: int) -> Message:
    """What was written is none, or too much; the question stays open."""
    t = tongue(language)
    words = t.gettext("A sentence or two is enough: up to {count} letters, please.").format(count=most)
    return Message(words, language=language)


def why_kept(language: str) -> Message:
    """The words are kept for their author; how others could read them is told, and left to the author."""
    t = tongue(language)
    words = t.gettext(
        "Thank you. That stays between us; /me shows it to you. Should you ever want others to read it, "
        "/story passes it on, with or without your name."
    )
    return Message(words, buttons=((Button(t.gettext("My path"), press="me"),),), language=language)


def all_right(language: str, pressed: str) -> Message:
    """The question is closed; it is not asked again."""
    t = tongue(language)
    return Message(t.gettext("That is fine. I will not ask again."), replaces=pressed, language=language)


def forgotten(language: str, pressed: str) -> Message:
    """What they said is gone."""
    t = tongue(language)
    return Message(t.gettext("Forgotten."), replaces=pressed, language=language)


def why_line(words: str, language: str) -> str:
    """Why it matters to them, as they said it."""
    t = tongue(language)
    return t.gettext("Why it matters to you: “{words}”").format(words=names.quoted(words))


def change_row(language: str) -> tuple[Button, ...]:
    """The way to other words."""
    return (Button(tongue(language).gettext("Change my words"), press="matter:tell"),)


def setting(overview: Message, *, shown: bool) -> Message:
    """The overview of settings, with whether the path counts weeks."""
    language = overview.language
    t = tongue(language)
    name = t.gettext("Weeks in your path")
    text = f"{overview.text}\n- {name}: **{on_off(shown, language)}**"
    return replace(overview, text=text, buttons=(*overview.buttons, (Button(name, press="set:weeks"),)))
