"""The buttons under an ask: I did it, undo, later, not for me."""

from datetime import datetime

from sqlalchemy import Connection

from actions import choose, ladder
from actions.facts import History, Person, Taken
from actions.limits import LATER_REST
from actions.rhythm import local_day
from bot.conversation import photos, rooms, showing
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as words
from bot.wording import names
from storage import history, subscribers
from storage import photos as storage_photos
from storage.catalog import stock_of
from storage.history import Ask

FEW = 3


def _ask_of(conn: Connection, turn: Turn) -> Ask | None:
    """The ask a button names, if it was put to this very person."""
    number = turn.argument
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = history.get_ask(conn, int(number))
    return found if found is not None and found.subscriber_id == turn.person.id else None


def done(conn: Connection, turn: Turn) -> list[Message]:
    """Note the claim, give thanks, and tell when it opened a rung."""
    ask = _ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    stock = stock_of(conn)
    past = history.of(conn, turn.person, turn.now)
    if ask.asked.answer == "taken":
        return _already(turn, ask)
    reason = choose.may_take(turn.person, past, stock.shelf, ask.asked.action, turn.now)
    if reason is not None:
        return _not_open(conn, turn, ask, reason.code)
    repeats = stock.shelf.actions[ask.asked.action].repeat != "never"
    period = local_day(turn.person.rhythm, turn.now).isoformat() if repeats else "once"
    if not history.claim(conn, turn.person, ask, period, turn.now):
        return _already(turn, ask)
    history.answer(conn, ask.id, "taken", turn.now)
    subscribers.answered(conn, turn.person, turn.now)
    thanks = [words.done(turn.language, turn.pressed, ask.id), _thanks(conn, turn, ask, past)]
    return [*thanks, *photos.invited(conn, turn, ask)]


def _already(turn: Turn, ask: Ask) -> list[Message]:
    told = words.already(turn.language, ask.id)
    return [Message(replaces=turn.pressed, language=turn.language), told] if turn.pressed else [told]


def _thanks(conn: Connection, turn: Turn, ask: Ask, past: History) -> Message:
    stock, asked = stock_of(conn), ask.asked
    parts = [words.thanks(stock, turn.language, asked.action, others=history.takers(conn, asked.action))]
    action = stock.action(asked.action)
    if action is not None and action.result_by is not None and action.result_by > turn.now.date():
        parts.append(words.result_promised(turn.language, action.result_by))
    claim = Taken(asked.action, asked.cause, asked.kind, turn.now)
    return words.plain("\n\n".join([*parts, *climb(conn, turn.person, past, claim, turn.now)]), turn.language)


def climb(conn: Connection, person: Person, past: History, claim: Taken, now: datetime) -> list[str]:
    """The words for a rung that a claim opens, new or just confirmed; none when it opens none, or that was told."""
    stock = stock_of(conn)
    cause = stock.shelf.causes.get(claim.cause)
    rung = ladder.climbed(cause, past.taken, claim, past.ethics) if cause is not None else None
    if rung is None or not history.tell_climb(conn, person, claim.cause, rung, now):
        return []
    return [words.climb(person.language, names.cause(stock, claim.cause, person.language), rung)]


def _not_open(conn: Connection, turn: Turn, ask: Ask, why: str) -> list[Message]:
    title = showing.action_title(conn, ask.asked.action, turn.language)
    answers = [words.plain(words.closed(turn.language, title, why=why), turn.language)]
    if turn.pressed:
        answers.insert(0, Message(replaces=turn.pressed, language=turn.language))
    if why == "taken":
        return answers
    past = history.of(conn, turn.person, turn.now)
    offers = choose.asks_for(turn.person, past, stock_of(conn).shelf, turn.now, turn.chance, FEW)
    near = [offer for offer in offers if offer.cause == ask.asked.cause] or list(offers)
    if near:
        answers.append(words.another(showing.offer(conn, turn, near[0]), turn.language))
    return answers


def undo(conn: Connection, turn: Turn) -> list[Message]:
    """Take back a claim; the ask is open again."""
    ask = _ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    if not history.undo(conn, turn.person, ask.id):
        return [words.nothing_to_undo(turn.language)]
    history.answer(conn, ask.id, "", turn.now)
    storage_photos.withdraw(conn, turn.person, ask.id)
    if stock_of(conn).action(ask.asked.action) is None:
        return [Message(replaces=turn.pressed, language=turn.language)]
    again = words.undone(stock_of(conn), turn.language, turn.pressed, words.OpenAsk(ask.id, ask.asked.action))
    return [*again, *rooms.after_undo(conn, ask.id)]


def later(conn: Connection, turn: Turn) -> list[Message]:
    """Put an ask off for some days."""
    ask = _ask_of(conn, turn)
    if ask is None or ask.asked.answer == "taken":
        return [words.not_yours(turn.language) if ask is None else words.already(turn.language, ask.id)]
    history.answer(conn, ask.id, "later", turn.now)
    day = local_day(turn.person.rhythm, turn.now + LATER_REST)
    return words.later(turn.language, turn.pressed, day)


def decline(conn: Connection, turn: Turn) -> list[Message]:
    """Take a no as one: the ask rests for long, its cause asks nothing for a while."""
    ask = _ask_of(conn, turn)
    if ask is None or ask.asked.answer == "taken":
        return [words.not_yours(turn.language) if ask is None else words.already(turn.language, ask.id)]
    history.answer(conn, ask.id, "declined", turn.now)
    subscribers.answered(conn, turn.person, turn.now)
    return words.declined(turn.language, turn.pressed, ask.id, ask.asked.kind)


def reopen(conn: Connection, turn: Turn) -> list[Message]:
    """Undo a no."""
    ask = _ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    if ask.asked.answer == "declined":
        history.answer(conn, ask.id, "", turn.now)
    stock = stock_of(conn)
    if stock.action(ask.asked.action) is None:
        return _not_open(conn, turn, ask, "closed")
    again = words.act(stock, turn.language, words.OpenAsk(ask.id, ask.asked.action))
    return [Message(replaces=turn.pressed, language=turn.language), again]


def never(conn: Connection, turn: Turn) -> list[Message]:
    """Leave out a whole kind of action."""
    ask = _ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    unwanted = ",".join(sorted(turn.person.unwanted | {ask.asked.kind}))
    subscribers.change(conn, turn.person, turn.now, unwanted=unwanted)
    return [Message(replaces=turn.pressed, language=turn.language), words.never_again(turn.language, ask.asked.kind)]
