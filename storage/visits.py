"""Who came by their own link: counted for each ask, nothing else kept."""

from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import asks, taken
from storage.schema_proof import visits

SOURCE = "link"


def note(conn: Connection, ask_id: int, now: datetime) -> bool:
    """Count a visit, and let it confirm what was claimed before; false when the ask is gone."""
    if conn.scalar(select(asks.c.id).where(asks.c.id == ask_id)) is None:
        return False
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    first = dialect.insert(visits).values(ask_id=ask_id, first_at=now, last_at=now, count=1)
    more = {"last_at": now, "count": visits.c.count + 1}
    conn.execute(first.on_conflict_do_update(index_elements=["ask_id"], set_=more))
    verify(conn, ask_id)
    return True


def happened(conn: Connection, ask_id: int) -> bool:
    """Whether anybody came by the link of an ask."""
    return conn.scalar(select(visits.c.count).where(visits.c.ask_id == ask_id)) is not None


def verify(conn: Connection, ask_id: int, source: str = SOURCE) -> bool:
    """Let what was claimed through an ask be verified; false when nothing was."""
    claimed = (taken.c.ask_id == ask_id) & (taken.c.status == "claimed")
    return conn.execute(update(taken).where(claimed).values(status="verified", source=source)).rowcount > 0
