"""The outbox: claimed once, in order, recovered after a crash."""

import threading
from datetime import timedelta

from storage import deliveries, history, subscribers
from storage.store import Store
from tests import make
from tests.talk import START, Talk, publish


def joined(store: Store, people: int = 1) -> list[Talk]:
    publish(store, make.pack("nature", chapters=30, actions=make.climb("water", minutes=2)))
    return [Talk(store, chat=str(number)).joins() for number in range(1, people + 1)]


def planned(store: Store, people: int) -> list[Talk]:
    from bot.nudging import plan

    talks = joined(store, people)
    store.write_now(plan.plan, START.replace(day=3, hour=19))
    return talks


def test_two_workers_never_claim_the_same_row(store: Store) -> None:
    planned(store, 60)
    now = START.replace(day=3, hour=19)
    claimed: list[int] = []

    def work() -> None:
        while rows := store.write_now(deliveries.claim, "web", now, limit=7):
            claimed.extend(row.id for row in rows)

    threads = [threading.Thread(target=work) for _ in range(1 if store.sqlite else 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(claimed) == len(set(claimed)) == 60


def test_replies_go_before_nudges(store: Store) -> None:
    planned(store, 1)
    reached = store.write_now(subscribers.reach, "web", "1")
    assert reached is not None
    now = START.replace(day=3, hour=19)
    address = (reached.person.id, reached.address_id, reached.account_id)
    store.write_now(deliveries.add_replies, address, ["{}"], now)

    kinds = [row.kind for row in store.write_now(deliveries.claim, "web", now, limit=5)]
    assert kinds == ["reply", "nudge"]


def test_after_a_crash_a_nudge_in_flight_stays_in_doubt_and_a_reply_goes_again(store: Store) -> None:
    planned(store, 1)
    reached = store.write_now(subscribers.reach, "web", "1")
    assert reached is not None
    now = START.replace(day=3, hour=19)
    store.write_now(deliveries.add_replies, (reached.person.id, reached.address_id, reached.account_id), ["{}"], now)
    assert len(store.write_now(deliveries.claim, "web", now, limit=5)) == 2

    assert store.write_now(deliveries.recover, "web", now) == (1, 1)
    again = store.write_now(deliveries.claim, "web", now, limit=5)
    assert [row.kind for row in again] == ["reply"]


def test_a_slot_is_planned_once(store: Store) -> None:
    from bot.nudging import plan

    planned(store, 3)
    store.write_now(plan.plan, START.replace(day=3, hour=20))

    rows = joined_rows(store)
    assert len(rows) == len({(row.subscriber_id, row.slot) for row in rows}) == 3


def joined_rows(store: Store) -> list:
    from sqlalchemy import select

    from storage.schema import deliveries as table

    return store.write_now(lambda conn: conn.execute(select(table).where(table.c.kind == "nudge")).all())


def test_what_was_taken_back_can_be_shown_again(store: Store) -> None:
    (talk,) = planned(store, 1)
    person = talk.me()
    before = store.write_now(history.of, person, START).shown
    for row in store.write_now(deliveries.cancel_waiting, person.id, "test", kinds=("nudge",)):
        store.write_now(history.take_back, person.id, row.story_id, row.ask_id)

    assert len(store.write_now(history.of, person, START).shown) == len(before) - 1


def test_a_waiting_row_is_left_while_its_chat_is_busy(store: Store) -> None:
    planned(store, 2)
    now = START.replace(day=3, hour=19) + timedelta(minutes=1)

    rows = store.write_now(deliveries.claim, "web", now, limit=5, busy=["1"])
    assert [row.chat for row in rows] == ["2"]


def test_a_pack_that_was_rolled_back_is_not_remembered(store: Store) -> None:
    import pytest
    from sqlalchemy import Connection

    from storage import packs
    from storage.catalog import stock_of

    def load_and_fail(conn: Connection) -> None:
        pack = make.pack("gone")
        packs.publish(conn, pack, pack.model_dump_json(by_alias=True, exclude_none=True), {}, START)
        assert "gone" in stock_of(conn).packs
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        store.write_now(load_and_fail)
    publish(store, make.pack("kept"))

    assert set(store.write_now(stock_of).packs) == {"kept"}
