"""The database in trouble while the bot runs: it says so, loses nothing it acknowledged, and recovers by itself."""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import databases
from tests.acceptance.fleet import Fleet
from tests.acceptance.instance import PACKS, Instance
from tests.acceptance.test_telegram_journey import button, joins, with_button
from tests.faults.trouble import is_green, is_red, presses_meanwhile
from tests.platforms.telegram import TelegramStandIn

RED_WITHIN = 30.0

HOLDER = """
import os, signal, sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
conn.execute("BEGIN IMMEDIATE")
conn.execute("UPDATE meta SET value = value")
print("held", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""


@contextmanager
def no_room(instance: Instance) -> Iterator[None]:
    """Let no file of the process grow: what a full disk does."""
    assert instance.process is not None
    resource.prlimit(instance.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(instance.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def locked(instance: Instance) -> Iterator[int]:
    """Another process began to write, and stands still; its number."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(instance.folder / "kindling.db")], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder.pid
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def test_d4_a_full_disk_is_told_and_nothing_that_was_taken_is_lost(
    instance: Instance, telegram: TelegramStandIn
) -> None:
    ana = telegram.person(language="en", name="Ana")
    joins(ana)
    done = button(ana, "done:")[1]
    with no_room(instance):
        presses_meanwhile(ana, done)
        sent = len(telegram.calls.accepted())
        instance.wait(is_red(instance, "database"), RED_WITHIN)
        assert len(telegram.calls.accepted()) == sent, "nothing is sent that could not be noted"
    instance.wait(lambda: is_green(instance), RED_WITHIN)
    instance.wait(lambda: len(instance.rows("actions")) > 0)

    assert [row["status"] for row in instance.rows("actions")][-1] == "claimed"
    assert instance.must("db", "check")


def test_d6_a_database_that_somebody_else_holds_is_told_with_who_it_is(
    instance: Instance, telegram: TelegramStandIn
) -> None:
    ana = telegram.person(language="en", name="Ana")
    joins(ana)
    done = button(ana, "done:")[1]
    with locked(instance) as holder:
        presses_meanwhile(ana, done)
        instance.wait(is_red(instance, "database"), RED_WITHIN)
        told = str(instance.health())
    instance.wait(lambda: is_green(instance), RED_WITHIN)
    instance.wait(lambda: len(instance.rows("actions")) > 0)

    assert f"held by process {holder}" in told
    assert [row["status"] for row in instance.rows("actions")][-1] == "claimed"


@pytest.mark.parametrize("loss", ["removed", "replaced", "log removed"])
def test_d9_a_file_that_is_taken_away_ends_the_process_and_there_are_never_two_truths(
    instance: Instance, telegram: TelegramStandIn, loss: str
) -> None:
    ana = telegram.person(language="en", name="Ana")
    joins(ana)
    database = instance.folder / "kindling.db"
    if loss == "replaced":
        shutil.copy(database, instance.folder / "other.db")
        (instance.folder / "other.db").replace(database)
    else:
        (instance.folder / ("kindling.db-wal" if loss == "log removed" else "kindling.db")).unlink()

    assert instance.process is not None
    assert instance.process.wait(20) == 1
    instance.process = None
    assert "removed or replaced" in instance.log()
    assert "Traceback" not in instance.log()


def test_d11_a_postgresql_that_is_away_for_a_while_is_told_and_nothing_is_lost_or_doubled(
    tmp_path: Path, telegram: TelegramStandIn
) -> None:
    server = databases.Server()
    server.start()
    store = server.database("away")
    fleet = Fleet(tmp_path, telegram, store, {"TELEGRAM_RATE": "100"})
    try:
        run = fleet.instance()
        run.must("pack", "load", str(PACKS / "energy-access"))
        run.starts()
        ana = telegram.person(language="en", name="Ana")
        joins(ana)
        done = button(ana, "done:")[1]
        readers = fleet.readers(300)
        fleet.broadcasts(readers)
        fleet.wait(lambda: fleet.statuses()["sent"] > 40)
        server.stop()
        presses_meanwhile(ana, done)
        run.wait(is_red(run, "database"), RED_WITHIN)
        sent = len(telegram.calls.accepted())
        time.sleep(1.0)
        assert len(telegram.calls.accepted()) == sent, "nothing is sent that could not be noted"
        server.start()
        store.engine.dispose()
        run.wait(lambda: is_green(run), RED_WITHIN)
        fleet.wait(lambda: not fleet.statuses().keys() & {"pending", "sending", "retry"})
        told, states = [len(telegram.calls.accepted("sendMessage", reader)) for reader in readers], fleet.statuses()

        assert max(told) == 1
        assert states["sent"] + states["unsure"] == 300
        assert states["unsure"] <= 8
        run.wait(lambda: len(run.rows("actions")) > 0)
        assert [row["status"] for row in run.rows("actions")][-1] == "claimed"
        with_button(ana, "undo:")
        server.stop()
        began = time.monotonic()
        assert run.stops() == 0
        assert time.monotonic() - began < 20
    finally:
        fleet.ends()
        store.close_now()
        server.end()


def test_d23_an_export_into_a_reader_that_goes_away_ends_quietly(instance: Instance) -> None:
    environment = {**instance.environment(), "PYTHONPATH": str(PACKS.parents[1])}
    command = f"{sys.executable} -m bot export deliveries --format jsonl | head -c 1"
    done = subprocess.run(command, shell=True, env=environment, cwd=instance.folder, capture_output=True, timeout=60)

    assert done.stderr == b""
