"""Results owed: what came of an action, written by an organizer, looked at, and sent to those who acted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from sqlalchemy import Connection

from actions.facts import Ref
from actions.limits import ALERT_LETTERS
from actions.owing import Outcome
from actions.rhythm import local_day
from bot.conversation import alerts, showing
from bot.conversation.stories import tidy
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import help as help_words
from bot.wording import owed as words
from bot.wording import results as result_words
from content.text import utf16
from storage import dialogs, owed, results
from storage.catalog import stock_of
from storage.results import Result


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Every button around results: the step, and what it is about."""
    if not alerts.may(conn, turn):
        return [help_words.for_organizers(turn.language)]
    step, _, value = turn.argument.partition(":")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
    return STEPS.get(step, _overview)(conn, turn, number)


def _overview(conn: Connection, turn: Turn, _number: int) -> list[Message]:
    found = [(showing.action_title(conn, debt.action, turn.language), debt) for debt in owed.debts(conn)]
    today = local_day(turn.person.rhythm, turn.now)
    return [words.overview(found, stock_of(conn).actions, today, turn.language, replaces=turn.pressed)]


def _tell(conn: Connection, turn: Turn, number: int) -> list[Message]:
    """Ask for the words about one action."""
    ref = stock_of(conn).refs.get(number)
    if ref is None or ref not in {debt.action for debt in owed.debts(conn)}:
        return [words.too_late(turn.language)]
    return [_ask(conn, turn, ref)]


def _ask(conn: Connection, turn: Turn, ref: Ref) -> Message:
    dialogs.keep(conn, turn.person, {"asked": "result", "action": ref})
    return words.write(showing.action_title(conn, ref, turn.language), turn.language, replaces=turn.pressed)


def typed(conn: Connection, turn: Turn) -> list[Message]:
    """The words were written."""
    ref = str(dialogs.of(conn, turn.person).get("action", ""))
    if not alerts.may(conn, turn) or ref not in stock_of(conn).actions or ref in results.paid(conn):
        dialogs.keep(conn, turn.person, None)
        return [words.too_late(turn.language)]
    text = tidy(turn.incoming.text)
    if not text or utf16(text) > ALERT_LETTERS:
        return [words.wrong_length(utf16(text), turn.language)]
    dialogs.keep(conn, turn.person, None)
    return [words.how_did_it_go(results.draft(conn, turn.person, ref, text, turn.now).id, turn.language)]


def _kind(kind: str) -> "Step":
    def step(conn: Connection, turn: Turn, number: int) -> list[Message]:
        if _draft(conn, turn, number) is None:
            return [words.too_late(turn.language)]
        result = results.choose(conn, number, cast(Outcome, kind))
        titles = [
            (showing.action_title(conn, ref, turn.language), local_day(turn.person.rhythm, turn.now))
            for ref in result.actions
        ]
        sample = replace(result_words.told(result, titles, turn.language), buttons=())
        return words.preview(result, sample, results.readers(conn, result), turn.language)

    return step


def _draft(conn: Connection, turn: Turn, number: int) -> Result | None:
    """A draft of this very person whose action still owes its result."""
    found = results.get(conn, number)
    if found is None or found.state != "draft" or found.author != turn.person.id:
        return None
    return None if results.paid(conn) & set(found.actions) else found


def _send(conn: Connection, turn: Turn, number: int) -> list[Message]:
    draft = _draft(conn, turn, number)
    if draft is None or not results.send(conn, number, alerts.by(turn), turn.now):
        return [words.too_late(turn.language)]
    return [words.sent(turn.language, replaces=turn.pressed)]


def _anew(conn: Connection, turn: Turn, number: int) -> list[Message]:
    draft = _draft(conn, turn, number)
    if draft is None:
        return [words.too_late(turn.language)]
    results.drop(conn, number, alerts.by(turn), turn.now)
    return [_ask(conn, turn, draft.actions[0])]


def _drop(conn: Connection, turn: Turn, number: int) -> list[Message]:
    dialogs.keep(conn, turn.person, None)
    if number and _draft(conn, turn, number) is None:
        return [words.too_late(turn.language)]
    results.drop(conn, number, alerts.by(turn), turn.now)
    return [words.dropped(turn.language, replaces=turn.pressed)]


Step = Callable[[Connection, Turn, int], list[Message]]
STEPS: Mapping[str, Step] = {
    "tell": _tell,
    **{kind: _kind(kind) for kind in ("win", "partial", "setback")},
    "send": _send,
    "anew": _anew,
    "drop": _drop,
}
