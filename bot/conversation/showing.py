"""Putting a story and an ask before someone: remembered first, then worded."""

from dataclasses import replace

from sqlalchemy import Connection

from actions.choose import Nudge, Offer, asks_for
from actions.facts import Ref
from actions.rhythm import local_day
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as words
from bot.wording import letters as letter_words
from bot.wording import names
from storage import carrots, drives, history, packs, pledges
from storage.catalog import stock_of
from storage.history import Ask

FEW = 3


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
        offer = open_ask(conn, turn, history.ask(conn, values), chosen.ask)
    return words.nudge(stock, turn.language, chosen.story, offer)


def offer(conn: Connection, turn: Turn, offered: Offer) -> Message:
    """Show something to do to who asked for it; an ask that is open already keeps its number."""
    ask_id = ask_number(conn, turn, offered.action, offered)
    return words.act(stock_of(conn), turn.language, open_ask(conn, turn, ask_id, offered.action))


def open_ask(conn: Connection, turn: Turn, ask_id: int, action: Ref) -> words.OpenAsk:
    """An ask with what there is to say about it at this moment, to the one whose turn it is."""
    shown = words.open_ask(turn.person, ask_id, action, turn.now, turn.house.links)
    return replace(
        shown,
        drive=pledges.need(conn, turn.person, action),
        toward=drives.toward(conn, action, turn.now),
        carrot=carrots.standing(conn, turn.person, action, turn.now),
    )


def ask_of(conn: Connection, turn: Turn) -> Ask | None:
    """The ask a button names, if it was put to this very person."""
    return ask_numbered(conn, turn, turn.argument)


def ask_numbered(conn: Connection, turn: Turn, number: str) -> Ask | None:
    """The ask of a number as a button carries it, if it was put to this very person."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    found = history.get_ask(conn, int(number))
    return found if found is not None and found.subscriber_id == turn.person.id else None


def not_open(conn: Connection, turn: Turn, ask: Ask, why: str) -> list[Message]:
    """Say why an old button has no effect any more, and show the nearest ask that is open."""
    answers = [words.plain(_closed(conn, turn, ask, why), turn.language)]
    if turn.pressed:
        answers.insert(0, Message(replaces=turn.pressed, language=turn.language))
    if why == "taken":
        return answers
    past = history.of(conn, turn.person, turn.now)
    offers = asks_for(turn.person, past, stock_of(conn).shelf, turn.now, turn.chance, FEW)
    near = [one for one in offers if one.cause == ask.asked.cause] or list(offers)
    if near:
        answers.append(words.another(offer(conn, turn, near[0]), turn.language))
    return answers


def _closed(conn: Connection, turn: Turn, ask: Ask, why: str) -> str:
    title = action_title(conn, ask.asked.action, turn.language)
    action = stock_of(conn).action(ask.asked.action)
    decision = action.decision if action is not None else None
    if why == "closed" and decision is not None and decision.day < local_day(turn.person.rhythm, turn.now):
        return letter_words.was_decided(turn.language, title, decision.day)
    return words.closed(turn.language, title, why=why)


def ask_number(conn: Connection, turn: Turn, action: Ref, offered: Offer | None = None) -> int:
    """The number of the open ask of an action; without an offer behind it, the person has found it themselves."""
    recorded = history.open_ask(conn, turn.person, action)
    if recorded is not None:
        return recorded.id
    values = history.ask_values(
        stock_of(conn), turn.person, action, turn.now,
        reasons=offered.reasons if offered else (), propensity=offered.propensity if offered else 1.0, origin="act",
    )  # fmt: skip
    return history.ask(conn, values)


def action_title(conn: Connection, ref: Ref, language: str) -> str:
    """An action's title, also when the live pack has dropped it."""
    return names.action(packs.holding(conn, ref), ref, language)
