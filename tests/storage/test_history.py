"""What happened between us and a person."""

from datetime import timedelta

import pytest

from actions.facts import Person
from actions.reasons import Reason
from storage import history, subscribers
from storage.catalog import stock_of
from storage.store import Store
from tests import make
from tests.talk import publish


@pytest.fixture
def ana(store: Store) -> Person:
    publish(store, make.pack(actions={"sign": make.action(), "give": make.action(kind="donation")}))
    return store.write_now(subscribers.join, "web", "ana", make.person(follows=()), make.NOW).person


def asked(store: Store, person: Person, action: str = "water/sign") -> history.Ask:
    def ask(conn: object) -> int:
        values = history.ask_values(
            stock_of(conn), person, action, make.NOW,  # type: ignore[arg-type]
            reasons=[Reason("follows", "water/water")], propensity=0.5, origin="nudge", story="water/water-1",
        )  # fmt: skip
        return history.ask(conn, values)  # type: ignore[arg-type]

    found = store.write_now(history.get_ask, store.write_now(ask))
    assert found is not None
    return found


def of(store: Store, person: Person) -> object:
    return store.read_now(history.of, person, make.NOW + timedelta(days=1))


def test_an_ask_comes_back_with_its_reasons(store: Store, ana: Person) -> None:
    ask = asked(store, ana)

    assert ask.asked.action == "water/sign"
    assert ask.reasons == (Reason("follows", "water/water"),)
    assert (ask.story, ask.origin, ask.subscriber_id) == ("water/water-1", "nudge", ana.id)
    assert store.write_now(history.get_ask, ask.id + 1) is None


def test_a_claim_counts_once_whatever_path_it_takes(store: Store, ana: Person) -> None:
    first, second = asked(store, ana), asked(store, ana)

    assert store.write_now(history.claim, ana, first, "once", make.NOW)
    assert not store.write_now(history.claim, ana, first, "once", make.NOW)
    assert not store.write_now(history.claim, ana, second, "once", make.NOW)
    assert store.read_now(history.takers, "water/sign") == 1


def test_a_claim_taken_back_can_be_made_again(store: Store, ana: Person) -> None:
    ask = asked(store, ana)
    store.write_now(history.claim, ana, ask, "once", make.NOW)

    assert store.write_now(history.undo, ana, ask.id)
    assert not store.write_now(history.undo, ana, ask.id)
    assert store.read_now(history.takers, "water/sign") == 0
    assert store.write_now(history.claim, ana, ask, "once", make.NOW)
    assert [one.status for one in of(store, ana).taken] == ["undone", "claimed"]  # type: ignore[attr-defined]


def test_what_repeats_counts_once_a_period(store: Store, ana: Person) -> None:
    ask = asked(store, ana)
    results = [store.write_now(history.claim, ana, ask, day, make.NOW) for day in ("2026-06-01",) * 2 + ("2026-06-02",)]

    assert results == [True, False, True]


def test_a_story_is_shown_once(store: Store, ana: Person) -> None:
    store.write_now(history.show, ana, "water/water-1", make.NOW)
    store.write_now(history.show, ana, "water/water-1", make.NOW + timedelta(hours=1))

    assert of(store, ana).shown == {"water/water-1": make.NOW}  # type: ignore[attr-defined]


def test_an_answered_ask_is_open_no_more_and_is_not_taken_back(store: Store, ana: Person) -> None:
    ask = asked(store, ana)
    assert store.read_now(history.open_ask, ana, "water/sign") is not None

    store.write_now(history.answer, ask.id, "declined", make.NOW)
    store.write_now(history.take_back, ana.id, None, ask.id)

    assert store.read_now(history.open_ask, ana, "water/sign") is None
    assert [one.answer for one in of(store, ana).asked] == ["declined"]  # type: ignore[attr-defined]


def test_a_climb_is_told_once(store: Store, ana: Person) -> None:
    told = [store.write_now(history.tell_climb, ana, "water/water", "supporter", make.NOW) for _ in range(2)]

    assert told == [True, False]


def test_the_histories_of_many_are_those_of_each(store: Store, ana: Person) -> None:
    bob = store.write_now(subscribers.join, "web", "bob", make.person(follows=()), make.NOW).person
    store.write_now(history.claim, ana, asked(store, ana), "once", make.NOW)
    store.write_now(history.show, bob, "water/water-2", make.NOW)
    asked(store, bob, "water/give")

    together = store.read_now(history.of_many, [ana, bob], make.NOW + timedelta(days=1))

    assert together == {ana.id: of(store, ana), bob.id: of(store, bob)}
    assert [one.action for one in together[bob.id].asked] == ["water/give"]
