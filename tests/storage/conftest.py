from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests import databases


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A fresh database, once of each kind."""
    opened = databases.sqlite(tmp_path) if request.param == "sqlite" else databases.postgres()
    yield opened
    databases.give_back(opened)
