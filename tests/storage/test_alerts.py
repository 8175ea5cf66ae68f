"""Alerts on their way, on both databases: nobody twice, nobody forgotten, whatever happens in between."""

import itertools
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from actions.alerting import MOVES, after
from bot.message import Outcome, Receipt
from bot.nudging import alerts as planning
from bot.nudging import outbox
from storage import alerts, audit, deliveries, merging, panic, schema, subscribers
from storage.alerts import Alert
from storage.audit import By
from storage.store import Store
from tests import databases, make
from tests.storage.joining import join, publish_pack

NOW = make.NOW
TERMINAL = By("terminal")


class CrashError(Exception):
    """The process died."""


def sending(store: Store, people: int) -> Alert:
    """An alert whose minute is over, to so many people."""
    publish_pack(store)
    for _ in range(people):
        wanting(store)
    return sent(store)


def wanting(store: Store) -> int:
    person = join(store)
    store.write_now(subscribers.change, person, NOW, alerts=True)
    return person.id


def sent(store: Store, now: datetime = NOW) -> Alert:
    made = store.write_now(alerts.draft, TERMINAL, now - timedelta(minutes=2))
    store.write_now(alerts.change, made.id, texts={"en": "Now."})
    assert store.write_now(alerts.move, made.id, "send", TERMINAL, now - timedelta(minutes=1))
    return store.write_now(alerts.must, made.id)


def mail(store: Store, alert: Alert, kind: str = "alert") -> list:
    table = schema.deliveries
    wanted = select(table).where(table.c.alert_id == alert.id, table.c.kind == kind)
    return store.write_now(lambda conn: conn.execute(wanted).all())


def state(store: Store, alert: Alert) -> str:
    return store.write_now(alerts.must, alert.id).state


def delivers(store: Store, now: datetime, limit: int = 1000, outcome: Outcome = Outcome.SENT) -> int:
    claimed = store.write_now(outbox.claim, "web", now, limit, [])
    for row, _ in claimed:
        store.write_now(outbox.note, row, Receipt(outcome, ref=f"r{row.id}"), now, 0.0)
    return len(claimed)


def test_every_move_leads_where_it_says(store: Store) -> None:
    states = ("draft", "scheduled", "held", "running", "paused", "done", "cancelled", "retracted")
    publish_pack(store)
    for before, what in itertools.product(states, MOVES):
        alert = store.write_now(alerts.draft, TERMINAL, NOW)
        store.write_now(put_into, alert.id, before)
        assert store.write_now(alerts.move, alert.id, what, TERMINAL, NOW) == (after(before, what) is not None)
        assert state(store, alert) == (after(before, what) or before)
        assert len(store.write_now(audit.of, alert.id)) == 1 + (after(before, what) is not None)


def put_into(conn: Connection, number: int, wanted: str) -> None:
    conn.execute(update(schema.alerts).where(schema.alerts.c.id == number).values(state=wanted))


def test_twenty_first_then_the_rest(store: Store) -> None:
    alert = sending(store, 30)
    while store.write_now(planning.plan, NOW, 7):
        pass
    assert len(mail(store, alert)) == 20
    while store.write_now(planning.plan, NOW + timedelta(minutes=2), 7):
        pass
    assert len(mail(store, alert)) == 30


@settings(max_examples=12)
@given(
    crashes=st.lists(st.booleans(), max_size=30),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    newcomers=st.sets(st.integers(0, 12)),
)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_whatever_the_crash_nobody_twice_nobody_forgotten(
    tmp_path_factory: pytest.TempPathFactory, kind: str, crashes: list[bool], sizes: list[int], newcomers: set[int]
) -> None:
    """The process dies inside any of the batches, and between any two of them messages go out and people come."""
    store = databases.sqlite(tmp_path_factory.mktemp("db")) if kind == "sqlite" else databases.postgres()
    try:
        alert, now = sending(store, 33), NOW
        first = {row.id for row in store.write_now(people)}
        dies = iter(crashes)
        for turn in range(80):
            try:
                store.write_now(dying, now, sizes[turn % len(sizes)], next(dies, False))
            except CrashError:
                # Of what was in flight nobody knows; the new process sends alerts in doubt once more.
                store.write_now(outbox.claim, "web", now, 2, [])
                store.write_now(deliveries.recover, "web", now)
            delivers(store, now, limit=5)
            if turn in newcomers:
                wanting(store)
            now += timedelta(seconds=30)
        while delivers(store, now):
            pass
        store.write_now(planning.plan, now, 400)

        got = Counter(row.subscriber_id for row in mail(store, alert))
        assert first <= set(got)
        assert set(got.values()) == {1}
        # What was in doubt twice is not sent a third time.
        assert all(row.status == "sent" or (row.status == "unsure" and row.attempts == 2) for row in mail(store, alert))
        assert state(store, alert) == "done"
    finally:
        databases.give_back(store)


def people(conn: Connection) -> list:
    return list(conn.execute(select(schema.subscribers.c.id)).all())


def dying(conn: Connection, now: datetime, size: int, dies: bool) -> Counter[str]:
    done = planning.plan(conn, now, size)
    if dies:
        raise CrashError
    return done


