"""The command line itself: quick, light, friendly when misused."""

import json
import os
import signal
import subprocess
import sys

import pytest

from bot import cli
from tests.acceptance.instance import PACKS, Instance

HEAVY = {"telegram", "slack_bolt", "slack_sdk", "sqlalchemy", "matplotlib", "alembic", "starlette", "aiohttp"}
COMMANDS = [[name] for name in cli.COMMANDS] + [[name, sub] for name, (_, table) in cli.GROUPS.items() for sub in table]
IMPORTED = """
import json, sys
from bot.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


@pytest.fixture
def bare(tmp_path) -> Instance:
    """An instance that has no database yet."""
    return Instance(tmp_path)


@pytest.mark.parametrize("words", [["--help"], ["pack", "--help"], ["db", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(bare: Instance, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *words],
        cwd=bare.folder,
        env={**bare.environment(), "PYTHONPATH": str(PACKS.parents[1])},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert done.returncode == 0
    assert not HEAVY & set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(bare: Instance, words: list[str]) -> None:
    told = bare.must(*words, "--help")

    assert f"kindling {' '.join(words)}" in told
    assert list(bare.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["pakc"], "Did you mean 'pack'?"),
        (["pack", "chekc"], "Did you mean 'check'?"),
        (["stats", "--yaml"], "No such option"),
        (["pack", "show"], "Missing argument"),
        (["export", "people"], "choose one of subscribers, actions, deliveries, stories"),
        (["export", "actions", "--format", "xml"], "choose csv or jsonl"),
        (["organizer", "add", "--role", "king"], "choose one of owner, organizer, moderator"),
        (["tick", "--at", "tomorrow"], "no instant"),
    ],
)
def test_wrong_usage_is_two_and_says_what_would_be_right(bare: Instance, words: list[str], told: str) -> None:
    done = bare.call(*words)

    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"KINDLING_PORT": "eighty"}, "KINDLING_PORT"),
        ({"TELEGRAM_MODE": "pigeon"}, "TELEGRAM_MODE"),
        ({"KINDLING_DATABASE_URL": "nonsense"}, "KINDLING_DATABASE_URL"),
        ({"KINDLING_DATABASE_URL": "oracle://host/name"}, "KINDLING_DATABASE_URL"),
        ({"KINDLING_DATABASE_URL": "sqlite:////no/such/folder/k.db"}, "folder is missing"),
        ({"KINDLING_DATABASE_URL": "postgresql://kind:s3cretw0rd@127.0.0.1:9/none"}, "does not answer"),
    ],
)
def test_what_an_operator_can_mend_is_one_line(bare: Instance, settings: dict[str, str], told: str) -> None:
    bare.settings = settings
    done = bare.call("stats")

    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "s3cretw0rd" not in done.stderr


def test_a_file_that_is_no_database_is_named_as_such(bare: Instance) -> None:
    (bare.folder / "kindling.db").write_text("Dear diary, " * 500)
    done = bare.call("stats")

    assert done.returncode == 1
    assert "a file of another kind" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_ends_a_command_quietly(bare: Instance) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "pack", "schema"],
        cwd=bare.folder,
        env={**bare.environment(), "PYTHONPATH": str(PACKS.parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
        status = process.wait(20)

    assert told == b""
    assert status == 141


@pytest.mark.parametrize("words", [["db", "erase-all"], ["pack", "new"]])
def test_ctrl_c_at_a_question_is_130(bare: Instance, words: list[str]) -> None:
    bare.must("db", "upgrade")
    keyboard, terminal = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=bare.folder,
        env={**bare.environment(), "PYTHONPATH": str(PACKS.parents[1])},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)  # the question is there
        process.send_signal(signal.SIGINT)
        status = process.wait(20)
        told = process.stderr.read()
    os.close(keyboard)
    os.close(terminal)

    assert status == 130
    assert b"Traceback" not in told
