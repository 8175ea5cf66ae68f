"""Codes that give a role: once, for a while, not to be guessed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.facts import Person
from storage import organizers, roles, schema, subscribers
from storage.store import Store
from tests import make

SOON = make.NOW + timedelta(minutes=5)


def join(store: Store, chat: str) -> Person:
    return store.write_now(subscribers.join, "web", chat, make.person(follows=()), make.NOW).person


@pytest.fixture
def ana(store: Store) -> Person:
    return join(store, "ana")


@pytest.fixture
def code(store: Store) -> str:
    made = organizers.fresh_code()
    store.write_now(organizers.add_code, "moderator", made, make.NOW)
    return made


def test_a_code_gives_its_role_once(store: Store, ana: Person, code: str) -> None:
    assert store.write_now(organizers.redeem, ana, code, SOON) == "moderator"
    assert store.read_now(roles.held_by, ana) == {"moderator"}
    assert store.write_now(organizers.redeem, join(store, "bob"), code, SOON) is None


def test_a_code_read_aloud_works_too(store: Store, ana: Person, code: str) -> None:
    spoken = "-".join(code[at : at + 5] for at in range(0, len(code), 5)).lower()

    assert organizers.is_code_shaped(spoken)
    assert store.write_now(organizers.redeem, ana, f" {spoken} ", SOON) == "moderator"


def test_a_code_past_its_time_gives_nothing(store: Store, ana: Person, code: str) -> None:
    assert store.write_now(organizers.redeem, ana, code, make.NOW + timedelta(minutes=15)) is None


def test_only_the_hash_of_a_code_is_kept(store: Store, code: str) -> None:
    rows = store.read_now(lambda conn: conn.execute(select(schema.codes)).all())

    assert rows
    assert code not in str(rows)


def test_codes_have_eighty_bits_and_are_never_alike() -> None:
    codes = {organizers.fresh_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(organizers.is_code_shaped(code) for code in codes)
    assert len(organizers.ALPHABET) ** organizers.LENGTH > 2**80


@pytest.mark.parametrize("role", ["king", "", "Owner", "ambassador"])
def test_another_role_is_refused(store: Store, role: str) -> None:
    with pytest.raises(ValueError, match="choose one of owner, organizer, moderator"):
        store.write_now(organizers.add_code, role, "x" * 20, make.NOW)


def test_after_five_wrong_codes_even_the_right_one_waits_an_hour(store: Store, ana: Person, code: str) -> None:
    for number in range(5):
        assert store.write_now(organizers.redeem, ana, f"WRONG{number}", make.NOW) is None
    assert store.write_now(organizers.redeem, ana, code, SOON) is None

    fresh = organizers.fresh_code()
    later = make.NOW + timedelta(hours=1, minutes=1)
    store.write_now(organizers.add_code, "owner", fresh, later)
    assert store.write_now(organizers.redeem, ana, fresh, later) == "owner"


def test_all_together_guess_a_hundred_times_an_hour(store: Store, code: str) -> None:
    people = [join(store, f"guesser {number}") for number in range(20)]
    for person in people:
        for number in range(5):
            store.write_now(organizers.redeem, person, f"WRONG{number}", make.NOW)

    assert store.write_now(organizers.redeem, join(store, "ana"), code, SOON) is None


def test_old_guesses_and_codes_are_swept_away(store: Store, ana: Person, code: str) -> None:
    store.write_now(organizers.redeem, ana, "WRONG", make.NOW)
    store.write_now(organizers.sweep, make.NOW + timedelta(hours=2))

    assert store.read_now(lambda conn: conn.execute(select(schema.codes)).all()) == []
    assert store.read_now(lambda conn: conn.execute(select(schema.guesses)).all()) == []
