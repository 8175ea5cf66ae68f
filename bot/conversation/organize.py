"""/claim and /organize: roles, and how things stand."""

from dataclasses import replace

from sqlalchemy import Connection

from actions import pledging
from bot.conversation import alerts, moderating
from bot.conversation.turn import Turn
from bot.message import Button, Message
from bot.wording import alert_steps as alert_words
from bot.wording import carrots as carrot_words
from bot.wording import drives as drive_words
from bot.wording import help as words
from bot.wording import letters as letter_words
from bot.wording import owed as owed_words
from bot.wording import pledges as pledge_words
from storage import carrots, drafts, drives, letters, organizers, panic, pledge_steps, roles, standing
from storage.audit import By
from storage.catalog import stock_of

DRIVES = 10
ALERT_WORDS = frozenset({"alert", "alerta", "alarm", "meldung"})


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
    if turn.incoming.kind == "command" and turn.argument.casefold() in ALERT_WORDS:
        return alerts.compose(conn, turn)
    more: tuple[tuple[Button, ...], ...] = moderating.rows(conn, turn)
    if alerts.may(conn, turn):
        more = (*more, alert_words.ways(turn.language, paused=panic.is_on(conn)))
    figures = standing.figures(conn)
    if alerts.may(conn, turn) and figures["owed"]:
        more = (owed_words.way(turn.language, figures["owed"]), *more)
    told = words.organize(turn.language, list(figures.items()), drafts.waiting(conn), more)
    pledged = [(one, pledging.forecast(one.drive, turn.now)) for one in pledge_steps.newest(conn, DRIVES)]
    parts = [
        told.text,
        letter_words.counted(stock_of(conn), turn.language, letters.counts(conn)),
        pledge_words.totals(stock_of(conn), turn.language, pledged),
        drive_words.totals(stock_of(conn), turn.language, drives.all_standing(conn, turn.now)[:DRIVES]),
        carrot_words.totals_of_all(stock_of(conn), turn.language, carrots.totals(conn, turn.now)),
    ]
    return [replace(told, text="\n\n".join(filter(None, parts)))]


def pause_all(conn: Connection, turn: Turn) -> list[Message]:
    """The panic button, and its way back."""
    if not alerts.may(conn, turn):
        return [words.for_organizers(turn.language)]
    on = turn.argument != "off"
    panic.switch(conn, By("chat", turn.person.id), turn.now, on=on)
    return [alert_words.all_paused(turn.language) if on else alert_words.all_goes_on(turn.language)]
