"""Exports: the promised columns, opaque people, one snapshot, nobody waiting."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from actions.facts import Person
from storage import erasure, exports, history, subscribers
from storage.catalog import stock_of
from storage.store import Store
from tests import make
from tests.talk import START, Talk, publish

PROMISED = {
    "actions": ["at", "subscriber", "pack", "action", "kind", "rung", "status", "source"],
    "deliveries": [
        "due_at", "sent_at", "subscriber", "channel", "kind", "story", "action", "status", "attempts", "reason",
    ],
    "subscribers": ["subscriber", "channel", "joined_at", "state", "language", "time_zone", "frequency", "rung"],
    "stories": ["pack", "story", "cause", "kind", "chapter"],
}  # fmt: skip


def rows(store: Store, table: str, now: datetime = make.NOW) -> list[exports.Row]:
    return store.read_now(lambda conn: list(exports.TABLES[table](conn, now)))


@pytest.fixture
def ana(store: Store) -> Talk:
    """Ana was greeted, and has had her first nudges."""
    publish(store, make.pack("nature", chapters=5, actions=make.climb("water", minutes=2)))
    talk = Talk(store, chat="ana's own chat").joins()
    for _ in range(3):
        talk.next_day()
    return talk


def take(store: Store, person: Person, action: str, now: datetime = make.NOW) -> None:
    def claim(conn: Connection) -> None:
        values = history.ask_values(
            stock_of(conn), person, action, now, reasons=[], propensity=1.0, origin="act", story=None
        )
        ask = history.get_ask(conn, history.ask(conn, values))
        assert ask is not None
        assert history.claim(conn, person, ask, "once", now)

    store.write_now(claim)


@pytest.mark.parametrize("table", PROMISED)
def test_the_promised_columns_come_first_and_in_order(table: str) -> None:
    assert list(exports.COLUMNS[table][: len(PROMISED[table])]) == PROMISED[table]
    assert set(exports.TABLES) == set(PROMISED)


@pytest.mark.parametrize("table", ["deliveries", "subscribers", "stories"])
def test_every_row_has_every_column_in_order(store: Store, ana: Talk, table: str) -> None:
    found = rows(store, table)

    assert found
    assert all(list(row) == list(exports.COLUMNS[table]) for row in found)


def test_an_action_taken_is_a_row_with_utc_seconds(store: Store, ana: Talk) -> None:
    action = "nature/water-supporter-0"
    take(store, ana.me(), action)

    assert rows(store, "actions") == [
        {
            "at": "2026-06-01T18:00:00+00:00", "subscriber": ana.me().key, "pack": "nature",
            "action": "water-supporter-0", "kind": "petition", "rung": "supporter", "status": "claimed",
            "source": "self",
        }
    ]  # fmt: skip


def test_a_subscriber_stands_on_the_highest_rung_of_any_cause(store: Store, ana: Talk) -> None:
    assert [row["rung"] for row in rows(store, "subscribers")] == ["curious"]

    take(store, ana.me(), "nature/water-supporter-0")
    (row,) = rows(store, "subscribers")
    assert (row["rung"], row["channel"], row["state"], row["frequency"]) == ("supporter", "web", "active", "daily")


def test_deliveries_name_story_and_action_and_never_the_chat(store: Store, ana: Talk) -> None:
    found = rows(store, "deliveries")
    nudges = [row for row in found if row["kind"] == "nudge"]

    assert {row["status"] for row in nudges} == {"sent"}
    assert {row["story"] for row in nudges} <= {f"water-{number}" for number in range(1, 6)}
    assert ana.chat not in str([*found, *rows(store, "subscribers")])


def test_stories_tell_how_many_saw_them(store: Store, ana: Talk) -> None:
    shown = {str(row["story"]): row["shown"] for row in rows(store, "stories")}

    assert shown["water-1"] == 1
    assert shown["water-5"] == 0


def test_an_erased_person_is_in_no_export_but_in_the_totals(store: Store, ana: Talk) -> None:
    person = ana.me()
    take(store, person, "nature/water-supporter-0")
    store.write_now(erasure.erase, person, account="web", chat=ana.chat, key="k", now=make.NOW)

    assert [rows(store, table) for table in ("actions", "subscribers", "deliveries")] == [[], [], []]
    assert store.read_now(_erased_total) == 1


def _erased_total(conn: Connection) -> int:
    from storage import figures

    return figures.total(conn).actions


def test_an_export_under_way_sees_one_moment_and_lets_others_write(store: Store, ana: Talk) -> None:
    other = Store(store.url)

    def export(conn: Connection) -> int:
        reading = exports.TABLES["subscribers"](conn, make.NOW)
        first = next(reading)
        Talk(other, chat="bob").says("/start")
        return len([first, *reading])

    assert store.read_now(export) == 1
    other.close_now()
    assert len(rows(store, "subscribers")) == 2


def test_many_people_come_in_batches_and_all_of_them(store: Store) -> None:
    publish(store, make.pack())

    def join(conn: Connection) -> None:
        for number in range(exports.BATCH + 3):
            subscribers.join(conn, "web", str(number), make.person(follows=()), START + timedelta(minutes=number))

    store.write_now(join)
    keys = [row["subscriber"] for row in rows(store, "subscribers")]

    assert len(keys) == len(set(keys)) == exports.BATCH + 3
