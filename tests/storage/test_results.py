"""Telling many what came of what they did, batch by batch: everybody who acted once, nobody else, whatever breaks."""

import random
import threading
from collections import Counter
from datetime import date, time, timedelta

import pytest
from sqlalchemy import Connection, insert, update

from actions.owing import Debt
from actions.planning_ahead import When
from bot.message import Outcome, Receipt
from bot.nudging import outbox, results
from content.model import Result
from storage import accounts, intentions, owed, schema
from storage.catalog import stock_of
from storage.store import Store
from tests import make
from tests.storage.joining import CAUSES, NOW, ask, join, merge, rows, take
from tests.talk import publish

PEOPLE = 420
BATCH = 50
HEARD = Result(actions=("sign", "give"), kind="partial", text="Half of it.")
PACK = {"sign": make.action(result_by=date(2026, 6, 1)), "give": make.action(kind="donation"), "tell": make.action()}


@pytest.fixture
def crowd(store: Store) -> Store:
    """Many people: of seven, two did one thing, one did both, one took it back, one did something else, two nothing."""
    publish(store, make.pack(causes=("water", "trees"), actions=PACK), now=NOW)

    def settle(conn: Connection) -> None:
        account, stock = accounts.number(conn, "web"), stock_of(conn)
        people = [
            {"key": f"k{n}", "joined_at": NOW, "state": ("active", "stopped")[n % 11 == 0], "language": "en", "zone": "UTC",
             "frequency": "daily", "hour": 0, "quiet_from": 0, "quiet_until": 0, "weekday": 0, "minutes": 5, "asks": 3}
            for n in range(1, PEOPLE + 1)
        ]  # fmt: skip
        conn.execute(insert(schema.subscribers), people)
        ids = {row.key: row.id for row in conn.execute(schema.subscribers.select())}
        chats = [{"subscriber_id": ids[f"k{n}"], "account_id": account, "chat": str(n)} for n in range(1, PEOPLE + 1)]
        conn.execute(insert(schema.addresses), chats)
        did = {0: ["sign"], 1: ["give"], 2: ["sign", "give"], 3: ["-sign"], 4: ["tell"]}
        took = [
            {"subscriber_id": ids[f"k{n}"], "action_id": stock.actions[f"water/{slug.strip('-')}"],
             "cause_id": stock.causes[CAUSES[0]], "kind": "petition", "rung": "supporter", "at": NOW, "period": "once",
             "status": "undone" if slug.startswith("-") else "claimed", "source": "self"}
            for n in range(1, PEOPLE + 1) for slug in did.get(n % 7, [])
        ]  # fmt: skip
        conn.execute(insert(schema.taken), took)

    store.write_now(settle)
    publish(store, make.pack(causes=("water", "trees"), actions=PACK, results={"heard": HEARD}, version=2), now=NOW)
    return store


def meant() -> Counter[str]:
    return Counter(str(n) for n in range(1, PEOPLE + 1) if n % 7 in (0, 1, 2) and n % 11)


def sent(store: Store) -> Counter[str]:
    """Which chats a sender would write to by now; what it takes is noted as sent."""
    told = Counter[str]()
    while letters := store.write_now(outbox.claim, "web", NOW, 200, []):
        for row, message in letters:
            assert "Half of it." in message.text
            told[row.chat] += 1
            store.write_now(outbox.note, row, Receipt(Outcome.SENT, ref="1"), NOW, 0.0)
    return told


class PowerCutError(Exception):
    pass


def test_everybody_who_acted_is_told_once_though_planners_die_and_work_side_by_side(crowd: Store) -> None:
    told: list[int] = []

    def work(seed: int) -> None:
        chance, idle = random.Random(seed), 0

        def piece(conn: Connection) -> bool:
            done = results.plan(conn, NOW, BATCH)
            if chance.random() < 0.3:
                raise PowerCutError
            return bool(done)

        while idle < 5:
            try:
                idle = 0 if crowd.write_now(piece) else idle + 1
            except PowerCutError:
                continue
        told.append(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(1 if crowd.sqlite else 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == len(threads)
    assert sent(crowd) == meant()
    assert [row.state for row in rows(crowd, "results")] == ["told"]


def test_the_outbox_is_never_flooded(crowd: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "AHEAD", 80)
    told = Counter[str]()
    for _ in range(20):
        while crowd.write_now(results.plan, NOW, BATCH):
            pass
        waiting = len(rows(crowd, "deliveries", status="pending"))
        assert waiting <= 80 + BATCH
        told += sent(crowd)

    assert told == meant()


def test_newer_words_in_a_later_version_are_sent_to_nobody_twice(crowd: Store) -> None:
    while crowd.write_now(results.plan, NOW, BATCH):
        pass
    assert sent(crowd) == meant()
    mended = HEARD.model_copy(update={"text": "Half of it. More soon."})
    publish(crowd, make.pack(causes=("water", "trees"), actions=PACK, results={"heard": mended}, version=3), now=NOW)
    while crowd.write_now(results.plan, NOW, BATCH):
        pass

    assert sent(crowd) == Counter()


def test_two_chats_joined_hear_once_and_keep_one_plan(store: Store) -> None:
    publish(store, make.pack(causes=("water", "trees"), actions=PACK, results={"heard": HEARD}), now=NOW)
    ana, bob = join(store), join(store, "slack:T1")
    for person in (ana, bob):
        take(store, person, "water/sign")
        number = ask(store, person, "water/tell").id
        when = When(NOW.date() + timedelta(days=2), time(10))
        store.write_now(intentions.make, person, number, "water/tell", when, NOW)
    while store.write_now(results.plan, NOW, BATCH):
        pass
    kept = merge(store, ana, bob)

    letters = [one for account in ("web", "slack:T1") for one in store.write_now(outbox.claim, account, NOW, 9, [])]
    assert [row.subscriber_id for row, _ in letters if row.kind == "reminder"] == [kept.id]
    assert [row.subscriber_id for row in rows(store, "intentions")] == [kept.id]


def test_of_several_planners_one_reminds(store: Store) -> None:
    publish(store, make.pack(actions=PACK), now=NOW)
    take(store, join(store), "water/sign")
    (debt,) = store.write_now(owed.debts)
    assert debt == Debt("water/sign", date(2026, 6, 1), 1)
    today = debt.by + timedelta(days=1)
    first = store.write_now(owed.reminders, [debt], today, NOW)
    second = store.write_now(owed.reminders, [debt], today, NOW)

    assert (first, second) == ([debt], [])


def test_a_result_nobody_acted_for_is_told_to_nobody(store: Store) -> None:
    publish(store, make.pack(actions=PACK, results={"heard": HEARD}), now=NOW)
    person = join(store)
    take(store, person, "water/sign")
    store.write_now(lambda conn: conn.execute(update(schema.taken).values(status="undone")))
    while store.write_now(results.plan, NOW, BATCH):
        pass

    assert rows(store, "deliveries") == []
