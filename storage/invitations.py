"""Who brought whom: a random key for each person's link."""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from actions.facts import Person
from storage.schema import codes
from storage.schema import subscribers as people


def key_of(conn: Connection, person: Person, fresh: str, now: datetime) -> str:
    """The key of a person's link: the one made before, else `fresh`, kept from now on."""
    kept = conn.scalar(select(codes.c.argument).where(codes.c.purpose == "invite", codes.c.subscriber_id == person.id))
    if kept:
        return str(kept)
    digest = hashlib.sha256(fresh.encode()).hexdigest()
    conn.execute(
        insert(codes).values(hash=digest, purpose="invite", argument=fresh, subscriber_id=person.id, made_at=now)
    )
    return fresh


def credit(conn: Connection, newcomer: Person, key: str) -> bool:
    """Note who a newcomer's link came from; an unknown key or one's own changes nothing."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    owner = conn.scalar(select(codes.c.subscriber_id).where(codes.c.hash == digest, codes.c.purpose == "invite"))
    if owner is None or owner == newcomer.id:
        return False
    refer(conn, newcomer, owner)
    return True


def refer(conn: Connection, person: Person, referrer_id: int) -> None:
    """Note who brought a newcomer; the first one counts."""
    conn.execute(
        update(people).where(people.c.id == person.id, people.c.referrer_id.is_(None)).values(referrer_id=referrer_id)
    )


def brought(conn: Connection, person: Person) -> int:
    """How many people came through this person."""
    return conn.scalar(select(func.count()).where(people.c.referrer_id == person.id)) or 0
