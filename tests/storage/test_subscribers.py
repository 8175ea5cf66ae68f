"""People and their chats."""

from datetime import date, timedelta

import pytest

from actions.facts import Person, Rhythm
from storage import dialogs, invitations, subscribers
from storage.store import Store
from storage.subscribers import Reached
from tests import make
from tests.talk import publish

LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def ana(store: Store) -> Reached:
    """Someone who follows the one cause there is, at her own chat."""
    publish(store, make.pack(actions={"sign": make.action()}))
    reached = store.write_now(subscribers.join, "web", "ana", make.person(follows=(), zone="Europe/Berlin"), make.NOW)
    store.write_now(subscribers.follow, reached.person, "water/water", make.NOW)
    store.write_now(subscribers.onboard, reached.person, date(2026, 6, 1), make.NOW)
    return again(store, "ana")


def again(store: Store, chat: str) -> Reached:
    reached = store.write_now(subscribers.reach, "web", chat)
    assert reached is not None
    return reached


def due(store: Store, person: Person) -> object:
    from sqlalchemy import select

    from storage.schema import subscribers as table

    return store.read_now(lambda conn: conn.scalar(select(table.c.next_at).where(table.c.id == person.id)))


def test_a_newcomer_is_found_again_as_they_were_guessed(store: Store, ana: Reached) -> None:
    assert ana.onboarded
    assert ana.person.rhythm == Rhythm(zone="Europe/Berlin")
    assert ana.person.follows == {"water/water"}
    assert store.write_now(subscribers.reach, "web", "someone else") is None
    assert store.write_now(subscribers.reach, "telegram:1", "ana") is None


def test_keys_are_opaque_and_never_alike(store: Store, ana: Reached) -> None:
    other = store.write_now(subscribers.join, "web", "bob", make.person(follows=()), make.NOW)

    assert other.person.key != ana.person.key
    assert "bob" not in other.person.key
    assert str(other.person.id) != other.person.key


def test_a_new_rhythm_moves_the_due_time_and_keeps_half_a_days_distance(store: Store, ana: Reached) -> None:
    before = due(store, ana.person)
    wished = Rhythm(zone="Europe/Berlin", frequency="weekly", weekday=3)
    store.write_now(subscribers.set_rhythm, ana.person, wished, make.NOW)

    assert due(store, ana.person) > before
    assert again(store, "ana").person.rhythm == wished


def test_a_muted_cause_is_followed_and_not_heard_until_followed_again(store: Store, ana: Reached) -> None:
    store.write_now(subscribers.mute, ana.person, "water/water")
    assert again(store, "ana").person.muted == {"water/water"}

    store.write_now(subscribers.follow, ana.person, "water/water", LATER)
    assert again(store, "ana").person.muted == frozenset()

    store.write_now(subscribers.unfollow, ana.person, "water/water")
    assert again(store, "ana").person.follows == frozenset()


def test_who_cannot_be_reached_is_due_no_more_until_they_write_again(store: Store, ana: Reached) -> None:
    store.write_now(subscribers.unreachable, ana.address_id)
    gone = again(store, "ana")
    assert gone.person.state == "unreachable"
    assert due(store, gone.person) is None

    assert store.write_now(subscribers.revive, gone, LATER)
    assert again(store, "ana").person.state == "active"
    assert due(store, gone.person) is not None
    assert not store.write_now(subscribers.revive, again(store, "ana"), LATER)


def test_who_stopped_stays_stopped_when_the_chat_is_gone_too(store: Store, ana: Reached) -> None:
    store.write_now(subscribers.change, ana.person, make.NOW, state="stopped")
    store.write_now(subscribers.unreachable, ana.address_id)

    assert again(store, "ana").person.state == "stopped"


def test_a_chat_that_moved_is_found_at_its_new_id(store: Store, ana: Reached) -> None:
    store.write_now(subscribers.move, "web", "ana", "-100")

    assert again(store, "-100").person.id == ana.person.id
    assert store.write_now(subscribers.reach, "web", "ana") is None
    store.write_now(subscribers.move, "web", "ana", "-100")
    assert again(store, "-100").person.id == ana.person.id


def test_a_dialog_survives_and_ends(store: Store, ana: Reached) -> None:
    store.write_now(dialogs.keep, ana.person, {"step": "hour", "page": 2})
    assert store.write_now(dialogs.of, ana.person) == {"step": "hour", "page": 2}

    store.write_now(dialogs.keep, ana.person, None)
    assert store.write_now(dialogs.of, ana.person) == {}


def test_a_burst_is_counted_within_its_span(store: Store, ana: Reached) -> None:
    span = timedelta(minutes=1)
    assert [store.write_now(subscribers.burst, ana.person, make.NOW, span) for _ in range(3)] == [1, 2, 3]
    assert store.write_now(subscribers.burst, ana.person, make.NOW + span, span) == 1


def test_the_first_who_brought_a_newcomer_counts(store: Store, ana: Reached) -> None:
    newcomer = store.write_now(subscribers.join, "web", "bob", make.person(follows=()), make.NOW).person
    store.write_now(invitations.refer, newcomer, ana.person.id)
    store.write_now(invitations.refer, newcomer, newcomer.id)

    assert store.write_now(invitations.brought, ana.person) == 1


def test_a_pause_puts_the_next_nudge_on_its_last_day_or_later(store: Store, ana: Reached) -> None:
    until = date(2026, 6, 20)
    store.write_now(subscribers.change, ana.person, make.NOW, state="paused", paused_until=until)

    assert due(store, ana.person).date() >= until  # type: ignore[attr-defined]
