"""Carrot days as time goes by: the vote is decided, and people hear what comes next, batch by batch."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from actions import carrots as rules
from bot.message import Message, dump
from bot.wording import carrots as words
from storage import addresses, carrots, reminders
from storage.carrots import Due, Standing
from storage.catalog import stock_of

BATCH = 200
USEFUL = timedelta(days=2)
Move = tuple[Due, str, datetime | None]


def plan(conn: Connection, now: datetime, limit: int = BATCH) -> Counter[str]:
    """Decide or announce one carrot day whose moment has come, else tell those for whom a step has; else nothing."""
    ripe = carrots.ripe(conn, now)
    if ripe is not None:
        action, what = ripe
        (carrots.decide if what == "decide" else carrots.announce)(conn, action, now)
        return Counter(carrots=1)
    return _tell(conn, now, limit)


def _tell(conn: Connection, now: datetime, limit: int) -> Counter[str]:
    dues = carrots.due(conn, now, limit)
    if not dues:
        return Counter()
    homes = addresses.homes(conn, [one.person.id for one in dues])
    outbox: list[dict[str, Any]] = []
    moves: list[Move] = []
    for one in dues:
        found = one.standing
        if found is None:
            moves.append((one, "", None))
            continue
        home = homes.get(one.person.id)
        wait = _waits(one, found, now, reachable=home is not None)
        if wait is not None:
            moves.append(wait)
            continue
        message = _message(conn, one, found, now)
        if message is not None and home is not None:
            more = {"action_id": stock_of(conn).actions[one.action], "body": dump(message)}
            outbox.append(reminders.row(one.person.id, home, now, expires_at=_expires(one, found, now), **more))
        moves.append(_onward(one, found))
    reminders.put(conn, outbox)
    carrots.move_on(conn, moves)
    return Counter(planned=len(outbox), postponed=len(dues) - len(outbox))


def _waits(one: Due, found: Standing, now: datetime, *, reachable: bool) -> Move | None:
    """What becomes of a step that is not told now: it comes too late, or too early, or its person is not to be met."""
    if rules.too_late(one.step, found.carrot, now):
        return _onward(one, found)
    at = rules.told_at(one.step, found.carrot, one.person)
    if at is None:
        return _onward(one, found)
    if at > now:  # a new version of the pack has moved the day
        return one, one.step, at
    if reachable and rules.may_hear(one.person, now):
        return None
    return one, one.step, rules.hears_at(one.person, now)


def _onward(one: Due, found: Standing) -> Move:
    return one, *(rules.next_step(one.step, found.carrot, one.person, coming=found.coming) or ("", None))


def _expires(one: Due, found: Standing, now: datetime) -> datetime:
    return rules.closes(found.carrot) if one.step == "morning" else now + USEFUL


def _message(conn: Connection, one: Due, found: Standing, now: datetime) -> Message | None:
    stock, language = stock_of(conn), one.person.language
    if one.step == "winner":
        return words.decided(stock, language, found)
    if one.step == "told":
        return words.result(stock, language, found)
    there = carrots.was_there(conn, one.person, one.action)
    if one.step == "morning":
        return None if there else words.morning(stock, language, found)
    return words.thanks(stock, language, found, carrots.totals_of(conn, one.action, now)) if there else None
