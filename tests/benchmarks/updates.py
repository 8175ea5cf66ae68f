"""Updates: received, written down, conversed about, answered into the outbox."""

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import FixedClock
from bot.conversation.intake import Intake
from bot.conversation.turn import House
from bot.message import Address, Incoming, Message
from tests.benchmarks import crowd

NOW = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
WHAT = ("act", "me", "settings", "why")


def parse(raw: str) -> Incoming:
    """What the raw update of this benchmark says."""
    update = json.loads(raw)
    return Incoming(Address("telegram:1", str(update["chat"])), "press", text=update["data"], pressed="1")


async def answered(_raw: str, _messages: Sequence[Message]) -> None:
    """Nobody listens."""


def figures(people: int, updates: int = 3_000) -> Iterator[tuple[str, str]]:
    """Updates handled a second among so many subscribers, and the bare floor."""
    with tempfile.TemporaryDirectory() as folder:
        store = crowd.database(Path(folder), NOW)
        store.write_now(crowd.settle, people, NOW)
        raws = [
            (str(number), json.dumps({"chat": 1 + number * 7 % people, "data": WHAT[number % len(WHAT)]}))
            for number in range(updates)
        ]

        async def handle() -> tuple[float, float]:
            intake = Intake(store, FixedClock(NOW), House(secret="bench"))
            started, cpu = time.perf_counter(), time.process_time()
            for at in range(0, updates, 100):
                await intake.keep("telegram:1", raws[at : at + 100])
                await intake.work_off("telegram:1", parse, answered)
            spent = time.perf_counter() - started, time.process_time() - cpu
            await store.close()
            return spent

        wall, cpu = asyncio.run(handle())
        floor = _floor(Path(folder), raws)
        yield "updates a second of CPU", f"{updates / cpu:,.0f} ({updates / wall:,.0f} a second of time)"
        yield "one durable insert each, nothing else", f"{updates / floor:,.0f} a second (ratio {wall / floor:,.1f})"


def _floor(folder: Path, raws: Sequence[tuple[str, str]]) -> float:
    conn = sqlite3.connect(folder / "floor.db", isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("CREATE TABLE t (key TEXT PRIMARY KEY, raw TEXT)")
    started = time.perf_counter()
    for raw in raws:
        conn.execute("INSERT INTO t VALUES (?, ?)", raw)
    spent = time.perf_counter() - started
    conn.close()
    return spent
