"""python-telegram-bot's JobQueue with a daily job for each subscriber, all due in the same second."""

import asyncio
import logging
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram.ext import Application

AFTERWARDS = 20.0
"""Seconds given to it after everybody was due."""


def figures(people: int) -> Iterator[tuple[str, str]]:
    """The cost of planning with jobs, as (name, value)."""
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        added, fired, cpu, blocked = asyncio.run(_run(people))
    logging.disable(logging.NOTSET)
    yield (
        "JobQueue.run_daily, a job",
        f"{added / people * 1e6:,.0f} µs CPU to add, {cpu / people * 1e6:,.0f} µs when due",
    )
    yield "JobQueue.run_daily, share that fired", f"{fired / people:.2f}, the loop blocked for {blocked:.1f} s"


async def _run(people: int) -> tuple[float, int, float, float]:
    application = Application.builder().token("123456:BENCH").build()
    queue = application.job_queue
    assert queue is not None
    fired = 0

    async def nudge(_context: Any) -> None:
        nonlocal fired
        fired += 1

    # Long enough ahead for all jobs to be there before the first is due.
    due = datetime.now(UTC) + timedelta(seconds=5 + people / 1500)
    cpu = time.process_time()
    for number in range(people):
        queue.run_daily(nudge, due.timetz(), chat_id=number)
    added = time.process_time() - cpu
    await queue.start()
    blocked = 0.0
    end = due.timestamp() + AFTERWARDS
    cpu = time.process_time()
    while time.time() < end and fired < people:
        before = time.perf_counter()
        await asyncio.sleep(0.1)
        blocked = max(blocked, time.perf_counter() - before - 0.1)
    cpu = time.process_time() - cpu
    await queue.stop(wait=False)
    return added, fired, cpu, blocked
