"""Photos in the database: one decision, one fetch, one life with their person, on both databases."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from actions.facts import Person
from storage import history, photos, uploads
from storage.photos import Photo, Wanted
from storage.store import Store
from tests.storage.joining import NOW, ask, join, merge, publish_pack, rows


@pytest.fixture
def ana(store: Store) -> Person:
    publish_pack(store)
    return join(store)


def claimed(store: Store, person: Person, ref: str = "water/sign") -> int:
    """Claim an action; returns the number of the ask."""
    asked = ask(store, person, ref, "taken")
    assert store.write_now(history.claim, person, asked, "once", NOW)
    return asked.id


def invited(store: Store, person: Person, ref: str = "water/sign") -> int:
    number = store.write_now(photos.invite, person, claimed(store, person, ref), NOW)
    assert number is not None
    return number


def waiting(store: Store, person: Person, ref: str = "water/sign") -> Photo:
    number = invited(store, person, ref)
    store.write_now(photos.want, number, "web", "f", NOW)
    wanted = store.write_now(photos.claim, ["web"], NOW)
    assert wanted is not None
    assert store.write_now(photos.keep, wanted, b"sealed")
    found = store.write_now(photos.get, number)
    assert found is not None
    return found


def at_once(store: Store, *changes: Callable[[Connection], Any]) -> list[Any]:
    """Do several things in the same moment, as several workers would; returns what each came to."""

    async def all_of_them() -> list[Any]:
        return await asyncio.gather(*(store.write(change) for change in changes))

    return asyncio.run(all_of_them())


def test_two_moderators_at_once_make_one_decision(store: Store, ana: Person) -> None:
    mo, kim = join(store), join(store)
    for ref in ("water/sign", "water/give", "water/tell"):
        photo = waiting(store, ana, ref)
        accepted, declined = at_once(
            store,
            lambda conn, photo=photo: photos.accept(conn, photo, mo, NOW),
            lambda conn, photo=photo: photos.decline(conn, photo, kim, "other", NOW),
        )
        (taken,) = rows(store, "taken", id=photo.taken_id)

        assert [accepted, declined].count(True) == 1
        assert taken.status == ("verified" if accepted else "undone")
        (row,) = rows(store, "photos", id=photo.id)
        assert row.decided_by == (mo.id if accepted else kim.id)


def test_a_decision_and_a_change_of_mind_at_once_end_in_one_of_the_two(store: Store, ana: Person) -> None:
    mo = join(store)

    def take_back(conn: Connection, photo: Photo) -> bool:
        assert photo.ask_id is not None
        done = history.undo(conn, ana, photo.ask_id)
        if done:
            photos.withdraw(conn, ana, photo.ask_id)
        return done

    for ref in ("water/sign", "water/give", "water/tell"):
        photo = waiting(store, ana, ref)
        accepted, undone = at_once(
            store,
            lambda conn, photo=photo: photos.accept(conn, photo, mo, NOW),
            lambda conn, photo=photo: take_back(conn, photo),
        )
        (taken,) = rows(store, "taken", id=photo.taken_id)

        assert accepted != undone
        assert taken.status == ("verified" if accepted else "undone")


def test_each_photo_is_fetched_by_one_process(store: Store, ana: Person) -> None:
    for ref in ("water/sign", "water/give", "water/tell"):
        store.write_now(photos.want, invited(store, ana, ref), "web", ref, NOW)
    found = at_once(store, *[lambda conn: photos.claim(conn, ["web"], NOW)] * 4)
    again = [store.write_now(photos.claim, ["web"], NOW) for _ in range(3)]
    files = [wanted.file for wanted in (*found, *again) if wanted is not None]

    assert sorted(files) == ["water/give", "water/sign", "water/tell"]
    assert store.write_now(photos.claim, ["telegram:1"], NOW + timedelta(hours=1)) is None


def test_what_a_dead_process_had_in_hand_is_fetched_by_the_next_and_the_late_one_is_refused(
    store: Store, ana: Person
) -> None:
    store.write_now(photos.want, invited(store, ana), "web", "f", NOW)
    first = store.write_now(photos.claim, ["web"], NOW)
    assert store.write_now(photos.claim, ["web"], NOW + timedelta(minutes=1)) is None
    second = store.write_now(photos.claim, ["web"], NOW + timedelta(minutes=4))
    assert isinstance(first, Wanted)
    assert isinstance(second, Wanted)

    assert not store.write_now(photos.keep, first, b"late")
    assert not store.write_now(photos.give_up, first, NOW)
    assert store.write_now(photos.keep, second, b"sealed")


def test_an_upload_goes_as_soon_as_it_was_fetched(store: Store, ana: Person) -> None:
    store.write_now(uploads.put, "f", "chat", b"raw", NOW)
    store.write_now(photos.want, invited(store, ana), "web", "f", NOW)
    store.write_now(uploads.drop_unwanted, "chat")
    assert len(rows(store, "uploads")) == 1
    wanted = store.write_now(photos.claim, ["web"], NOW)
    assert wanted is not None
    store.write_now(photos.keep, wanted, b"sealed")

    assert rows(store, "uploads") == []


def test_uploads_are_swept(store: Store) -> None:
    for key, age in (("old", timedelta(days=2)), ("odd", timedelta(hours=1)), ("new", timedelta(minutes=1))):
        store.write_now(uploads.put, key, "chat", b"raw", NOW - age)
    store.write_now(uploads.sweep, NOW)

    assert [row.key for row in rows(store, "uploads")] == ["new"]


def test_one_record_of_two_keeps_the_photos_of_both(store: Store, ana: Person) -> None:
    other, mo = join(store), join(store)
    mine, theirs, alone = waiting(store, ana), waiting(store, other), waiting(store, other, "water/give")
    kept = merge(store, ana, other)

    assert store.write_now(photos.waiting, mo) == 3
    assert {row.subscriber_id for row in rows(store, "photos")} == {kept.id}
    numbers = {row.id: row.taken_id for row in rows(store, "photos")}
    assert numbers[mine.id] == numbers[theirs.id] != numbers[alone.id]


def test_a_moderator_of_two_records_still_decided(store: Store, ana: Person) -> None:
    mo, gone = join(store), join(store)
    photo = waiting(store, ana)
    store.write_now(photos.accept, photo, gone, NOW)
    merge(store, mo, gone)

    (row,) = rows(store, "photos")
    assert row.decided_by == mo.id


def test_open_invitations_and_held_photos_are_forgotten_in_time(store: Store, ana: Person) -> None:
    invited(store, ana)
    store.write_now(photos.hold, ana, "web", "f", NOW)
    store.write_now(photos.sweep, NOW + timedelta(hours=23))
    assert len(rows(store, "photos")) == 2
    store.write_now(photos.sweep, NOW + timedelta(days=2))
    assert [row.state for row in rows(store, "photos")] == ["invited"]
    store.write_now(photos.sweep, NOW + timedelta(days=8))

    assert rows(store, "photos") == []
