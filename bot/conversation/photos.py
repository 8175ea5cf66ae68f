"""Photos as proof, for who sends them: the invitation, what is sent upon it, and what cannot be taken."""

from datetime import date, datetime

from sqlalchemy import Connection

from actions.photos import objection
from actions.rhythm import local_day
from bot.conversation import help, outbox, showing
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import photos as words
from storage import photos, subscribers
from storage.catalog import stock_of
from storage.history import Ask
from storage.photos import Invitation

CHOICES = 8


def invited(conn: Connection, turn: Turn, ask: Ask) -> list[Message]:
    """Invite somebody who just did something to show it, if a photo is what confirms it."""
    action = stock_of(conn).action(ask.asked.action)
    if action is None or action.verify != "photo":
        return []
    number = photos.invite(conn, turn.person, ask.id, turn.now)
    return [] if number is None else [words.invitation(turn.language, number)]


def sent(conn: Connection, turn: Turn) -> list[Message]:
    """Take a photo that somebody was invited to send; anything else gets the usual answer."""
    file = turn.incoming.file
    if turn.person.state == "stopped":
        return help.media(conn, turn)
    open_ = photos.invitations(conn, turn.person, turn.now)
    if not open_:
        if file is not None and photos.is_under_way(conn, turn.person):
            return [words.one_is_enough(turn.language)]
        return help.media(conn, turn)
    refused = "kind" if file is None else objection(file.size, file.media_type)
    if refused or file is None:
        return [words.not_taken(turn.language, refused)]
    account = turn.incoming.address.account
    if len(open_) == 1:
        photos.want(conn, open_[0].id, account, file.id, turn.now)
        return [words.taken(turn.language)]
    held = photos.hold(conn, turn.person, account, file.id, turn.now)
    return [words.which(turn.language, held, [_choice(conn, turn, one) for one in open_[:CHOICES]])]


def _choice(conn: Connection, turn: Turn, one: Invitation) -> tuple[int, str, date]:
    title = showing.action_title(conn, one.action, turn.language)
    return one.id, title, local_day(turn.person.rhythm, one.at)


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Skip the photo, or say what it shows."""
    step, _, value = turn.argument.partition(":")
    first, _, second = value.partition(":")
    number = _number(first)
    if step == "for":
        open_ = {one.id: one for one in photos.invitations(conn, turn.person, turn.now)}
        chosen = open_.get(_number(second))
        if chosen is None or not photos.assign(conn, turn.person, number, chosen, turn.now):
            return [words.too_late(turn.language)]
        return [Message(replaces=turn.pressed, language=turn.language), words.taken(turn.language)]
    was_held = photos.is_held(conn, turn.person, number)
    if not photos.skip(conn, turn.person, number):
        return [words.too_late(turn.language)]
    return (words.not_kept if was_held else words.skipped)(turn.language, turn.pressed)


def not_taken(conn: Connection, subscriber_id: int, why: str, now: datetime) -> None:
    """Tell somebody that what they sent could not be taken, and what to do."""
    person = subscribers.get(conn, subscriber_id)
    if person.state != "stopped":
        outbox.put_home(conn, person.id, [words.not_taken(person.language, why)], now)


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
