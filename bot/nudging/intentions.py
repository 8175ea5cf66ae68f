"""What people plan to do themselves: a reminder before, one question after. (Nudges are planned in `plan`.)"""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection

from actions import planning_ahead, rhythm
from actions.facts import Person
from actions.planning_ahead import Next
from bot.message import Message
from bot.wording import plans as words
from storage import addresses, intentions, reminders, subscribers
from storage.catalog import stock_of
from storage.deliveries import Claimed
from storage.intentions import Plan

OVER = Next("end", "over", None)


def plan(conn: Connection, now: datetime, limit: int) -> Counter[str]:
    """Do what is due for up to so many plans; the outbox rows and what each waits for then are one transaction."""
    due = intentions.due(conn, now, limit)
    if not due:
        return Counter()
    people = subscribers.plain(conn, {one.subscriber_id for one in due})
    homes = addresses.homes(conn, list(people))
    for one in due:
        person, home = people[one.subscriber_id], homes.get(one.subscriber_id)
        following = _next(conn, one, person, now) if home is not None else OVER
        number = None
        if home is not None and following.deed in ("remind", "ask"):
            begin = planning_ahead.begins(one.when, person.rhythm)
            expires = begin if following.deed == "remind" else now + planning_ahead.TOO_LATE
            action = stock_of(conn).actions[one.action]
            row = reminders.row(person.id, home, now, expires_at=expires, action_id=action)
            ((_, number),) = reminders.put(conn, [row])
        intentions.move_on(conn, one, following, number)
    return Counter(planned=len(due))


def _next(conn: Connection, one: Plan, person: Person, now: datetime) -> Next:
    action = stock_of(conn).shelf.actions.get(one.action)
    gone = action is None or one.when.day > action.closes
    silent = person.state in ("stopped", "unreachable") or rhythm.is_paused(person, now)
    if gone or silent or intentions.is_settled(conn, one):
        return OVER
    return planning_ahead.advance(one.stage, one.when, person.rhythm, now)


def told(conn: Connection, row: Claimed, person: Person) -> Message | str | None:
    """The reminder or the question that a delivery brings, or why it is not sent after all; None for no plan's."""
    one = intentions.brought_by(conn, person.id, row.id)
    if one is None:
        return None
    stock = stock_of(conn)
    if stock.action(one.action) is None or intentions.is_settled(conn, one):
        return "settled"
    if one.stage == "reminded":
        return words.reminder(stock, one, person.language)
    return words.question(stock, one, person.language) if one.stage == "asked" else "changed"
