"""A letter to whoever decides: where one lives, to whom, the words, and what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from actions import choose, deciding
from actions.rhythm import local_day
from bot.conversation import asks, letter_links, showing, stop
from bot.conversation.stories import tidy
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as ask_words
from bot.wording import letters as words
from bot.wording.letters import Desk
from content.model import Maker
from content.text import utf16
from storage import dialogs, history, letters, subscribers
from storage.catalog import stock_of
from storage.history import Ask
from storage.letters import Letter, To

SHORTEST = 20
LONGEST = 4000
LETTERS_AT_MOST = 12
"""About one decision and by one person, those thrown away included."""
ASKED = "letter"

Step = Callable[[Connection, Turn, Desk, str], list[Message]]


def press(conn: Connection, turn: Turn) -> list[Message]:
    """The button under an ask, and those of each step."""
    number, _, rest = turn.argument.partition(":")
    step, _, value = rest.partition(":")
    if number == "cancel":
        dialogs.keep(conn, turn.person, None)
        return [words.never_mind(turn.language, turn.pressed)]
    if turn.person.state == "stopped" and step != "sent":
        return stop.still_stopped(conn, turn)
    ask = showing.ask_numbered(conn, turn, number)
    if ask is None:
        return [ask_words.not_yours(turn.language)]
    if step in OF_A_LETTER:
        return _of_letter(conn, turn, ask, step, value)
    desk = _desk(conn, turn, ask)
    return desk if isinstance(desk, list) else STEPS.get(step, _begin)(conn, turn, desk, value)


def _desk(conn: Connection, turn: Turn, ask: Ask) -> Desk | list[Message]:
    """What to write at, or what is said where it is too late, or not for this person."""
    stock, past = stock_of(conn), history.of(conn, turn.person, turn.now)
    reason = choose.may_take(turn.person, past, stock.shelf, ask.asked.action, turn.now)
    action = stock.action(ask.asked.action)
    # Who has sent one may write to somebody else who decides; it counts once.
    if reason is not None and reason.code != "taken":
        return showing.not_open(conn, turn, ask, reason.code)
    if action is None or action.decision is None:
        return showing.not_open(conn, turn, ask, "closed")
    first, today = stock.pack(ask.asked.action).languages[0], local_day(turn.person.rhythm, turn.now)
    return Desk(ask.id, action, action.decision, first, today)


def _begin(conn: Connection, turn: Turn, desk: Desk, _value: str) -> list[Message]:
    return _for_region(conn, turn, desk, turn.person.region)


def _for_region(conn: Connection, turn: Turn, desk: Desk, region: str) -> list[Message]:
    places = deciding.regions_to_ask(desk.decision, region)
    if places:
        return [words.where(turn.language, desk, places, _shown_at(turn))]
    return _whom(conn, turn, desk, region)


def _shown_at(turn: Turn) -> str:
    """The message to change: a step's own, never the ask's, which stays to be read."""
    return turn.pressed if turn.argument.count(":") else ""


def _in(conn: Connection, turn: Turn, desk: Desk, region: str) -> list[Message]:
    """Say where one lives; kept where it tells more than we knew."""
    known = {place for maker in desk.decision.makers for place in maker.regions}
    if region not in known | {deciding.country_of(place) for place in known}:
        return _where(conn, turn, desk, "")
    if deciding.refines(region, turn.person.region):
        subscribers.change(conn, turn.person, turn.now, region=region)
        turn = turn.with_person(subscribers.get(conn, turn.person.id))
    return _for_region(conn, turn, desk, region)


def _elsewhere(conn: Connection, turn: Turn, desk: Desk, _value: str) -> list[Message]:
    return _whom(conn, turn, desk, turn.person.region)


def _where(_conn: Connection, turn: Turn, desk: Desk, _value: str) -> list[Message]:
    return [words.where(turn.language, desk, deciding.regions_to_ask(desk.decision, ""), _shown_at(turn))]


def _whom(conn: Connection, turn: Turn, desk: Desk, region: str) -> list[Message]:
    makers = deciding.makers_for(desk.decision, region)
    if not makers:
        return [words.nobody(turn.language, desk, _shown_at(turn))]
    if len(makers) == 1:
        return _write(conn, turn, desk, makers[0])
    return [words.whom(turn.language, desk, makers, _shown_at(turn))]


def _to(conn: Connection, turn: Turn, desk: Desk, key: str) -> list[Message]:
    maker = deciding.find(desk.decision.makers, key)
    return _begin(conn, turn, desk, "") if maker is None else _write(conn, turn, desk, maker)


def _write(conn: Connection, turn: Turn, desk: Desk, maker: Maker) -> list[Message]:
    """Wait for the words; a draft that was begun is shown instead."""
    to = _addressed(conn, turn, desk, maker)
    draft = letters.draft(conn, turn.person, to, turn.house.secret)
    if draft is not None and draft.text:
        return [_finished(turn, draft, maker, _shown_at(turn))]
    if letters.written(conn, turn.person, to.action) >= LETTERS_AT_MOST:
        return [words.enough(turn.language, _shown_at(turn))]
    dialogs.keep(conn, turn.person, {"asked": ASKED, "ask": desk.ask_id, "to": deciding.key_of(maker)})
    return [words.points(turn.language, desk, maker, _shown_at(turn))]


def _addressed(conn: Connection, turn: Turn, desk: Desk, maker: Maker) -> To:
    ask = history.get_ask(conn, desk.ask_id)
    if ask is None:
        raise LookupError("the ask behind a letter is gone")
    language = words.frame_language(maker, turn.language)
    return To(desk.ask_id, ask.asked.action, maker, desk.decision.day, language)


def _finished(turn: Turn, letter: Letter, maker: Maker | None, pressed: str = "") -> Message:
    return words.finished(turn.language, letter, maker, letter_links.address(turn.house, letter), pressed)


def typed(conn: Connection, turn: Turn) -> list[Message]:
    """The letter was written after the invitation."""
    open_dialog = dialogs.of(conn, turn.person)
    ask = showing.ask_numbered(conn, turn, str(open_dialog.get("ask", "")))
    desk = _desk(conn, turn, ask) if ask is not None else [ask_words.not_yours(turn.language)]
    maker = deciding.find(desk.decision.makers, open_dialog.get("to", "")) if isinstance(desk, Desk) else None
    if isinstance(desk, list) or maker is None:
        dialogs.keep(conn, turn.person, None)
        return desk if isinstance(desk, list) else _begin(conn, turn, desk, "")
    text = tidy(turn.incoming.text)
    if not SHORTEST <= (length := utf16(text)) <= LONGEST:
        # The question stays open for another try.
        short = length < SHORTEST
        return [words.too_short(turn.language) if short else words.too_long(turn.language, length, LONGEST)]
    dialogs.keep(conn, turn.person, None)
    to = _addressed(conn, turn, desk, maker)
    number = letters.keep(conn, turn.person, to, text, turn.house.secret, turn.now)
    letter = letters.get(conn, number, turn.house.secret)
    return [_finished(turn, letter, maker)] if letter is not None else []


def _of_letter(conn: Connection, turn: Turn, ask: Ask, step: str, value: str) -> list[Message]:
    """The buttons under a finished letter."""
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
    letter = letters.get(conn, number, turn.house.secret)
    if letter is None or letter.subscriber_id != turn.person.id or letter.ask_id != ask.id:
        return [ask_words.not_yours(turn.language)]
    if step == "sent":
        return _sent(conn, turn, ask, letter)
    if step == "drop":
        letters.settle(conn, letter.id, "dropped")
        return [words.dropped(turn.language, ask.id, turn.pressed)]
    desk = _desk(conn, turn, ask)
    if isinstance(desk, list):
        return desk
    maker = deciding.find(desk.decision.makers, letter.maker_key)
    if not letter.text or letter.state == "dropped":
        return [words.unreadable(turn.language, desk, turn.pressed)]
    if step == "show" or maker is None or letter.state == "sent":
        return [_finished(turn, letter, maker, turn.pressed)]
    dialogs.keep(conn, turn.person, {"asked": ASKED, "ask": ask.id, "to": letter.maker_key})
    return [words.change(turn.language, letter)]


def _sent(conn: Connection, turn: Turn, ask: Ask, letter: Letter) -> list[Message]:
    """Count the letter, and with the first one the action, on the way that every other claim goes."""
    first = letters.settle(conn, letter.id, "sent")
    if first and ask.asked.answer == "taken":
        return words.went_too(turn.language, letter.maker, turn.pressed)
    as_done = replace(turn.incoming, text=f"done:{ask.id}")
    return asks.done(conn, replace(turn, incoming=as_done))


STEPS: Mapping[str, Step] = {"in": _in, "else": _elsewhere, "where": _where, "to": _to}
OF_A_LETTER = frozenset({"sent", "change", "drop", "show"})
