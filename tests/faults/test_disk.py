"""Disks that fail, and the memory that is not there: D3, D5, D22; D12 and D19 beside them."""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, text

from bot.message import Outcome, Receipt
from bot.nudging import outbox
from storage import schema
from storage.store import Store
from tests import databases, make
from tests.acceptance.fleet import Fleet
from tests.acceptance.instance import PACKS, Instance
from tests.acceptance.test_telegram_journey import button, joins
from tests.faults.trouble import is_green, is_red, presses_meanwhile
from tests.platforms.telegram import TelegramStandIn
from tests.talk import Talk, publish

STRACE = shutil.which("strace") or "strace"
WRITER = """
import sys
from storage import meta
from storage.store import Store
store = Store(sys.argv[1])
for number in range(5):
    store.write_now(meta.put, "drop", str(number))
    print(f"kept {number}", flush=True)
store.close_now()
"""


def test_d3_what_is_committed_was_handed_to_the_disk_before_anybody_hears_of_it(tmp_path: Path) -> None:
    store = databases.sqlite(tmp_path)
    store.close_now()
    trace = tmp_path / "trace"
    watched = [STRACE, "-f", "-y", "-qq", "-e", "trace=pwrite64,fdatasync,fsync,write", "-o", str(trace)]
    subprocess.run(
        [*watched, sys.executable, "-c", WRITER, store.url], check=True, cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    unsynced, told = False, 0
    for line in trace.read_text().splitlines():
        if "-wal>" in line:
            unsynced = "pwrite64" in line
        elif "kept " in line and "write(1" in line:
            told += 1
            assert not unsynced, "a commit was told of that a power cut could take back"

    assert told == 5


@contextmanager
def broken_disk(instance: Instance) -> Iterator[None]:
    """Let every write to the disk of a process fail, as a broken one does."""
    assert instance.process is not None
    calls = "fdatasync,fsync,pwrite64"
    words = [STRACE, "-f", "-qq", "-p", str(instance.process.pid), "-e", f"trace={calls}"]
    strace = subprocess.Popen(
        [*words, "-e", f"inject={calls}:error=EIO"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        strace.terminate()
        strace.wait()


def test_d5_a_disk_that_breaks_is_told_nobody_is_thanked_and_nothing_is_lost(
    instance: Instance, telegram: TelegramStandIn
) -> None:
    ana = telegram.person(language="en", name="Ana")
    joins(ana)
    done = button(ana, "done:")[1]
    with broken_disk(instance):
        instance.wait(is_red(instance, "database"))
        presses_meanwhile(ana, done)
        sent = len(telegram.calls.accepted())
        time.sleep(1.0)
        assert len(telegram.calls.accepted()) == sent, "nobody is thanked for what was not written"
    instance.wait(lambda: is_green(instance))
    instance.wait(lambda: len(instance.rows("actions")) > 0)

    assert [row["status"] for row in instance.rows("actions")][-1] == "claimed"
    assert instance.must("db", "check")


def test_d12_a_postgresql_that_turns_read_only_is_told_and_taken_up_again(
    tmp_path: Path, telegram: TelegramStandIn
) -> None:
    server = databases.Server()
    server.start()
    store = server.database("replica")
    fleet = Fleet(tmp_path, telegram, store)
    admin = create_engine(server.url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")

    def turn(read_only: str) -> None:
        with admin.connect() as conn:
            conn.execute(text(f"ALTER DATABASE replica SET default_transaction_read_only = {read_only}"))
            conn.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'replica'"))

    try:
        run = fleet.instance()
        run.must("pack", "load", str(PACKS / "energy-access"))
        run.starts()
        ana = telegram.person(language="en", name="Ana")
        joins(ana)
        done = button(ana, "done:")[1]
        turn("on")
        presses_meanwhile(ana, done)
        run.wait(is_red(run, "database"))
        turn("off")
        run.wait(lambda: is_green(run))
        run.wait(lambda: len(run.rows("actions")) > 0)
        assert [row["status"] for row in run.rows("actions")][-1] == "claimed"
    finally:
        fleet.ends()
        admin.dispose()
        store.close_now()
        server.end()


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.UNSURE, Outcome.RETRY, Outcome.UNREACHABLE, Outcome.FAILED])
def test_d19_nothing_is_written_about_who_was_erased_while_a_message_flew(tmp_path: Path, outcome: Outcome) -> None:
    store = databases.sqlite(tmp_path)
    publish(store, make.pack("nature"))
    ana = Talk(store, chat="canary-chat").joins()
    ana.now = ana.now.replace(hour=19)
    _plan(store, ana)
    ((row, _),) = store.write_now(outbox.claim, ana.account, ana.now, 10, [])
    ana.presses("erase:yes")
    told = outbox.Told([outbox.Result(row, Receipt(outcome, ref="1", reason="x", wait=1.0), ana.now)])
    store.write_now(outbox.exchange, ana.account, ana.now, told, outbox.Wish())

    assert ana.rows("subscribers") == []
    assert not [row for row in ana.rows("addresses") if row["chat"] == "canary-chat"]
    assert not [row for row in ana.rows("deliveries") if row["subscriber_id"] is not None]
    store.close_now()


def _plan(store: Store, ana: Talk) -> None:
    from bot.nudging import tick

    ana.now = ana.now.replace(day=ana.now.day + 1)
    for planner, size in tick.PLANNERS:
        while store.write_now(tick.piece, planner, ana.now, size):
            pass


def test_d22_an_export_of_everything_needs_little_memory(tmp_path: Path) -> None:
    run = Instance(tmp_path)
    run.must("db", "upgrade")
    store = Store(run.environment()["KINDLING_DATABASE_URL"])
    ana = Talk(store)
    publish(store, make.pack("nature"))
    ana.joins()
    row = {name: value for name, value in ana.rows("deliveries")[0].items() if name != "id"}
    with store.engine.begin() as conn:
        for _ in range(20):
            conn.execute(insert(schema.deliveries), [{**row, "due_at": datetime.now(UTC)}] * 5_000)
    store.close_now()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    run.must("export", "deliveries", "--format", "csv", "--output", str(tmp_path / "all.csv"))
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

    with (tmp_path / "all.csv").open() as lines:
        assert sum(1 for _ in lines) > 100_000
    assert most == before or most < 300 * 1024, f"{most} KiB"
