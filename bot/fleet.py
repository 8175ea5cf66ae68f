"""The work of an instance by several processes: procrastinate's jobs on the PostgreSQL that all of them share.

An account's job is a shift of its sender; the job's lock keeps a second one waiting, its number is the shift's.
Planning and forgetting are periodic jobs. A worker that was killed is noticed by its lock, or by its heartbeat, and
its jobs are replaced.
"""

import asyncio
import contextlib
import hashlib
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate import worker as procrastinate_worker

from bot.nudging.deliver import Sender
from bot.nudging.shift import LINGER
from bot.nudging.work import RED, TICK_SECONDS, Work
from bot.presence import LOOK_SECONDS, Presence
from storage import jobs, meta

TIME = "time"
"""The queue of what the clock starts."""
SHIFTS_AT_ONCE = 200
HEARTBEAT = 2.0
STOP_SECONDS = 5.0
CERTAIN = 1.5
"""Seconds for which a job must look lost before it is replaced: it may be beginning, or its process reconnecting."""
TICKED = "ticked"

log = structlog.get_logger()


class Worker(procrastinate_worker.Worker):
    """Procrastinate's worker; when it stops by itself, as it does without its database, its shifts are ended too."""

    fleet: "Fleet"

    def stop(self) -> None:
        """Take no more jobs, and see that those under way come to an end."""
        super().stop()  # type: ignore[no-untyped-call]
        self.fleet.end_shifts()


