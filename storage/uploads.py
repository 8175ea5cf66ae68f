"""What people upload on the web page, sealed, for the short time until it is fetched like any platform's file."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, exists, insert, or_, select

from storage import sealed
from storage.schema import photos, uploads

KEPT_FOR = timedelta(days=1)
FRESH = timedelta(minutes=10)
"""So long an upload stays in any case: it may be on the point of being taken."""


def put(conn: Connection, key: str, chat: str, content: bytes, now: datetime) -> None:
    """Keep an upload of a chat; `content` is sealed already."""
    conn.execute(insert(uploads).values(key=key, chat=chat, content=content, at=now))


def get(conn: Connection, key: str, secret: str) -> bytes | None:
    """The bytes of an upload; nothing when it is gone."""
    content = conn.scalar(select(uploads.c.content).where(uploads.c.key == key))
    return sealed.unseal_bytes(content, secret) if content else None


def drop_unwanted(conn: Connection, chat: str) -> None:
    """Forget the uploads of a chat that nothing waits for."""
    wanted = exists().where(photos.c.file == uploads.c.key, photos.c.state.in_(("wanted", "which")))
    conn.execute(delete(uploads).where(uploads.c.chat == chat, ~wanted))


def forget(conn: Connection, chat: str) -> None:
    """Remove all uploads of a chat."""
    conn.execute(delete(uploads).where(uploads.c.chat == chat))


def sweep(conn: Connection, now: datetime) -> None:
    """Remove what nobody fetched in a day, and what nothing waits for any more."""
    wanted = exists().where(photos.c.file == uploads.c.key, photos.c.state.in_(("wanted", "which")))
    unwanted = and_(uploads.c.at < now - FRESH, ~wanted)
    conn.execute(delete(uploads).where(or_(uploads.c.at < now - KEPT_FOR, unwanted)))
