"""/act: something good to do right now."""

from datetime import timedelta

from sqlalchemy import Connection

from actions.choose import asks_for
from bot.conversation import showing
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import asks as words
from storage import history
from storage.catalog import stock_of

ROUND = timedelta(hours=1)
OFFERS = 12


def act(conn: Connection, turn: Turn) -> list[Message]:
    """Offer the action that suits best now."""
    return _offer(conn, turn, skip=frozenset())


def something_else(conn: Connection, turn: Turn) -> list[Message]:
    """Offer another one: what was shown within the hour is passed over."""
    past = history.of(conn, turn.person, turn.now)
    lately = frozenset(asked.action for asked in past.asked if asked.at > turn.now - ROUND)
    return _offer(conn, turn, skip=lately)


def _offer(conn: Connection, turn: Turn, *, skip: frozenset[str]) -> list[Message]:
    past = history.of(conn, turn.person, turn.now)
    offers = asks_for(turn.person, past, stock_of(conn).shelf, turn.now, turn.chance, OFFERS)
    for offered in offers:
        if offered.action not in skip:
            return [showing.offer(conn, turn, offered)]
    return [words.no_more_offers(turn.language, follows=bool(turn.person.follows - turn.person.muted))]