@dataclass(eq=False)
class Fleet:
    """One process of a fleet."""

    work: Work
    serving: dict[str, Sender] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._presence = Presence(_conninfo(self.work.store.url), self._hear)
        self._tasks: list[asyncio.Task[None]] = []
        self._worker: Worker | None = None
        self._suspects: dict[int, float] = {}
        self._recovered: Counter[str] = Counter()
        self._stopping = False
        self._linger = LINGER
        self._ticked: datetime | None = None
        self._trouble = ""

    async def recover(self) -> Counter[str]:
        """Nothing: whoever begins a shift settles what the one before it left."""
        return Counter()

    async def on_duty(self, name: str) -> bool:
        """Whether this process is the one that does what only one may do."""
        return await self._presence.on_duty(int.from_bytes(hashlib.sha256(name.encode()).digest()[:7]))

    async def start(self) -> None:
        """Begin to take jobs."""
        self._stopping = False
        self._tasks = [
            asyncio.create_task(self._keep_working(), name="fleet work"),
            asyncio.create_task(self._presence.listen(), name="fleet ear"),
            asyncio.create_task(self._keep_looking(), name="fleet eye"),
        ]

    def join(self, sender: Sender) -> None:
        """Nothing to do: a job will name the account."""

    def leave(self, account: str) -> None:
        """End the shift of an account that is no longer ours."""
        if account in self.serving:
            self.serving[account].end()

    def wake(self, account: str) -> None:
        """Have an account's outbox looked at now, if it is served here; else its job has been enqueued."""
        if account in self.serving:
            self.serving[account].wake()

    def _hear(self, words: str) -> None:
        kind, _, name = words.partition(" ")
        if kind == "outbox":
            self.wake(name)
        elif kind == "inbox":
            self.work.look(name)
        elif kind == "page":
            self.work.look("web", name)

    def end_shifts(self) -> None:
        """End every shift."""
        for sender in self.serving.values():
            sender.end()

    async def stop(self) -> None:
        """Finish what is in flight, and take no more jobs."""
        self._stopping = True
        if self._worker is not None:
            self._worker.stop()
        for task in self._tasks[1:]:
            task.cancel()
        if self._tasks:
            # Without a database nothing can be noted, however long we wait.
            await asyncio.wait(self._tasks[:1], timeout=STOP_SECONDS)
            self._tasks[0].cancel()
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        self._tasks.clear()
        await self._presence.close()

    async def drain(self) -> Counter[str]:
        """Send all that is due, where no other process does so, and wait for the outcomes."""
        self._recovered, self._linger = Counter(), 0.0
        await self._replace_lost()
        if self._suspects:
            await asyncio.sleep(CERTAIN + 0.1)
            await self._replace_lost()
        await self.work.store.write(jobs.call_due, self.work.clock.now())
        async with self._app(periodic=False).open_async() as app:
            await self._new_worker(app, wait=False).run()  # type: ignore[no-untyped-call]
        return self._recovered

    @contextlib.asynccontextmanager
    async def schedule(self) -> AsyncIterator[None]:
        """Nothing to do: time's tasks are jobs too."""
        yield

    def ailing(self) -> str:
        """Why the work is not done."""
        if self._trouble:
            return self._trouble
        quiet = self.work.clock.now() - max(self.work.started, self._ticked or self.work.started)
        return "no process has planned for a minute" if quiet > RED else ""

    async def _keep_working(self) -> None:
        while not self._stopping:
            try:
                async with self._app(periodic=True).open_async() as app:
                    self._trouble = ""
                    await self._new_worker(app, wait=True).run()  # type: ignore[no-untyped-call]
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                log.error("no jobs taken", error=type(error).__name__)
                self._trouble = f"takes no jobs ({type(error).__name__})"
            if not self._stopping:
                await asyncio.sleep(LOOK_SECONDS)

    def _new_worker(self, app: App, *, wait: bool) -> Worker:
        worker = Worker(
            app=app, queues=self._queues(), name=None, concurrency=SHIFTS_AT_ONCE, wait=wait,
            fetch_job_polling_interval=TICK_SECONDS, delete_jobs="successful", install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT, stalled_worker_timeout=jobs.LEASE,
        )  # fmt: skip
        worker.fleet = self
        self._worker = worker
        return worker

    def _queues(self) -> list[str]:
        return [TIME, *self.work.queues]

    def _app(self, *, periodic: bool) -> App:
        connector = PsycopgConnector(conninfo=_conninfo(self.work.store.url), min_size=1, max_size=4)
        app = App(connector=connector, periodic_defaults={"max_delay": TICK_SECONDS})
        app.task(name=jobs.DELIVER, pass_context=True)(self._deliver)
        plan = app.task(name="plan", queue=TIME, lock="plan", queueing_lock="plan")(self._plan)
        forget = app.task(name="forget", queue=TIME, lock="forget", queueing_lock="forget")(self._forget)
        if periodic:
            app.periodic(cron=f"* * * * * */{TICK_SECONDS}")(plan)
            app.periodic(cron="17 * * * *")(forget)
        return app

    async def _plan(self, timestamp: int) -> None:  # noqa: ARG002 - procrastinate says which time it was meant for
        await self.work.tick()
        await self.work.store.write(meta.put, TICKED, self.work.clock.now().isoformat())

    async def _forget(self, timestamp: int) -> None:  # noqa: ARG002
        await self.work.forget()

    async def _deliver(self, context: JobContext, account: str) -> None:
        shift = context.job.id or 0
        sender = await self.work.find(account)
        if sender is None or self._stopping:
            return
        await self._presence.take(shift)
        self.serving[account] = sender
        try:
            unsure, again = await sender.serve(shift, self._linger)
            self._recovered += Counter(unsure=unsure, again=again)
        finally:
            del self.serving[account]
            await self._presence.let_go(shift)

    async def _keep_looking(self) -> None:
        """Replace the jobs of workers that were killed, and see when somebody planned last."""
        blind = False
        while True:
            try:
                await self._presence.look()
                await self._replace_lost()
                ticked = await self.work.store.read(meta.get, TICKED)
                self._ticked = datetime.fromisoformat(ticked) if ticked else None
                blind = False
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                if not blind:
                    log.warning("the other processes are out of sight", error=type(error).__name__)
                blind = True
            await asyncio.sleep(LOOK_SECONDS)

    async def _replace_lost(self) -> None:
        now = time.monotonic()
        found = {job.id: job for job in await self.work.store.read(jobs.lost)}
        self._suspects = {number: self._suspects.get(number, now) for number in found}
        for number, since in list(self._suspects.items()):
            if now - since >= CERTAIN and await self.work.store.write(jobs.replace, found[number]):
                log.warning("a worker was lost, its job is done by another", task=found[number].task)


def _conninfo(url: str) -> str:
    for prefix in ("postgresql+psycopg://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql://" + url.removeprefix(prefix)
    return url
