"""Pictures drawn here, kept for as long as the chat that shows them; and where any picture is found."""

import re
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from actions.facts import Person
from storage import packs
from storage.packs import Picture
from storage.schema import drawings
from storage.webchat import KEPT_FOR

DRAWN = re.compile(r"drawn/([0-9a-f]{64})\.png")
"""The source of a drawn picture. A pack may be called `drawn`, but none of its images so."""


def source(key: str) -> str:
    """What names a drawn picture in a message."""
    return f"drawn/{key}.png"


def touch(conn: Connection, key: str, now: datetime) -> bool:
    """Keep a picture from now on for the whole time again; whether it is there."""
    return conn.execute(update(drawings).where(drawings.c.key == key).values(made_at=now)).rowcount > 0


def keep(conn: Connection, key: str, content: bytes, now: datetime, about: Person | None) -> None:
    """Keep a picture under its key, `about` one person or nobody."""
    # Another process may draw the same at this very moment.
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    values = {"key": key, "media_type": "image/png", "content": content, "made_at": now}
    owner = about.id if about else None
    conn.execute(dialect.insert(drawings).values(subscriber_id=owner, **values).on_conflict_do_nothing())


def find(conn: Connection, wanted: str) -> Picture | None:
    """The picture that a message names: one drawn here, or a pack's."""
    if drawn := DRAWN.fullmatch(wanted):
        row = conn.execute(select(drawings).where(drawings.c.key == drawn[1])).first()
        return Picture(row.media_type, row.content, private=row.subscriber_id is not None) if row else None
    pack, _, name = wanted.partition("/")
    return packs.picture(conn, pack, name)


def sweep(conn: Connection, now: datetime) -> int:
    """Remove what nobody asked for in thirty days; returns how many pictures went."""
    return conn.execute(delete(drawings).where(drawings.c.made_at < now - KEPT_FOR)).rowcount
