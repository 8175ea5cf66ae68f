"""From what a source says to what counts: the record of an action becomes verified, or is undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from actions.facts import Person, Ref
from actions.proof.settle import Settled, period_of
from actions.rhythm import local_day
from storage import history, proofs, subscribers
from storage.catalog import stock_of
from storage.proofs import Proof
from storage.schema import taken

Became = Literal["verified", "confirmed", "undone", "more"]
"""`verified`: recorded by the source itself. `confirmed`: an earlier claim is verified now. `undone`: it counts no
longer. `more`: another gift for what counts already."""
SOURCE_LENGTH = 40
UNSIGNED = frozenset({"action-network"})
"""Sources whose word is a claim: nothing they deliver is signed."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a person's record by what a source said."""

    person: Person
    action: Ref
    cause: Ref
    ask_id: int | None
    became: Became
    source: str
    at: datetime
    amount: int | None = None
    currency: str = ""
    receipt: str = ""


def reconcile(conn: Connection, proof_id: int, source: str, now: datetime) -> Change | None:
    """Bring a person's record into line with what was said of a thing; returns what changed for them, if anything."""
    end = proofs.settled(conn, proof_id)
    proof = proofs.get(conn, proof_id)
    if proof.subscriber_id is None or proof.action_id is None:
        return None
    person = subscribers.locked(conn, proof.subscriber_id)
    action = stock_of(conn).refs[proof.action_id]
    bring = _counted if end.counts else _undone
    became = bring(conn, proof, person, end, source[:SOURCE_LENGTH])
    if became is None:
        return None
    if proof.ask_id is not None:
        history.answer(conn, proof.ask_id, "" if became == "undone" else "taken", now)
    cause = action if action not in stock_of(conn).shelf.actions else stock_of(conn).shelf.actions[action].cause
    return Change(
        person, action, cause, proof.ask_id, became, source, min(end.at or now, now), end.amount, end.currency,
        end.receipt,
    )  # fmt: skip


def _counted(conn: Connection, proof: Proof, person: Person, end: Settled, source: str) -> Became | None:
    status = "claimed" if source in UNSIGNED else "verified"
    rows = _rows(conn, person, proof.action_id)
    mine = next((row for row in rows if row.id == proof.taken_id), None)
    if mine is not None and mine.status in ("verified", status):
        return None
    live = _live(conn, proof, person, end, rows, mine)
    if live is None and mine is not None:
        _set(conn, mine.id, status=status, source=source)
        return "verified"
    if live is None:
        period = _period(conn, proof, person, end, rows)
        row = {"period": period, "status": status, "source": source, "at": end.at}
        proofs.confirm(conn, proof.id, _write(conn, proof, person, row))
        return "verified"
    proofs.confirm(conn, proof.id, live.id)
    if live.status in ("verified", status):
        return "more" if end.amount is not None else None
    _set(conn, live.id, status=status, source=source)
    return "confirmed"


def _live(
    conn: Connection, proof: Proof, person: Person, end: Settled, rows: Sequence[Row[Any]], mine: Row[Any] | None
) -> Row[Any] | None:
    """The record that a thing confirms: the claim made through the same ask, else the one of its period."""
    claim = next((row for row in rows if row.status == "claimed" and row.ask_id == proof.ask_id), None)
    if claim is not None:
        return claim
    period = mine.period if mine is not None else _period(conn, proof, person, end, rows)
    return next((row for row in rows if row.period == period and row.status != "undone"), None)


def _undone(conn: Connection, proof: Proof, person: Person, end: Settled, source: str) -> Became | None:
    rows = _rows(conn, person, proof.action_id)
    mine = next((row for row in rows if row.id == proof.taken_id), None)
    if mine is None and _contradicts(end):
        # Nothing was ever confirmed by it: only an unconfirmed claim made through the same ask can be meant.
        mine = next((row for row in rows if row.status == "claimed" and row.ask_id == proof.ask_id), None)
        if mine is not None:
            proofs.confirm(conn, proof.id, mine.id)
    if mine is None or mine.status == "undone" or proofs.others_confirm(conn, replace(proof, taken_id=mine.id)):
        return None
    _set(conn, mine.id, status="undone", source=source)
    return "undone"


def _contradicts(end: Settled) -> bool:
    return not end.counts and (end.known or end.amount is None)


def _period(conn: Connection, proof: Proof, person: Person, end: Settled, rows: Sequence[Row[Any]]) -> str:
    action = stock_of(conn).shelf.actions.get(stock_of(conn).refs[proof.action_id or 0])
    day = local_day(person.rhythm, end.at) if end.at else None
    others = {row.period for row in rows if row.status != "undone"}
    if day is None:
        return "once"
    return period_of(action.repeat if action else "never", day, end.period, others)


def _write(conn: Connection, proof: Proof, person: Person, row: Mapping[str, Any]) -> int:
    stock = stock_of(conn)
    asked = history.get_ask(conn, proof.ask_id) if proof.ask_id is not None else None
    offered = stock.shelf.actions.get(stock.refs[proof.action_id or 0])
    told = asked.asked if asked is not None else offered
    if told is None:
        raise LookupError(f"action {proof.action_id} is neither asked for nor on offer")
    values = {
        "subscriber_id": person.id, "action_id": proof.action_id, "cause_id": stock.causes[told.cause],
        "kind": told.kind, "rung": told.rung, "ask_id": proof.ask_id, **row,
    }  # fmt: skip
    return int(conn.execute(insert(taken).values(**values).returning(taken.c.id)).scalar_one())


def _rows(conn: Connection, person: Person, action_id: int | None) -> list[Row[Any]]:
    mine = (taken.c.subscriber_id == person.id) & (taken.c.action_id == action_id)
    return list(conn.execute(select(taken).where(mine).order_by(taken.c.id)))


def _set(conn: Connection, taken_id: int, **values: Any) -> None:
    conn.execute(update(taken).where(taken.c.id == taken_id).values(**values))
