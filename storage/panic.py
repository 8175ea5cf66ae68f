"""The panic button: everything that is queued stops; answers still go."""

from datetime import datetime

from sqlalchemy import Connection

from storage import audit, meta
from storage.audit import By

KEY = "paused-all"


def is_on(conn: Connection) -> bool:
    """Whether everything is paused."""
    return bool(meta.get(conn, KEY))


def switch(conn: Connection, by: By, now: datetime, *, on: bool) -> bool:
    """Pause everything, or let it go on; false when it was so already."""
    if is_on(conn) == on:
        return False
    meta.put(conn, KEY, now.isoformat() if on else "")
    audit.note(conn, by, "pause-all" if on else "resume-all", now)
    return True
