"""Joining the chats of one person: the code, where nudges come, parting, erasing."""

from datetime import timedelta

import pytest

from bot.nudging import outbox
from storage import (
    accounts,
    addresses,
    backup,
    deliveries,
    erasure,
    exports,
    history,
    linking,
    soundness,
    subscribers,
)
from storage.store import Store
from tests import make
from tests.storage.joining import KEY, NOW, STORIES, homes, join, merge, nudge, publish_pack, rows


@pytest.fixture(autouse=True)
def pack(store: Store) -> None:
    publish_pack(store)


def test_only_the_hash_of_a_code_is_kept_and_one_at_a_time(store: Store) -> None:
    ana = join(store)
    for code in ("ABCDEFGH", "JKMNPQRS"):
        store.write_now(linking.offer, ana, code, NOW)

    kept = rows(store, "codes", purpose="link")
    assert len(kept) == 1
    assert "JKMNPQRS" not in str(kept)


def test_a_code_is_no_role_and_a_role_no_code(store: Store) -> None:
    from storage import organizers

    ana, bob = join(store), join(store)
    store.write_now(linking.offer, ana, "ABCDEFGH", NOW)
    assert store.write_now(organizers.redeem, bob, "ABCDEFGH", NOW) is None
    store.write_now(organizers.add_code, "owner", "A" * 20, NOW)
    assert store.write_now(linking.redeem, bob, "A" * 20, NOW) is None
    assert store.write_now(organizers.redeem, bob, "A" * 20, NOW) == "owner"


def test_ones_own_code_is_not_used_up(store: Store) -> None:
    ana, bob = join(store), join(store)
    store.write_now(linking.offer, ana, "ABCDEFGH", NOW)

    assert store.write_now(linking.redeem, ana, "ABCDEFGH", NOW) is None
    found = store.write_now(linking.redeem, bob, "abcd–efgh", NOW)
    assert found is not None
    assert found.id == ana.id


def test_guessing_by_buttons_is_counted_too(store: Store) -> None:
    ana, bob = join(store), join(store)
    store.write_now(linking.offer, ana, "ABCDEFGH", NOW)
    for number in range(2, 7):
        assert store.write_now(linking.redeem, bob, f"AAAAAAA{number}", NOW) is None

    assert store.write_now(linking.redeem, bob, "ABCDEFGH", NOW) is None
    assert len(rows(store, "guesses")) == 5


def test_old_codes_are_swept_away(store: Store) -> None:
    from storage import organizers

    store.write_now(linking.offer, join(store), "ABCDEFGH", NOW)
    store.write_now(organizers.sweep, NOW + timedelta(hours=2))

    assert rows(store, "codes") == []


def test_planner_and_others_agree_on_where_nudges_go(store: Store) -> None:
    ana, bob, carl = join(store), join(store, "slack:T1"), join(store, "telegram:1")
    for gone in (bob, carl):
        merge(store, ana, gone)
    first, second, third = (place.address_id for place in store.write_now(linking.places, ana))
    assert homes(store, ana) == {first}

    assert store.write_now(linking.prefer, ana, second)
    assert homes(store, ana) == {second}
    store.write_now(subscribers.unreachable, second)
    assert homes(store, ana) == {first}
    assert not store.write_now(linking.prefer, ana, second)
    store.write_now(subscribers.unreachable, first)
    assert homes(store, ana) == {third}
    assert store.write_now(subscribers.get, ana.id).state == "active"

    chat = {place.address_id: place for place in store.write_now(linking.places, ana)}[second]
    reached = store.write_now(subscribers.reach, chat.account, chat.chat)
    assert reached is not None
    store.write_now(subscribers.revive, reached, NOW)
    assert homes(store, ana) == {second}
    assert store.write_now(lambda conn: list(exports.people(conn, NOW)))[0]["channel"] == "slack"


