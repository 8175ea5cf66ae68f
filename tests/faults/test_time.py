"""What goes wrong with time, by the number of its row, where no other test shows it (see `rows.py`)."""

import asyncio
import importlib.metadata
import time as wall
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from actions.record import due_again
from actions.rhythm import local_day
from bot import compose
from bot.clock import Clock
from bot.instance import Kindling
from bot.nudging import tick
from bot.nudging.zones import VERSION
from bot.settings import Settings
from storage import guard, meta, schema
from storage.store import Store
from tests import databases, make
from tests.talk import Talk, publish


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = databases.sqlite(tmp_path)
    publish(made, make.pack("nature", chapters=40))
    yield made
    made.close_now()


def due_of(talk: Talk) -> datetime:
    (row,) = [row for row in talk.rows("subscribers") if row["id"] == talk.me().id]
    assert isinstance(row["next_at"], datetime)
    return row["next_at"]


def test_c6_new_rules_of_zones_are_computed_anew_and_nobody_is_told_twice(store: Store) -> None:
    ana = Talk(store).joins()
    ana.presses("set:zone:Europe/Berlin")
    right = due_of(ana)
    # As a version of the rules with another offset would have left it.
    wrong = update(schema.subscribers).values(next_at=right + timedelta(hours=1))
    store.write_now(lambda conn: conn.execute(wrong))
    store.write_now(meta.put, VERSION, "2020.1")

    ana.waits(minutes=5)
    assert due_of(ana) == right
    assert store.write_now(meta.get, VERSION) == importlib.metadata.version("tzdata")
    assert len(ana.next_day()) == 1
    store.write_now(meta.put, VERSION, "2020.1")
    assert ana.waits(minutes=5) == []
    assert len(ana.next_day()) == 1


@pytest.mark.parametrize(("hours", "zone"), [(2, "Etc/GMT-2"), (-3, "Etc/GMT+3"), (0, "UTC")])
def test_c14_a_zone_that_is_no_more_keeps_its_hour_and_asks(store: Store, hours: int, zone: str) -> None:
    ana = Talk(store).joins()
    due = due_of(ana) - timedelta(hours=hours)
    gone = update(schema.subscribers).values(zone="Europe/Atlantis", next_at=due)
    store.write_now(lambda conn: conn.execute(gone))
    store.write_now(meta.put, VERSION, "2020.1")
    ana.waits(minutes=5)

    assert "Atlantis" in ana.text()
    assert ana.press_of("set")
    assert ana.me().rhythm.zone == zone
    assert due_of(ana) == due


@pytest.mark.parametrize(
    ("repeat", "done", "again"),
    [
        ("monthly", date(2028, 1, 31), date(2028, 2, 29)),
        ("monthly", date(2027, 1, 31), date(2027, 2, 28)),
        ("monthly", date(2028, 2, 29), date(2028, 3, 29)),
        ("monthly", date(2026, 12, 31), date(2027, 1, 31)),
        ("weekly", date(2026, 12, 30), date(2027, 1, 6)),
        ("daily", date(2028, 2, 28), date(2028, 2, 29)),
    ],
)
def test_c8_leap_days_and_year_ends_are_sensible(repeat: str, done: date, again: date) -> None:
    assert due_again(repeat, done) == again


def test_c8_a_week_that_spans_two_years_is_one_week(store: Store) -> None:
    ana = Talk(store, now=datetime(2026, 12, 27, 9, tzinfo=UTC)).joins(frequency="three")
    days = [ana.now.date() for _ in range(14) if ana.next_day()]

    assert max(Counter(day.isocalendar()[:2] for day in days).values()) == 3


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)])
def test_c9_a_clock_that_jumps_and_comes_back_doubles_nothing_and_misses_one_at_most(
    store: Store, jump: timedelta
) -> None:
    ana = Talk(store).joins()
    days = []
    for day in range(8):
        days += [local_day(ana.me().rhythm, ana.now) for _ in ana.next_day()]
        if day == 3:
            ana.now += jump
            days += [local_day(ana.me().rhythm, ana.now) for _ in ana.waits(minutes=10)]
            ana.now -= jump

    assert len(days) >= 7
    assert max(Counter(days).values()) == 1


def test_c9_a_clock_that_says_1970_sends_nothing_and_forgets_nobody(store: Store) -> None:
    ana = Talk(store).joins()
    right = ana.now
    ana.now = datetime(1970, 1, 1, tzinfo=UTC)
    assert ana.waits(minutes=5) == []
    ana.now = right

    assert len(ana.next_day()) == 1
    assert len(ana.next_day()) == 1


@pytest.mark.parametrize("hours", [24, 30, 24 * 8])
def test_c10_after_a_long_standstill_there_is_one_nudge_at_most(store: Store, hours: int) -> None:
    ana = Talk(store).joins()
    ana.next_day()
    ana.now += timedelta(hours=hours)
    first_day = [message for _ in range(20) for message in ana.waits(hours=1) if message.text]

    assert len(first_day) <= 1


async def _ticked(kindling: Kindling, before: datetime | None) -> datetime:
    """Wait for the next tick."""
    async with asyncio.timeout(20):
        while kindling.last_tick in (None, before):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)
    assert kindling.last_tick is not None
    return kindling.last_tick


async def test_c11_c12_a_loop_that_was_blocked_plans_late_and_not_never(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kindling.db'}"
    kindling = compose.build(Settings(kindling_database_url=url, kindling_secret="x"), Clock())  # type: ignore[arg-type]
    guard.ensure_schema(kindling.store)
    compose.add_web(kindling)
    await kindling.start()
    async with kindling.schedule():
        before = await _ticked(kindling, None)
        # Longer than the time between two ticks, and than APScheduler's own patience.
        asyncio.get_running_loop().call_soon(wall.sleep, 6.5)
        await _ticked(kindling, before)
        assert kindling.engine.ailing() == ""
        await kindling.stop()


def test_c13_all_who_are_due_at_once_are_planned_oldest_first_and_nobody_twice(store: Store) -> None:
    people = [Talk(store, chat=str(chat)).joins() for chat in range(1, 61)]
    last = people[0]
    at_once = last.now + timedelta(hours=10)
    everybody = update(schema.subscribers).values(next_at=at_once)
    store.write_now(lambda conn: conn.execute(everybody))
    for planner, _ in tick.PLANNERS:
        while store.write_now(tick.piece, planner, at_once + timedelta(seconds=1), 7):
            pass
    rows = [row for row in last.rows("deliveries") if row["kind"] == "nudge"]

    assert Counter(row["subscriber_id"] for row in rows) == {talk.me().id: 1 for talk in people}
    assert all(isinstance(row["next_at"], datetime) and row["next_at"] > at_once for row in last.rows("subscribers"))
