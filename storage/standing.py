"""The state of things in a few numbers: for `stats`, `/organize` and `/metrics`."""

from sqlalchemy import Connection, Select, func, select

from storage import owed
from storage.schema import deliveries, packs, subscribers, taken

STATES = ("active", "paused", "stopped", "unreachable")


def figures(conn: Connection) -> dict[str, int]:
    """How many subscribers, by state; actions taken; nudges sent; messages waiting; packs live; results owed."""
    rows = conn.execute(select(subscribers.c.state, func.count().label("number")).group_by(subscribers.c.state))
    states: dict[str, int] = {row.state: row.number for row in rows}
    return {
        "subscribers": sum(states.values()),
        **{state: states.get(state, 0) for state in STATES},
        "actions": _count(conn, select(func.count()).where(taken.c.status != "undone")),
        "nudges": _count(conn, select(func.count()).where(deliveries.c.kind == "nudge", deliveries.c.status == "sent")),
        "waiting": _count(conn, select(func.count()).where(deliveries.c.status.in_(("pending", "retry")))),
        "packs": _count(conn, select(func.count()).select_from(packs)),
        "owed": len(owed.debts(conn)),
    }


def _count(conn: Connection, statement: Select[int]) -> int:
    return conn.scalar(statement) or 0
