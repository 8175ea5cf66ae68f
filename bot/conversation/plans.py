"""A person's own plan for an action: when, where, with whom, in three taps; changed, looked at, forgotten."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from actions import choose, planning_ahead
from actions.planning_ahead import When
from actions.rhythm import local_day
from actions.zones import zone_or_utc
from bot.conversation import asks, showing
from bot.conversation.stories import tidy
from bot.conversation.times import read_when
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as ask_words
from bot.wording import plans as words
from storage import dialogs, history, intentions, subscribers
from storage.catalog import stock_of
from storage.history import Ask
from storage.intentions import Plan

MAY_COME = frozenset({"", "not-yet-open"})
"""What does not keep anyone from planning."""


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Every button of a plan: the ask it is for, the step, a value."""
    number, _, rest = turn.argument.partition(":")
    step, _, value = rest.partition(":")
    return _go(conn, turn, number, step, value)


def typed(conn: Connection, turn: Turn) -> list[Message]:
    """When, where or with whom was written."""
    asked = dialogs.of(conn, turn.person)
    return _go(conn, turn, str(asked.get("ask", "")), f"{asked.get('want', '')}-typed", turn.incoming.text)


def _go(conn: Connection, turn: Turn, number: str, step: str, value: str) -> list[Message]:
    ask = showing.ask_numbered(conn, turn, number)
    if ask is None:
        return [ask_words.not_yours(turn.language)]
    if step == "forget":
        return _forget(conn, turn, ask, value)
    if ask.asked.answer == "taken":
        return asks.already(turn, ask)
    past = history.of(conn, turn.person, turn.now)
    reason = choose.may_take(turn.person, past, stock_of(conn).shelf, ask.asked.action, turn.now)
    if reason is not None and reason.code not in MAY_COME:
        return showing.not_open(conn, turn, ask, reason.code)
    return STEPS.get(step, _when)(conn, turn, ask, value)


def _wait(conn: Connection, turn: Turn, ask: Ask, want: str) -> None:
    dialogs.keep(conn, turn.person, {"asked": "plan", "ask": ask.id, "want": want})


def _replaced(turn: Turn) -> str:
    """The message of an earlier step; the ask itself, with its story, stays as it is."""
    return turn.pressed if ":" in turn.argument else ""


def _when(conn: Connection, turn: Turn, ask: Ask, _value: str) -> list[Message]:
    _wait(conn, turn, ask, "when")
    action = stock_of(conn).shelf.actions[ask.asked.action]
    times = planning_ahead.sensible(action, turn.person.rhythm, turn.now)
    title = showing.action_title(conn, ask.asked.action, turn.language)
    today = local_day(turn.person.rhythm, turn.now)
    return [words.when(ask.id, title, times, today, turn.language, replaces=_replaced(turn))]


def _chosen(conn: Connection, turn: Turn, ask: Ask, value: str) -> list[Message]:
    return _make(conn, turn, ask, _unstamped(value))


def _unstamped(value: str) -> When | None:
    """A time as a button carries it."""
    if not (len(value) == 12 and value.isascii() and value.isdigit()):
        return None
    try:
        moment = datetime.strptime(value, "%Y%m%d%H%M")  # noqa: DTZ007 - local wall time
    except ValueError:
        return None
    return When(moment.date(), moment.time())


def _when_typed(conn: Connection, turn: Turn, ask: Ask, value: str) -> list[Message]:
    return _make(conn, turn, ask, read_when(value, turn.language, turn.person.rhythm, turn.now))


def _make(conn: Connection, turn: Turn, ask: Ask, when: When | None) -> list[Message]:
    """Make the plan: from here on it holds, whether or not the rest is answered."""
    action, rhythm = stock_of(conn).shelf.actions[ask.asked.action], turn.person.rhythm
    if when is None or not planning_ahead.fits(when, action, rhythm, turn.now):
        _wait(conn, turn, ask, "when")
        return [words.not_a_time(action.opens, action.closes, local_day(rhythm, turn.now), turn.language)]
    intentions.make(conn, turn.person, ask.id, ask.asked.action, when, turn.now)
    # Until some days after its time the same thing is not put to the person again.
    history.answer(conn, ask.id, "later", planning_ahead.begins(when, rhythm))
    subscribers.answered(conn, turn.person, turn.now)
    _wait(conn, turn, ask, "where")
    return [words.where(ask.id, when, turn.language, replaces=turn.pressed)]


