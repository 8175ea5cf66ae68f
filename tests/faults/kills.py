"""Kill the processes that plan and send, over and over, and hold what the platform saw against what the database says.

`python -m tests.faults.kills --database sqlite --kills 200 --seed 1` does it for as long as you like.
"""

import argparse
import contextlib
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.message import Message, dump
from storage import deliveries, jobs, subscribers
from storage.schema import addresses, asks, shown
from storage.schema import deliveries as outbox
from storage.schema import subscribers as people
from storage.store import Store
from tests import databases, make
from tests.acceptance.instance import PACKS, Instance, free_port
from tests.faults.nursery import Nursery, is_alive
from tests.platforms.telegram import TelegramStandIn

LANES = 8
WAVE = 14
"""People whose slot has come at once."""
OVER = ("sent", "unsure", "skipped", "cancelled", "failed", "unreachable")
EXACT = ("arrived", "accepted", "answered")
STATEMENTS = 80
PATIENCE = 8.0
"""Seconds to wait for a process to die as it should; another one takes up its work after two or three."""


@dataclass
class Arena:
    """One installation whose processes are killed."""

    folder: Path
    store: Store
    telegram: TelegramStandIn
    nursery: Nursery
    chance: random.Random
    processes: list[int] = field(default_factory=list)
    nudged: list[int] = field(default_factory=list)
    reminded: list[int] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    doubts: int = 0
    usual: float = 0.0
    """Seconds from a start to the first message: this machine's, at this moment."""

    def __post_init__(self) -> None:
        self.account = f"telegram:{self.telegram.token.partition(':')[0]}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "KINDLING_DATABASE_URL": self.store.url,
            "KINDLING_SECRET": "one of a test",
            "KINDLING_LANES": str(LANES),
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
            "TELEGRAM_RATE": "1000",
            "PYTHONPATH": str(PACKS.parents[1]),
        }
        Instance(self.folder, self.environment).must("pack", "load", str(PACKS / "energy-access"))

    def lives_through(self, kills: int) -> None:
        """Kill so many processes while there is always something to plan and to send; then let the last ones finish."""
        while sum(self.kills.values()) < kills:
            self.store.write_now(self._comes_due)
            self._start(self._way())
            self._wait_for_the_end()
            self._look_at_what_is_in_flight()
        self.telegram.faults.clear()
        self._start("")
        self._until(lambda: not self._undone())
        for process in self.processes:
            end(process, signal.SIGTERM)
        self._until(lambda: not any(map(is_alive, self.processes)))

    def accounts_for_everything(self) -> None:
        """Hold the platform's list against the database's."""
        rows = self.store.write_now(lambda conn: [dict(row) for row in conn.execute(_ROWS).mappings()])
        seen = Counter(call.chat for call in self.telegram.calls.accepted())
        nudges = [row for row in rows if row["kind"] == "nudge"]
        reminders = [row for row in rows if row["kind"] == "reminder"]
        doubts = [row for row in rows if row["status"] == "unsure" or row["attempts"] > 1]

        assert {row["status"] for row in rows} <= {"sent", "unsure"}, Counter(row["status"] for row in rows)
        assert sorted(int(row["chat"]) for row in nudges) == sorted(self.nudged), "a slot was planned twice, or never"
        for row in nudges:
            told = seen[int(row["chat"])]
            assert told == 1 if row["status"] == "sent" else told <= 1, (dict(row), told)
        for row in reminders:
            told = seen[int(row["chat"])]
            assert (row["status"] == "sent") <= told <= row["attempts"] <= 2, (dict(row), told)
        assert len(doubts) <= LANES * sum(self.kills.values())
        self.doubts = len(doubts)
        self.store.write_now(self._agrees_with_itself)

    def _agrees_with_itself(self, conn: Connection) -> None:
        now = datetime.now(UTC)
        assert conn.scalar(select(func.count()).select_from(people).where(people.c.next_at <= now)) == 0
        asked = select(func.count()).select_from(outbox).where(outbox.c.ask_id.is_not(None))
        assert conn.scalar(select(func.count()).select_from(asks)) == conn.scalar(asked)
        told = select(func.count()).select_from(outbox).where(outbox.c.story_id.is_not(None))
        assert conn.scalar(select(func.count()).select_from(shown)) == conn.scalar(told)

    def _way(self) -> str:
        return self.chance.choice(["instant", "instant", "statement", *EXACT])

    def _start(self, way: str) -> None:
        """Start what is missing; with a way to die, one of the processes dies like that."""
        self.processes = [process for process in self.processes if is_alive(process)]
        command, wanted = ("run", 1) if self.store.sqlite else ("worker", 2)
        statement = self.chance.randint(1, STATEMENTS) if way == "statement" else 0
        while len(self.processes) < wanted:
            # Each has a port: the one before may not have let go of its own yet.
            self.environment["KINDLING_PORT"] = str(free_port())
            self.processes.append(self.nursery.start(command, self.environment, statement))
            statement = 0
        # Of two, one dies, or both: then there is nobody left to go on until the next start.
        self.victims, self.way = self.chance.sample(self.processes, self.chance.randint(1, wanted)), way
        self.telegram.faults.clear()
        if way in EXACT:
            nth = self.chance.randint(1, WAVE)
            self.telegram.faults.add(method="sendMessage", kill_pid=self._kill_all_but_one, at=way, every=nth, times=1)

    def _kill_all_but_one(self) -> int:
        for victim in self.victims[1:]:
            end(victim)
        return self.victims[0]

    def _wait_for_the_end(self) -> None:
        """Wait until one of the processes is dead; what does not die as it should is killed a little later."""
        began, before = time.monotonic(), len(self.telegram.calls.accepted())
        lives = PATIENCE
        if self.way == "instant" and self.usual and self.chance.random() < 0.7:
            lives = self.chance.uniform(0.5, 1.4) * self.usual
        while all(map(is_alive, self.processes)) and time.monotonic() < began + lives:
            time.sleep(0.002)
            if lives == PATIENCE and self.way == "instant" and len(self.telegram.calls.accepted()) > before:
                self.usual = time.monotonic() - began
                lives = self.usual + self.chance.uniform(0.0, 0.1)
        if all(map(is_alive, self.processes)):
            end(self._kill_all_but_one())
            self.way = "instant"
        self._until(lambda: not all(map(is_alive, self.processes)))
        self.kills[self.way] += sum(not is_alive(process) for process in self.processes)

    def _look_at_what_is_in_flight(self) -> None:
        flying = select(func.count()).select_from(outbox).where(outbox.c.status == "sending")
        found = self.store.write_now(lambda conn: conn.scalar(flying)) or 0
        assert found <= LANES, f"{found} in flight"

    def _undone(self) -> int:
        waiting = select(func.count()).select_from(outbox).where(outbox.c.status.not_in(OVER))
        late = select(func.count()).select_from(people).where(people.c.next_at <= datetime.now(UTC))
        return self.store.write_now(lambda conn: (conn.scalar(waiting) or 0) + (conn.scalar(late) or 0))

    def _comes_due(self, conn: Connection) -> None:
        """A wave: people whose slot has come, and a few reminders."""
        now = datetime.now(UTC)
        anytime = {"quiet_from": time_of_day(0), "quiet_until": time_of_day(0), "zone": "UTC"}
        for nth in range(WAVE):
            chat = self.telegram.person(started=True).id
            person = make.person(follows={"energy-access/energy-access"}, **anytime)
            reached = subscribers.join(conn, self.account, str(chat), person, now)
            subscribers.follow(conn, reached.person, "energy-access/energy-access", now)
            if nth % 4:
                conn.execute(update(people).where(people.c.id == reached.person.id).values(onboarded=True, next_at=now))
                self.nudged.append(chat)
            else:
                deliveries.add_planned(conn, [_reminder(reached, now)])
                self.reminded.append(chat)
        if not self.store.sqlite:
            jobs.defer(conn, "plan", "time", "plan", {"timestamp": 0})

    def _until(self, condition: Callable[[], object], seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.folder / "processes.log").read_text()[-4000:]
            time.sleep(0.02)


