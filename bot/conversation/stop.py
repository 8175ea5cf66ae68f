"""/stop: exact, at once, also for what is queued already; and the ways back."""

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from actions.rhythm import local_day
from bot.conversation import causes
from bot.conversation.turn import Turn
from bot.message import Incoming, Message
from bot.wording import causes as cause_words
from bot.wording import quiet as words
from storage import deliveries, dialogs, history, intentions, subscribers
from storage.catalog import stock_of

STOP_WORDS = frozenset({"stop", "stopp", "alto", "unsubscribe", "parar", "basta", "abmelden", "stop all", "cancelar"})
OOPS_WORDS = frozenset({"oops", "ups", "uups", "hoppla", "undo", "perdón", "perdon"})
UNDO_WITHIN = timedelta(days=1)
MONTH = timedelta(days=30)


def _bare(incoming: Incoming) -> str:
    return re.sub(r"[\s.!¡]+", " ", incoming.text.casefold()).strip() if incoming.kind == "text" else ""


def is_stop(incoming: Incoming) -> bool:
    """Whether the whole message says stop, in any of our languages; words around it make it something else."""
    return _bare(incoming) in STOP_WORDS or (
        incoming.kind == "command" and incoming.command in ("stop", "alto", "stopp")
    )


def is_oops(incoming: Incoming) -> bool:
    """Whether the whole message says oops."""
    return _bare(incoming) in OOPS_WORDS


def silence(conn: Connection, subscriber_id: int, reason: str) -> None:
    """Cancel what waits for a person; what it would have shown counts as not shown."""
    for row in deliveries.cancel_waiting(conn, subscriber_id, reason, kinds=("nudge", "alert", "reminder")):
        history.take_back(conn, subscriber_id, row.story_id, row.ask_id)


def stop(conn: Connection, turn: Turn) -> list[Message]:
    """Stop everything at once."""
    dialogs.keep(conn, turn.person, None)
    silence(conn, turn.person.id, "stopped")
    if turn.person.state != "stopped":
        subscribers.change(conn, turn.person, turn.now, state="stopped", stopped_at=turn.now)
    return [words.stopped(turn.language)]


def still_stopped(_conn: Connection, turn: Turn) -> list[Message]:
    """Answer someone who stopped with the way back, and nothing else."""
    return [words.still_stopped(turn.language)]


def oops(conn: Connection, turn: Turn) -> list[Message]:
    """Take back a stop of the last day."""
    when = subscribers.stopped_at(conn, turn.person)
    if turn.person.state != "stopped" or when is None or turn.now - when > UNDO_WITHIN:
        return [words.oops_too_late(turn.language)]
    _awake(conn, turn)
    return [words.oops(turn.language)]


def _awake(conn: Connection, turn: Turn) -> None:
    state, since = "active", subscribers.stopped_at(conn, turn.person)
    until = turn.person.paused_until
    if until is not None and until > local_day(turn.person.rhythm, turn.now):
        state = "paused"
    subscribers.change(conn, turn.person, turn.now, state=state, stopped_at=None)
    if state == "active" and since is not None:
        intentions.wake(conn, turn.person, since, turn.now)


def instead(conn: Connection, turn: Turn) -> list[Message]:
    """Choose something gentler than the stop just made."""
    before = turn.person.rhythm.frequency
    if turn.argument == "pause":
        day = local_day(turn.person.rhythm, turn.now + MONTH)
        subscribers.change(conn, turn.person, turn.now, state="paused", paused_until=day, stopped_at=None)
        return [words.paused(turn.language, day)]
    _awake(conn, turn)
    if turn.argument == "mute":
        return [cause_words.mute_which(stock_of(conn), turn.language, causes.loud(conn, turn))]
    subscribers.set_rhythm(conn, turn.person, replace(turn.person.rhythm, frequency="weekly"), turn.now)
    return [words.less(turn.language, "weekly", before)]
