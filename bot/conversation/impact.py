"""/impact: what was done together for the causes a person follows."""

from dataclasses import replace

from sqlalchemy import Connection

from bot.conversation import drives, recognition
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import names
from bot.wording import path as words
from storage import figures_of_causes, history
from storage.catalog import stock_of


def impact(conn: Connection, turn: Turn) -> list[Message]:
    """Tell the totals of each followed cause, and the person's own part."""
    stock = stock_of(conn)
    followed = [ref for ref in sorted(turn.person.follows) if ref in stock.shelf.causes]
    totals = [
        words.Together(
            names.cause(stock, ref, turn.language),
            *figures_of_causes.together(conn, ref),
            recognition.our_part(conn, turn, ref),
        )
        for ref in followed
    ]
    past = history.of(conn, turn.person, turn.now)
    mine = sum(1 for done in past.taken if done.cause in followed and done.status != "undone")
    told = words.impact(turn.language, totals, mine)
    more, rows = drives.together(conn, turn)
    return [replace(told, text="\n\n".join(filter(None, (told.text, more))), buttons=(*told.buttons, *rows))]
