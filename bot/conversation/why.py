"""/why: why a message came."""

from sqlalchemy import Connection

from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import alerts as alert_words
from bot.wording import why as words
from storage import alerts, deliveries, history
from storage.catalog import stock_of


def why(conn: Connection, turn: Turn) -> list[Message]:
    """Explain one ask, the message a button was pressed on, or the newest."""
    stock = stock_of(conn)
    number = turn.argument
    if number.isascii() and number.isdigit() and 0 < len(number) < 19 and number != "0":
        ask = history.get_ask(conn, int(number))
        if ask is not None and ask.subscriber_id == turn.person.id:
            return [words.why(stock, turn.person, ask.reasons, nudged=ask.origin == "nudge")]
    me, account = turn.person.id, turn.incoming.address.account
    nudge = deliveries.last_nudge(conn, me, turn.pressed, account) or deliveries.last_nudge(conn, me)
    if nudge is not None and nudge.alert_id is not None:
        alert = alerts.must(conn, nudge.alert_id)
        return [alert_words.why(stock, turn.person, alert.audience)]
    if nudge is not None:
        return [words.why(stock, turn.person, history.parse_reasons(nudge.reasons), nudged=True)]
    ask = history.last_ask(conn, turn.person)
    if ask is not None:
        return [words.why(stock, turn.person, ask.reasons, nudged=False)]
    return [words.nothing_yet(turn.language)]
