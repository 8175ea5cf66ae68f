"""How many people stand with each cause, and what they did."""

from collections.abc import Iterable

from sqlalchemy import Connection, case, distinct, func, select

from actions.facts import Ref
from storage.catalog import stock_of
from storage.figures import Count
from storage.schema import erased_totals, follows, taken


def followers(conn: Connection) -> dict[Ref, int]:
    """How many follow each cause."""
    refs = stock_of(conn).refs
    rows = conn.execute(select(follows.c.cause_id, func.count().label("count")).group_by(follows.c.cause_id))
    return {refs[row.cause_id]: row._mapping["count"] for row in rows}


def together(conn: Connection, cause: Ref) -> tuple[int, int]:
    """How many people acted for a cause, and how many actions they took."""
    cause_id = stock_of(conn).causes.get(cause)
    row = conn.execute(
        select(func.count(func.distinct(taken.c.subscriber_id)), func.count()).where(
            taken.c.cause_id == cause_id, taken.c.status != "undone"
        )
    ).one()
    return row[0], row[1]


def of_actions(conn: Connection, actions: Iterable[Ref]) -> dict[Ref, Count]:
    """How often each of these actions was taken, also by people erased since; only who is still here is a person."""
    known = stock_of(conn).actions
    numbers = {known[ref]: ref for ref in actions if ref in known}
    sure = taken.c.status == "verified"
    rows = conn.execute(
        select(taken.c.action_id, func.count(case((~sure, 1))), func.count(case((sure, 1))))
        .where(taken.c.action_id.in_(numbers), taken.c.status != "undone")
        .group_by(taken.c.action_id)
    )
    counts = {numbers[number]: [claimed, verified] for number, claimed, verified in rows}
    gone = select(erased_totals).where(erased_totals.c.action_id.in_(numbers), erased_totals.c.status != "undone")
    for row in conn.execute(gone):
        counts.setdefault(numbers[row.action_id], [0, 0])[row.status == "verified"] += row._mapping["count"]
    return {ref: Count(claimed=claimed, verified=verified) for ref, (claimed, verified) in counts.items()}


def behind(conn: Connection, actions: Iterable[Ref]) -> Count:
    """How many people stand behind these actions together: in all, with what they told, with what is confirmed."""
    known = stock_of(conn).actions
    person, sure = taken.c.subscriber_id, taken.c.status == "verified"
    row = conn.execute(
        select(
            func.count(distinct(person)),
            func.count(distinct(case((~sure, person)))),
            func.count(distinct(case((sure, person)))),
        ).where(taken.c.action_id.in_([known[ref] for ref in actions if ref in known]), taken.c.status != "undone")
    ).one()
    return Count(people=row[0], claimed_people=row[1], verified_people=row[2])
