"""The nudges of one popular hour come all through it, each person's at the same minute every day."""

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from actions.rhythm import spread_of
from storage import schema, subscribers
from storage.store import Store
from tests import databases, make
from tests.talk import Talk, publish


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = databases.sqlite(tmp_path)
    publish(opened, make.pack("nature", chapters=30, actions=make.climb("water", minutes=2)))
    yield opened
    databases.give_back(opened)


def due_of(talk: Talk):  # type: ignore[no-untyped-def]
    due = talk.store.write_now(subscribers.due, talk.me())
    assert due is not None
    return due


def test_the_same_person_has_the_same_minute_each_day(store: Store) -> None:
    ana = Talk(store).joins(hour=18 * 60)
    minutes = set()
    for _ in range(6):
        due = due_of(ana)
        assert due.hour == 18
        minutes.add(due.minute)
        ana.now = due - timedelta(seconds=1)
        assert ana.waits(seconds=0) == []
        assert ana.waits(seconds=1)
    assert len(minutes) == 1


def test_people_who_share_an_hour_do_not_share_a_minute(store: Store) -> None:
    for number in range(30):
        Talk(store, chat=str(number)).joins(hour=18 * 60)
    dues = store.write_now(lambda conn: conn.scalars(select(schema.subscribers.c.next_at)).all())
    assert len({due.minute for due in dues if due}) > 10


def test_an_hour_that_ends_in_quiet_hours_keeps_out_of_them(store: Store) -> None:
    for number in range(20):
        Talk(store, chat=str(number)).joins(hour=21 * 60 + 30)
    dues = store.write_now(lambda conn: conn.scalars(select(schema.subscribers.c.next_at)).all())
    assert all(due.hour == 21 and due.minute >= 30 for due in dues if due)


def test_every_minute_of_an_hour_gets_its_share() -> None:
    chance = Random(7)
    keys = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(60_000)]
    counts = Counter(map(spread_of, keys))
    assert set(counts) == set(range(60))
    assert max(counts.values()) < 1.15 * 1000
