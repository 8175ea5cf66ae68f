"""How many people stand with each cause."""

from sqlalchemy import Connection, func, select

from actions.facts import Ref
from storage.catalog import stock_of
from storage.schema import follows, taken


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
