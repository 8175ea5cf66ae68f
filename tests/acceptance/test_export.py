"""`kindling export`: what scripts and spreadsheets get."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.export import guarded
from storage import subscribers
from storage.store import Store
from tests import make
from tests.acceptance.instance import PACKS, Instance
from tests.talk import Talk

COLUMNS = {
    "actions": "at,subscriber,pack,action,kind,rung,status,source",
    "deliveries": "due_at,sent_at,subscriber,channel,kind,story,action,status,attempts,reason",
    "subscribers": "subscriber,channel,joined_at,state,language,time_zone,frequency,rung",
    "stories": "pack,story,cause,kind,chapter",
}


@pytest.fixture
def told(tmp_path: Path) -> Instance:
    """An instance with a pack, and one person who was greeted and nudged."""
    made = Instance(tmp_path)
    made.must("pack", "load", str(PACKS / "giving-day"))
    store = Store(made.environment()["KINDLING_DATABASE_URL"])
    Talk(store).joins().next_day()
    store.close_now()
    return made


@pytest.mark.parametrize("table", COLUMNS)
def test_the_columns_are_the_promised_ones_in_both_formats(told: Instance, table: str) -> None:
    lines = list(csv.reader(told.must("export", table, "--format", "csv").splitlines()))
    rows = told.rows(table)

    assert ",".join(lines[0]).startswith(COLUMNS[table])
    assert len(lines) - 1 == len(rows)
    assert all(list(row) == lines[0] for row in rows)


def test_numbers_stay_numbers_and_all_else_is_quoted(told: Instance) -> None:
    line = told.must("export", "deliveries").splitlines()[1]

    assert all(cell.startswith('"') or cell.isdigit() for cell in line.split(","))
    assert "+00:00" in line


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_spreadsheet_takes_a_cell_for_a_formula(start: str) -> None:
    assert guarded(f"{start}HYPERLINK()") == f"'{start}HYPERLINK()"
    assert guarded(f"a{start}") == f"a{start}"


def test_numbers_of_our_own_and_nothing_are_left_as_they_are() -> None:
    assert [guarded(-3), guarded(0), guarded(None), guarded("")] == [-3, 0, "", ""]


def test_a_file_appears_whole_and_only_its_owner_reads_it(told: Instance) -> None:
    told.must("export", "stories", "--output", "out.csv")
    whole = told.must("export", "stories")

    assert (told.folder / "out.csv").read_text() == whole
    assert (told.folder / "out.csv").stat().st_mode & 0o077 == 0
    assert list(told.folder.glob(".out*")) == []


def test_a_failed_export_leaves_the_file_of_yesterday(told: Instance) -> None:
    (told.folder / "out.csv").write_text("yesterday")
    told.settings["KINDLING_DATABASE_URL"] = "sqlite:////no/such/folder/k.db"
    done = told.call("export", "stories", "--output", "out.csv")

    assert done.returncode == 1
    assert (told.folder / "out.csv").read_text() == "yesterday"
    assert list(told.folder.glob(".out*")) == []


def test_a_folder_that_is_not_there_is_named(told: Instance) -> None:
    done = told.call("export", "stories", "--output", "nowhere/out.csv")

    assert done.returncode == 1
    assert "nowhere" in done.stderr


def test_a_pipe_that_closes_ends_an_export_quietly(told: Instance) -> None:
    store = Store(told.environment()["KINDLING_DATABASE_URL"])

    def many(conn: object) -> None:
        for number in range(2000):
            subscribers.join(conn, "web", f"chat {number}", make.person(follows=()), make.NOW)  # type: ignore[arg-type]

    store.write_now(many)
    store.close_now()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "export", "subscribers"],
        cwd=told.folder,
        env={**told.environment(), "PYTHONPATH": str(PACKS.parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        told_ = process.stderr.read()
        status = process.wait(20)

    assert told_ == b""
    assert status in (0, -13, 141)


def test_an_export_does_not_wait_for_a_writer_nor_a_writer_for_it(told: Instance) -> None:
    store = Store(told.environment()["KINDLING_DATABASE_URL"])
    with store.engine.begin():
        assert told.must("export", "subscribers").count("\n") == 2
        assert "subscribers" in told.must("stats")
    store.close_now()
