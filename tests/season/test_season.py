"""Whole seasons in small: every promise holds under every weather, and a seed is a season."""

import os
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.message import Message
from storage import schema
from storage.deliveries import Claimed
from tests import databases
from tests.season.__main__ import season
from tests.season.reckoning import BrokenPromiseError, Reckoning
from tests.season.town import START, Town, Watched, noted

SEEDS = [1, 2, 3, *(int(seed) for seed in os.environ.get("KINDLING_SEASONS", "").split())]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_holds_through_a_season(tmp_path: Path, seed: int) -> None:
    done = season(tmp_path, seed, people=14, days=24)
    town = done.town

    assert done.nudges > 120, "the town was told nothing, so nothing was tried"
    assert town.thanked
    assert town.kills


def test_the_same_seed_is_the_same_season(tmp_path: Path) -> None:
    first, second = (season(tmp_path, 77, people=6, days=8).town for _ in range(2))

    assert first.events.hexdigest() == second.events.hexdigest()
    assert len(first.heard) == len(second.heard)


def test_another_seed_is_another_season(tmp_path: Path) -> None:
    first, second = (season(tmp_path, seed, people=6, days=6).town for seed in (78, 79))

    assert first.events.hexdigest() != second.events.hexdigest()


class Stutterer(Watched):
    """Sends every twentieth nudge twice."""

    async def _send(self, row: Claimed, message: Message, cost: int) -> None:
        if row.kind == "nudge" and row.id % 20 == 0:
            noted.set(row)
            await self.platform.send(row.chat, message)
        await super()._send(row, message, cost)


def test_a_nudge_that_comes_twice_is_noticed(tmp_path: Path) -> None:
    reckoning = Reckoning(Town(databases.sqlite(tmp_path), 5, 12, 14, sender_class=Stutterer))
    reckoning.town.lives()
    reckoning.broken.clear()  # the story, too, came twice

    with pytest.raises(BrokenPromiseError, match="comes twice"):
        reckoning.settles()


def test_a_message_that_is_called_sent_and_was_not_is_noticed(town: Town) -> None:
    reckoning = Reckoning(town)
    del town.heard[len(town.heard) // 2]

    with pytest.raises(BrokenPromiseError, match="called sent was seen"):
        reckoning.settles()


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"state": "stopped"}, "nobody who stopped"),
        ({"state": "paused"}, "nobody who paused"),
        ({"quiet_from": 0, "quiet_until": 24 * 60 - 1, "zone": "UTC"}, "quiet hours"),
        ({"minutes": 1}, "minutes are enough"),
        ({}, "no story comes twice"),
    ],
)
def test_a_broken_promise_is_noticed(town: Town, about: dict[str, object], told: str) -> None:
    again = next(one for one in town.heard if one.delivery.kind == "nudge" and one.delivery.ask_id)
    reckoning = Reckoning(town)
    if not about:
        reckoning.hears(again)
    columns = schema.subscribers.c.id == again.delivery.subscriber_id
    if about:
        town.store.write_now(lambda conn: conn.execute(update(schema.subscribers).where(columns).values(**about)))
    town.people[again.chat].hushed_at = float("-inf")
    reckoning.hears(again)

    assert any(told in str(broken) for broken in reckoning.broken), reckoning.broken


def test_two_nudges_a_day_are_noticed(town: Town) -> None:
    reckoning = Reckoning(town)
    for heard in [one for one in town.heard if one.delivery.kind == "nudge"][:2]:
        reckoning.days["1"].append(START.date())
        reckoning.frequencies["1"][START.date()] = 7
        assert heard

    with pytest.raises(BrokenPromiseError, match="one nudge a local day"):
        reckoning.settles()


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A town that has lived for some days."""
    made = Town(databases.sqlite(tmp_path), 5, 8, 8)
    made.lives()
    return made
