"""Debts of the organizers: results that were promised to those who acted and are not told yet."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from actions import owing
from actions.facts import Ref
from actions.owing import Debt
from storage import packs, results
from storage.catalog import stock_of
from storage.results import COUNTS
from storage.schema import result_reminders, roles, taken

MAY = ("owner", "organizer")
"""Who tells results, and is reminded of them."""


def debts(conn: Connection) -> tuple[Debt, ...]:
    """The unpaid debts, the longest due first; an action that its pack has dropped owes its result all the same."""
    stock, told = stock_of(conn), results.paid(conn)
    promised: dict[Ref, date] = {}
    dropped: list[Ref] = []
    for ref in stock.actions.keys() - told:
        action = stock.action(ref)
        if action is None:
            dropped.append(ref)
        elif action.result_by is not None:
            promised[ref] = action.result_by
    acted = _acted(conn, [*promised, *dropped])
    for ref in dropped:
        pack = packs.retired(conn, ref) if acted.get(ref) else None
        action = pack.actions.get(ref.partition("/")[2]) if pack else None
        if action is not None and action.result_by is not None:
            promised[ref] = action.result_by
    return owing.debts(promised, acted, told)


def _acted(conn: Connection, refs: Iterable[Ref]) -> dict[Ref, int]:
    stock = stock_of(conn)
    numbers = [stock.actions[ref] for ref in refs]
    rows = conn.execute(
        select(taken.c.action_id, func.count(func.distinct(taken.c.subscriber_id)).label("people"))
        .where(COUNTS, taken.c.action_id.in_(numbers))
        .group_by(taken.c.action_id)
    )
    return {stock.refs[row.action_id]: row.people for row in rows}


def reminders(conn: Connection, found: Iterable[Debt], today: date, now: datetime) -> list[Debt]:
    """Of these debts those of which a reminder is due, noted as sent: of several planners only one gets each."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    due = []
    for debt in found:
        values: dict[str, Any] = {"action_id": stock_of(conn).actions[debt.action], "by": debt.by}
        same = (result_reminders.c.action_id == values["action_id"]) & (result_reminders.c.by == debt.by)
        sent = conn.scalar(select(func.max(result_reminders.c.number)).where(same)) or 0
        number = owing.reminder(debt, sent, today)
        if not number:
            continue
        note = dialect.insert(result_reminders).values(**values, number=number, at=now).on_conflict_do_nothing()
        if conn.scalar(note.returning(result_reminders.c.number)) is not None:
            due.append(debt)
    return due


def debtors(conn: Connection) -> list[int]:
    """The numbers of those who tell results."""
    return list(conn.scalars(select(roles.c.subscriber_id).distinct().where(roles.c.role.in_(MAY))))
