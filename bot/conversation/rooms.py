"""Rooms: a group chat that carries a cause together. What is said to all is short; the rest is said to one alone."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from actions import choose
from actions.facts import Frequency, Ref
from actions.rhythm import local_day
from bot.conversation import carrots, onboarding, outbox, pledges, proving, showing
from bot.conversation.finding import popular
from bot.conversation.newcomer import guess_zone
from bot.conversation.turn import Turn
from bot.message import Incoming, Message
from bot.nudging import rooms as telling
from bot.wording import asks as ask_words
from bot.wording import names
from bot.wording import rooms as words
from bot.wording.tongue import nearest
from storage import consents, history, rooms, subscribers
from storage.catalog import stock_of
from storage.rooms import Post, Room

GENTLE: Frequency = "weekdays"
"""The rhythm of someone who followed with one press at work: they can change it with the next one."""


def came_or_went(conn: Connection, incoming: Incoming, now: datetime) -> list[Message]:
    """Greet a room we were taken into; fall silent in one we were taken out of."""
    account = incoming.address.account
    if incoming.kind == "removed":
        room = rooms.of(conn, account, incoming.room)
        if room is not None:
            rooms.leave(conn, room)
        return []
    known = rooms.of(conn, account, incoming.room)
    profile = incoming.profile
    language = nearest(profile.language) if profile.language else "en"
    room = rooms.enter(conn, account, incoming.room, language=language, zone=guess_zone(profile), now=now)
    if known is not None and known.state != "left":
        return []
    greeting = words.hello(room) if room.cause is None else words.carries(stock_of(conn), room, room.next_at)
    outbox.put(conn, (None, room.address_id, room.account_id), [greeting], now)
    return [greeting]


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Answer a button of a room's message."""
    room = _room(conn, turn)
    step, _, value = turn.argument.partition(":")
    handler = STEPS.get(step)
    if room is None or handler is None:
        return [words.not_here(turn.language)]
    return handler(conn, turn, room, value)


def mentioned(conn: Connection, turn: Turn) -> list[Message]:
    """Tell someone who spoke to us in a room what it carries, and what can be done about it."""
    room = _room(conn, turn)
    if room is None:
        language = turn.language
        room = rooms.enter(
            conn, turn.incoming.address.account, turn.incoming.room,
            language=language, zone=turn.person.rhythm.zone, now=turn.now,
        )  # fmt: skip
    return [words.menu(stock_of(conn), turn.language, room)]


def _room(conn: Connection, turn: Turn) -> Room | None:
    room = rooms.of(conn, turn.incoming.address.account, turn.incoming.room) if turn.incoming.room else None
    return room if room is not None and room.state != "left" else None


def _choose(conn: Connection, turn: Turn, _here: Room, _value: str) -> list[Message]:
    return [words.choose(stock_of(conn), turn.language, popular(conn, 20), "")]


def _carry(conn: Connection, turn: Turn, room: Room, value: str) -> list[Message]:
    ref = stock_of(conn).cause_numbered(value)
    if ref is None:
        return [words.not_here(turn.language)]
    if ref == room.cause and room.state == "active":
        return [words.chosen(turn.language, turn.pressed)]
    room = rooms.carry(conn, room, ref)
    told = telling.tell(conn, room, turn.now)
    if told:
        rooms.change(conn, room, last_day=telling.day(room, turn.now))
    due = rooms.schedule(conn, room, turn.now)
    return [words.carries(stock_of(conn), room, due), words.chosen(turn.language, turn.pressed)]


def _pause(conn: Connection, _turn: Turn, room: Room, _value: str) -> list[Message]:
    if room.state == "active":
        rooms.change(conn, room, state="paused", next_at=None)
    return [words.rests(room, paused=True)]


def _resume(conn: Connection, turn: Turn, room: Room, _value: str) -> list[Message]:
    if room.state == "paused":
        rooms.change(conn, room, state="active" if room.cause else "new")
        rooms.schedule(conn, room, turn.now)
    return [words.rests(room, paused=False)]


def _in(conn: Connection, turn: Turn, room: Room, _value: str) -> list[Message]:
    rooms.join(conn, room, turn.person, turn.now)
    return [words.in_(turn.language, named=rooms.is_named(conn, room, turn.person)), *repainted(conn, room)]


def _out(conn: Connection, turn: Turn, room: Room, _value: str) -> list[Message]:
    rooms.quit_(conn, room, turn.person)
    return [words.out(turn.language), *repainted(conn, room)]


