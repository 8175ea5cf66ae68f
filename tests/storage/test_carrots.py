"""Carrot days in the database: one vote a person, and a winner that stays, also by many at once."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from actions.facts import Person
from content.model import Bid, Carrot
from storage import carrots, erasure, history, merging, owed, person_export, schema, subscribers
from storage.catalog import stock_of
from storage.history import Ask
from storage.store import Store
from tests import make
from tests.storage.joining import numbers, rows
from tests.talk import publish

NOW = make.NOW
LAST_VOTE = date(2026, 6, 5)
OVER, AFTER = NOW + timedelta(days=5), NOW + timedelta(days=14)
DAY = "water/day"


def terms(**about: Any) -> Carrot:
    bids = {
        slug: Bid(shop=slug.title(), place="here", promise="lamps", share=share)
        for slug, share in (("oak", 20), ("elm", 30), ("ash", 30))
    }
    days = {"vote_until": LAST_VOTE, "day": date(2026, 6, 13), "from_": "10:00", "until": "18:00", "zone": "UTC"}
    return Carrot(**{"bids": bids, **days, **about})


def town(store: Store, version: int = 1, **about: Any) -> None:
    day = make.action(kind="purchase", carrot=terms(**about), result_by=date(2026, 6, 12))
    publish(store, make.pack(actions={"day": day}, version=version), now=NOW)


def people(store: Store, number: int) -> list[tuple[Person, Ask]]:
    """So many people with the ask in front of them."""

    def one(conn: Connection) -> tuple[Person, Ask]:
        person = subscribers.join(conn, "web", f"p{next(numbers)}", make.person(follows=()), NOW).person
        values = history.ask_values(stock_of(conn), person, DAY, NOW, reasons=(), propensity=1.0, origin="act")
        found = history.get_ask(conn, history.ask(conn, values))
        assert found is not None
        return person, found

    return store.write_now(lambda conn: [one(conn) for _ in range(number)])


def vote(store: Store, person: Person, ask: Ask, slug: str, now: Any = NOW) -> str:
    """One press as the chat handles it: its person's row first."""

    def press(conn: Connection) -> str:
        address = conn.execute(select(schema.addresses).where(schema.addresses.c.subscriber_id == person.id)).one()
        assert subscribers.reach(conn, "web", address.chat) is not None
        return carrots.vote(conn, person, ask, slug, now)

    return store.write_now(press)


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    start = Barrier(len(work))

    def one(job: Callable[[], Any]) -> Any:
        start.wait(10)
        return job()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def counts(store: Store) -> dict[str, int]:
    found = store.write_now(carrots.standing, None, DAY, NOW)
    assert found is not None
    return dict(found.counts)


def elsewhere(store: Store, number: int) -> list[Store]:
    """So many processes on one database; SQLite has one writer, which does one thing after another."""
    return [store] * number if store.sqlite else [Store(store.url) for _ in range(number)]


def together(store: Store, work: Sequence[Callable[[Store], Any]]) -> list[Any]:
    """Do all of it in the same moment, each by a process of its own."""
    stores = elsewhere(store, len(work))
    if store.sqlite:
        return [job(store) for job in work]
    try:
        return at_once([lambda job=job, one=one: job(one) for job, one in zip(work, stores, strict=True)])
    finally:
        for one in stores:
            one.close_now()


def test_two_presses_of_one_person_in_the_same_moment_are_one_vote(store: Store) -> None:
    town(store)
    ((ana, ask),) = people(store, 1)
    said = together(store, [lambda one: vote(one, ana, ask, "oak"), lambda one: vote(one, ana, ask, "elm")])

    assert sorted(said) == ["changed", "voted"]
    assert len(rows(store, "votes")) == 1
    assert sum(counts(store).values()) == 1


def test_a_vote_in_the_moment_of_deciding_is_counted_or_told_that_it_is_over(store: Store) -> None:
    town(store)
    votes = [lambda one, who=who: vote(one, *who, "oak") for who in people(store, 6)]
    said = together(store, [*votes[:4], lambda one: one.write_now(carrots.decide, DAY, NOW), *votes[4:]])

    (day,) = rows(store, "carrot_days")
    assert said.count(True) == 1
    assert sum(json.loads(day.counts).values()) == said.count("voted") == len(rows(store, "votes"))
    assert said.count("voted") + said.count("over") == 6


