"""/link: one person in two chats, with one path and one rhythm."""

from sqlalchemy import Connection

from actions.facts import Person
from actions.rhythm import local_day
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import link as words
from storage import guesses, linking, merging, subscribers

PREFIX = "link-"
"""What stands before a code that comes with a deep link."""


def link(conn: Connection, turn: Turn) -> list[Message]:
    """Give a code, take one, choose where nudges come, part chats again."""
    if turn.incoming.room:
        return [words.in_private(turn.language)]
    if turn.incoming.kind == "press" and turn.argument:
        return _press(conn, turn)
    if turn.argument:
        return _asked(conn, turn)
    if not subscribers.is_onboarded(conn, turn.person):
        return [words.begin_first(turn.language)]
    code = linking.fresh_code()
    linking.offer(conn, turn.person, code, turn.now)
    return [words.code(turn.language, code, linking.places(conn, turn.person))]


def is_payload(payload: str) -> bool:
    """Whether what came with a deep link is such a code."""
    return payload.lower().startswith(PREFIX) and linking.bare(payload[len(PREFIX) :]) != ""


def by_payload(conn: Connection, turn: Turn) -> list[Message]:
    """Take the code that came with a deep link."""
    return [words.in_private(turn.language)] if turn.incoming.room else _asked(conn, turn)


def _press(conn: Connection, turn: Turn) -> list[Message]:
    step, _, value = turn.argument.partition(":")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
    if step == "yes":
        return _join(conn, turn, value)
    if step == "no":
        return [words.left_as_it_was(turn.language, turn.pressed)]
    if step == "where":
        return [words.where(turn.language, _places(conn, turn), turn.pressed)]
    if step == "at" and linking.prefer(conn, turn.person, number):
        return [words.comes_to(turn.language, _places(conn, turn), turn.pressed)]
    if step == "part":
        return _part(conn, turn, number)
    return [words.no_such_chat(turn.language)]


def _places(conn: Connection, turn: Turn) -> list[words.Chat]:
    address = turn.incoming.address
    return words.chats(linking.places(conn, turn.person), turn.language, here=(address.account, address.chat))


def _asked(conn: Connection, turn: Turn) -> list[Message]:
    """Say what would be joined, and ask."""
    code = linking.bare(turn.argument[len(PREFIX) :] if is_payload(turn.argument) else turn.argument)
    if not guesses.are_left(conn, turn.person, turn.now):
        return [words.too_many(turn.language)]
    other = linking.maker(conn, turn.person, code, turn.now)
    if other is None:
        return [words.refused(turn.language)]
    if other.id == turn.person.id:
        return [words.joined_already(turn.language)]
    chats = words.chats(linking.places(conn, other), turn.language)
    there, here = _path(conn, other), _path(conn, turn.person)
    return [words.ask(turn.language, code, [chat.label for chat in chats], (there, here))]


def _path(conn: Connection, person: Person) -> words.Path:
    since = None if person.joined_at is None else local_day(person.rhythm, person.joined_at)
    return words.Path(person, linking.taken_by(conn, person), since)


def _join(conn: Connection, turn: Turn, value: str) -> list[Message]:
    if not guesses.are_left(conn, turn.person, turn.now):
        return [words.too_many(turn.language)]
    other = linking.redeem(conn, turn.person, value, turn.now)
    if other is None:
        return [words.refused(turn.language)]
    merging.merge(conn, other, turn.person, key=turn.house.secret, now=turn.now)
    turn = turn.with_person(subscribers.get(conn, other.id))
    return [words.joined(turn.person, _places(conn, turn), turn.pressed)]


def _part(conn: Connection, turn: Turn, number: int) -> list[Message]:
    parted = linking.part(conn, turn.person, number)
    if parted is None:
        return [words.no_such_chat(turn.language)]
    here = turn.incoming.address
    # The chat we stand in is nobody's now: the answer is the last word to it.
    return [words.parted(turn.language, turn.pressed, here=(parted.account, parted.chat) == (here.account, here.chat))]
