"""Drafts of stories: told by people, or made of a message by an organizer; read by organizers only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update

from actions.facts import Person, Ref
from storage import sealed
from storage.catalog import stock_of
from storage.schema import drafts

WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, unsealed; `name` is empty for one that is to stay without."""

    id: int
    subscriber_id: int
    origin: str
    cause: Ref | None
    language: str
    text: str
    name: str
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote: the story, the cause it belongs to, the name to show with it if any."""

    text: str
    cause: Ref | None
    language: str
    name: str = ""


def add(conn: Connection, person: Person, origin: str, words: Words, secret: str, now: datetime) -> int:
    """Keep a draft, sealed; returns its number."""
    stock = stock_of(conn)
    values = {
        "subscriber_id": person.id,
        "origin": origin,
        "cause_id": stock.causes.get(words.cause) if words.cause else None,
        "language": words.language,
        "text": sealed.seal(words.text, secret),
        "name": sealed.seal(words.name, secret) if words.name else None,
        "at": now,
        "state": WAITING,
    }
    return int(conn.execute(insert(drafts).values(**values).returning(drafts.c.id)).scalar_one())


def waiting(conn: Connection, person: Person | None = None) -> int:
    """How many drafts wait to be read, of one person or of all."""
    counted = select(func.count()).select_from(drafts).where(drafts.c.state == WAITING)
    if person is not None:
        counted = counted.where(drafts.c.subscriber_id == person.id)
    return conn.scalar(counted) or 0


def newest(conn: Connection, secret: str, before: int = 0) -> Draft | None:
    """The newest draft that waits; with `before`, the newest one older than that."""
    wanted = select(drafts).where(drafts.c.state == WAITING).order_by(drafts.c.id.desc()).limit(1)
    row = conn.execute(wanted.where(drafts.c.id < before) if before else wanted).first()
    return _draft(conn, row, secret) if row else None


def get(conn: Connection, number: int, secret: str) -> Draft | None:
    """The draft of that number."""
    row = conn.execute(select(drafts).where(drafts.c.id == number)).first()
    return _draft(conn, row, secret) if row else None


def settle(conn: Connection, number: int, state: str) -> bool:
    """Note what became of a draft, `used` or `declined`; false when that was noted before."""
    settled = update(drafts).where(drafts.c.id == number, drafts.c.state == WAITING).values(state=state)
    return conn.execute(settled).rowcount > 0


def of_person(conn: Connection, person: Person, secret: str) -> list[Draft]:
    """All drafts of a person, for that person."""
    rows = conn.execute(select(drafts).where(drafts.c.subscriber_id == person.id).order_by(drafts.c.id))
    return [_draft(conn, row, secret) for row in rows]


def _draft(conn: Connection, row: Row[tuple[object, ...]], secret: str) -> Draft:
    return Draft(
        id=row.id,
        subscriber_id=row.subscriber_id,
        origin=row.origin,
        cause=stock_of(conn).refs.get(row.cause_id),
        language=row.language,
        text=sealed.unseal(row.text, secret) or "",
        name=(sealed.unseal(row.name, secret) or "") if row.name else "",
        at=row.at,
        state=row.state,
    )
