from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import schema
from storage.store import Store
from tests import make
from tests.talk import Talk, publish


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'talk.db'}")
    schema.metadata.create_all(store.engine)
    yield store
    store.engine.dispose()


@pytest.fixture
def ana(store: Store) -> Talk:
    """Someone in front of a bot with two causes, each with an arc and actions enough to climb."""
    causes = ("water", "trees")
    actions = {**make.climb("water", minutes=2), **make.climb("trees", minutes=2)}
    publish(store, make.pack("nature", causes=causes, chapters=30, actions=actions))
    return Talk(store)
