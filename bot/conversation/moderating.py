"""Photos as proof, for who looks at them: one by one, without a name; one decision each, told to who sent it."""

from datetime import datetime
from typing import get_args

from sqlalchemy import Connection

from actions.facts import Person, Ref
from actions.photos import Reason
from actions.rhythm import local_day
from bot.conversation import asks, outbox, passes, showing
from bot.conversation.turn import Turn
from bot.message import Button, Message
from bot.wording import help as help_words
from bot.wording import photos as words
from storage import audit, history, photos, roles, subscribers
from storage.audit import By
from storage.organizers import ROLES
from storage.photos import Photo


def may(conn: Connection, person: Person) -> bool:
    """Whether somebody may look at photos: moderators, organizers, owners."""
    return not roles.held_by(conn, person).isdisjoint(ROLES)


def rows(conn: Connection, turn: Turn) -> tuple[tuple[Button, ...], ...]:
    """The way to the photos that wait, for /organize; nothing when none do."""
    count = photos.waiting(conn, turn.person) if may(conn, turn.person) else 0
    return ((words.waiting(turn.language, count),),) if count else ()


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Show a photo, or decide about it."""
    if not may(conn, turn.person):
        return [help_words.for_organizers(turn.language)]
    step, _, value = turn.argument.partition(":")
    word, _, reason = value.partition(":")
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 19 else 0
    if step == "no" and not reason:
        return [words.reasons(turn.language, number, turn.pressed)]
    if step == "back":
        return [words.again(turn.language, number, turn.pressed)]
    if step in ("yes", "no"):
        return _decide(conn, turn, number, reason)
    shown = _shown(conn, turn, number if step == "next" else 0)
    return [Message(replaces=turn.pressed, language=turn.language), *shown] if step == "next" else shown


def _shown(conn: Connection, turn: Turn, after: int = 0) -> list[Message]:
    """The next photo to look at, and from the end on again from the beginning."""
    found = photos.next_waiting(conn, turn.person, after) or photos.next_waiting(conn, turn.person)
    if found is None:
        return [words.no_more(turn.language)]
    title = showing.action_title(conn, found.claim.action, turn.language)
    # The moderator's day and not the sender's: from it nobody learns where that person lives.
    day = local_day(turn.person.rhythm, found.claim.at)
    count = photos.waiting(conn, turn.person)
    return [words.to_look_at(turn.language, passes.source(found.id), found.id, title, day, count)]


def _decide(conn: Connection, turn: Turn, number: int, reason: str) -> list[Message]:
    found = photos.get(conn, number)
    if found is None or (reason and reason not in get_args(Reason)):
        return words.decided_before(turn.language, turn.pressed)
    done = _decline(conn, turn, found, reason) if reason else _accept(conn, turn, found)  # type: ignore[arg-type]
    if not done:
        return words.decided_before(turn.language, turn.pressed)
    audit.note(conn, By("chat", turn.person.id), "photo declined" if reason else "photo accepted", turn.now)
    return [words.decided(turn.language, turn.pressed, accepted=not reason), *_shown(conn, turn, number)]


def _accept(conn: Connection, turn: Turn, photo: Photo) -> bool:
    person = subscribers.get(conn, photo.subscriber_id)
    past = history.of(conn, person, turn.now)
    if not photos.accept(conn, photo, turn.person, turn.now):
        return False
    parts = [words.accepted(person.language, _title(conn, photo.claim.action, person))]
    parts += asks.climb(conn, person, past, photo.confirmed, turn.now)
    _tell(conn, person, Message("\n\n".join(parts), language=person.language), turn.now)
    return True


def _decline(conn: Connection, turn: Turn, photo: Photo, reason: Reason) -> bool:
    if not photos.decline(conn, photo, turn.person, reason, turn.now):
        return False
    if reason == "other" and photo.ask_id is not None:
        history.answer(conn, photo.ask_id, "", turn.now)
    person = subscribers.get(conn, photo.subscriber_id)
    told = words.declined(person.language, _title(conn, photo.claim.action, person), reason)
    _tell(conn, person, told, turn.now)
    return True


def _tell(conn: Connection, person: Person, message: Message, now: datetime) -> None:
    outbox.put_in_time(conn, person, [message], now)


def _title(conn: Connection, action: Ref, person: Person) -> str:
    return showing.action_title(conn, action, person.language)
