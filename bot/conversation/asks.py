"""The buttons under an ask: I did it, undo, later, not for me."""

from datetime import datetime

from sqlalchemy import Connection

from actions import choose, ladder
from actions.facts import History, Person, Taken
from actions.limits import LATER_REST
from actions.rhythm import local_day
from bot.conversation import carrots, drives, outcome, proving, recognition, rooms, showing
from bot.conversation import pledges as pledging
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as words
from bot.wording import names
from storage import history, intentions, letters, photos, subscribers
from storage.catalog import stock_of
from storage.history import Ask


def done(conn: Connection, turn: Turn) -> list[Message]:
    """Note the claim, give thanks, and tell when it opened a rung."""
    ask = showing.ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    stock = stock_of(conn)
    if pledging.has_drive(conn, ask.asked.action):
        return pledging.join(conn, turn, ask)
    if said := carrots.before_claim(conn, turn, ask):
        return said
    past = history.of(conn, turn.person, turn.now)
    if ask.asked.answer == "taken":
        return already(turn, ask)
    reason = choose.may_take(turn.person, past, stock.shelf, ask.asked.action, turn.now)
    if reason is not None and reason.code == "closed":
        # Whoever carried out a plan for it says so the next day.
        moment = intentions.judged_at(conn, turn.person, ask.asked.action, turn.now)
        reason = choose.may_take(turn.person, past, stock.shelf, ask.asked.action, moment)
    if reason is not None:
        return showing.not_open(conn, turn, ask, reason.code)
    repeats = stock.shelf.actions[ask.asked.action].repeat != "never"
    period = local_day(turn.person.rhythm, turn.now).isoformat() if repeats else "once"
    if not history.claim(conn, turn.person, ask, period, turn.now):
        return already(turn, ask)
    history.answer(conn, ask.id, "taken", turn.now)
    letters.done_with(conn, ask.id)
    subscribers.answered(conn, turn.person, turn.now)
    carrots.after_claim(conn, turn, ask)
    proof = proving.after_claim(conn, turn, ask)
    return [words.done(turn.language, turn.pressed, ask.id), *_thanks(conn, turn, ask, past), *proof]


def _counted(conn: Connection, turn: Turn, ask: Ask) -> list[Message]:
    """Answer an "I did not" after an "I did": it stays as it is until it is taken back."""
    return pledging.join(conn, turn, ask) if pledging.is_in(conn, turn, ask) else [words.already(turn.language, ask.id)]


def already(turn: Turn, ask: Ask) -> list[Message]:
    """Say that it was done before, and counts."""
    told = words.already(turn.language, ask.id)
    return [Message(replaces=turn.pressed, language=turn.language), told] if turn.pressed else [told]


def _thanks(conn: Connection, turn: Turn, ask: Ask, past: History) -> list[Message]:
    stock, asked = stock_of(conn), ask.asked
    parts = [words.thanks(stock, turn.language, asked.action, others=history.takers(conn, asked.action))]
    parts += drives.after(conn, turn, asked.action)
    parts += outcome.of(conn, turn.person, asked.action, turn.now)
    claim = Taken(asked.action, asked.cause, asked.kind, turn.now)
    climbed = climb(conn, turn.person, past, claim, turn.now)
    told = "".join(climbed) or recognition.milestone(conn, turn, (*past.taken, claim))
    thanks = words.plain("\n\n".join([*parts, told] if told else parts), turn.language)
    return [thanks] if told else [thanks, *recognition.question(conn, turn, (*past.taken, claim))]


def climb(conn: Connection, person: Person, past: History, claim: Taken, now: datetime) -> list[str]:
    """The words for a rung that a claim opens, new or just confirmed; none when it opens none, or that was told."""
    stock = stock_of(conn)
    cause = stock.shelf.causes.get(claim.cause)
    rung = ladder.climbed(cause, past.taken, claim, past.ethics) if cause is not None else None
    if rung is None or not history.tell_climb(conn, person, claim.cause, rung, now):
        return []
    return [words.climb(person.language, names.cause(stock, claim.cause, person.language), rung)]


def undo(conn: Connection, turn: Turn) -> list[Message]:
    """Take back a claim; the ask is open again."""
    ask = showing.ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    if pledging.is_in(conn, turn, ask):
        return pledging.step_back(conn, turn, ask)
    if not history.undo(conn, turn.person, ask.id):
        return [words.nothing_to_undo(turn.language)]
    history.answer(conn, ask.id, "", turn.now)
    letters.undone_with(conn, ask.id)
    photos.withdraw(conn, turn.person, ask.id)
    if stock_of(conn).action(ask.asked.action) is None:
        return [Message(replaces=turn.pressed, language=turn.language)]
    again = words.undone(
        stock_of(conn), turn.language, turn.pressed, showing.open_ask(conn, turn, ask.id, ask.asked.action)
    )
    return [*again, *rooms.after_undo(conn, ask.id)]


def later(conn: Connection, turn: Turn) -> list[Message]:
    """Put an ask off for some days."""
    ask = showing.ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    if ask.asked.answer == "taken":
        return _counted(conn, turn, ask)
    history.answer(conn, ask.id, "later", turn.now)
    day = local_day(turn.person.rhythm, turn.now + LATER_REST)
    return words.later(turn.language, turn.pressed, day)


def decline(conn: Connection, turn: Turn) -> list[Message]:
    """Take a no as one: the ask rests for long, its cause asks nothing for a while."""
    ask = showing.ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    if ask.asked.answer == "taken":
        return _counted(conn, turn, ask)
    history.answer(conn, ask.id, "declined", turn.now)
    subscribers.answered(conn, turn.person, turn.now)
    return words.declined(turn.language, turn.pressed, ask.id, ask.asked.kind)


def reopen(conn: Connection, turn: Turn) -> list[Message]:
    """Undo a no."""
    ask = showing.ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    if ask.asked.answer == "declined":
        history.answer(conn, ask.id, "", turn.now)
    stock = stock_of(conn)
    if stock.action(ask.asked.action) is None:
        return showing.not_open(conn, turn, ask, "closed")
    again = words.act(stock, turn.language, showing.open_ask(conn, turn, ask.id, ask.asked.action))
    return [Message(replaces=turn.pressed, language=turn.language), again]


def never(conn: Connection, turn: Turn) -> list[Message]:
    """Leave out a whole kind of action."""
    ask = showing.ask_of(conn, turn)
    if ask is None:
        return [words.not_yours(turn.language)]
    unwanted = ",".join(sorted(turn.person.unwanted | {ask.asked.kind}))
    subscribers.change(conn, turn.person, turn.now, unwanted=unwanted)
    return [Message(replaces=turn.pressed, language=turn.language), words.never_again(turn.language, ask.asked.kind)]
