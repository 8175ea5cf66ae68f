"""The promises of the design, over simulated months of a person's life with a bot; a failing seed repeats."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from storage import guard
from storage.store import Store
from tests import make
from tests.promises.world import PER_WEEK, World, berlin
from tests.talk import Talk, publish


@contextmanager
def fresh() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'life.db'}")
        guard.ensure_schema(store)
        yield store
        store.close_now()


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_promises_1_to_4_hold_through_a_life(seed: int) -> None:
    with fresh() as store:
        world = World(store, random.Random(seed))
        world.lives(days=30)
        world.check()


@settings(max_examples=4, deadline=None)
@given(frequency=st.sampled_from(sorted(PER_WEEK)), hour=st.integers(0, 71).map(lambda number: number * 20))
def test_promise_1_nobody_gets_more_than_the_frequency_they_chose(frequency: str, hour: int) -> None:
    with fresh() as store:
        publish(store, make.pack("nature", chapters=60))
        talk = Talk(store).joins(frequency=frequency, hour=hour)
        days, end = [], talk.now + timedelta(days=15)
        while talk.now < end:
            # Never past the slot: one just before the quiet hours has little time.
            due = talk.rows("subscribers")[0]["next_at"]
            assert isinstance(due, datetime)
            if talk.waits(seconds=min(max((due - talk.now).total_seconds(), 60.0), 3 * 3600.0)):
                days.append(talk.now)
                talk.says("/me")
        weeks = [sum(start <= day < start + timedelta(days=7) for day in days) for start in days]

        assert max(weeks) <= PER_WEEK[frequency]


@settings(max_examples=4, deadline=None)
@given(minute=st.sampled_from([0, 30, 90, 120, 150, 180, 23 * 60 + 30]), spring=st.booleans())
def test_promise_7_a_clock_change_neither_drops_nor_doubles_a_nudge(minute: int, spring: bool) -> None:
    with fresh() as store:
        publish(store, make.pack("nature", chapters=20))
        start = berlin(2026, 3, 27) if spring else berlin(2026, 10, 23)
        talk = Talk(store, now=start.astimezone(berlin(2026, 1, 1).tzinfo))
        talk.joins(hour=minute)
        talk.presses("set:zone:Europe/Berlin")
        talk.presses("set:quiet:0-0")
        days: list[object] = []
        while talk.now < start + timedelta(days=5):
            if talk.waits(minutes=15):
                days.append(talk.now.astimezone(start.tzinfo).date())

        assert len(days) == len(set(days))
        assert {(start + timedelta(days=ahead)).date() for ahead in (1, 2, 3, 4)} <= set(days)


@settings(max_examples=4, deadline=None)
@given(away=st.integers(1, 30))
def test_promise_6_after_a_long_stop_missed_slots_are_skipped_not_poured_out(away: int) -> None:
    with fresh() as store:
        publish(store, make.pack("nature", chapters=60))
        talk = Talk(store).joins()
        talk.next_day()
        back = talk.now + timedelta(days=away, hours=2)
        talk.now = back.replace(hour=21, minute=0)
        first = len(talk.waits(minutes=1))
        day_after = sum(bool(talk.waits(hours=1)) for _ in range(24))

        assert first + day_after <= 1 + 1
        reasons = [row["reason"] for row in talk.rows("deliveries") if row["status"] == "skipped"]
        assert reasons == ["outage"] or away == 1