def test_a_paused_alert_and_a_panic_hold_what_is_queued(store: Store) -> None:
    alert = sending(store, 5)
    store.write_now(planning.plan, NOW)
    store.write_now(alerts.move, alert.id, "pause", TERMINAL, NOW)
    assert delivers(store, NOW) == 0
    store.write_now(alerts.move, alert.id, "resume", TERMINAL, NOW)
    assert store.write_now(panic.switch, TERMINAL, NOW, on=True)
    assert not store.write_now(panic.switch, TERMINAL, NOW, on=True)
    assert delivers(store, NOW) == 0
    assert store.write_now(planning.plan, NOW) == Counter()
    store.write_now(panic.switch, TERMINAL, NOW, on=False)
    assert delivers(store, NOW) == 5
    assert [line.what for line in store.write_now(audit.of)] == ["pause-all", "resume-all"]


def test_the_last_look_stops_what_was_cancelled_in_flight(store: Store) -> None:
    alert = sending(store, 3)
    store.write_now(planning.plan, NOW)
    claimed = store.write_now(outbox.claim, "web", NOW, 1, [])
    store.write_now(alerts.move, alert.id, "cancel", TERMINAL, NOW)
    for row, _ in claimed:
        store.write_now(outbox.note, row, Receipt(Outcome.RETRY, reason="rate", wait=1.0), NOW, 0.0)
    assert delivers(store, NOW + timedelta(minutes=1)) == 0
    assert {(row.status, row.reason) for row in mail(store, alert)} == {("cancelled", "alert cancelled")}


def test_taking_back_waits_for_what_is_in_flight_and_misses_none(store: Store) -> None:
    alert = sending(store, 8)
    store.write_now(planning.plan, NOW)
    delivers(store, NOW, limit=5)
    claimed = store.write_now(outbox.claim, "web", NOW, 2, [])
    store.write_now(alerts.move, alert.id, "retract", TERMINAL, NOW)
    assert store.write_now(planning.plan, NOW, 3) == Counter()
    for row, _ in claimed:
        store.write_now(outbox.note, row, Receipt(Outcome.SENT, ref=f"r{row.id}"), NOW, 0.0)
    while store.write_now(planning.plan, NOW, 3):
        pass
    back = [row.body for row in mail(store, alert, "reply")]
    assert len(back) == 7
    assert all("or_nothing" in body for body in back)
    assert Counter(row.status for row in mail(store, alert)) == {"sent": 7, "cancelled": 1}


def test_on_telegram_only_what_can_still_be_changed_is_taken_back(store: Store) -> None:
    publish_pack(store)
    person = join(store, "telegram:1")
    store.write_now(subscribers.change, person, NOW, alerts=True)
    wanting(store)
    alert = sent(store)
    store.write_now(planning.plan, NOW)
    for account in ("telegram:1", "web"):
        for row, _ in store.write_now(outbox.claim, account, NOW, 9, []):
            store.write_now(outbox.note, row, Receipt(Outcome.SENT, ref="5"), NOW, 0.0)
    late = NOW + timedelta(days=2)
    store.write_now(alerts.move, alert.id, "retract", TERMINAL, late)
    while store.write_now(planning.plan, late):
        pass
    assert [row.subscriber_id != person.id for row in mail(store, alert, "reply")] == [True]


def test_the_budget_also_counts_what_is_in_flight(store: Store) -> None:
    publish_pack(store)
    wanting(store)
    three = [sent(store) for _ in range(3)]
    while store.write_now(planning.plan, NOW):
        pass
    claimed = store.write_now(outbox.claim, "web", NOW, 9, [])
    assert len(claimed) == 2
    assert sorted(row.reason for alert in three for row in mail(store, alert)) == ["", "", "budget"]


def test_two_chats_made_one_get_it_once(store: Store) -> None:
    for kept_first, delivered in itertools.product((True, False), (0, 1)):
        publish_once(store)
        pair = [wanting(store), wanting(store)]
        alert = sent(store)
        while store.write_now(planning.plan, NOW):
            pass
        delivers(store, NOW, limit=delivered)
        kept, gone = pair if kept_first else pair[::-1]
        merge(store, kept, gone)
        while delivers(store, NOW):
            pass
        assert Counter(row.status for row in mail(store, alert)) == {"sent": 1, "cancelled": 1}
        store.write_now(lambda conn, who=kept: conn.execute(update(schema.subscribers).values(alerts=False)))


def publish_once(store: Store) -> None:
    if not store.write_now(people):
        publish_pack(store)


def merge(store: Store, kept: int, gone: int) -> None:
    def join_them(conn: Connection) -> None:
        merging.merge(conn, subscribers.get(conn, kept), subscribers.get(conn, gone), key="k", now=NOW)

    store.write_now(join_them)


def test_an_author_who_is_erased_leaves_the_alert_and_no_trace(store: Store, tmp_path: Path) -> None:
    publish_pack(store)
    who = wanting(store)
    made = store.write_now(alerts.draft, By("chat", who), NOW)
    store.write_now(lambda conn: conn.execute(schema.subscribers.delete().where(schema.subscribers.c.id == who)))
    assert store.write_now(alerts.must, made.id).author is None
    assert [line.who for line in store.write_now(audit.of, made.id)] == [""]
