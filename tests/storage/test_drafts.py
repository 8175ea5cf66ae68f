"""Drafts of stories: sealed at rest, read by organizers, handed to their author, gone with them."""

import json

import pytest
from sqlalchemy import Connection, select

from storage import drafts, erasure, person_export, schema, sealed
from storage.drafts import Words
from storage.store import Store
from tests import make
from tests.talk import HOUSE, START, Talk, publish

STORY = "The clinic has light now, and the nurse reads the labels without a torch. Zürich 🎈"
OTHER = "quite another secret"


@pytest.fixture
def ana(store: Store) -> Talk:
    publish(store, make.pack("nature", causes=("water", "trees")))
    return Talk(store)


def kept(ana: Talk, words: Words, origin: str = "told") -> int:
    return ana.store.write_now(drafts.add, ana.me(), origin, words, HOUSE.secret, START)


def newest(conn: Connection, before: int = 0) -> int:
    found = drafts.newest(conn, HOUSE.secret, before)
    return found.id if found else 0


def test_words_come_back_as_they_were_sealed() -> None:
    assert sealed.unseal(sealed.seal(STORY, "a"), "a") == STORY
    assert sealed.seal(STORY, "a") != sealed.seal(STORY, "a")


@pytest.mark.parametrize("secret", ["", "b", "a ", "ü" * 500])
def test_another_secret_opens_nothing_and_nothing_is_raised(secret: str) -> None:
    assert sealed.unseal(sealed.seal(STORY, "a"), secret) is None


@pytest.mark.parametrize("damaged", [b"", b"\x00", b"not a token", "é".encode(), b"gAAAAA" * 40])
def test_what_is_damaged_is_told_as_nothing(damaged: bytes) -> None:
    assert sealed.unseal(damaged, "a") is None


def test_nothing_that_was_written_stands_in_the_database(ana: Talk) -> None:
    ana.joins()
    kept(ana, Words(STORY, "nature/water", "en", "Amina"))

    def raw(conn: Connection) -> str:
        return repr(list(conn.execute(select(schema.drafts.c.text, schema.drafts.c.name))))

    bare = ana.store.write_now(raw)
    assert "clinic" not in bare
    assert "Amina" not in bare
    assert "clinic" not in repr(ana.rows("deliveries"))


def test_a_draft_comes_back_whole(ana: Talk) -> None:
    ana.joins()
    number = kept(ana, Words(STORY, "nature/water", "es", "Amina"))
    found = ana.store.write_now(drafts.get, number, HOUSE.secret)

    assert found is not None
    assert (found.text, found.name, found.cause, found.language) == (STORY, "Amina", "nature/water", "es")
    assert (found.origin, found.state, found.at) == ("told", "waiting", START)


def test_another_secret_reads_no_draft(ana: Talk) -> None:
    ana.joins()
    number = kept(ana, Words(STORY, None, "en", "Amina"))
    found = ana.store.write_now(drafts.get, number, OTHER)

    assert found is not None
    assert (found.text, found.name) == ("", "")


def test_drafts_are_gone_through_from_the_newest(ana: Talk) -> None:
    ana.joins()
    first, second, third = (kept(ana, Words(STORY, None, "en")) for _ in range(3))

    assert [ana.store.write_now(newest, before) for before in (0, third, second, first)] == [third, second, first, 0]
    assert ana.store.write_now(drafts.settle, third, "used")
    assert not ana.store.write_now(drafts.settle, third, "declined")
    assert ana.store.write_now(newest) == second
    assert ana.store.write_now(drafts.waiting) == 2


def test_a_number_that_is_none_settles_nothing(ana: Talk) -> None:
    assert not ana.store.write_now(drafts.settle, 999, "used")
    assert ana.store.write_now(drafts.get, 999, HOUSE.secret) is None


def test_ones_own_drafts_are_in_ones_own_data_and_nobody_elses(ana: Talk) -> None:
    ana.joins()
    ben = Talk(ana.store, chat="2").joins()
    kept(ana, Words(STORY, "nature/water", "en", "Amina"))
    mine, theirs = (json.loads(ana.store.write_now(person_export.of, one.me(), HOUSE.secret)) for one in (ana, ben))

    assert [(one["text"], one["name"], one["cause"]) for one in mine["stories"]] == [(STORY, "Amina", "nature/water")]
    assert theirs["stories"] == []


def test_what_an_erased_person_told_is_gone(ana: Talk) -> None:
    ana.joins()
    kept(ana, Words(STORY, None, "en"))
    person = ana.me()
    ana.store.write_now(lambda conn: erasure.erase(conn, person, account="web", chat="1", key="k", now=START))

    assert not ana.rows("drafts")


def test_a_cause_that_a_pack_dropped_is_remembered_by_its_name(ana: Talk, store: Store) -> None:
    ana.joins()
    number = kept(ana, Words(STORY, "nature/water", "en"))
    publish(store, make.pack("nature", causes=("trees",), version=2))
    found = store.write_now(drafts.get, number, HOUSE.secret)
    assert found is not None
    assert found.cause == "nature/water"
