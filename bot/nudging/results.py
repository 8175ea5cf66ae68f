"""What came of what people did: told to just those, batch by batch; and the organizers' own reminders to tell it."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection

from actions import owing
from actions.facts import Person
from actions.rhythm import local_day
from bot.message import Message, dump
from bot.wording import names
from bot.wording import owed as owed_words
from bot.wording import results as words
from storage import addresses, audit, meta, owed, packs, reminders, results, subscribers
from storage.audit import By
from storage.catalog import stock_of
from storage.deliveries import Claimed
from storage.results import Result

AHEAD = 600
"""So many wait in the outbox at most: the nudges behind them wait for seconds, not for hours."""
TIME = By("schedule")
LOOKED = "results-owed"
"""On which day the debts were looked at last."""


def plan(conn: Connection, now: datetime, limit: int) -> Counter[str]:
    """Look at up to `limit` more people for the oldest result that is not told to all; nothing when all are told.

    The rows of a batch and how far the result has come are one transaction: nobody is skipped or told twice by a crash.
    """
    if reminders.waiting(conn, now) >= AHEAD:
        return Counter()
    result = results.next_to_tell(conn, now.date())
    if result is None:
        return Counter()
    until = results.window(conn, result.cursor, min(limit, AHEAD))
    if until is None:
        audit.note(conn, TIME, "finish", now, result_id=result.id)
    planned = 0 if until is None else _tell(conn, result, results.takers(conn, result, result.cursor, until), now)
    results.advance(conn, result.id, until)
    return Counter(planned=planned)


def _tell(conn: Connection, result: Result, takers: list[int], now: datetime) -> int:
    people, homes = subscribers.plain(conn, takers), addresses.homes(conn, takers)
    times = {number: owing.told_at(people[number], now) for number in takers if number in homes}
    meant = results.hear(conn, [number for number, at in times.items() if at is not None], result, now)
    action = stock_of(conn).actions[result.actions[0]]
    rows = [reminders.row(number, homes[number], times[number] or now, action_id=action) for number in meant]
    results.sent_by(conn, reminders.put(conn, rows), result)
    return len(rows)


def told(conn: Connection, row: Claimed, person: Person) -> Message | str:
    """A result in the words of the person it goes to, or why it is not told to them after all."""
    result = results.brought_by(conn, person.id, row.id)
    if result is None or result.state not in results.PUBLIC:
        return "withdrawn"
    took = results.done(conn, person.id, result)
    titles = [
        (names.action(packs.holding(conn, one.action), one.action, person.language), local_day(person.rhythm, one.at))
        for one in took
    ]
    return words.told(result, titles, person.language) if took else "undone"


def remind(conn: Connection, now: datetime, _limit: int) -> Counter[str]:
    """Remind those who tell results of what is owed; the debts are looked at once a day."""
    today = now.date()
    if meta.get(conn, LOOKED) == today.isoformat():
        return Counter()
    meta.put(conn, LOOKED, today.isoformat())
    due = owed.reminders(conn, owed.debts(conn), today, now)
    numbers = owed.debtors(conn) if due else []
    people, homes = subscribers.plain(conn, numbers), addresses.homes(conn, numbers)
    rows = []
    for number in numbers:
        at = owing.told_at(people[number], now)
        if at is None or number not in homes:
            continue
        language = people[number].language
        titles = [names.action(packs.holding(conn, debt.action), debt.action, language) for debt in due]
        message = owed_words.reminder(list(zip(titles, due, strict=True)), today, language)
        rows.append(reminders.row(number, homes[number], at, body=dump(message)))
    reminders.put(conn, rows)
    return Counter(reminded=len(rows)) if rows else Counter()
