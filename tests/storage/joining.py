"""What tests of two chats of one person have in common: people, what they did, what is known of them."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, select

from actions.facts import History, Person
from bot.nudging import plan
from storage import (
    addresses,
    deliveries,
    history,
    merging,
    schema,
    slots,
    subscribers,
)
from storage.store import Store
from tests import make
from tests.talk import publish

KEY = "a key"
NOW = make.NOW
STORIES = ("water/water-1", "water/water-2", "water/water-3")
ACTIONS = ("water/sign", "water/give", "water/tell")
CAUSES = ("water/water", "water/trees")
numbers = count(1)


def publish_pack(store: Store) -> None:
    """The pack that all of this is about."""
    actions = {"sign": make.action(), "give": make.action(kind="donation"), "tell": make.action(kind="share")}
    publish(store, make.pack(causes=("water", "trees"), actions=actions), now=NOW)


def join(store: Store, account: str = "web", *, at: datetime = NOW, **about: Any) -> Person:
    """A newcomer who finished the first talk."""
    reached = store.write_now(subscribers.join, account, f"c{next(numbers)}", make.person(follows=(), **about), at)
    store.write_now(subscribers.onboard, reached.person, at.date() - timedelta(days=1), at - timedelta(days=1))
    return store.write_now(subscribers.get, reached.person.id)


def merge(store: Store, kept: Person, gone: Person, now: datetime = NOW) -> Person:
    store.write_now(merging.merge, kept, gone, key=KEY, now=now)
    return store.write_now(subscribers.get, kept.id)


def rows(store: Store, table: str, **where: Any) -> list[Any]:
    wanted = schema.metadata.tables[table]
    statement = select(wanted).where(*(wanted.c[name] == value for name, value in where.items()))
    return list(store.write_now(lambda conn: conn.execute(statement).all()))


def ask(store: Store, person: Person, ref: str, answer: str = "", at: datetime = NOW) -> history.Ask:
    def put(conn: Connection) -> history.Ask:
        values = history.ask_values(
            history.stock_of(conn), person, ref, at, reasons=(), propensity=1.0, origin="nudge"
        )  # fmt: skip
        number = history.ask(conn, values)
        if answer:
            history.answer(conn, number, answer, at)
        found = history.get_ask(conn, number)
        assert found is not None
        return found

    return store.write_now(put)


def take(store: Store, person: Person, ref: str, status: str = "claimed", at: datetime = NOW) -> None:
    asked = ask(store, person, ref, "taken", at)
    store.write_now(history.claim, person, asked, "once", at)
    if status == "undone":
        store.write_now(history.undo, person, asked.id)
    elif status == "verified":
        table = schema.taken
        verified = table.update().where(table.c.ask_id == asked.id).values(status=status, source="hook")
        store.write_now(lambda conn: conn.execute(verified))


def nudge(store: Store, person: Person, status: str, slot: date, story: str | None = None) -> None:
    """A nudge of that day in the outbox, as the planner would have put it there."""
    home = store.write_now(addresses.home, person.id)
    assert home is not None
    at = datetime.combine(slot, NOW.timetz())

    def put(conn: Connection) -> None:
        number = history.stock_of(conn).stories[story] if story else None
        if story:
            history.show(conn, person, story, at)
        ended: dict[str, Any] = {"sent_at": at} if status == "sent" else {}
        row = slots.slot_row(person.id, home[1:], slot, at, status=status, story_id=number)
        deliveries.add_planned(conn, [{**row, **ended}])

    store.write_now(put)


def past(store: Store, person: Person) -> History:
    return store.write_now(history.of, person, NOW + timedelta(days=1))


def homes(store: Store, person: Person) -> set[int]:
    """The address as the planner picks it, and as everyone else does."""
    planned = store.write_now(plan._homes, [person.id]).get(person.id, (0, 0))
    return {planned[0], store.write_now(addresses.preferred_address, person.id) or 0}
