"""Two records of one person made one: nothing counts twice, nobody hears twice."""

from datetime import timedelta

import pytest

from bot.message import Outcome, Receipt
from bot.nudging import outbox
from storage import (
    addresses,
    deliveries,
    exports,
    history,
    invitations,
    merging,
    schema,
    subscribers,
)
from storage.store import Store
from tests.storage.joining import CAUSES, NOW, STORIES, join, merge, nudge, past, publish_pack, rows, take


@pytest.fixture(autouse=True)
def pack(store: Store) -> None:
    publish_pack(store)


def test_no_table_is_forgotten() -> None:
    """A table whose rows belong to a person would lose them silently: the other record is deleted with all its rows."""
    owned = {
        table.name
        for table in schema.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "subscribers" and table.name != "subscribers"
    }
    moved = {table.name for table, _ in merging.ONE_OF_EACH} | {table.name for table in merging.AS_THEY_ARE}

    assert owned == moved | {"taken", "climbs", "addresses", "pledgers"}


@pytest.mark.parametrize(("mine", "theirs", "status"), [("claimed", "verified", "verified"), ("verified", "claimed", "verified"), ("claimed", "claimed", "claimed"), ("undone", "claimed", "claimed"), ("claimed", "undone", "claimed")])  # fmt: skip
def test_what_both_did_counts_once_and_its_best_proof_stays(store: Store, mine: str, theirs: str, status: str) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    take(store, ana, "water/sign", mine, NOW - timedelta(days=2))
    take(store, bob, "water/sign", theirs, NOW - timedelta(days=5))
    ana = merge(store, ana, bob)

    live = [one for one in past(store, ana).taken if one.status != "undone"]
    assert [one.status for one in live] == [status]
    if "undone" not in (mine, theirs):
        assert live[0].at == NOW - timedelta(days=5)
        exported = store.write_now(lambda conn: list(exports.actions(conn, NOW)))
        assert [(row["subscriber"], row["status"]) for row in exported] == [(ana.key, status)]


def test_the_settings_and_the_state_are_those_of_the_one_who_made_the_code(store: Store) -> None:
    ana = join(store, frequency="weekly", language="de", zone="Europe/Berlin")
    bob = join(store, "slack:T1", frequency="daily", zone="America/Lima")
    store.write_now(subscribers.change, bob, NOW, state="stopped", stopped_at=NOW)
    merged = merge(store, ana, bob)

    assert (merged.rhythm, merged.language, merged.key, merged.state) == (ana.rhythm, "de", ana.key, "active")


