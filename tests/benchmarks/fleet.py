"""Several processes on one PostgreSQL: claims and notes by four at once, and one token served by two and by four."""

import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from bot.message import Message, Outcome, Receipt, dump
from bot.nudging.outbox import Result, Told, Wish, exchange
from storage import accounts, deliveries, schema
from storage.store import Store
from tests import databases
from tests.acceptance.fleet import Fleet
from tests.acceptance.instance import PACKS
from tests.platforms.telegram import TelegramStandIn

ROWS = 40_000
AT_ONCE = 100
RATE = 30
PEOPLE = 450


def figures() -> Iterator[tuple[str, str]]:
    """Each figure as (name, value)."""
    yield from _claims(4)
    for processes in (2, 4):
        yield from _one_token(processes)


def _claims(workers: int) -> Iterator[tuple[str, str]]:
    store = databases.postgres()
    store.write_now(_fill)
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        pool.map(_nothing, range(workers * 4))
        began = time.perf_counter()
        done = pool.map(_work, [store.url] * workers, chunksize=1)
        seconds = time.perf_counter() - began
    numbers = Counter(number for mine in done for number in mine)
    states = store.write_now(lambda conn: conn.scalar(select(func.count()).where(schema.deliveries.c.status == "sent")))
    yield f"claimed and noted a second, {workers} processes", f"{ROWS / seconds:,.0f}"
    yield "twice, lost", f"{sum(times > 1 for times in numbers.values())}, {ROWS - (states or 0)}"
    databases.give_back(store)


def _fill(conn: Connection) -> None:
    account, now, body = accounts.number(conn, "web"), datetime.now(UTC), dump(Message("A story."))
    chats = [{"account_id": account, "chat": str(chat), "subscriber_id": None} for chat in range(ROWS)]
    numbers = conn.execute(insert(schema.addresses).returning(schema.addresses.c.id), chats).scalars().all()
    rows = [
        {
            "address_id": number, "account_id": account, "kind": "reminder", "lane": deliveries.LANES["reminder"],
            "due_at": now, "status": "pending", "body": body,
        }
        for number in numbers
    ]  # fmt: skip
    conn.execute(insert(schema.deliveries), rows)


def _nothing(number: int) -> int:
    time.sleep(0.05)
    return number


def _work(url: str) -> list[int]:
    """Claim and note until nothing is left; returns the numbers of what was claimed."""
    store, mine, told = Store(url), [], Told()
    while True:
        now = datetime.now(UTC)
        letters = store.write_now(exchange, "web", now, told, Wish(AT_ONCE, AT_ONCE)).letters
        if not letters and not told.results:
            break
        mine += [row.id for row, _ in letters]
        told = Told([Result(row, Receipt(Outcome.SENT, ref="1"), now) for row, _ in letters])
    store.close_now()
    return mine


def _one_token(processes: int) -> Iterator[tuple[str, str]]:
    store = databases.postgres()
    with tempfile.TemporaryDirectory() as folder, TelegramStandIn.in_thread(rate=RATE) as telegram:
        fleet = Fleet(Path(folder), telegram, store, {"TELEGRAM_RATE": str(RATE)})
        try:
            fleet.instance().must("pack", "load", str(PACKS / "energy-access"))
            for _ in range(processes):
                fleet.works_one()
            fleet.broadcasts(fleet.readers(PEOPLE))
            fleet.wait(lambda: fleet.statuses()["sent"] == PEOPLE, 120)
        finally:
            fleet.ends()
        sent = telegram.calls.accepted()
        share = (len(sent) - 1) / (sent[-1].at - sent[0].at) / RATE
        lost = PEOPLE - len({call.chat for call in sent})
        yield f"one token, {processes} processes: share of {RATE}/s", f"{share:.3f}"
        refused, twice = sum(telegram.pace.refusals.values()), len(sent) - len({call.chat for call in sent})
        yield f"one token, {processes} processes: refused, lost, twice", f"{refused}, {lost}, {twice}"
    databases.give_back(store)
