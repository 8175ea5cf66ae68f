"""Letters at rest, on both databases."""

from datetime import date, timedelta

import pytest

from actions.facts import Person
from content.model import Maker
from storage import letters, sealed
from storage.store import Store
from tests.storage.joining import NOW, ask, join, merge, publish_pack, rows

SECRET = "a secret of the tests"
ON = date(2026, 6, 20)
WORDS = "My grandmother read by a paraffin lamp."


@pytest.fixture(autouse=True)
def packs(store: Store) -> None:
    publish_pack(store)


def maker(name: str = "Alex") -> Maker:
    return Maker(name=name, office="Minister", email="office@example.org")


def write(store: Store, person: Person, name: str = "Alex", words: str = WORDS, asked: int = 0) -> int:
    asked = asked or ask(store, person, "water/tell").id
    to = letters.To(asked, "water/tell", maker(name), ON, "en")
    return store.write_now(letters.keep, person, to, words, SECRET, NOW)


def states(store: Store) -> list[str]:
    return [row.state for row in sorted(rows(store, "letters"), key=lambda row: row.id)]


def test_a_letter_is_read_with_the_secret_alone(store: Store) -> None:
    ana = join(store)
    number = write(store, ana)
    mine, others = (store.write_now(letters.get, number, secret) for secret in (SECRET, "another"))

    assert mine is not None
    assert others is not None
    assert (mine.text, others.text) == (WORDS, "")
    (row,) = rows(store, "letters")
    assert sealed.unseal(row.text, SECRET) == WORDS
    assert b"grandmother" not in bytes(row.text)


def test_one_draft_for_each_decision_maker(store: Store) -> None:
    ana = join(store)
    first, second, again = (
        write(store, ana),
        write(store, ana, "Sam"),
        write(store, ana, words="Other words, the same."),
    )

    assert (first, states(store)) == (again, ["draft", "draft"])
    assert second != first
    assert store.write_now(letters.written, ana, "water/tell") == 2


def test_what_was_sent_is_not_written_over(store: Store) -> None:
    ana = join(store)
    first = write(store, ana)
    assert store.write_now(letters.settle, first, "sent")
    assert not store.write_now(letters.settle, first, "dropped")
    second = write(store, ana)

    assert second != first
    assert states(store) == ["sent", "draft"]


def test_a_claim_sends_the_newest_draft_unless_one_was_told_to_be_sent(store: Store) -> None:
    ana = join(store)
    asked = ask(store, ana, "water/tell").id
    write(store, ana, asked=asked)
    sam = write(store, ana, "Sam", asked=asked)
    store.write_now(letters.done_with, asked)
    assert states(store) == ["draft", "sent"]
    store.write_now(letters.done_with, asked)
    assert states(store) == ["draft", "sent"]
    store.write_now(letters.undone_with, asked)
    assert states(store) == ["draft", "draft"]
    assert store.write_now(letters.settle, sam, "dropped")

    assert store.write_now(letters.counts) == [("water/tell", "Alex", 1, 0)]


def test_letters_are_counted_for_each_decision_maker(store: Store) -> None:
    for sent in (True, False):
        number = write(store, join(store))
        if sent:
            store.write_now(letters.settle, number, "sent")
    write(store, join(store), "Sam")

    assert store.write_now(letters.counts) == [("water/tell", "Alex", 2, 1), ("water/tell", "Sam", 1, 0)]


def test_two_chats_joined_keep_the_letters_of_both(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    write(store, ana)
    write(store, bob, words="I wrote this one on my telephone.")
    kept = merge(store, ana, bob)

    assert len(store.write_now(letters.of_person, kept, SECRET)) == 2


def test_letters_go_thirty_days_after_the_decision(store: Store) -> None:
    write(store, join(store))
    store.write_now(letters.sweep, NOW + timedelta(days=49))
    assert states(store) == ["draft"]
    store.write_now(letters.sweep, NOW + timedelta(days=50))

    assert states(store) == []
