"""Several processes of one installation: the same settings and one PostgreSQL, each with a folder and a port of its own."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.message import Message, dump
from storage import deliveries, slots, subscribers
from storage.schema import deliveries as outbox
from storage.store import Store
from tests import make
from tests.acceptance.instance import PACKS, Instance
from tests.platforms.telegram import Person, TelegramStandIn


@dataclass
class Fleet:
    """The processes; `store` is the tests' own way into their database."""

    folder: Path
    telegram: TelegramStandIn
    store: Store
    settings: dict[str, str] = field(default_factory=dict)
    runs: list[Instance] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def account(self) -> str:
        """The bot's account."""
        return f"telegram:{self.telegram.token.partition(':')[0]}"

    def instance(self) -> Instance:
        """A process that is not yet running."""
        place = self.folder / f"process-{len(self.runs)}"
        place.mkdir()
        made = Instance(
            place,
            {
                "KINDLING_DATABASE_URL": self.store.url,
                "KINDLING_SECRET": "shared by all processes of this test",
                "TELEGRAM_BOT_TOKEN": self.telegram.token,
                "TELEGRAM_API_URL": self.telegram.url,
                **self.settings,
            },
        )
        self.runs.append(made)
        return made

    def runs_one(self) -> Instance:
        """Start `kindling run`."""
        made = self.instance()
        made.starts()
        return made

    def works_one(self) -> subprocess.Popen[bytes]:
        """Start `kindling worker`."""
        made = self.instance()
        log = (made.folder / "run.log").open("ab")
        environment = {**made.environment(), "PYTHONPATH": str(PACKS.parents[1])}
        command = [sys.executable, "-m", "bot", "worker"]
        process = subprocess.Popen(command, cwd=made.folder, env=environment, stdout=log, stderr=log)
        log.close()
        self.workers.append(process)
        made.wait(lambda: "working" in made.log() or process.poll() is not None)
        assert process.poll() is None, made.log()
        return process

    def ends(self) -> None:
        """Kill whatever still runs."""
        processes = [*self.workers, *(run.process for run in self.runs if run.process is not None)]
        for process in processes:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)
                process.kill()
            process.wait()

    def readers(self, number: int) -> list[Person]:
        """People who joined long ago and wait for nothing but nudges."""
        people = [self.telegram.person(started=True) for _ in range(number)]
        self.store.write_now(self._join, people)
        return people

    def _join(self, conn: Connection, people: list[Person]) -> None:
        for person in people:
            subscribers.join(
                conn,
                self.account,
                str(person.id),
                make.person(quiet_from=time_of_day(0), quiet_until=time_of_day(0)),
                datetime.now(UTC),
            )

    def broadcasts(self, people: list[Person], kind: str = "nudge") -> None:
        """Put a message for each of them into the outbox, due now."""
        self.store.write_now(self._broadcast, people, kind)

    def _broadcast(self, conn: Connection, people: list[Person], kind: str) -> None:
        now, rows = datetime.now(UTC), []
        for person in people:
            reached = subscribers.reach(conn, self.account, str(person.id))
            assert reached is not None
            assert reached.person is not None
            row = slots.slot_row(
                reached.person.id, (reached.address_id, reached.account_id), now.date(), now,
                body=dump(Message(f"A story for {person.id}.")), expires_at=now + timedelta(hours=1),
            )  # fmt: skip
            rows.append({**row, "kind": kind, "lane": deliveries.LANES[kind]})
        deliveries.add_planned(conn, rows)

    def statuses(self, kind: str = "nudge") -> Counter[str]:
        """How many deliveries of a kind are in which state."""
        return Counter(row["status"] for row in self.rows() if row["kind"] == kind)

    def rows(self) -> list[dict[str, Any]]:
        """The outbox."""
        return self.store.write_now(lambda conn: [dict(row) for row in conn.execute(select(outbox)).mappings()])

    def wait(self, condition: Callable[[], object], seconds: float = 180.0) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "\n".join(f"{run.folder.name}:\n{run.log()}" for run in self.runs)
            time.sleep(0.05)
