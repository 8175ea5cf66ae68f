"""`kindling tick`: plan and deliver all that is due at an instant, print a summary, exit."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from bot import compose, log
from bot import settings as settings_module
from bot.clock import Clock, FixedClock
from bot.instance import Kindling
from storage import guard
from storage.store import Store


def tick(
    at: Annotated[str, typer.Option(help="The instant, as 2026-12-01T18:00:00+01:00 (UTC without an offset).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Plan and deliver all that is due, then exit: for cron, and for tests."""
    clock: Clock = FixedClock(_instant(at)) if at else Clock()
    settings = settings_module.read()
    log.configure(settings.kindling_log_format, settings_module.secrets_of(settings), level=30)
    kindling = compose.build(settings, clock)
    guard.ensure_schema(kindling.store)
    summary = asyncio.run(_tick(kindling))
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        typer.echo(", ".join(f"{count} {word}" for word, count in summary.items()) or "nothing was due")


def _instant(words: str) -> datetime:
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise typer.BadParameter(f"{words!r} is no instant; write it like 2026-12-01T18:00:00+01:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


async def _tick(kindling: Kindling) -> dict[str, int]:
    compose.add_all(kindling)
    await kindling.open()
    try:
        with _holding(kindling.store) as alone:
            recovered = await kindling.recover() if alone else Counter[str]()
            planned = await _plan(kindling)
            await kindling.collect()
            if not await kindling.store.read(guard.is_held):
                recovered += await kindling.drain()
                # An alert is planned only so far ahead: what is left of it comes as soon as there is room.
                while more := await kindling.tick():
                    planned += more
                    await kindling.drain()
    finally:
        await kindling.stop()
    sent: Counter[str] = Counter()
    for sender in kindling.senders.values():
        sent += sender.counts
    return {**planned, **sent, **{key: count for key, count in recovered.items() if count}}


@contextlib.contextmanager
def _holding(store: Store) -> Iterator[bool]:
    if not store.sqlite:
        with guard.among(store):
            yield True
        return
    with guard.try_hold(store) as alone:
        yield alone


async def _plan(kindling: Kindling) -> Counter[str]:
    console = Console(stderr=True)
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=console, transient=True) as progress:
        task = progress.add_task("planning")
        return await kindling.tick(lambda done: progress.update(task, description=f"planning: {done}"))
