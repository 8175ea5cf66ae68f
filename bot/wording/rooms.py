"""What is said in rooms, to all, and to those who press something there, alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.facts import Ref
from actions.rhythm import zone
from bot.message import Button, Message
from bot.wording import asks, names
from bot.wording.links import PLAIN
from bot.wording.tongue import tongue
from content.model import Goal
from storage.catalog import Stock
from storage.rooms import Post, Room

FEW = 8


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a room is: how many did it here, how many everywhere, how many joined in, and who may be named."""

    here: int
    everyone: int
    members: int
    people: tuple[str, ...] = ()


def hello(room: Room) -> Message:
    """Said once when we come into a room."""
    t = tongue(room.language)
    words = t.gettext(
        "Hello! I can carry one cause in this channel: once a week a short story, and one small thing to do about it. "
        "I read nothing here but what is said to me, and I name only those who ask me to. Which cause shall it be?"
    )
    row = (Button(t.gettext("Choose a cause"), press="room:choose", primary=True),)
    return Message(words, buttons=(row,), room=room.chat, language=room.language)


def choose(stock: Stock, language: str, causes: Sequence[Ref], replaces: str) -> Message:
    """Which cause shall it be?"""
    t = tongue(language)
    rows = tuple(
        (Button(names.cause(stock, ref, language), press=f"room:cause:{stock.causes[ref]}"),) for ref in causes[:20]
    )
    return Message(
        t.gettext("Which cause shall this channel carry?"), buttons=rows, replaces=replaces, language=language
    )


def carries(stock: Stock, room: Room, due: datetime | None) -> Message:
    """Said to all when a cause was chosen."""
    t = tongue(room.language)
    cause = names.quoted(names.cause(stock, room.cause or "", room.language))
    words = t.gettext("This channel carries *{cause}* now.").format(cause=cause)
    if due is not None:
        there = due.astimezone(zone(room.zone))
        words += " " + t.gettext("The next story comes on {day}, around {time}.").format(
            day=names.day(there.date(), room.language), time=names.clock(there.time(), room.language)
        )
    return Message(words, buttons=(_join_row(room.language, 0),), room=room.chat, language=room.language)


def _join_row(language: str, post: int) -> tuple[Button, ...]:
    t = tongue(language)
    return (
        Button(t.gettext("I'm in"), press="room:in"),
        Button(t.gettext("Follow in private"), press=f"room:follow:{post}"),
    )


def chosen(language: str, replaces: str) -> Message:
    """Said to whoever chose."""
    t = tongue(language)
    return Message(t.gettext("Done. Everyone here can change it."), replaces=replaces, language=language)


def post(stock: Stock, room: Room, told: Post, progress: Progress, *, replaces: str = "") -> Message:
    """A room's story of the week, its ask, and how far the room is."""
    t = tongue(room.language)
    shown = asks.nudge(stock, room.language, told.story, None)
    parts = [shown.text] if told.story is not None else []
    rows: list[tuple[Button, ...]] = []
    action = stock.action(told.action) if told.action else None
    if told.action is not None and action is not None:
        parts += ["—"] if parts else []
        parts.append(asks.ask(stock, room.language, asks.OpenAsk(0, told.action)))
        did = t.gettext("I did it ✓") if action.pledge is None else t.gettext("Count me in")
        first = [Button(did, press=f"room:did:{told.id}", primary=True)]
        if (url := PLAIN.bare(action)) is not None:
            first.insert(0, Button(t.gettext("Open"), url=url))
        rows.append(tuple(first))
    if action is not None and action.pledge is not None:
        progress = replace(progress, here=0)  # what was promised is not done yet
    standing = _standing(room.language, progress, action.goal if action else None)
    parts += [standing] if standing else []
    return Message(
        "\n\n".join(parts),
        buttons=(*rows, _join_row(room.language, told.id)),
        image=shown.image,
        room=room.chat,
        replaces=replaces,
        people=progress.people,
        language=room.language,
    )


def _standing(language: str, progress: Progress, goal: Goal | None) -> str:
    t = tongue(language)
    lines = []
    if progress.here:
        lines.append(
            t.ngettext("{count} person here has done it.", "{count} people here have done it.", progress.here)
            .format(count=progress.here)
        )  # fmt: skip
    if goal is not None and goal.count and progress.everyone:
        all_of_us = t.gettext("Everyone together: {count} of {goal}.").format(count=progress.everyone, goal=goal.count)
        lines.append(all_of_us)
    others = progress.members - len(progress.people)
    if others > 0 and progress.people:
        lines.append(
            t.ngettext("In: those below and {count} more.", "In: those below and {count} more.", others)
            .format(count=others)
        )  # fmt: skip
    elif progress.people:
        lines.append(t.gettext("In:"))
    elif progress.members:
        lines.append(
            t.ngettext("{count} person is in.", "{count} people are in.", progress.members)
            .format(count=progress.members)
        )  # fmt: skip
    return " ".join(lines)


