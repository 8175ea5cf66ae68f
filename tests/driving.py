"""What tests of drives have in common: people who did something, and gifts as a provider reported them."""

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, insert, select, update

from actions.facts import Person
from storage import drives, history, hooks, schema, subscribers
from storage.catalog import stock_of
from storage.schema_proof import proofs
from storage.store import Store
from tests import make

numbers = count(1)


def crowd(store: Store, size: int, action: str, at: datetime, **about: Any) -> list[Person]:
    """So many newcomers who did an action; `team` as (drive, name), `verified`, `gift` as (minor units, currency)."""

    def every(conn: Connection) -> list[Person]:
        return [_one(conn, action, at, **about) for _ in range(size)]

    return store.write_now(every)


def _one(
    conn: Connection, action: str, at: datetime, *, team: tuple[str, str] | None = None, verified: bool = False,
    gift: tuple[int, str] | None = None,
) -> Person:  # fmt: skip
    person = subscribers.join(conn, "web", f"d{next(numbers)}", make.person(follows=()), at).person
    stock = stock_of(conn)
    values = history.ask_values(stock, person, action, at, reasons=(), propensity=1.0, origin="act")
    ask = history.get_ask(conn, history.ask(conn, values))
    assert ask is not None
    assert history.claim(conn, person, ask, "once", at)
    if verified or gift:
        conn.execute(update(schema.taken).where(schema.taken.c.ask_id == ask.id).values(status="verified"))
    if gift:
        add_gift(conn, person, action, at, *gift)
    if team:
        drives.choose(conn, person, stock.drives[team[0]], team[1], at)
    return person


def add_gift(
    conn: Connection, person: Person | None, action: str, at: datetime, amount: int, currency: str = "EUR"
) -> int:
    """A gift that arrived; returns its number."""
    hook = conn.scalar(select(schema.metadata.tables["hooks"].c.id).limit(1))
    if hook is None:
        hook = hooks.add(conn, "stripe", action.partition("/")[0], ["whsec_c2VjcmV0"], at, "a secret").id
    values = {
        "hook_id": hook, "subscriber_id": person.id if person else None, "action_id": stock_of(conn).actions[action],
        "counts": True, "at": at, "amount": amount, "currency": currency,
    }  # fmt: skip
    return int(conn.execute(insert(proofs).values(**values).returning(proofs.c.id)).scalar_one())


def refund(conn: Connection, gift: int) -> None:
    """A gift that went back whole."""
    conn.execute(update(proofs).where(proofs.c.id == gift).values(counts=False, amount=0))
