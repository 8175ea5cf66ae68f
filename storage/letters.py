"""Letters to those who decide: sealed, their writer's alone, deleted some weeks after the decision."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from actions.deciding import kept_until, key_of
from actions.facts import Person, Ref
from content.model import Maker
from storage import sealed
from storage.catalog import stock_of
from storage.schema import letters

State = Literal["draft", "sent", "dropped"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, unsealed; without words when it was thrown away, or sealed with another secret.

    `maker` is the name of whom it is for, `maker_key` as `actions.deciding.key_of`, `language` that of its frame.
    """

    id: int
    subscriber_id: int
    action: Ref
    ask_id: int | None
    maker: str
    maker_key: str
    language: str
    text: str
    at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class To:
    """Whom a letter is for and about what: the ask that led to it, its action, the day of the decision."""

    ask_id: int
    action: Ref
    maker: Maker
    on: date
    language: str


def keep(conn: Connection, person: Person, to: To, text: str, secret: str, now: datetime) -> int:
    """Keep the words of a letter, in place of those of an earlier draft to the same; returns its number."""
    values = {
        "ask_id": to.ask_id,
        "maker": to.maker.name,
        "language": to.language,
        "text": sealed.seal(text, secret),
        "at": now,
        "kept_until": kept_until(to.on),
    }
    draft = _draft(conn, person, to)
    if draft is not None:
        conn.execute(update(letters).where(letters.c.id == draft).values(**values))
        return draft
    values |= {
        "subscriber_id": person.id,
        "action_id": stock_of(conn).actions[to.action],
        "maker_key": key_of(to.maker),
        "state": "draft",
    }
    return int(conn.execute(insert(letters).values(**values).returning(letters.c.id)).scalar_one())


def draft(conn: Connection, person: Person, to: To, secret: str) -> Letter | None:
    """The draft that a person left to the same decision-maker about the same decision."""
    number = _draft(conn, person, to)
    return get(conn, number, secret) if number is not None else None


def _draft(conn: Connection, person: Person, to: To) -> int | None:
    return conn.scalar(
        select(letters.c.id)
        .where(
            letters.c.subscriber_id == person.id, letters.c.action_id == stock_of(conn).actions[to.action],
            letters.c.maker_key == key_of(to.maker), letters.c.state == "draft",
        )
        .order_by(letters.c.id.desc())
        .limit(1)
    )  # fmt: skip


def get(conn: Connection, number: int, secret: str) -> Letter | None:
    """The letter of that number."""
    row = conn.execute(select(letters).where(letters.c.id == number)).first()
    return _letter(conn, row, secret) if row else None


def written(conn: Connection, person: Person, action: Ref) -> int:
    """How many letters about an action a person has written, those thrown away included."""
    about = letters.c.action_id == stock_of(conn).actions[action]
    return conn.scalar(select(func.count()).where(letters.c.subscriber_id == person.id, about)) or 0


def settle(conn: Connection, number: int, state: State) -> bool:
    """Note that a draft was sent or dropped; what is dropped loses its words. False when it was no draft any more."""
    values: dict[str, Any] = {"state": state, **({"text": None} if state == "dropped" else {})}
    drafts = update(letters).where(letters.c.id == number, letters.c.state == "draft")
    return conn.execute(drafts.values(**values)).rowcount > 0


def done_with(conn: Connection, ask_id: int) -> None:
    """Note that an ask was taken: its letter, if one was begun and none was told to be sent, is sent."""
    states = select(letters.c.id, letters.c.state).where(letters.c.ask_id == ask_id).order_by(letters.c.id)
    found = conn.execute(states).all()
    drafts = [row.id for row in found if row.state == "draft"]
    if drafts and not any(row.state == "sent" for row in found):
        settle(conn, drafts[-1], "sent")


def undone_with(conn: Connection, ask_id: int) -> None:
    """Note that an ask is open again: what was told to be sent is a draft again."""
    conn.execute(update(letters).where(letters.c.ask_id == ask_id, letters.c.state == "sent").values(state="draft"))


def of_person(conn: Connection, person: Person, secret: str) -> list[Letter]:
    """All letters of a person, for that person."""
    rows = conn.execute(select(letters).where(letters.c.subscriber_id == person.id).order_by(letters.c.id))
    return [_letter(conn, row, secret) for row in rows]


def counts(conn: Connection) -> list[tuple[Ref, str, int, int]]:
    """For each action and decision-maker how many letters were written, and how many of them sent."""
    sent = func.count(case((letters.c.state == "sent", 1)))
    rows = conn.execute(
        select(letters.c.action_id, letters.c.maker, func.count(), sent)
        .where(letters.c.state != "dropped")
        .group_by(letters.c.action_id, letters.c.maker)
        .order_by(letters.c.action_id, letters.c.maker)
    )
    refs = stock_of(conn).refs
    return [(refs[action], maker, all_of_them, told) for action, maker, all_of_them, told in rows]


def sweep(conn: Connection, now: datetime) -> None:
    """Delete the letters of decisions that are long past."""
    conn.execute(delete(letters).where(letters.c.kept_until < now.date()))


def _letter(conn: Connection, row: Row[Any], secret: str) -> Letter:
    return Letter(
        id=row.id,
        subscriber_id=row.subscriber_id,
        action=stock_of(conn).refs[row.action_id],
        ask_id=row.ask_id,
        maker=row.maker,
        maker_key=row.maker_key,
        language=row.language,
        text=(sealed.unseal(row.text, secret) or "") if row.text else "",
        at=row.at,
        state=cast(State, row.state),
    )