def test_what_waits_goes_where_it_is_wished_from_now_on(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    ana = merge(store, ana, bob)
    nudge(store, ana, "pending", NOW.date(), STORIES[0])
    slack = store.write_now(linking.places, ana)[1]
    store.write_now(linking.prefer, ana, slack.address_id)

    assert store.write_now(deliveries.claim, "web", NOW, limit=5) == []
    assert [row.chat for row in store.write_now(deliveries.claim, "slack:T1", NOW, limit=5)] == [slack.chat]


def test_platforms_may_number_their_messages_alike(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    for person, story, account in ((ana, STORIES[0], "web"), (bob, STORIES[1], "slack:T1")):
        nudge(store, person, "pending", NOW.date(), story)
        (row,) = store.write_now(deliveries.claim, account, NOW, limit=1)
        store.write_now(deliveries.note_all_sent, [(row.id, "7", "", NOW)])
    ana = merge(store, ana, bob)

    def told(account: str) -> object:
        found = store.write_now(deliveries.last_nudge, ana.id, "7", account)
        return found and store.write_now(lambda conn: history.stock_of(conn).refs[found.story_id or 0])

    assert [told("web"), told("slack:T1"), told("telegram:1")] == [STORIES[0], STORIES[1], None]


def test_a_parted_chat_is_nobodys_and_the_past_stays(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    nudge(store, bob, "sent", NOW.date() - timedelta(days=3), STORIES[0])
    home = store.write_now(addresses.home, bob.id)
    store.write_now(deliveries.add_replies, home, ["{}"], NOW)
    ana = merge(store, ana, bob)
    web, slack = store.write_now(linking.places, ana)
    store.write_now(linking.prefer, ana, slack.address_id)
    nudge(store, ana, "pending", NOW.date(), STORIES[1])
    store.write_now(linking.part, ana, slack.address_id)

    assert store.write_now(subscribers.reach, "slack:T1", slack.chat) is None
    assert homes(store, ana) == {web.address_id}
    found = {(row.kind, row.status) for row in rows(store, "deliveries")}
    assert found == {("nudge", "sent"), ("nudge", "pending"), ("reply", "cancelled")}
    assert [row.chat for row in store.write_now(deliveries.claim, "web", NOW, limit=5)] == [web.chat]
    exported = store.write_now(lambda conn: list(exports.messages(conn, NOW)))
    assert exported[0]["channel"] == "slack"
    assert store.write_now(soundness.strays) == []


def test_the_last_chat_cannot_be_parted_nor_the_last_that_is_reached(store: Store) -> None:
    ana = join(store)
    (web,) = store.write_now(linking.places, ana)
    assert store.write_now(linking.part, ana, web.address_id) is None

    merge(store, ana, join(store, "slack:T1"))
    slack = store.write_now(linking.places, ana)[1]
    store.write_now(subscribers.unreachable, slack.address_id)
    assert store.write_now(linking.part, ana, web.address_id) is None
    assert store.write_now(linking.part, ana, slack.address_id) is not None


def test_a_reply_in_flight_to_a_parted_chat_is_sent_nowhere_else(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    ana = merge(store, ana, bob)
    _, slack = store.write_now(linking.places, ana)
    account = store.write_now(accounts.number, "slack:T1")
    store.write_now(deliveries.add_replies, (ana.id, slack.address_id, account), ["{}"], NOW)
    (flying,) = store.write_now(deliveries.claim, "slack:T1", NOW, limit=1)
    store.write_now(linking.part, ana, slack.address_id)
    store.write_now(deliveries.note_retry, flying.id, NOW, "timeout")

    for name in ("slack:T1", "web"):
        assert store.write_now(outbox.claim, name, NOW, 5, []) == []


def test_who_is_erased_is_suppressed_at_every_address(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1")
    ana = merge(store, ana, bob)
    web, slack = store.write_now(linking.places, ana)
    store.write_now(erasure.erase, ana, account=web.account, chat=web.chat, key=KEY, now=NOW)

    kept = {row.hash for row in rows(store, "suppressed")}
    assert kept == {erasure.digest(place.account, place.chat, KEY) for place in (web, slack)}


def test_who_was_erased_once_and_came_again_is_not_erased_by_a_backup_after_joining(store: Store) -> None:
    early, later = NOW - timedelta(days=300), NOW + timedelta(days=2)
    ana, bob = join(store, at=early), join(store, "slack:T1")
    (slack,) = store.write_now(linking.places, bob)
    store.write_now(erasure.erase, bob, account=slack.account, chat=slack.chat, key=KEY, now=NOW + timedelta(days=1))
    again = store.write_now(subscribers.join, slack.account, slack.chat, make.person(follows=()), later).person
    merge(store, ana, again, later)

    gone = {row.hash: row.erased_at for row in rows(store, "suppressed")}
    store.write_now(backup._arrive, gone, KEY, later)
    assert [row.id for row in rows(store, "subscribers")] == [ana.id]


def test_the_older_of_the_two_says_since_when(store: Store) -> None:
    ana, bob = join(store), join(store, "slack:T1", at=NOW - timedelta(days=90))

    assert merge(store, ana, bob).joined_at == NOW - timedelta(days=90)
