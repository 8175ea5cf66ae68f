from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.instance import PACKS, Instance
from tests.platforms.telegram import TelegramStandIn


@pytest.fixture
def telegram() -> Iterator[TelegramStandIn]:
    with TelegramStandIn.in_thread() as running:
        yield running


@pytest.fixture
def instance(tmp_path: Path, telegram: TelegramStandIn) -> Iterator[Instance]:
    made = Instance(tmp_path, {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url})
    made.must("pack", "load", str(PACKS / "energy-access"))
    made.starts()
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait()
