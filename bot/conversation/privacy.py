"""/privacy: what is kept; take it, or have it erased."""

from sqlalchemy import Connection

from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import privacy as words
from storage import erasure, person_export


def privacy(_conn: Connection, turn: Turn) -> list[Message]:
    """Say what is kept, for how long, who sees it."""
    return [words.overview(turn.language)]


def export(conn: Connection, turn: Turn) -> list[Message]:
    """Hand over everything kept about the person, as a file."""
    return [words.export(turn.language, person_export.of(conn, turn.person, turn.house.secret))]


def erase(conn: Connection, turn: Turn) -> list[Message]:
    """Ask once, then erase everything at once."""
    if turn.argument == "no":
        return [words.kept(turn.language)]
    if turn.argument != "yes":
        return [words.really_erase(turn.language)]
    address = turn.incoming.address
    erasure.erase(conn, turn.person, account=address.account, chat=address.chat, key=turn.house.secret, now=turn.now)
    return [words.erased(turn.language)]
