"""Carrot days in the chat: vote for a bid, say that one comes, say that one was there."""

from dataclasses import replace

from sqlalchemy import Connection

from actions import carrots as rules
from actions import choose
from actions.facts import Ref
from bot.conversation import outbox, showing
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as ask_words
from bot.wording import carrots as words
from storage import carrots, history, subscribers
from storage.carrots import Standing
from storage.catalog import stock_of
from storage.history import Ask


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Every button of a carrot day: a bid, I will come, not after all."""
    number, _, wanted = turn.argument.partition(":")
    ask = showing.ask_numbered(conn, turn, number)
    if ask is None:
        return [ask_words.not_yours(turn.language)]
    found = carrots.standing(conn, turn.person, ask.asked.action, turn.now)
    if found is None and stock_of(conn).action(ask.asked.action) is not None:
        # The action is open, and has no bids: nothing may be said to be over.
        return [ask_words.not_yours(turn.language)]
    if found is None:
        return showing.not_open(conn, turn, ask, "closed")
    if wanted in ("come", "pass"):
        return _come(conn, turn, ask, found, coming=wanted == "come")
    return _vote(conn, turn, ask, found, wanted)


def _vote(conn: Connection, turn: Turn, ask: Ask, found: Standing, wanted: str) -> list[Message]:
    slug = next((slug for slug in found.carrot.bids if words.mark(slug) == wanted), None)
    stock = stock_of(conn)
    if slug is None or found.stage != "voting":
        return words.outcome(stock, turn.language, found, ask.id, turn.pressed)
    reason = _refused(conn, turn, ask)
    if reason is not None and not found.mine:
        return showing.not_open(conn, turn, ask, reason)
    how = carrots.vote(conn, turn.person, ask, slug, turn.now)
    found = carrots.standing(conn, turn.person, ask.asked.action, turn.now) or found
    if how == "over":
        return words.outcome(stock, turn.language, found, ask.id, turn.pressed)
    _answered(conn, turn, ask)
    return words.voted(turn.language, found, ask.id, how, turn.pressed)


def _refused(conn: Connection, turn: Turn, ask: Ask) -> str | None:
    """Why somebody cannot vote: another region, something to be done before; that the day is ahead is no reason."""
    past = history.of(conn, turn.person, turn.now)
    reason = choose.may_take(turn.person, past, stock_of(conn).shelf, ask.asked.action, turn.now)
    return None if reason is None or reason.code == "not-yet-open" else reason.code


def _answered(conn: Connection, turn: Turn, ask: Ask) -> None:
    """Note that there was an answer: not yet the action itself, and no silence either."""
    if ask.asked.answer != "taken":
        history.answer(conn, ask.id, "later", turn.now)
    subscribers.answered(conn, turn.person, turn.now)


def _come(conn: Connection, turn: Turn, ask: Ask, found: Standing, *, coming: bool) -> list[Message]:
    stock = stock_of(conn)
    if found.stage not in ("set", "day"):
        return words.outcome(stock, turn.language, found, ask.id, turn.pressed)
    after = carrots.come(conn, turn.person, ask, turn.now, coming=coming) or found
    _answered(conn, turn, ask)
    return words.coming(stock, turn.language, after, ask.id, turn.pressed)


def before_claim(conn: Connection, turn: Turn, ask: Ask) -> list[Message]:
    """What is said instead to who says "I did it" before the day, or long after it; nothing when it may count."""
    found = carrots.standing(conn, turn.person, ask.asked.action, turn.now)
    if found is None or ask.asked.answer == "taken" or rules.may_claim(found.carrot, turn.now):
        return []
    return words.outcome(stock_of(conn), turn.language, found, ask.id, turn.pressed)


def in_room(conn: Connection, turn: Turn, action: Ref) -> list[Message]:
    """What is said instead to who presses "I did it" in a room before the day, or long after it; the vote itself is
    given in one's own chat.
    """
    found = carrots.standing(conn, turn.person, action, turn.now)
    if found is None or rules.may_claim(found.carrot, turn.now):
        return []
    told = words.outcome(stock_of(conn), turn.language, found, showing.ask_number(conn, turn, action))
    if subscribers.is_onboarded(conn, turn.person):
        outbox.put_home(conn, turn.person.id, told, turn.now)
    return [replace(told[-1], buttons=())]


def after_claim(conn: Connection, turn: Turn, ask: Ask) -> None:
    """Note who was there."""
    carrots.came(conn, turn.person, ask, turn.now)
