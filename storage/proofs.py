"""What sources report, put together: one row for each thing they speak of, its person, and what it comes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from actions.proof.reports import Report
from actions.proof.settle import Settled, settle
from storage.history import Ask
from storage.schema_proof import evidence, hook_deliveries, proof_names, proofs

LONGEST = 255


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing a source speaks of: whose, of which action, and the record that it confirms, once these are known."""

    id: int
    hook_id: int
    subscriber_id: int | None
    action_id: int | None
    ask_id: int | None
    taken_id: int | None
    series: str
    counts: bool


def said_before(conn: Connection, hook_id: int, report: Report) -> bool:
    """Whether a source has said this already."""
    same = (evidence.c.hook_id == hook_id) & (evidence.c.event == report.event[:LONGEST])
    return conn.scalar(select(evidence.c.proof_id).where(same)) is not None


def add(conn: Connection, hook_id: int, report: Report, delivery_id: int) -> int:
    """Keep a report beside the others of the same thing; returns the thing's number."""
    proof_id = _thing(conn, hook_id, [report.thing, *report.also])
    said = {
        "hook_id": hook_id, "event": report.event[:LONGEST], "proof_id": proof_id, "delivery_id": delivery_id,
        "at": report.at, "what": report.what, "amount": report.amount, "currency": report.currency,
        "period": report.period, "receipt": report.receipt[:500],
    }  # fmt: skip
    conn.execute(insert(evidence).values(**said))
    if report.series:
        conn.execute(update(proofs).where(proofs.c.id == proof_id).values(series=report.series[:LONGEST]))
    return proof_id


def _thing(conn: Connection, hook_id: int, names: Sequence[str]) -> int:
    """The thing that goes by these names: a new one, or one known, or several that turn out to be one."""
    wanted = list(dict.fromkeys(name[:LONGEST] for name in names))
    mine = proof_names.c.hook_id == hook_id
    known: dict[str, int] = {
        row.name: row.proof_id for row in conn.execute(select(proof_names).where(mine, proof_names.c.name.in_(wanted)))
    }
    if known:
        number = min(known.values())
        for other in set(known.values()) - {number}:
            _join(conn, number, other)
    else:
        number = int(conn.execute(insert(proofs).values(hook_id=hook_id).returning(proofs.c.id)).scalar_one())
    new = [{"hook_id": hook_id, "name": name, "proof_id": number} for name in wanted if name not in known]
    if new:
        conn.execute(insert(proof_names), new)
    return number


def _join(conn: Connection, kept: int, other: int) -> None:
    """Two things turn out to be one: all that was said of the other was said of the kept one."""
    gone = get(conn, other)
    for table in (proof_names, evidence):
        conn.execute(update(table).where(table.c.proof_id == other).values(proof_id=kept))
    mine = get(conn, kept)
    values: dict[str, Any] = {"series": mine.series or gone.series, "taken_id": mine.taken_id or gone.taken_id}
    if mine.action_id is None:
        values |= {"subscriber_id": gone.subscriber_id, "action_id": gone.action_id, "ask_id": gone.ask_id}
    conn.execute(update(proofs).where(proofs.c.id == kept).values(**values))
    conn.execute(proofs.delete().where(proofs.c.id == other))


def get(conn: Connection, proof_id: int) -> Proof:
    """A thing by its number.

    Raises `sqlalchemy.exc.NoResultFound` when there is none.
    """
    return _proof(conn.execute(select(proofs).where(proofs.c.id == proof_id)).one())


def belongs(conn: Connection, proof_id: int, ask: Ask, action_id: int) -> list[int]:
    """Note whose a thing is; returns what is theirs by it: the thing, and the others of its series."""
    owner = {"subscriber_id": ask.subscriber_id, "action_id": action_id, "ask_id": ask.id}
    conn.execute(update(proofs).where(proofs.c.id == proof_id).values(**owner))
    mine = get(conn, proof_id)
    if not mine.series:
        return [proof_id]
    orphans = (proofs.c.hook_id == mine.hook_id) & (proofs.c.series == mine.series) & proofs.c.action_id.is_(None)
    found = conn.scalars(update(proofs).where(orphans).values(**owner).returning(proofs.c.id)).all()
    return [proof_id, *sorted(found)]


def inherit(conn: Connection, proof_id: int) -> None:
    """Let a thing of a series be whose the series is, if that is known."""
    mine = get(conn, proof_id)
    if mine.action_id is not None or not mine.series:
        return
    other = conn.execute(
        select(proofs.c.subscriber_id, proofs.c.action_id, proofs.c.ask_id)
        .where(proofs.c.hook_id == mine.hook_id, proofs.c.series == mine.series, proofs.c.action_id.is_not(None))
        .limit(1)
    ).first()
    if other is not None:
        conn.execute(update(proofs).where(proofs.c.id == proof_id).values(**other._mapping))


def settled(conn: Connection, proof_id: int) -> Settled:
    """What all reports of a thing come to; kept with it."""
    rows = conn.execute(select(evidence).where(evidence.c.proof_id == proof_id))
    end = settle([_report(row) for row in rows])
    conn.execute(
        update(proofs)
        .where(proofs.c.id == proof_id)
        .values(counts=end.counts, at=end.at, amount=end.amount, currency=end.currency, receipt=end.receipt)
    )
    return end


def confirm(conn: Connection, proof_id: int, taken_id: int | None) -> None:
    """Note which record a thing confirms."""
    conn.execute(update(proofs).where(proofs.c.id == proof_id).values(taken_id=taken_id))


def others_confirm(conn: Connection, proof: Proof) -> bool:
    """Whether another thing confirms the same record."""
    others = (proofs.c.taken_id == proof.taken_id) & (proofs.c.id != proof.id) & proofs.c.counts.is_(True)
    return conn.scalar(select(proofs.c.id).where(others).limit(1)) is not None


def forget(conn: Connection, subscriber_id: int) -> None:
    """Drop all that leads from a person's gifts and signatures back to them; the sums stay."""
    theirs = select(proofs.c.id).where(proofs.c.subscriber_id == subscriber_id)
    told = select(evidence.c.delivery_id).where(evidence.c.proof_id.in_(theirs))
    conn.execute(hook_deliveries.delete().where(hook_deliveries.c.id.in_(told)))
    for table in (evidence, proof_names):
        conn.execute(table.delete().where(table.c.proof_id.in_(theirs)))
    conn.execute(update(proofs).where(proofs.c.subscriber_id == subscriber_id).values(series="", receipt=""))


def sums(conn: Connection, actions: Iterable[int]) -> dict[str, tuple[int, int]]:
    """What was given through actions, by currency: minor units, and by how many gifts."""
    given = (
        select(proofs.c.currency, func.sum(proofs.c.amount), func.count())
        .where(proofs.c.action_id.in_(list(actions)), proofs.c.counts.is_(True), proofs.c.amount.is_not(None))
        .group_by(proofs.c.currency)
    )
    return {currency: (int(amount), int(count)) for currency, amount, count in conn.execute(given)}


def _proof(row: Row[Any]) -> Proof:
    return Proof(
        row.id, row.hook_id, row.subscriber_id, row.action_id, row.ask_id, row.taken_id, row.series, row.counts
    )


def _report(row: Row[Any]) -> Report:
    return Report(
        event=row.event, at=row.at, what=row.what, thing="", amount=row.amount, currency=row.currency,
        period=row.period, receipt=row.receipt,
    )  # fmt: skip
