"""Commands that begin at once: one process imports everything, and each command runs in a fork of it.

The code, its environment, its folder and its streams are those of `python -m bot`; only the second of importing, which
hundreds of commands in the suite would spend, is spent once. `tests/acceptance/test_help.py` starts the real thing.
`python -m tests.acceptance.forked` reads one JSON object a line and answers each with the exit status.
"""

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).parents[2]


class Forks:
    """The process that has imported everything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.forked"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        atexit.register(self.close)

    def run(
        self, words: tuple[str, ...], folder: Path, environment: dict[str, str], stdin: str | None, seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; after so many seconds it is killed."""
        with contextlib.ExitStack() as files:
            streams = [files.enter_context(tempfile.NamedTemporaryFile("w+")) for _ in range(3)]
            streams[0].write(stdin or "")
            streams[0].flush()
            what = {
                "words": words, "folder": str(folder), "environment": environment, "seconds": round(seconds),
                "streams": [stream.name for stream in streams],
            }  # fmt: skip
            with self._lock:
                status = self._ask(json.dumps(what))
            told = [stream.read() for stream in streams[1:]]
        if status == -signal.SIGALRM:
            raise subprocess.TimeoutExpired(["kindling", *words], seconds, *told)
        return subprocess.CompletedProcess(["kindling", *words], status, *told)

    def _ask(self, line: str) -> int:
        stdin, stdout = self._pipes()
        stdin.write(line + "\n")
        stdin.flush()
        return int(stdout.readline())

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        return self._parent.stdin, self._parent.stdout

    def close(self) -> None:
        """End the process; it has nothing to finish."""
        self._parent.kill()
        self._parent.wait()
        for pipe in self._pipes():
            pipe.close()


@functools.cache
def forks() -> Forks:
    """The one of this test process."""
    return Forks()


def main() -> None:
    """Fork for each command that is asked for, one after the other."""
    _import_everything()
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _import_everything() -> None:
    for package in ("bot", "storage", "actions", "content"):
        found = importlib.import_module(package)
        for module in pkgutil.walk_packages(found.__path__, f"{package}."):
            # Migrations are run by alembic, `__main__` by the command itself.
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    for name in ("sqlite3", "psycopg", "aiosqlite", "uvicorn.protocols.http.h11_impl", "uvicorn.loops.asyncio"):
        importlib.import_module(name)


def _live(what: dict[str, object]) -> NoReturn:
    signal.alarm(int(str(what["seconds"])))
    environment, streams = what["environment"], what["streams"]
    assert isinstance(environment, dict)
    assert isinstance(streams, list)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(what["folder"]))
    for target, (name, how) in enumerate(zip(streams, (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY), strict=True)):
        os.dup2(os.open(str(name), how), target)
    words = what["words"]
    assert isinstance(words, list)
    sys.argv = ["kindling", *words]
    os._exit(_status())


def _status() -> int:
    from bot.__main__ import main as command

    status = 0
    try:
        command()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - as the interpreter itself would
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    main()
