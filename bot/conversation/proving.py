"""After "I did it": what makes it confirmed, where the pack wants more than a word."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from actions.proof import codes
from bot.conversation import photos
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as ask_words
from bot.wording import names
from bot.wording import proof as words
from content.model import Action
from storage import dialogs, guesses, history, single_codes, visits
from storage.catalog import stock_of
from storage.history import Ask

SOURCE = "code"


def after_claim(conn: Connection, turn: Turn, ask: Ask) -> list[Message]:
    """What is said or done next for a claim, by the way its action is verified."""
    action = stock_of(conn).action(ask.asked.action)
    step = STEPS.get(action.verify) if action is not None else None
    return step(conn, turn, ask) if step is not None else []


def _by_link(conn: Connection, _turn: Turn, ask: Ask) -> list[Message]:
    """Whoever came by their own link is believed at once."""
    if visits.happened(conn, ask.id):
        visits.verify(conn, ask.id)
    return []


def _by_code(conn: Connection, turn: Turn, ask: Ask) -> list[Message]:
    dialogs.keep(conn, turn.person, {"asked": "code", "ask": ask.id})
    return [words.code_wanted(turn.language, ask.id)]


STEPS: Mapping[str, Callable[[Connection, Turn, Ask], list[Message]]] = {
    "link": _by_link, "code": _by_code, "photo": photos.invited,
}  # fmt: skip


def press_code(conn: Connection, turn: Turn) -> list[Message]:
    """The buttons about a code: enter it after all, or do without."""
    number, _, none = turn.argument.partition(":")
    ask = _own(conn, turn, number)
    if ask is None:
        return [ask_words.not_yours(turn.language)]
    if none:
        dialogs.keep(conn, turn.person, None)
        return [words.code_later(turn.language, turn.pressed, ask.id)]
    return _by_code(conn, turn, ask)


def typed_code(conn: Connection, turn: Turn) -> list[Message]:
    """Words that may be the code: right ones confirm, wrong ones are few an hour."""
    ask = _own(conn, turn, str(dialogs.of(conn, turn.person).get("ask", "")))
    action = stock_of(conn).action(ask.asked.action) if ask is not None else None
    if ask is None or action is None:
        dialogs.keep(conn, turn.person, None)
        return [ask_words.not_yours(turn.language)]
    number = stock_of(conn).actions[ask.asked.action]
    if not guesses.are_left(conn, turn.person, turn.now, number):
        dialogs.keep(conn, turn.person, None)
        return [words.code_pause(turn.language)]
    given = turn.incoming.text
    if not _shared(action, given):
        found = single_codes.use(conn, number, codes.digest(ask.asked.action, given), turn.person, turn.now)
        if found == "used":
            return [words.code_used(turn.language)]
        if found == "unknown":
            guesses.note(conn, turn.person, turn.now, number)
            return [words.code_wrong(turn.language, ask.id)]
    dialogs.keep(conn, turn.person, None)
    visits.verify(conn, ask.id, SOURCE)
    title = names.action(stock_of(conn).pack(ask.asked.action), ask.asked.action, turn.language)
    return [Message(words.code_right(turn.language, title), language=turn.language)]


def _shared(action: Action, given: str) -> bool:
    wanted = codes.folded(given)
    return len(wanted) >= codes.CODE_AT_LEAST and any(codes.folded(code) == wanted for code in action.codes)


def _own(conn: Connection, turn: Turn, number: str) -> Ask | None:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = history.get_ask(conn, int(number))
    return found if found is not None and found.subscriber_id == turn.person.id else None
