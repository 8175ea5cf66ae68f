"""Pledge drives as time goes by: a look halfway, the end of their day, and what each one hears, batch by batch."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from actions import ladder, pledging, rhythm
from actions.facts import History, Person, Ref, Taken
from bot.message import Message, dump
from bot.wording import asks as ask_words
from bot.wording import names
from bot.wording import pledges as words
from storage import addresses, deliveries, history, pledge_steps, pledges, subscribers
from storage.catalog import Stock, stock_of
from storage.pledge_steps import Due
from storage.pledges import Standing

BATCH = 200
AT_ONCE = 50
"""So many are told in the same moment in which it binds; the others within seconds, a batch at a time."""
USEFUL = timedelta(days=2)
GIVE_UP = timedelta(days=28)
"""Whoever could not be spoken to for so long after its day hears no more of it."""


def plan(conn: Connection, now: datetime, limit: int = BATCH) -> Counter[str]:
    """Look after one drive whose moment has come, else tell those for whom a step has; nothing when all is done."""
    for number in pledges.ripe(conn, now, 1):
        state = pledges.decide(conn, number, now)
        if state == "open":
            _look(conn, number, now)
        return Counter(drives=1)
    return tell(conn, now, limit)


def _look(conn: Connection, number: int, now: datetime) -> None:
    """Tell the first one who is in how it stands, once, unless it is likely to come about anyway."""
    found = pledges.look(conn, number, now)
    if found is None or found[1] is None:
        return
    standing, starter = found[0], subscribers.get(conn, found[1])
    home = addresses.homes(conn, [starter.id]).get(starter.id)
    if home is None or starter.state != "active":
        return
    said = words.halfway(stock_of(conn), starter.language, standing, pledging.forecast(standing.drive, now))
    due_at = rhythm.quiet_end(starter.rhythm, now)
    deliveries.add_planned(conn, [_row(conn, standing, starter, home, said, due_at)])


def tell(conn: Connection, now: datetime, limit: int, drive: int | None = None) -> Counter[str]:
    """Let up to `limit` people hear what comes next for them, in one drive or in all."""
    dues = pledge_steps.due(conn, now, limit, drive)
    if not dues:
        return Counter()
    homes = addresses.homes(conn, [one.person.id for one in dues])
    pasts = history.of_many(conn, [one.person for one in dues], now)
    outbox: list[dict[str, Any]] = []
    moves: list[tuple[Due, str, datetime | None]] = []
    for one in dues:
        home = homes.get(one.person.id)
        if home is None or not pledging.may_hear(one.person, now):
            moves.append((one, *_later(one, now)))
            continue
        message = _message(conn, one, pasts[one.person.id], now)
        outbox.append(_row(conn, one.standing, one.person, home, message, now))
        moves.append((one, *_next(one.person, one.standing, one.step, now)))
    deliveries.add_planned(conn, outbox)
    conn.info.setdefault(deliveries.CALLED, set()).update(row["account_id"] for row in outbox)
    pledge_steps.move_on(conn, moves)
    return Counter(planned=len(outbox), postponed=len(dues) - len(outbox))


def told_at_once(conn: Connection, person: Person, found: Standing, now: datetime) -> Message:
    """What somebody reads in answer to the press with which they are bound; they are not told a second time."""
    one = Due(person, found, "tell")
    pledge_steps.move_on(conn, [(one, *_next(person, found, "tell", now))])
    return _message(conn, one, history.of(conn, person, now), now)


def smaller_of(action: Ref, slug: str) -> Ref:
    """The smaller action, which is of the same pack."""
    return f"{action.partition('/')[0]}/{slug}"


def _later(one: Due, now: datetime) -> tuple[str, datetime | None]:
    drive = one.standing.drive
    too_late = now > pledging.ends_at(drive.do_by or drive.by) + GIVE_UP
    return ("", None) if too_late else (one.step, pledging.hears_at(one.person, now))


def _next(person: Person, found: Standing, step: pledging.Step, now: datetime) -> tuple[str, datetime | None]:
    if found.part != "bound" or found.drive.do_by is None:
        return "", None
    return pledging.next_step(step, person, found.drive.do_by, now) or ("", None)


def _message(conn: Connection, one: Due, past: History, now: datetime) -> Message:
    stock, found, language = stock_of(conn), one.standing, one.person.language
    if one.step == "remind":
        return words.reminder(stock, language, found)
    if one.step == "ask":
        return words.did_you(stock, language, found)
    if found.part == "released":
        terms = pledges.terms(conn, found.action)
        smaller = stock.action(smaller_of(found.action, terms.smaller)) if terms and terms.smaller else None
        return words.released(stock, language, found, smaller)
    reminded = _next(one.person, found, "tell", now)[0] == "remind"
    said = words.bound(stock, language, found, reminded=reminded)
    return _with_climb(conn, stock, one, said, past)


def _with_climb(conn: Connection, stock: Stock, one: Due, said: Message, past: History) -> Message:
    """The same, and which step opened to them by it."""
    claim = next((taken for taken in reversed(past.taken) if taken.action == one.standing.action), None)
    cause = stock.shelf.causes.get(claim.cause) if claim else None
    if claim is None or cause is None:
        return said
    rung = ladder.climbed(cause, _without(past, claim), claim, past.ethics)
    if rung is None or not history.tell_climb(conn, one.person, claim.cause, rung, claim.at):
        return said
    climb = ask_words.climb(one.person.language, names.cause(stock, claim.cause, one.person.language), rung)
    return Message(f"{said.text}\n\n{climb}", buttons=said.buttons, language=said.language)


def _without(past: History, claim: Taken) -> list[Taken]:
    return [one for one in past.taken if one is not claim]


def _row(
    conn: Connection, found: Standing, person: Person, home: tuple[int, int], message: Message, due_at: datetime
) -> dict[str, Any]:
    return {
        "subscriber_id": person.id,
        "address_id": home[0],
        "account_id": home[1],
        "kind": "reminder",
        "lane": deliveries.LANES["reminder"],
        "action_id": stock_of(conn).actions.get(found.action),
        "due_at": due_at,
        "expires_at": due_at + USEFUL,
        "status": "pending",
        "body": dump(message),
    }
