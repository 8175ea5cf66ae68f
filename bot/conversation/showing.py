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
        offer = words.OpenAsk(history.ask(conn, values), chosen.ask)
    return words.nudge(stock, turn.language, chosen.story, offer)


def offer(conn: Connection, turn: Turn, offered: Offer) -> Message:
    """Show something to do to who asked for it; an ask that is open already keeps its number."""
    stock = stock_of(conn)
    open_ask = history.open_ask(conn, turn.person, offered.action)
    if open_ask is None:
        values = history.ask_values(
            stock, turn.person, offered.action, turn.now,
            reasons=offered.reasons, propensity=offered.propensity, origin="act",
        )  # fmt: skip
        ask_id = history.ask(conn, values)
    else:
        ask_id = open_ask.id
    return words.act(stock, turn.language, words.OpenAsk(ask_id, offered.action))


def action_title(conn: Connection, ref: Ref, language: str) -> str:
    """An action's title, also when the live pack has dropped it."""
    stock = stock_of(conn)
    pack = stock.pack(ref) if stock.action(ref) is not None else packs.retired(conn, ref)
    return names.action(pack, ref, language)