def _name(conn: Connection, turn: Turn, room: Room, value: str) -> list[Message]:
    rooms.join(conn, room, turn.person, turn.now)
    rooms.show(conn, room, turn.person, named=value == "yes")
    words_hash = hashlib.sha256(words.named_words(turn.language).encode()).hexdigest()
    consents.note(
        conn, turn.person, what=f"named:room:{room.id}", text_hash=words_hash,
        channel=turn.incoming.address.channel, now=turn.now, given=value == "yes",
    )  # fmt: skip
    return [words.in_(turn.language, named=value == "yes"), *repainted(conn, room)]


def after_undo(conn: Connection, ask_id: int) -> list[Message]:
    """What changes in a room when someone takes back what they did there."""
    room = rooms.of_ask(conn, ask_id)
    return [] if room is None else repainted(conn, room)


def repainted(conn: Connection, room: Room, post: Post | None = None) -> list[Message]:
    """The room's newest post with its numbers and names as they are now."""
    post = post or rooms.last_post(conn, room)
    if post is None or not post.ref:
        return []
    return [words.post(stock_of(conn), room, post, telling.progress(conn, room, post), replaces=post.ref)]


def _did(conn: Connection, turn: Turn, room: Room, value: str) -> list[Message]:
    """Note what someone did, for them alone; the room sees a number."""
    post = _post(conn, room, value)
    if post is None or post.action is None:
        return [words.not_here(turn.language)]
    if said := carrots.in_room(conn, turn, post.action):
        return said
    stock, past = stock_of(conn), history.of(conn, turn.person, turn.now)
    refused = choose.may_take(turn.person, past, stock.shelf, post.action, turn.now)
    if refused is not None and not pledges.has_drive(conn, post.action):
        title = showing.action_title(conn, post.action, turn.language)
        return [ask_words.plain(ask_words.closed(turn.language, title, why=refused.code), turn.language)]
    return _claimed(conn, turn, room, post, post.action)


def _claimed(conn: Connection, turn: Turn, room: Room, post: Post, action: Ref) -> list[Message]:
    stock = stock_of(conn)
    values = history.ask_values(
        stock, turn.person, action, turn.now, reasons=(), propensity=1.0, origin="room", story=post.story
    )
    mine = pledges.ask_held(conn, turn, action)
    ask = history.get_ask(conn, mine or history.ask(conn, {**values, "room_id": room.id}))
    if ask is not None and pledges.has_drive(conn, action):
        return [*pledges.join(conn, turn, ask, room=True), *repainted(conn, room, post)]
    repeats = stock.shelf.actions[action].repeat != "never"
    period = local_day(turn.person.rhythm, turn.now).isoformat() if repeats else "once"
    if ask is None or not history.claim(conn, turn.person, ask, period, turn.now):
        return [words.not_here(turn.language)]
    history.answer(conn, ask.id, "taken", turn.now)
    thanks = ask_words.thanks(stock, turn.language, action, others=history.takers(conn, action))
    named = rooms.is_named(conn, room, turn.person)
    if subscribers.is_onboarded(conn, turn.person):
        carrots.after_claim(conn, turn, ask)
        outbox.put_home(conn, turn.person.id, proving.after_claim(conn, turn, ask), turn.now)
    return [words.thanked(turn.language, thanks, ask.id, named=named), *repainted(conn, room, post)]


def _post(conn: Connection, room: Room, value: str) -> Post | None:
    """A post of this very room, as a button names it."""
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        return None
    found = rooms.post(conn, int(value))
    return found if found is not None and found.room_id == room.id else None


def _follow(conn: Connection, turn: Turn, room: Room, value: str) -> list[Message]:
    """Bring the room's cause to one person alone, with this one press."""
    post = _post(conn, room, value)
    action = stock_of(conn).shelf.actions.get(post.action) if post is not None and post.action else None
    cause = action.cause if action is not None else room.cause
    if cause is None or cause not in stock_of(conn).shelf.causes:
        return [words.not_here(turn.language)]
    title = names.cause(stock_of(conn), cause, turn.language)
    if turn.person.state == "stopped":
        subscribers.change(conn, turn.person, turn.now, state="active", stopped_at=None)
    if subscribers.is_onboarded(conn, turn.person):
        subscribers.follow(conn, turn.person, cause, turn.now)
    else:
        outbox.put_home(conn, turn.person.id, onboarding.begin_gently(conn, turn, cause, GENTLE), turn.now)
    return [words.follows(turn.language, title)]


STEPS: Mapping[str, Callable[[Connection, Turn, Room, str], list[Message]]] = {
    "choose": _choose,
    "cause": _carry,
    "pause": _pause,
    "resume": _resume,
    "in": _in,
    "out": _out,
    "name": _name,
    "did": _did,
    "follow": _follow,
}
