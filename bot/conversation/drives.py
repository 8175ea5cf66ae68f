"""Drives in the chat: how far those of followed causes are, and the teams."""

from sqlalchemy import Connection

from actions.facts import Ref
from bot.conversation.turn import Turn
from bot.message import Button, Message
from bot.wording import asks as ask_words
from bot.wording import drives as words
from storage import drives
from storage.catalog import stock_of

AT_MOST = 5


def together(conn: Connection, turn: Turn) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    """The drives of what the person follows, the next to end first: words, and the ways into a team."""
    refs = drives.of_causes(stock_of(conn), turn.person.follows - turn.person.muted)
    standing = [one for ref in refs if (one := drives.standing(conn, ref, turn.now)) is not None]
    # What is over is told below what can still be changed.
    standing.sort(key=lambda one: one.progress.phase == "over")
    found = [(one, drives.team_of(conn, turn.person, one.number)) for one in standing[:AT_MOST]]
    return words.together(stock_of(conn), turn.language, found)


def after(conn: Connection, turn: Turn, action: Ref) -> list[str]:
    """How far the drive of an action is, with what was just done."""
    one = drives.toward(conn, action, turn.now)
    return [words.line(stock_of(conn), turn.language, one)] if one is not None else []


def press(conn: Connection, turn: Turn) -> list[Message]:
    """Show the teams of a drive, or note the one that was chosen."""
    number, chosen, name = turn.argument.partition(":")
    known = number.isascii() and number.isdigit() and len(number) < 10
    one = drives.numbered(conn, int(number), turn.now) if known else None
    if one is None or not one.drive.teams or (name and name not in one.drive.teams):
        return [ask_words.not_yours(turn.language)]
    if one.progress.phase == "over":
        return [words.too_late(stock_of(conn), turn.language, one)]
    if not chosen:
        return [words.which_team(stock_of(conn), turn.language, one, drives.team_of(conn, turn.person, one.number))]
    drives.choose(conn, turn.person, one.number, name, turn.now)
    off = [Message(replaces=turn.pressed, language=turn.language)] if turn.pressed else []
    return [*off, words.in_team(stock_of(conn), turn.language, one, name)]
