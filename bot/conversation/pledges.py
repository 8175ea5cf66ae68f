"""Pledge drives in the chat: count me in, step back, did you do it, something smaller."""

from dataclasses import replace

from sqlalchemy import Connection

from actions import choose, pledging
from actions.choose import Offer
from actions.facts import Ref
from actions.reasons import Reason
from bot.conversation import showing
from bot.conversation.turn import Turn
from bot.message import Message
from bot.nudging import pledges as telling
from bot.wording import asks as ask_words
from bot.wording import names
from bot.wording import pledges as words
from storage import dialogs, history, pledge_steps, pledges, subscribers
from storage.catalog import stock_of
from storage.history import Ask
from storage.pledges import Standing


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Count somebody in, by the button of an ask."""
    ask = showing.ask_of(conn, turn)
    if ask is None or pledges.terms(conn, ask.asked.action) is None:
        return _gone(conn, turn, ask)
    return join(conn, turn, ask)


def _gone(conn: Connection, turn: Turn, ask: Ask | None) -> list[Message]:
    if ask is None:
        return [ask_words.not_yours(turn.language)]
    return showing.not_open(conn, turn, ask, "closed")


def has_drive(conn: Connection, action: Ref) -> bool:
    """Whether an action is not done on the spot, but promised in a drive."""
    return pledges.terms(conn, action) is not None


def is_in(conn: Connection, turn: Turn, ask: Ask) -> bool:
    """Whether the person is in the drive of an ask, or bound by it."""
    return pledges.held(conn, turn.person, ask.asked.action) is not None


def ask_held(conn: Connection, turn: Turn, action: Ref) -> int | None:
    """The ask with which the person is in an action's drive already."""
    found = pledges.held(conn, turn.person, action)
    return found.ask_id if found is not None else None


def join(conn: Connection, turn: Turn, ask: Ask, *, room: bool = False) -> list[Message]:
    """Count somebody in; when they were the last one missing, everybody is told."""
    if room:  # what was pressed there belongs to everybody
        turn = replace(turn, incoming=replace(turn.incoming, pressed=""))
    if not is_in(conn, turn, ask) and (refused := _refused(conn, turn, ask)):
        return refused
    verdict, found = pledges.join(conn, turn.person, ask, turn.now)
    if verdict == "over":
        title = showing.action_title(conn, found.action, turn.language)
        return [*_off(turn), words.over(turn.language, title, found.drive.by)]
    if verdict == "bound-already":
        return [*_off(turn), words.bound_already(stock_of(conn), turn.language, found)]
    if verdict == "in-already":
        outlook = pledging.forecast(found.drive, turn.now)
        return [words.in_already(turn.language, found.drive, found.ask_id or ask.id, outlook)]
    history.answer(conn, ask.id, "taken", turn.now)
    subscribers.answered(conn, turn.person, turn.now)
    if verdict == "joined":
        return words.joined(turn.language, found.drive, ask.id, turn.pressed)
    told = telling.told_at_once(conn, turn.person, found, turn.now)
    telling.tell(conn, turn.now, telling.AT_ONCE, found.id)
    return [*_off(turn), told]


def _off(turn: Turn) -> list[Message]:
    return [Message(replaces=turn.pressed, language=turn.language)] if turn.pressed else []


def _refused(conn: Connection, turn: Turn, ask: Ask) -> list[Message]:
    past = history.of(conn, turn.person, turn.now)
    reason = choose.may_take(turn.person, past, stock_of(conn).shelf, ask.asked.action, turn.now)
    if reason is not None:
        return showing.not_open(conn, turn, ask, reason.code)
    wanted = pledges.terms(conn, ask.asked.action)
    if wanted is None or wanted.within != "region" or turn.person.region:
        return []
    dialogs.keep(conn, turn.person, {"asked": "country", "ask": ask.id})
    return [words.where(turn.language)]


def country(conn: Connection, turn: Turn) -> list[Message]:
    """The country somebody wrote, by which they are counted from here on."""
    code = turn.incoming.text.strip().upper()
    number = dialogs.of(conn, turn.person).get("ask")
    if not names.is_country(code):
        return [words.no_country(turn.language)]
    dialogs.keep(conn, turn.person, None)
    subscribers.change(conn, turn.person, turn.now, region=code)
    ask = history.get_ask(conn, int(number)) if number is not None else None
    if ask is None or ask.subscriber_id != turn.person.id:
        return [ask_words.not_yours(turn.language)]
    return join(conn, turn.with_person(subscribers.get(conn, turn.person.id)), ask)


def step_back(conn: Connection, turn: Turn, ask: Ask) -> list[Message]:
    """Let somebody out again, as long as nothing binds."""
    found = pledges.held(conn, turn.person, ask.asked.action)
    if found is None or pledges.withdraw(conn, turn.person, ask.asked.action) == "not-in":
        return [ask_words.nothing_to_undo(turn.language)]
    if pledges.held(conn, turn.person, ask.asked.action) is not None:
        return [words.bound_already(stock_of(conn), turn.language, found)]
    # It was thought over: it is not brought up again soon, and the way back stays open.
    for number in {ask.id, found.ask_id or ask.id}:
        history.answer(conn, number, "declined", turn.now)
    return words.stepped_back(turn.language, turn.pressed, ask.id)


def kept(conn: Connection, turn: Turn) -> list[Message]:
    """Whether somebody did what they were bound to."""
    said, _, number = turn.argument.partition(":")
    found = None
    if said in ("yes", "no") and _is_number(number):
        found = pledge_steps.answer(conn, turn.person, int(number), done=said == "yes")
    if found is None:
        return [ask_words.not_yours(turn.language)]
    if said == "yes":
        return words.kept(turn.language, found.drive, turn.pressed)
    return words.missed(turn.language, turn.pressed)


def smaller(conn: Connection, turn: Turn) -> list[Message]:
    """Show the smaller version to somebody of a drive that failed."""
    found = pledges.standing(conn, turn.person, int(turn.argument)) if _is_number(turn.argument) else None
    ref = _smaller(conn, found) if found is not None and found.part == "released" else None
    if ref is None:
        return [ask_words.not_yours(turn.language)]
    past = history.of(conn, turn.person, turn.now)
    reason = choose.may_take(turn.person, past, stock_of(conn).shelf, ref, turn.now)
    if reason is not None:
        title = showing.action_title(conn, ref, turn.language)
        return [ask_words.plain(ask_words.closed(turn.language, title, why=reason.code), turn.language)]
    cause = stock_of(conn).shelf.actions[ref].cause
    return [showing.offer(conn, turn, Offer(ref, cause, (Reason("requested"),), 1.0))]


def _smaller(conn: Connection, found: Standing) -> Ref | None:
    wanted = pledges.terms(conn, found.action)
    return telling.smaller_of(found.action, wanted.smaller) if wanted and wanted.smaller else None


def _is_number(words_: str) -> bool:
    return words_.isascii() and words_.isdigit() and len(words_) < 19
