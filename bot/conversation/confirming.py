"""What a person is told when a source speaks of what they did."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from actions import ladder, rhythm
from actions.facts import Taken
from bot.conversation import outcome
from bot.message import Message, dump
from bot.wording import asks as ask_words
from bot.wording import drives as drive_words
from bot.wording import names
from bot.wording import proof as words
from storage import addresses, deliveries, drives, history, packs
from storage.catalog import stock_of
from storage.confirming import Change

USEFUL = timedelta(days=3)


def tell(conn: Connection, change: Change, now: datetime) -> int | None:
    """Put into the outbox what a change of a person's record means to them: awake, and not to who stopped.

    Returns the number of the account that has it to send, if any.
    """
    if change.person.state in ("stopped", "unreachable"):
        return None
    home = addresses.home(conn, change.person.id)
    if home is None:
        return None
    due_at = rhythm.quiet_end(change.person.rhythm, now)
    row = {
        "subscriber_id": home[0], "address_id": home[1], "account_id": home[2], "kind": "reminder",
        "lane": deliveries.LANES["reminder"], "due_at": due_at, "expires_at": due_at + USEFUL, "status": "pending",
        "body": dump(said(conn, change, now)),
    }  # fmt: skip
    deliveries.add_planned(conn, [row])
    deliveries.call(conn, home[2])
    return home[2]


def said(conn: Connection, change: Change, now: datetime) -> Message:
    """The words for a change, with what it opened."""
    language, stock = change.person.language, stock_of(conn)
    pack = stock.packs.get(change.action.partition("/")[0])
    live = pack if stock.action(change.action) is not None else packs.retired(conn, change.action)
    title = names.action(live, change.action, language)
    if change.became == "undone":
        publisher = pack.publisher.name if pack else ""
        return words.undone(language, title, publisher, money=change.amount is not None)
    parts = [words.confirmed(language, title, change)]
    if (toward := drives.toward(conn, change.action, now)) is not None:
        parts.append(drive_words.line(stock, language, toward))
    if change.became == "verified":
        parts += outcome.of(conn, change.person, change.action, now)
    if rung := climbed(conn, change, now):
        parts.append(ask_words.climb(language, names.cause(stock, change.cause, language), rung))
    return ask_words.plain("\n\n".join(parts), language)


def climbed(conn: Connection, change: Change, now: datetime) -> str:
    """The rung that a confirmation opened and that was not told before; empty when it opened none."""
    cause = stock_of(conn).shelf.causes.get(change.cause)
    if cause is None or change.became == "more":
        return ""
    past = history.of(conn, change.person, now)
    before = [_before(one, change) for one in past.taken]
    was = ladder.step_of(cause, [one for one in before if one], now, past.ethics)
    now_at = ladder.step_of(cause, past.taken, now, past.ethics)
    rung = cause.rungs[now_at]
    if now_at <= was or not history.tell_climb(conn, change.person, change.cause, rung, now):
        return ""
    return rung


def _before(one: Taken, change: Change) -> Taken | None:
    """A record as it was before the change."""
    if one.action != change.action or one.status != "verified":
        return one
    if change.became == "verified":
        return None
    return Taken(one.action, one.cause, one.kind, one.at, "claimed", "self")
