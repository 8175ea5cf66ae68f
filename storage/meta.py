"""Small facts about the instance itself: counters and switches."""

from sqlalchemy import Connection, delete, insert, select, update

from storage.schema import meta


def get(conn: Connection, key: str, default: str = "") -> str:
    """The value under `key`."""
    return conn.scalar(select(meta.c.value).where(meta.c.key == key)) or default


def put(conn: Connection, key: str, value: str) -> None:
    """Set the value under `key`; an empty value removes it."""
    if not value:
        conn.execute(delete(meta).where(meta.c.key == key))
    elif conn.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount == 0:
        conn.execute(insert(meta).values(key=key, value=value))


def starting(conn: Connection, prefix: str) -> list[tuple[str, str]]:
    """All keys with a prefix, and their values."""
    found = conn.execute(select(meta.c.key, meta.c.value).where(meta.c.key.startswith(prefix, autoescape=True)))
    return [(row.key, row.value) for row in found]