def _place(conn: Connection, turn: Turn, ask: Ask, value: str) -> list[Message]:
    return _said(conn, turn, ask, "place", code=value if value in words.places(turn.language) else "")


def _place_typed(conn: Connection, turn: Turn, ask: Ask, value: str) -> list[Message]:
    return _said(conn, turn, ask, "place", own=tidy(value))


def _company(conn: Connection, turn: Turn, ask: Ask, value: str) -> list[Message]:
    return _said(conn, turn, ask, "company", code=value if value in words.companies(turn.language) else "")


def _company_typed(conn: Connection, turn: Turn, ask: Ask, value: str) -> list[Message]:
    return _said(conn, turn, ask, "company", own=tidy(value))


def _said(conn: Connection, turn: Turn, ask: Ask, what: str, *, code: str = "", own: str = "") -> list[Message]:
    """Keep where or with whom; then the next question, or the whole plan."""
    plan = intentions.of(conn, turn.person, ask.asked.action)
    if plan is None or plan.stage not in intentions.WAITING:
        return _when(conn, turn, ask, "")
    if len(own) > words.WORDS_AT_MOST:
        return [words.too_long(turn.language)]
    intentions.say(conn, plan, what, code, own, turn.house.secret)
    if what == "place":
        _wait(conn, turn, ask, "with")
        return [words.company(ask.id, turn.language, replaces=turn.pressed)]
    dialogs.keep(conn, turn.person, None)
    return _show(conn, turn, ask, "")


def _show(conn: Connection, turn: Turn, ask: Ask, _value: str) -> list[Message]:
    """The plan, whole."""
    plan = intentions.of(conn, turn.person, ask.asked.action)
    if plan is None or plan.stage not in intentions.WAITING:
        return _when(conn, turn, ask, "")
    title = showing.action_title(conn, plan.action, turn.language)
    said = words.Said(_spoken(turn, plan), *_reminder(turn, plan))
    return [words.made(title, said, ask.id, turn.language, replaces=turn.pressed)]


def _spoken(turn: Turn, plan: Plan) -> str:
    secret, language = turn.house.secret, turn.language
    place = intentions.own_words(plan.place_words, secret) or words.places(language).get(plan.place, "")
    company = intentions.own_words(plan.company_words, secret) or words.companies(language).get(plan.company, "")
    return words.whole(plan.when, place, company, language)


def _reminder(turn: Turn, plan: Plan) -> tuple[datetime | None, bool]:
    """When the reminder comes in the person's own time, and whether that is just an hour before."""
    rhythm = turn.person.rhythm
    at = planning_ahead.reminder(plan.when, rhythm, turn.now)
    if at is None:
        return None, False
    ahead = planning_ahead.begins(plan.when, rhythm) - at == planning_ahead.AHEAD
    return at.astimezone(zone_or_utc(rhythm.zone)), ahead


def _forget(conn: Connection, turn: Turn, ask: Ask, _value: str) -> list[Message]:
    dialogs.keep(conn, turn.person, None)
    plan = intentions.of(conn, turn.person, ask.asked.action)
    if plan is not None and plan.stage in intentions.WAITING:
        intentions.end(conn, plan)
        if ask.asked.answer == "later":
            history.answer(conn, ask.id, "later", turn.now)
    return [words.forgotten(turn.language, replaces=turn.pressed)]


Step = Callable[[Connection, Turn, Ask, str], list[Message]]
STEPS: Mapping[str, Step] = {
    "when": _chosen,
    "when-typed": _when_typed,
    "where": _place,
    "where-typed": _place_typed,
    "with": _company,
    "with-typed": _company_typed,
    "show": _show,
}