_ROWS = select(outbox.c.id, outbox.c.kind, outbox.c.status, outbox.c.reason, outbox.c.attempts, addresses.c.chat).join(
    addresses, addresses.c.id == outbox.c.address_id
)


def _reminder(reached: subscribers.Reached, now: datetime) -> dict[str, Any]:
    return {
        "subscriber_id": reached.person.id, "address_id": reached.address_id, "account_id": reached.account_id,
        "kind": "reminder", "lane": deliveries.LANES["reminder"], "due_at": now, "status": "pending",
        "expires_at": now + timedelta(hours=1), "body": dump(Message("You wanted to be reminded.")),
    }  # fmt: skip


def end(process: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Send a process its end; one that another fault was faster to end is dead already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, how)


def fresh(folder: Path, database: str) -> Store:
    """An empty database of a kind."""
    folder.mkdir(exist_ok=True)
    return databases.sqlite(folder) if database == "sqlite" else databases.postgres()


def kill(folder: Path, store: Store, kills: int, seed: int) -> Arena:
    """One arena, from the first kill to the reckoning."""
    with TelegramStandIn.in_thread() as telegram, Nursery(folder) as nursery:
        arena = Arena(folder, store, telegram, nursery, random.Random(seed))
        arena.lives_through(kills)
        arena.accounts_for_everything()
    return arena


def main() -> None:
    """Kill, count, and say how it went."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    wished = parser.parse_args()
    print(f"--database {wished.database} --kills {wished.kills} --seed {wished.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "arena"
        arena = kill(place, fresh(place, wished.database), wished.kills, wished.seed)
    seconds = time.monotonic() - began
    print(f"{sum(arena.kills.values())} kills in {seconds:.0f} s: {dict(arena.kills)}")
    print(f"{len(arena.nudged)} nudges and {len(arena.reminded)} reminders, all accounted for; in doubt {arena.doubts}")


if __name__ == "__main__":
    main()
