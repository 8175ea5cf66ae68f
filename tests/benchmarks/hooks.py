"""Webhooks: recorded and reconciled, against a bare check of the signature and one insert."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert

from actions.proof import signatures, tokens
from bot.conversation import hooks
from bot.conversation.turn import House
from content.model import Payment
from storage import hooks as sources
from storage.catalog import stock_of
from storage.schema import asks
from storage.store import Store
from tests import make
from tests.benchmarks import crowd
from tests.senders import STRIPE_SECRET, Stripe
from tests.talk import publish

NOW = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
HOUSE = House(secret="bench")
DELIVERIES = 100_000
AT_ONCE = 50
"""Deliveries brought to one transaction by this benchmark; the server brings one."""
GIVE = make.action(
    kind="donation", verify="payment", payment=Payment(currencies=("EUR",)), url="https://buy.stripe.com/a"
)


def figures(people: int, deliveries: int = DELIVERIES) -> Iterator[tuple[str, str]]:
    """Deliveries of payments recorded and reconciled a second, and the floor of the same run."""
    deliveries = min(deliveries, people)
    with tempfile.TemporaryDirectory() as folder:
        store = crowd.database(Path(folder), NOW)
        store.write_now(crowd.settle, people, NOW)
        publish(store, make.pack("giving", causes=("giving",), actions={"it": make.action("giving", **_about())}))
        store.write_now(sources.add, "stripe", "giving", [STRIPE_SECRET], NOW, HOUSE.secret)
        bodies = _bodies(store, deliveries)
        found = store.read_now(hooks.senders, "stripe", "", HOUSE.secret)
        began, cpu = time.perf_counter(), time.process_time()
        for at in range(0, deliveries, AT_ONCE):
            store.write_now(_take, found, bodies[at : at + AT_ONCE])
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        store.close_now()
        floor = _floor(Path(folder), bodies)
    yield (
        "deliveries recorded and reconciled a second",
        f"{deliveries / wall:,.0f} ({cpu / deliveries * 1e6:,.0f} µs CPU each)",
    )
    yield (
        "signature checked and inserted, nothing else",
        f"{deliveries / floor:,.0f} a second (ratio {wall / floor:,.1f})",
    )


def _about() -> dict[str, object]:
    return {name: getattr(GIVE, name) for name in ("kind", "verify", "payment", "url")}


def _take(conn: Connection, found: list[hooks.Source], bodies: list[tuple[bytes, dict[str, str]]]) -> None:
    for body, headers in bodies:
        source = hooks.believed(found, body, headers, "", NOW)
        if isinstance(source, str):
            raise ValueError(source)
        taken = hooks.take_in(conn, source, body, headers, NOW, HOUSE)
        if taken.outcome != "counted":
            raise ValueError(taken)


def _bodies(store: Store, count: int) -> list[tuple[bytes, dict[str, str]]]:
    numbers = store.write_now(_asked, count)
    stripe = Stripe()
    made = []
    for place, number in enumerate(numbers):
        body = stripe.paid(NOW - timedelta(seconds=1), tokens.sign(number, "report", HOUSE.secret), f"pi_{place}")
        made.append((body, {name.lower(): value for name, value in stripe.signed(body, NOW).items()}))
    return made


def _asked(conn: Connection, count: int) -> list[int]:
    stock = stock_of(conn)
    row = {
        "action_id": stock.actions["giving/it"], "cause_id": stock.causes["giving/giving"], "kind": "donation",
        "rung": "supporter", "origin": "act", "at": NOW, "propensity": 1.0, "reasons": "[]",
    }  # fmt: skip
    first = conn.execute(insert(asks).values(subscriber_id=1, **row).returning(asks.c.id)).scalar_one()
    conn.execute(insert(asks), [{"subscriber_id": 1 + place, **row} for place in range(1, count)])
    return list(range(first, first + count))


def _floor(folder: Path, bodies: list[tuple[bytes, dict[str, str]]]) -> float:
    conn = sqlite3.connect(folder / "floor.db", isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, raw BLOB NOT NULL)")
    began = time.perf_counter()
    for at in range(0, len(bodies), AT_ONCE):
        conn.execute("BEGIN")
        for body, headers in bodies[at : at + AT_ONCE]:
            if not signatures.stripe(body, headers, [STRIPE_SECRET], NOW):
                conn.execute("INSERT INTO log (raw) VALUES (?)", (body,))
        conn.execute("COMMIT")
    spent = time.perf_counter() - began
    conn.close()
    return spent
