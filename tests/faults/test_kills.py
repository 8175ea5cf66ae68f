"""Two hundred and more processes are killed while they plan and send: nothing is lost, no nudge comes twice."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import databases
from tests.faults.kills import fresh, kill

SEED = 20261121


@pytest.mark.parametrize(("database", "arenas", "kills"), [("sqlite", 3, 35), ("postgres", 8, 13)])
def test_every_message_of_killed_processes_is_accounted_for(
    tmp_path: Path, database: str, arenas: int, kills: int
) -> None:
    places = [tmp_path / str(nth) for nth in range(arenas)]
    stores = [fresh(place, database) for place in places]
    with ThreadPoolExecutor(arenas) as pool:
        seeds = range(SEED, SEED + arenas)
        done = list(pool.map(kill, places, stores, [kills] * arenas, seeds))
    for store in stores:
        databases.give_back(store)

    assert sum(sum(arena.kills.values()) for arena in done) >= 104
    assert all(arena.nudged and arena.reminded for arena in done)