@pytest.mark.parametrize("act", [carrots.decide, carrots.announce])
def test_of_two_planners_only_one_decides_and_announces(store: Store, act: Callable[..., bool]) -> None:
    town(store, told={"kept": True, "text": "Done."})
    vote(store, *people(store, 1)[0], "oak")

    assert sorted(together(store, [lambda one: one.write_now(act, DAY, AFTER)] * 2)) == [False, True]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["oak", "elm", "ash"])), max_size=6))
def test_everybody_has_the_vote_they_gave_last(store: Store, presses: list[tuple[int, str]]) -> None:
    town(store, version=next(numbers) + 1000)
    crowd = people(store, 3)
    before, mine = counts(store), {}
    for person, slug in presses:
        vote(store, *crowd[person], slug)
        mine[person] = slug

    after = counts(store)
    for slug in ("oak", "elm", "ash"):
        assert after.get(slug, 0) - before.get(slug, 0) == list(mine.values()).count(slug)


def test_the_winner_stays_whoever_leaves_and_whatever_a_new_version_says(store: Store) -> None:
    town(store)
    (ana, ask), (ben, his) = people(store, 2)
    vote(store, ana, ask, "oak")
    vote(store, ben, his, "oak")
    store.write_now(carrots.decide, DAY, OVER)
    store.write_now(erasure.erase_again, ana.id)
    town(store, version=2, bids={"elm": terms().bids["elm"]}, vote_until=date(2026, 6, 10))
    found = store.write_now(carrots.standing, ben, DAY, OVER)

    assert found is not None
    assert found.winner is not None
    assert (found.winner.shop, found.winner.share, found.stage) == ("Oak", 20, "set")
    assert found.counts == {"oak": 2}
    assert vote(store, ben, his, "elm", OVER) == "over"
    assert store.write_now(carrots.decide, DAY, OVER) is False


def test_who_is_erased_before_the_end_is_not_counted(store: Store) -> None:
    town(store)
    ((ana, ask),) = people(store, 1)
    vote(store, ana, ask, "oak")
    store.write_now(erasure.erase_again, ana.id)

    assert counts(store) == {}
    assert rows(store, "votes") == []


def test_two_chats_of_one_person_have_one_vote(store: Store) -> None:
    town(store)
    (ana, ask), (other, hers) = people(store, 2)
    vote(store, ana, ask, "oak")
    vote(store, other, hers, "elm")
    store.write_now(merging.merge, ana, other, key="a key", now=NOW)

    assert [(row.subscriber_id, row.bid) for row in rows(store, "votes")] == [(ana.id, "oak")]


def test_a_vote_in_one_chat_and_the_coming_from_another_are_one_persons(store: Store) -> None:
    town(store)
    (ana, ask), (other, hers) = people(store, 2)
    store.write_now(carrots.come, ana, ask, OVER, coming=True)
    vote(store, other, hers, "elm")
    store.write_now(merging.merge, ana, other, key="a key", now=NOW)

    assert [(row.subscriber_id, row.bid, row.coming) for row in rows(store, "votes")] == [(ana.id, "elm", True)]


def test_ones_own_vote_is_in_ones_own_data(store: Store) -> None:
    town(store)
    ((ana, ask),) = people(store, 1)
    vote(store, ana, ask, "oak")
    document = json.loads(store.write_now(person_export.of, ana, "secret"))

    assert [(one["action"], one["bid"]) for one in document["votes"]] == [(DAY, "oak")]


def test_the_promise_told_pays_what_was_owed(store: Store) -> None:
    town(store)
    ((ana, ask),) = people(store, 1)
    store.write_now(history.claim, ana, ask, "once", AFTER)
    assert [debt.action for debt in store.write_now(owed.debts)] == [DAY]
    store.write_now(carrots.decide, DAY, AFTER)
    store.write_now(carrots.announce, DAY, AFTER)

    assert store.write_now(owed.debts) == ()


def test_a_bid_that_is_not_there_is_refused(store: Store) -> None:
    town(store)
    ((ana, ask),) = people(store, 1)
    with pytest.raises(LookupError):
        vote(store, ana, ask, "pine")
