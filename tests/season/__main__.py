"""`python -m tests.season --seed 7`: live a season through, and say how it went.

Without a seed one is drawn and printed: the same seed is the same season to the last event.
"""

import argparse
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import structlog

from tests import databases
from tests.season.reckoning import BrokenPromiseError, Reckoning
from tests.season.town import Town


def season(folder: Path, seed: int, people: int, days: int) -> Reckoning:
    """One season, from the first day to the reckoning.

    Raises `BrokenPromiseError` when a promise was not kept.
    """
    store = databases.sqlite(folder)
    reckoning = Reckoning(Town(store, seed, people, days))
    try:
        reckoning.town.lives()
        reckoning.settles()
    finally:
        store.close_now()
    return reckoning


def main() -> None:
    """Live a season through."""
    parser = argparse.ArgumentParser(prog="python -m tests.season", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--days", type=int, default=180)
    wished = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    same = f"python -m tests.season --seed {wished.seed} --people {wished.people} --days {wished.days}"
    print(same, flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = season(Path(folder), wished.seed, wished.people, wished.days)
        except BrokenPromiseError as error:
            print(f"{error}\nthe same again: {same}", file=sys.stderr)
            sys.exit(1)
    town = done.town
    print(f"{time.monotonic() - began:.0f} s; {done.nudges} nudges, {len(town.heard)} messages, {town.kills} kills")
    print(
        f"weather: {', '.join(town.sky.kinds) or 'fair'}; outages: {len(town.outages)}; answers and plans: {_short(town.counts)}"
    )
    print(f"events: {town.events.hexdigest()[:16]}")


def _short(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.most_common())


if __name__ == "__main__":
    main()