def in_(language: str, *, named: bool) -> Message:
    """Said to someone who joined in: counted, and named only if they wish."""
    t = tongue(language)
    words = t.gettext("You are in, and you are named here.") if named else t.gettext("You are in: counted, not named.")
    show = Button(named_words(language), press="room:name:yes")
    hide = Button(t.gettext("Do not name me"), press="room:name:no")
    return Message(
        words,
        buttons=((hide if named else show, Button(t.gettext("Count me out"), press="room:out")),),
        language=language,
    )


def named_words(language: str) -> str:
    """What someone agrees to who wants to be named."""
    return tongue(language).gettext("Show my name")


def thanked(language: str, thanks: str, ask_id: int, *, named: bool) -> Message:
    """Thanks for an action taken out of a room, for this person alone."""
    t = tongue(language)
    undo = Button(t.gettext("Undo"), press=f"undo:{ask_id}")
    if named:
        return Message(thanks, buttons=((undo,),), language=language)
    words = thanks + "\n\n" + t.gettext("The channel sees a number, not who you are.")
    return Message(words, buttons=((Button(named_words(language), press="room:name:yes"), undo),), language=language)


def out(language: str) -> Message:
    """Said to someone who is in no more."""
    t = tongue(language)
    words = t.gettext("You are not counted here any more. What you did stays yours.")
    return Message(words, buttons=((Button(t.gettext("I'm in"), press="room:in"),),), language=language)


def follows(language: str, cause: str) -> Message:
    """Said beside the room to someone who follows its cause in private now."""
    t = tongue(language)
    words = t.gettext("You follow *{cause}* now, in private: look into our own chat.")
    return Message(words.format(cause=names.quoted(cause)), language=language)


def welcome(language: str, cause: str, rhythm: str, at: str) -> Message:
    """The first words in private to someone who came out of a room."""
    t = tongue(language)
    words = t.gettext(
        "You follow *{cause}* now: one short story at a time, sometimes with one small thing to do. "
        "Your rhythm: **{rhythm}**, around **{time}**. "
        "Only you see this chat and what you do here, though in a workplace your employer may be able to read it. "
        "/stop ends it at once."
    ).format(cause=names.quoted(cause), rhythm=rhythm, time=at)
    row = (Button(t.gettext("Another rhythm"), press="set:freq"), Button(t.gettext("Another time"), press="set:hour"))
    return Message(words, buttons=(row,), language=language)


def menu(stock: Stock, language: str, room: Room) -> Message:
    """What the room carries, for someone who spoke to us in it."""
    t = tongue(language)
    words = t.gettext("This channel carries no cause yet.")
    if room.cause in stock.shelf.causes and room.cause is not None:
        cause = names.quoted(names.cause(stock, room.cause, language))
        words = t.gettext("This channel carries *{cause}*, one story a week.").format(cause=cause)
    if room.state == "paused":
        words += " " + t.gettext("It rests at the moment.")
    pause = Button(t.gettext("Let it rest"), press="room:pause")
    resume = Button(t.gettext("Go on"), press="room:resume")
    rows = (
        (Button(t.gettext("Choose a cause"), press="room:choose"), resume if room.state == "paused" else pause),
        _join_row(language, 0),
        (Button(t.gettext("Help"), press="help"),),
    )
    return Message(words, buttons=rows, language=language)


def rests(room: Room, *, paused: bool) -> Message:
    """Said to all when the room's stories rest, or go on."""
    t = tongue(room.language)
    words = (
        t.gettext("The stories rest here until someone wants them again.")
        if paused
        else t.gettext("The stories go on here.")
    )
    other = (
        Button(t.gettext("Go on"), press="room:resume")
        if paused
        else Button(t.gettext("Let it rest"), press="room:pause")
    )
    return Message(words, buttons=((other,),), room=room.chat, language=room.language)


def not_here(language: str) -> Message:
    """A button of a room we are not in, or of a post that is no more."""
    t = tongue(language)
    return Message(
        t.gettext("That belongs to a channel I am not in any more, or to an old message."), language=language
    )
