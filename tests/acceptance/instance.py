"""A Kindling instance as an operator has it: the command as a subprocess, on a database of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.acceptance.forked import forks

TIMEOUT = 120.0
PACKS = Path(__file__).parents[2] / "content" / "packs"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Instance:
    """One instance in a folder; `settings` are its environment beside what every process needs."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    port: int = field(default_factory=free_port)

    def environment(self) -> dict[str, str]:
        """What a command of this instance is started with."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "KINDLING_DATABASE_URL": f"sqlite:///{self.folder / 'kindling.db'}",
            "KINDLING_PORT": str(self.port),
            **self.settings,
        }

    def call(self, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run `kindling WORD…` to its end."""
        return forks().run(words, self.folder, self.environment(), stdin, TIMEOUT)

    def must(self, *words: str) -> str:
        """Run a command that has to succeed; returns its standard output."""
        done = self.call(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def starts(self) -> None:
        """Start `kindling run` and wait until its web server answers."""
        log = (self.folder / "run.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=self.folder,
            env={**self.environment(), "PYTHONPATH": str(PACKS.parents[1])},
            stdout=log,
            stderr=log,
        )
        log.close()
        self.wait(lambda: self.health() is not None)

    def stops(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; returns the exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        status = self.process.wait(TIMEOUT)
        self.process = None
        return status

    def health(self) -> dict[str, Any] | None:
        """What `/healthz` says, with its HTTP status under `code`; nothing when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return {**json.load(answer), "code": answer.status}
        except urllib.error.HTTPError as error:
            with error:
                return {**json.load(error), "code": error.code}
        except OSError:
            return None

    def wait(self, condition: Callable[[], object], seconds: float = TIMEOUT) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not condition():
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"kindling run ended:\n{self.log()}")
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain:\n{self.log()}")
            time.sleep(0.05)

    def log(self) -> str:
        """What `kindling run` has logged so far."""
        path = self.folder / "run.log"
        return path.read_text()[-4000:] if path.exists() else ""

    def rows(self, table: str) -> list[dict[str, Any]]:
        """An export as data."""
        return [json.loads(line) for line in self.must("export", table, "--format", "jsonl").splitlines()]
