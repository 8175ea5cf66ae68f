"""Processes that are cheap to kill: one imports everything once and forks the others, which run the real commands.

`python -m tests.faults.nursery` reads one JSON object a line: the `environment` and the `folder` of a process, the
`command` (`run`, `worker`, `db upgrade`), and with `statement` the number of its SQL statement in front of which it dies
of SIGKILL; with `changes` only those that change something are counted, and commits.
It answers each with the number of the process.
"""

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self

NEEDED = (
    "bot.alone", "bot.channels.telegram.serve", "bot.commands.run", "bot.commands.worker", "bot.compose", "bot.fleet",
    "bot.web.app", "apscheduler.schedulers.asyncio", "aiosqlite", "psycopg.types", "psycopg_binary", "sqlite3",
    "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite.aiosqlite", "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.h11_impl", "uvicorn.lifespan.off",
)  # fmt: skip


class Nursery:
    """The parent of all processes of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        root = Path(__file__).parents[2]
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        os.killpg(self._parent.pid, signal.SIGKILL)
        self._parent.wait()
        for pipe in (self._parent.stdin, self._parent.stdout):
            if pipe is not None:
                pipe.close()

    def start(self, command: str, environment: dict[str, str], statement: int = 0, *, changes: bool = False) -> int:
        """Fork a process that runs a command; returns its number."""
        what = {
            "command": command, "environment": environment, "folder": str(self.folder), "statement": statement,
            "changes": changes,
        }  # fmt: skip
        stdin, stdout = self._pipes()
        stdin.write(json.dumps(what) + "\n")
        stdin.flush()
        return int(stdout.readline())

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        return self._parent.stdin, self._parent.stdout


def is_alive(process: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    """Fork what is asked for, until nothing more is asked."""
    for name in NEEDED:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            print(f"not imported ahead: {name}", file=sys.stderr)
    gc.freeze()
    # Nobody waits for the dead.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(json.loads(line))
        print(child, flush=True)


def _live(what: dict[str, object]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    environment = what["environment"]
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(what["folder"]))
    log = os.open("processes.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    if what["statement"]:
        _die_at(int(str(what["statement"])), changes=bool(what["changes"]))
    from bot.__main__ import main as command

    sys.argv = ["kindling", *str(what["command"]).split()]
    try:
        command()
    finally:
        os._exit(0)


def _die_at(number: int, *, changes: bool) -> None:
    from sqlalchemy import Engine, event

    left = iter(range(number - 1, -1, -1))

    def count(*about: object) -> None:
        if changes and len(about) > 1 and str(about[2]).split()[0].upper() in ("SELECT", "PRAGMA", "BEGIN"):
            return
        if next(left, 0) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)


if __name__ == "__main__":
    main()
