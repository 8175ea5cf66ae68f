"""What is remembered of recognition, on both databases."""

from datetime import date, timedelta

import pytest

from actions.facts import Person
from actions.recognition import Pause
from storage import consents, figures_of_causes, pauses, recognition, subscribers
from storage.figures import Count
from storage.store import Store
from tests.storage.joining import NOW, join, merge, publish_pack, rows, take

KEY = "a key"
TODAY = NOW.date()


@pytest.fixture
def ana(store: Store) -> Person:
    publish_pack(store)
    return join(store)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_a_rest_begins_ends_and_is_taken_the_place_of(store: Store, ana: Person) -> None:
    def of() -> list[Pause]:
        return store.write_now(pauses.of, ana)

    store.write_now(subscribers.change, ana, NOW, state="paused", paused_until=day(14))
    store.write_now(subscribers.change, ana, NOW, state="paused", paused_until=day(7))
    assert of() == [Pause(day(0), day(7))]
    later = NOW + timedelta(days=3)
    store.write_now(subscribers.change, ana, later, state="active", paused_until=None)
    assert of() == [Pause(day(0), day(3))]
    store.write_now(subscribers.change, ana, later, state="paused", paused_until=None)
    assert of() == [Pause(day(0), day(3)), Pause(day(3), date.max)]
    store.write_now(subscribers.change, ana, later, state="stopped")
    assert of() == [Pause(day(0), day(3))]


def test_each_is_told_once(store: Store, ana: Person) -> None:
    assert [store.write_now(recognition.tell, ana, "actions-5", NOW) for _ in range(3)] == [True, False, False]
    assert store.write_now(recognition.told, ana) == {"actions-5": NOW}


def test_two_records_made_one_are_told_nothing_twice_and_keep_what_either_said(store: Store, ana: Person) -> None:
    bob = join(store, "slack:T1")
    for person, what in ((ana, "actions-1"), (bob, "actions-1"), (bob, "actions-5")):
        store.write_now(recognition.tell, person, what, NOW)
    store.write_now(recognition.keep_words, bob, "Because.", KEY, NOW)
    store.write_now(recognition.hide, bob, recognition.WEEKS, hidden=True)
    store.write_now(pauses.begin, bob, day(7), NOW)
    ana = merge(store, ana, bob)

    assert set(store.write_now(recognition.told, ana)) == {"actions-1", "actions-5"}
    assert store.write_now(recognition.words, ana, KEY) == "Because."
    assert store.write_now(recognition.is_hidden, ana, recognition.WEEKS)
    assert store.write_now(pauses.of, ana) == [Pause(day(0), day(7))]


def test_words_are_sealed_and_replaced(store: Store, ana: Person) -> None:
    for words in ("My sister.", "My brother."):
        store.write_now(recognition.keep_words, ana, words, KEY, NOW)
    (row,) = rows(store, "own_words")

    assert b"brother" not in bytes(row.text)
    assert store.write_now(recognition.words, ana, KEY) == "My brother."
    assert store.write_now(recognition.words, ana, "another key") == ""


def test_actions_are_counted_by_what_vouches_for_them_and_people_once(store: Store, ana: Person) -> None:
    bob = join(store)
    take(store, ana, "water/sign", "verified")
    take(store, ana, "water/give")
    take(store, bob, "water/sign")
    take(store, bob, "water/give", "undone")
    wanted = ("water/sign", "water/give", "water/unknown")

    assert store.write_now(figures_of_causes.of_actions, wanted) == {
        "water/sign": Count(claimed=1, verified=1),
        "water/give": Count(claimed=1),
    }
    assert store.write_now(figures_of_causes.behind, wanted) == Count(people=2, claimed_people=2, verified_people=1)


def test_a_consent_that_was_taken_back_is_not_given(store: Store, ana: Person) -> None:
    for given in (True, False, True, False):
        store.write_now(consents.note, ana, what="named:room:1", text_hash="x", channel="slack", now=NOW, given=given)
    store.write_now(consents.note, ana, what="ethics:water", text_hash="x", channel="slack", now=NOW)

    assert store.write_now(consents.given, ana) == {"ethics:water"}