def test_a_stop_of_the_one_who_made_the_code_holds(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    store.write_now(subscribers.change, ana, NOW, state="stopped", stopped_at=NOW)

    assert merge(store, ana, bob).state == "stopped"
    assert rows(store, "subscribers")[0].next_at is None


def test_one_who_could_not_be_reached_can_be_now(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    store.write_now(subscribers.unreachable, rows(store, "addresses", subscriber_id=ana.id)[0].id)

    assert merge(store, ana, bob).state == "active"
    assert rows(store, "subscribers")[0].next_at is not None


def test_muted_stays_only_what_both_had_muted(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    for person, cause, muted in ((ana, 0, True), (bob, 0, False), (ana, 1, True), (bob, 1, True)):
        store.write_now(subscribers.follow, person, CAUSES[cause], NOW)
        if muted:
            store.write_now(subscribers.mute, person, CAUSES[cause])
    merged = merge(store, ana, bob)

    assert merged.follows == set(CAUSES)
    assert merged.muted == {CAUSES[1]}


def test_both_links_for_friends_stay_good_and_nobody_brings_themselves(store: Store) -> None:
    ana, bob, carl = join(store), join(store, "slack:T1"), join(store)
    for person, key in ((ana, "key-a"), (bob, "key-b")):
        store.write_now(invitations.key_of, person, key, NOW)
    store.write_now(invitations.credit, bob, "key-a")
    store.write_now(invitations.credit, carl, "key-b")
    ana = merge(store, ana, bob)

    assert store.write_now(invitations.brought, ana) == 1
    dora = join(store)
    for key in ("key-a", "key-b"):
        assert store.write_now(invitations.credit, dora, key)
        assert not store.write_now(invitations.credit, ana, key)
    assert store.write_now(invitations.brought, ana) == 2


@pytest.mark.parametrize("first", [True, False])
def test_who_was_brought_by_the_other_is_brought_by_nobody(store: Store, first: bool) -> None:
    ana, bob, carl = join(store), join(store, "slack:T1"), join(store)
    store.write_now(invitations.refer, ana, bob.id if first else carl.id)
    store.write_now(invitations.refer, carl, bob.id)
    merge(store, ana, bob)

    referrers = {row.id: row.referrer_id for row in rows(store, "subscribers")}
    assert referrers == {ana.id: None, carl.id: ana.id}


def test_what_waits_for_the_other_goes_and_its_story_can_be_told_again(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    nudge(store, bob, "pending", NOW.date(), STORIES[0])
    home = store.write_now(addresses.home, bob.id)
    store.write_now(deliveries.add_replies, home, ["{}"], NOW)
    ana = merge(store, ana, bob)

    found = {row.kind: (row.status, row.reason, row.subscriber_id) for row in rows(store, "deliveries")}
    assert found == {"nudge": ("cancelled", "linked", ana.id), "reply": ("pending", "", ana.id)}
    assert past(store, ana).shown == {}


def test_what_waits_for_the_kept_one_goes_when_the_other_just_heard(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    nudge(store, ana, "pending", NOW.date(), STORIES[0])
    nudge(store, bob, "sent", NOW.date(), STORIES[1])
    for person, at in ((ana, NOW), (bob, NOW - timedelta(hours=1))):
        store.write_now(subscribers.change, person, NOW, last_day=NOW.date(), last_slot_at=at)
    ana = merge(store, ana, bob)

    assert sorted(row.status for row in rows(store, "deliveries")) == ["cancelled", "sent"]
    assert set(past(store, ana).shown) == {STORIES[1]}
    assert len([row for row in rows(store, "deliveries") if row.slot]) == 1


def test_two_that_wait_become_one(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    for person in (ana, bob):
        nudge(store, person, "pending", NOW.date(), STORIES[0])
        store.write_now(subscribers.change, person, NOW, last_day=NOW.date(), last_slot_at=NOW)
    ana = merge(store, ana, bob)

    assert sorted(row.status for row in rows(store, "deliveries")) == ["cancelled", "pending"]
    assert set(past(store, ana).shown) == {STORIES[0]}


def test_what_is_in_flight_is_not_tried_again(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    nudge(store, bob, "pending", NOW.date(), STORIES[0])
    (flying,) = store.write_now(deliveries.claim, "slack:T1", NOW, limit=1)
    ana = merge(store, ana, bob)
    store.write_now(deliveries.note_retry, flying.id, NOW, "timeout")

    assert store.write_now(outbox.claim, "slack:T1", NOW, 5, []) == []
    assert [row.status for row in rows(store, "deliveries")] == ["cancelled"]
    assert past(store, ana).shown == {}


def test_what_fails_in_flight_is_taken_back_from_the_joined_record(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    nudge(store, bob, "pending", NOW.date(), STORIES[0])
    ((flying, _),) = store.write_now(outbox.claim, "slack:T1", NOW, 1, [])
    ana = merge(store, ana, bob)
    newcomer = join(store)
    store.write_now(history.show, newcomer, STORIES[0], NOW)
    store.write_now(outbox.note, flying, Receipt(Outcome.FAILED, reason="x"), NOW, 0.0)

    assert past(store, ana).shown == {}
    assert set(past(store, newcomer).shown) == {STORIES[0]}


def test_after_joining_the_next_one_keeps_its_distance_from_both(store: Store) -> None:
    ana, bob = join(store, hour=NOW.time()), join(store, "slack:T1")
    at = NOW - timedelta(hours=3)
    store.write_now(subscribers.change, bob, NOW, last_day=at.date(), last_slot_at=at)
    merge(store, ana, bob)

    assert rows(store, "subscribers")[0].next_at >= at + timedelta(hours=12)
    assert rows(store, "subscribers")[0].next_at.date() > at.date()
