"""/help, /invite, and what is said to words that are no command."""

import secrets

from sqlalchemy import Connection

from bot.conversation.crisis import is_crisis
from bot.conversation.finding import search
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import help as words
from storage import accounts, invitations
from storage.catalog import stock_of

__all__ = ["help_", "invite", "is_crisis", "media", "unknown"]

KEY_BYTES = 9


def help_(_conn: Connection, turn: Turn) -> list[Message]:
    """Say what this is, and every command."""
    return [words.help_(turn.language)]


def unknown(conn: Connection, turn: Turn) -> list[Message]:
    """Answer words that are no command with the nearest things there are."""
    text = turn.incoming.text if turn.incoming.kind == "text" else ""
    return [words.unknown(stock_of(conn), turn.language, search(conn, text)[:3])]


def media(_conn: Connection, turn: Turn) -> list[Message]:
    """Answer a picture or a voice message."""
    return [words.media(turn.language)]


def invite(conn: Connection, turn: Turn) -> list[Message]:
    """Give the person their own link, with words to pass on."""
    key = invitations.key_of(conn, turn.person, secrets.token_urlsafe(KEY_BYTES), turn.now)
    return [words.invite(turn.language, _link(conn, turn, key), invitations.brought(conn, turn.person))]


def _link(conn: Connection, turn: Turn, key: str) -> str:
    account = turn.incoming.address.account
    username = accounts.usernames(conn).get(account, "")
    if turn.incoming.address.channel == "telegram" and username:
        return f"https://t.me/{username}?start={key}"
    return f"{turn.house.public_url}/chat?start={key}" if turn.house.public_url else ""
