"""Planning: the cost of a nudge, from who is due to the outbox row and the next due time."""

import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, select

from bot.nudging.plan import BATCH, plan
from storage import schema
from tests.benchmarks import crowd

NOW = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)


def memory() -> float:
    """Resident memory in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def figures(people: int) -> Iterator[tuple[str, str]]:
    """Each figure of planning for so many subscribers, as (name, value)."""
    with tempfile.TemporaryDirectory() as folder:
        store = crowd.database(Path(folder), NOW - timedelta(days=1))
        store.write_now(crowd.settle, people, NOW)
        before, started, cpu = memory(), time.perf_counter(), time.process_time()
        peak, planned = before, 0
        while batch := store.write_now(plan, NOW + timedelta(minutes=10), BATCH):
            planned += sum(batch.values())
            peak = max(peak, memory())
        wall, cpu = time.perf_counter() - started, time.process_time() - cpu
        floor = _bare_insert(store)
        yield "planned", f"{planned:,}"
        yield "a nudge, all rules", f"{cpu / planned * 1e6:,.0f} µs CPU, {wall / planned * 1e6:,.0f} µs"
        yield "bare insert of the same rows", f"{floor / planned * 1e6:,.1f} µs a row (ratio {wall / floor:,.0f})"
        yield "memory while planning", f"+{peak - before:,.1f} MiB"
        started = time.perf_counter()
        for _ in range(20):
            store.write_now(plan, NOW - timedelta(days=400), BATCH)
        yield "a tick with nothing due", f"{(time.perf_counter() - started) / 20 * 1e3:,.2f} ms"
        store.close_now()


def _bare_insert(store: crowd.Store) -> float:
    def copy(conn: Connection) -> float:
        rows = [dict(row._mapping) for row in conn.execute(select(schema.deliveries))]
        for row in rows:
            del row["id"]
            row["slot"] = None
        started = time.perf_counter()
        for at in range(0, len(rows), BATCH):
            conn.execute(insert(schema.deliveries), rows[at : at + BATCH])
        return time.perf_counter() - started

    return store.write_now(copy)
