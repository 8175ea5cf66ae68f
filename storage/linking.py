"""Joining the chats of one person: a short-lived code, where nudges come, and parting again."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from actions.facts import Person
from storage import guesses, subscribers, webchat
from storage.deliveries import WAITING
from storage.merging import CODE
from storage.organizers import ALPHABET
from storage.schema import accounts, addresses, codes, taken
from storage.schema import deliveries as outbox
from storage.schema import subscribers as people

VALID = timedelta(minutes=15)
LENGTH = 8
"""Eight letters of thirty-one are 8.5e11 codes, for fifteen minutes and with few guesses."""
SHAPE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Place:
    """One chat of a person, as they may choose it for their nudges."""

    address_id: int
    account: str
    chat: str
    preferred: bool
    reachable: bool

    @property
    def channel(self) -> str:
        """The kind of platform."""
        return self.account.partition(":")[0]


def fresh_code() -> str:
    """A code that is easily typed on a phone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def bare(words: str) -> str:
    """A code without the spaces, dashes and small letters people type; empty when it is none."""
    found = re.sub(r"[\s\-‐-―]", "", words).upper()
    return found if SHAPE.fullmatch(found) else ""


def offer(conn: Connection, person: Person, code: str, now: datetime) -> None:
    """Keep a new code of a person, as its hash; an older one of theirs is good no more."""
    conn.execute(delete(codes).where(codes.c.purpose == CODE, codes.c.subscriber_id == person.id))
    conn.execute(
        insert(codes).values(
            hash=_hash(code), purpose=CODE, subscriber_id=person.id, made_at=now, expires_at=now + VALID
        )
    )


def maker(conn: Connection, person: Person, code: str, now: datetime) -> Person | None:
    """Whose code that is; nobody's when it is wrong, used, old, or one guess too many."""
    if not guesses.are_left(conn, person, now):
        return None
    found = conn.scalar(select(codes.c.subscriber_id).where(*_open(code, now)))
    if found is None:
        guesses.note(conn, person, now)
        return None
    return subscribers.get(conn, found)


def redeem(conn: Connection, person: Person, code: str, now: datetime) -> Person | None:
    """Use another's code up: of all who try, one gets its maker, whose row is locked from here on."""
    found = maker(conn, person, code, now)
    if found is None or found.id == person.id:
        return None
    # The person first, then the code, as their own turns take them: two transactions never wait for each other.
    locked = conn.scalar(select(people.c.id).where(people.c.id == found.id).with_for_update(key_share=True))
    used = update(codes).where(*_open(code, now), codes.c.subscriber_id == locked).values(used_at=now)
    if locked is None or conn.execute(used).rowcount == 0:
        return None
    return subscribers.get(conn, found.id)


def _open(code: str, now: datetime) -> tuple[Any, ...]:
    return (
        codes.c.hash == _hash(code),
        codes.c.purpose == CODE,
        codes.c.used_at.is_(None),
        codes.c.expires_at > now,
    )


def _hash(code: str) -> str:
    return hashlib.sha256(bare(code).encode()).hexdigest()


def places(conn: Connection, person: Person) -> list[Place]:
    """A person's chats, in the order in which they came."""
    rows = conn.execute(
        select(addresses, accounts.c.name)
        .join(accounts, accounts.c.id == addresses.c.account_id)
        .where(addresses.c.subscriber_id == person.id)
        .order_by(addresses.c.id)
    )
    return [Place(row.id, row.name, row.chat, bool(row.preferred), bool(row.reachable)) for row in rows]


def prefer(conn: Connection, person: Person, address_id: int) -> bool:
    """Let the nudges come to one of a person's chats; false when it is not theirs, or cannot be reached."""
    found = _own(conn, person, address_id)
    if found is None or not found.reachable:
        return False
    own = addresses.c.subscriber_id == person.id
    conn.execute(update(addresses).where(own).values(preferred=addresses.c.id == address_id))
    waiting = and_(outbox.c.subscriber_id == person.id, outbox.c.kind == "nudge", outbox.c.status.in_(WAITING))
    conn.execute(update(outbox).where(waiting).values(address_id=address_id, account_id=found.account_id))
    return True


def part(conn: Connection, person: Person, address_id: int) -> Place | None:
    """Take a chat away from a person, unless it is the last they can be reached at; who writes there begins anew."""
    own = places(conn, person)
    gone = next((place for place in own if place.address_id == address_id), None)
    left = [place for place in own if place.address_id != address_id and place.reachable]
    if gone is None or not left:
        return None
    heir = next((place for place in left if place.preferred), left[0])
    if gone.preferred:
        prefer(conn, person, heir.address_id)
    _settle(conn, address_id, heir.address_id)
    webchat.forget(conn, gone.chat)
    conn.execute(delete(addresses).where(addresses.c.id == address_id))
    return gone


def _settle(conn: Connection, address_id: int, heir: int) -> None:
    """End what is on its way to a chat; what was sent there stays in the person's history."""
    there = outbox.c.address_id == address_id
    waiting = update(outbox).where(there, outbox.c.kind == "nudge", outbox.c.status.in_(WAITING))
    account = select(addresses.c.account_id).where(addresses.c.id == heir).scalar_subquery()
    conn.execute(waiting.values(address_id=heir, account_id=account))
    ended = update(outbox).where(there, outbox.c.status.in_(WAITING))
    conn.execute(ended.values(status="cancelled", reason="parted", body=None))
    # In flight at this moment: it may arrive, and is not tried again.
    conn.execute(update(outbox).where(there, outbox.c.status == "sending").values(expires_at=outbox.c.due_at))
    conn.execute(update(outbox).where(there).values(address_id=heir))


def _own(conn: Connection, person: Person, address_id: int) -> Row[Any] | None:
    own = addresses.c.subscriber_id == person.id, addresses.c.id == address_id
    return conn.execute(select(addresses).where(*own)).first()


def taken_by(conn: Connection, person: Person) -> int:
    """How many actions of a person count."""
    counted = taken.c.subscriber_id == person.id, taken.c.status != "undone"
    return conn.scalar(select(func.count()).select_from(taken).where(*counted)) or 0
