"""/claim and /organize: roles, and how things stand."""

from sqlalchemy import Connection

from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import help as words
from storage import drafts, organizers, roles, standing


def looks_like_code(words_: str) -> bool:
    """Whether a payload has the form of a role's one-time code."""
    return organizers.is_code_shaped(words_)


def claim(conn: Connection, turn: Turn) -> list[Message]:
    """Take the role that a one-time code stands for."""
    role = organizers.redeem(conn, turn.person, turn.argument, turn.now)
    return [words.code_refused(turn.language) if role is None else words.role_taken(turn.language, role)]


def organize(conn: Connection, turn: Turn) -> list[Message]:
    """Show organizers how things stand; tell others how to become one."""
    if not roles.held_by(conn, turn.person):
        return [words.for_organizers(turn.language)]
    return [words.organize(turn.language, list(standing.figures(conn).items()), drafts.waiting(conn))]
