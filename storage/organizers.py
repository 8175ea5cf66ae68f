"""One-time codes that give a role, and the limits on guessing them."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, update

from actions.facts import Person
from storage import guesses, roles
from storage.schema import codes

ROLES = ("owner", "organizer", "moderator")
VALID = timedelta(minutes=15)
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 20
"""Twenty letters of thirty-one: 99 bits."""
SHAPE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def fresh_code() -> str:
    """A code nobody can guess, of letters nobody mixes up."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_code_shaped(words: str) -> bool:
    """Whether words have the form of a code; separators and case do not matter."""
    return SHAPE.fullmatch(_bare(words)) is not None


def _bare(words: str) -> str:
    return re.sub(r"[\s-]", "", words).upper()


def _hash(code: str) -> str:
    return hashlib.sha256(_bare(code).encode()).hexdigest()


def add_code(conn: Connection, role: str, code: str, now: datetime, valid: timedelta = VALID) -> None:
    """Keep a new code for a role, as its hash.

    Raises `ValueError` for a role there is not.
    """
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}; choose one of {', '.join(ROLES)}")
    conn.execute(
        insert(codes).values(hash=_hash(code), purpose="role", argument=role, made_at=now, expires_at=now + valid)
    )


def redeem(conn: Connection, person: Person, code: str, now: datetime) -> str | None:
    """Give the person the role of a code and return it; nothing for a code that is wrong, used, old, or guessed at.

    A person has five tries an hour, and all together a hundred.
    """
    if not guesses.are_left(conn, person, now):
        return None
    role = conn.scalar(
        update(codes)
        .where(
            codes.c.hash == _hash(code),
            codes.c.purpose == "role",
            codes.c.used_at.is_(None),
            codes.c.expires_at > now,
        )
        .values(used_at=now, subscriber_id=person.id)
        .returning(codes.c.argument)
    )
    if role is None:
        guesses.note(conn, person, now)
        return None
    roles.grant(conn, person, role, now)
    return str(role)


def sweep(conn: Connection, now: datetime) -> None:
    """Forget guesses and codes that are past their time."""
    guesses.sweep(conn, now)
    conn.execute(delete(codes).where(codes.c.purpose != "invite", codes.c.expires_at < now - guesses.HOUR))
