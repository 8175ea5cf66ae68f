"""Delivery: a broadcast through the outbox at the permitted rate, and replies in the middle of it.

Beside it python-telegram-bot's AIORateLimiter does the same without any outbox: one `send_message` for each person.
"""

import asyncio
import contextlib
import logging
import statistics
import tempfile
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.telegram.serve import TelegramAdapter
from bot.clock import Clock
from bot.message import Message, Receipt, dump
from bot.nudging.deliver import Sender
from bot.nudging.plan import BATCH, plan
from storage import accounts, deliveries, schema
from storage.store import Store
from tests.benchmarks import crowd
from tests.benchmarks.telegram import ACCOUNT, TOKEN, Seen, seen, telegram

SECONDS = 15
"""How long a broadcast lasts at the permitted rate."""
ASKERS = 10_000_000
"""The chats of those who ask in the middle of it."""


@dataclass
class Run:
    """One broadcast: what the server saw, how long each reply took, the CPU it cost, what the outbox says."""

    seen: Seen
    waits: list[float]
    cpu: float
    people: int
    states: dict[str, int] = field(default_factory=dict)

    def lines(self, rate: int) -> Iterator[tuple[str, str]]:
        """The figures as (name, value)."""
        lost = self.people + len(self.waits) - self.seen.accepted
        yield "share of the permitted rate", f"{self.seen.share(rate):.3f}"
        yield "refusals, lost, repeated", f"{self.seen.refused}, {lost}, {self.seen.repeated}"
        at_95 = statistics.quantiles(self.waits, n=20)[-1] if len(self.waits) > 1 else 0.0
        yield "a reply meanwhile, p50 / p95", f"{statistics.median(self.waits):.3f} / {at_95:.3f} s"
        yield "CPU for one message", f"{self.cpu / self.seen.accepted * 1e3:.2f} ms"


def figures(rate: int, lanes: int, *, anchor: bool = True) -> Iterator[tuple[str, str]]:
    """Each figure of delivery at so many messages a second, as (name, value)."""
    logging.disable(logging.CRITICAL)
    ours = _ours(rate, lanes, rate * SECONDS)
    for name, value in ours.lines(rate):
        yield f"at {rate}/s: {name}", value
    yield f"at {rate}/s: states in the outbox", ", ".join(f"{count:,} {word}" for word, count in ours.states.items())
    if anchor:
        theirs = _theirs(rate, rate * SECONDS)
        for name, value in theirs.lines(rate):
            yield f"at {rate}/s, AIORateLimiter: {name}", value
        yield f"at {rate}/s: share, ratio", f"{ours.seen.share(rate) / theirs.seen.share(rate):.2f}"
    logging.disable(logging.NOTSET)


def _ours(rate: int, lanes: int, people: int) -> Run:
    with tempfile.TemporaryDirectory() as folder, telegram(rate) as url:
        now = datetime.now(UTC)
        store = crowd.database(Path(folder), now)
        store.write_now(crowd.settle, people, now, ACCOUNT)
        while store.write_now(plan, datetime.now(UTC), BATCH):
            pass
        return asyncio.run(_deliver(store, rate, lanes, url))


async def _deliver(store: Store, rate: int, lanes: int, url: str) -> Run:
    async def picture(_source: str) -> tuple[str, bytes] | None:
        return "image/png", b"a picture"

    adapter = TelegramAdapter(
        token=TOKEN, intake=None, pictures=picture, secret="x", api_url=url, rate=float(rate)  # type: ignore[arg-type]
    )  # fmt: skip
    await adapter.open()
    landed: dict[str, asyncio.Event] = {}
    send = adapter.send

    async def noticed(chat: str, message: Message) -> Receipt:
        receipt = await send(chat, message)
        if chat in landed:
            landed[chat].set()
        return receipt

    adapter.send = noticed  # type: ignore[method-assign]
    sender = Sender(store, adapter, Clock(), lanes)
    people = store.write_now(_waiting)

    async def ask(number: int) -> None:
        chat = str(ASKERS + number)
        landed[chat] = asyncio.Event()
        await store.write(_reply, chat)
        sender.wake()
        await landed[chat].wait()

    cpu = time.process_time()
    waits = await _both(sender.drain(), ask)
    cpu = time.process_time() - cpu
    run = Run(seen(url), waits, cpu, people, store.write_now(_states))
    await adapter._api.close()
    await store.close()
    return run


def _waiting(conn: Connection) -> int:
    return conn.scalar(select(func.count()).where(schema.deliveries.c.status == "pending")) or 0


def _states(conn: Connection) -> dict[str, int]:
    columns = schema.deliveries.c.status, func.count()
    return {row[0]: row[1] for row in conn.execute(select(*columns).group_by(schema.deliveries.c.status))}


def _reply(conn: Connection, chat: str) -> None:
    account = accounts.number(conn, ACCOUNT)
    values = {"account_id": account, "chat": chat, "subscriber_id": None}
    address = conn.execute(insert(schema.addresses).values(values)).inserted_primary_key
    assert address is not None
    deliveries.add_replies(conn, (None, address[0], account), [dump(Message("An answer."))], datetime.now(UTC))


async def _both(broadcast: Awaitable[Any], ask: Callable[[int], Awaitable[None]]) -> list[float]:
    """Let people ask now and then during the first two thirds of a broadcast; how long each waits for the answer."""

    async def timed(number: int) -> float:
        started = time.perf_counter()
        await ask(number)
        return time.perf_counter() - started

    whole = asyncio.ensure_future(broadcast)
    asked = []
    for number in range(int(SECONDS * 2 / 3 / 0.21)):
        await asyncio.sleep(0.21)
        asked.append(asyncio.create_task(timed(number)))
    waits = await asyncio.gather(*asked)
    await whole
    return list(waits)


def _theirs(rate: int, people: int) -> Run:
    with telegram(rate) as url, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return asyncio.run(_limited(rate, people, url))


async def _limited(rate: int, people: int, url: str) -> Run:
    bot = ExtBot(
        TOKEN,
        base_url=f"{url}/bot",
        request=HTTPXRequest(connection_pool_size=256, pool_timeout=600),
        rate_limiter=AIORateLimiter(overall_max_rate=rate, overall_time_period=1, max_retries=5),
    )
    await bot.initialize()

    async def say(chat: int) -> None:
        with contextlib.suppress(TelegramError):
            await bot.send_message(chat, "A story of some length, as it stands in a pack. " * 5)

    async def broadcast() -> None:
        await asyncio.gather(*(say(1 + number) for number in range(people)))

    cpu = time.process_time()
    waits = await _both(broadcast(), lambda number: say(ASKERS + number))
    cpu = time.process_time() - cpu
    run = Run(seen(url), waits, cpu, people)
    await bot.shutdown()
    return run
