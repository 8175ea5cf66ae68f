"""A stand-in, a database and an adapter between them."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.health import Timing
from bot.channels.telegram.serve import TelegramAdapter
from tests.channels.telegram.keeping import Keeping, open_store
from tests.platforms.telegram import TelegramStandIn

SECRET = "canary-of-the-instance"
QUICK = Timing(poll=1, grace=0.3, red=0.6, retry=0.1, check=0.1, backoff=0.1, finish=2.0)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


async def picture(source: str) -> tuple[str, bytes] | None:
    """The pictures of a pack."""
    return ("image/png", PNG) if source == "pack/clinic.png" else None


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as standin:
        yield standin


@pytest.fixture
async def keeping(tmp_path: Path) -> AsyncIterator[Keeping]:
    store = open_store(tmp_path)
    yield Keeping(store)
    await store.close()


Make = Callable[..., TelegramAdapter]


@pytest.fixture
def make(telegram: TelegramStandIn, keeping: Keeping) -> Make:
    def adapter(**more: Any) -> TelegramAdapter:
        usual: dict[str, Any] = {
            "token": telegram.token,
            "api_url": telegram.url,
            "intake": keeping,
            "pictures": picture,
            "secret": SECRET,
            "timing": QUICK,
            "chance": random.Random(1),
        }
        return TelegramAdapter(**{**usual, **more})

    return adapter


@asynccontextmanager
async def running(adapter: TelegramAdapter) -> AsyncIterator[TelegramAdapter]:
    """An adapter between start and stop; no task of it may remain."""
    before = asyncio.all_tasks()
    await adapter.start()
    try:
        yield adapter
    finally:
        await asyncio.wait_for(adapter.stop(), 10)
    left = {task for task in asyncio.all_tasks() - before if adapter.name in task.get_name()}
    assert not left


@pytest.fixture
async def adapter(make: Make) -> AsyncIterator[TelegramAdapter]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(running(make()))


async def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not holds():
        assert loop.time() < end, "waited in vain"
        await asyncio.sleep(0.01)
