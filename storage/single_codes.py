"""Codes that count once each, as printed on receipts or tickets; only their hashes are kept."""

import secrets
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from actions.facts import Person
from actions.proof import codes
from storage.schema_proof import single_codes as table

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"
"""Without letters and digits that look alike in print."""
LENGTH = 10


def make(conn: Connection, action: str, action_id: int, count: int, now: datetime) -> list[str]:
    """Make so many codes of an action; they are told only here."""
    made = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(count)]
    rows = [{"action_id": action_id, "digest": codes.digest(action, code), "made_at": now} for code in made]
    conn.execute(insert(table), rows)
    return [f"{code[:5]}-{code[5:]}" for code in made]


def use(
    conn: Connection, action_id: int, digest: str, person: Person, now: datetime
) -> Literal["right", "used", "unknown"]:
    """Use a code up; of two people with the same one only the first is right."""
    same = (table.c.action_id == action_id) & (table.c.digest == digest)
    fresh = update(table).where(same, table.c.used_at.is_(None)).values(used_at=now, subscriber_id=person.id)
    if conn.execute(fresh).rowcount:
        return "right"
    return "used" if conn.scalar(select(table.c.digest).where(same)) is not None else "unknown"


def counts(conn: Connection, action_id: int) -> tuple[int, int]:
    """How many codes of an action were made, and how many of them were used."""
    row = conn.execute(select(func.count(), func.count(table.c.used_at)).where(table.c.action_id == action_id)).one()
    return int(row[0]), int(row[1])
