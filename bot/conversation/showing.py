"""Putting a story and an ask before someone: remembered first, then worded."""

from sqlalchemy import Connection

from actions.choose import Nudge, Offer
from actions.facts import Ref
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as words
from bot.wording import names
from storage import history, packs
from storage.catalog import stock_of


def nudge(conn: Connection, turn: Turn, chosen: Nudge) -> Message:
    """Show a chosen story with its ask, right now."""
    stock = stock_of(conn)
    offer = None
    if chosen.story is not None:
        history.show(conn, turn.person, chosen.story, turn.now)
    if chosen.ask is not None:
        values = history.ask_values(
            stock, turn.person, chosen.ask, turn.now,
            reasons=chosen.reasons, propensity=chosen.propensity, origin="start", story=chosen.story,
        )  # fmt: skip
        offer = words.open_ask(stock, history.ask(conn, values), chosen.ask, turn.now.date())
    return words.nudge(stock, turn.language, chosen.story, offer)


def offer(conn: Connection, turn: Turn, offered: Offer) -> Message:
    """Show something to do to who asked for it; an ask that is open already keeps its number."""
    ask_id = ask_number(conn, turn, offered.action, offered)
    stock = stock_of(conn)
    return words.act(stock, turn.language, words.open_ask(stock, ask_id, offered.action, turn.now.date()))


def ask_number(conn: Connection, turn: Turn, action: Ref, offered: Offer | None = None) -> int:
    """The number of the open ask of an action; without an offer behind it, the person has found it themselves."""
    open_ask = history.open_ask(conn, turn.person, action)
    if open_ask is not None:
        return open_ask.id
    values = history.ask_values(
        stock_of(conn), turn.person, action, turn.now,
        reasons=offered.reasons if offered else (), propensity=offered.propensity if offered else 1.0, origin="act",
    )  # fmt: skip
    return history.ask(conn, values)


def action_title(conn: Connection, ref: Ref, language: str) -> str:
    """An action's title, also when the live pack has dropped it."""
    return names.action(packs.holding(conn, ref), ref, language)
