"""A stage with a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.bot.nudging.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(Store(f"sqlite:///{tmp_path / 'stage.db'}"))
    yield stage
    stage.loop.close()
    stage.store.close_now()
