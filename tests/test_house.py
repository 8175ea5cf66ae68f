"""The house rules that a machine can see."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "storage", "actions", "content")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
SCHEMA = ROOT / "storage" / "schema.py"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_one_subject_on_at_most_three_hundred_lines(path: Path) -> None:
    assert path == SCHEMA or len(path.read_text(encoding="utf-8").splitlines()) <= 310


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_does_one_thing_on_at_most_forty_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 45, f"{path.name}:{node.lineno} {node.name}"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    words = (ROOT / lock).read_text(encoding="utf-8")

    assert "--hash=sha256:" in words
    assert "://" not in words
    assert "index-url" not in words


def test_nothing_happens_at_import() -> None:
    names = [str(path.relative_to(ROOT))[:-3].replace("/", ".") for path in SOURCES if path.name != "__init__.py"]
    script = (
        "import socket, sys\n"
        "def refuse(*_): raise AssertionError('a socket at import')\n"
        "socket.socket.connect = refuse; socket.socket.bind = refuse\n"
        f"import importlib\nfor name in {names!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", [["--help"], ["pack", "--help"], ["run", "--help"]])
def test_help_imports_no_platform(words: list[str]) -> None:
    script = (
        f"import sys\nfrom bot.cli import main\ntry: main({words!r})\nexcept SystemExit: pass\n"
        "print([name for name in ('telegram', 'slack_bolt', 'slack_sdk', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_nothing_that_draws_is_loaded_before_the_first_picture() -> None:
    script = (
        "import sys, bot.compose, bot.conversation.router, bot.commands.run, bot.channels.telegram.serve\n"
        "import bot.channels.slack.hub, bot.channels.web.serve, bot.web.pictures, bot.nudging.tick\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'PIL'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.stdout.splitlines() == ["[]"], done.stderr


def test_async_stays_at_the_edge() -> None:
    inner = [
        path
        for path in SOURCES
        if path.parts[len(ROOT.parts)] in ("actions", "content") or "conversation" in path.parts
    ]
    wrong = [
        path.name for path in inner if path.name != "intake.py" and re.search(r"^\s*async def", path.read_text(), re.M)
    ]

    assert wrong == []
