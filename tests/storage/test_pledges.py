"""Pledge drives in the database: counted and bound in one step, also by many at once."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from actions.facts import Person
from bot.nudging import pledges as telling
from content.model import Pledge
from storage import (
    erasure,
    figures,
    history,
    merging,
    person_export,
    pledge_steps,
    pledges,
    schema,
    subscribers,
)
from storage.catalog import stock_of
from storage.history import Ask
from storage.store import Store
from tests import make
from tests.storage.joining import numbers, rows
from tests.talk import publish

NOW = make.NOW
BY = date(2026, 6, 5)
OVER = NOW + timedelta(days=6)
PLANT = "water/plant"


def town(store: Store, needs: int, **about: Any) -> None:
    terms = Pledge(**{"needs": needs, "by": BY, **about})
    publish(store, make.pack(actions={"plant": make.action(kind="pledge", pledge=terms)}), now=NOW)


def people(store: Store, number: int) -> list[tuple[Person, Ask]]:
    """So many people with the ask of the drive in front of them."""

    def one(conn: Connection) -> tuple[Person, Ask]:
        person = subscribers.join(conn, "web", f"p{next(numbers)}", make.person(follows=()), NOW).person
        values = history.ask_values(stock_of(conn), person, PLANT, NOW, reasons=(), propensity=1.0, origin="act")
        found = history.get_ask(conn, history.ask(conn, values))
        assert found is not None
        return person, found

    return store.write_now(lambda conn: [one(conn) for _ in range(number)])


def join(store: Store, person: Person, ask: Ask) -> str:
    """One press as the chat handles it: its person first, then the drive, then those who are in it."""

    def press(conn: Connection) -> str:
        address = conn.execute(select(schema.addresses).where(schema.addresses.c.subscriber_id == person.id)).one()
        assert subscribers.reach(conn, "web", address.chat) is not None
        verdict, found = pledges.join(conn, person, ask, NOW)
        if verdict in ("binds", "bound-too"):
            telling.told_at_once(conn, person, found, NOW)
            telling.tell(conn, NOW, telling.AT_ONCE, found.id)
        return verdict

    return store.write_now(press)


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of it in the same moment, each in a thread of its own."""
    start = Barrier(len(work))

    def one(job: Callable[[], Any]) -> Any:
        start.wait(10)
        return job()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def several(store: Store, number: int) -> list[Store]:
    """As many processes as the database may have: one on SQLite, several on PostgreSQL."""
    return [store] * number if store.sqlite else [Store(store.url) for _ in range(number)]


def tick(store: Store) -> None:
    while store.write_now(telling.plan, NOW):
        pass


def states(store: Store) -> list[str]:
    return sorted(row.state for row in rows(store, "pledgers"))


def heard(store: Store) -> list[int]:
    return sorted(row.subscriber_id for row in rows(store, "deliveries", kind="reminder"))


def press_all(store: Store, group: Sequence[tuple[Person, Ask]], processes: int = 3) -> list[Any]:
    """All press in the same moment. SQLite's one process hands its one writing thread one press after the other."""
    if store.sqlite:
        return [join(store, *one) for one in group]
    stores = several(store, processes)
    done = at_once(
        [lambda number=number, one=one: join(stores[number % processes], *one) for number, one in enumerate(group)]
    )
    for other in stores:
        other.close_now()
    return done


@pytest.mark.parametrize("round_", range(3))
def test_the_one_before_the_last_and_the_last_press_in_the_same_moment(store: Store, round_: int) -> None:
    town(store, 5)
    group = people(store, 5)
    assert [join(store, *one) for one in group[:3]] == ["joined"] * 3
    assert rows(store, "taken") == []
    verdicts = press_all(store, group[3:], 2)

    assert sorted(verdicts) == ["binds", "joined"]
    assert states(store) == ["bound"] * 5
    assert len(rows(store, "taken")) == 5
    assert [(row.state, row.counted) for row in rows(store, "pledge_drives")] == [("bound", 5)]


def test_thirty_press_at_once_where_seven_are_needed(store: Store) -> None:
    town(store, 7)
    group = people(store, 30)
    verdicts = press_all(store, group)
    tick(store)

    assert sorted(verdicts) == sorted(["joined"] * 6 + ["binds"] + ["bound-too"] * 23)
    assert states(store) == ["bound"] * 30
    assert len({row.subscriber_id for row in rows(store, "taken")}) == len(rows(store, "taken")) == 30
    assert [(row.state, row.counted) for row in rows(store, "pledge_drives")] == [("bound", 30)]
    # Those who were in before hear of it by a message, the others in answer to their press: each one once.
    assert len(heard(store)) == len(set(heard(store))) == 6
    assert {row.step for row in rows(store, "pledgers")} == {"remind"}
    tick(store)
    assert len(heard(store)) == 6


def test_the_same_person_pressing_on_two_machines_counts_once(store: Store) -> None:
    town(store, 3)
    (one,) = people(store, 1)

    assert sorted(press_all(store, [one] * 4, 2)) == ["in-already"] * 3 + ["joined"]
    assert states(store) == ["in"]


def test_whoever_presses_again_in_the_moment_of_binding_holds_up_nobody(store: Store) -> None:
    """The last one writes down what all the others promised, while each of those holds their own row."""
    town(store, 6)
    group = people(store, 6)
    for one in group[:5]:
        join(store, *one)
    verdicts = press_all(store, [group[5], *group[:5]], 3)

    assert verdicts[0] == "binds"
    assert set(verdicts[1:]) <= {"in-already", "bound-already"}
    assert states(store) == ["bound"] * 6


def test_who_leaves_in_the_moment_of_binding_is_not_bound_and_not_counted(store: Store) -> None:
    town(store, 4)
    group = people(store, 6)
    for one in group[:3]:
        join(store, *one)
    first = group[0][0]

    def erased() -> None:
        store.write_now(erasure.erase, first, account="web", chat="x", key="k", now=NOW)

    jobs = [erased, lambda: join(store, *group[3])]
    if store.sqlite:
        for job in jobs:
            job()
    else:
        at_once(jobs)
    (drive,) = rows(store, "pledge_drives")

    assert (drive.state, states(store)) in (("open", ["in"] * 3), ("bound", ["bound"] * 3))
    assert drive.state == "open" or drive.counted == 4
    assert len(rows(store, "taken")) == (0 if drive.state == "open" else 3)


def test_stepping_back_and_binding_in_the_same_moment_is_one_or_the_other(store: Store) -> None:
    town(store, 3)
    group = people(store, 3)
    for one in group[:2]:
        join(store, *one)
    jobs = [lambda: store.write_now(pledges.withdraw, group[0][0], PLANT), lambda: join(store, *group[2])]
    results = [job() for job in jobs] if store.sqlite else at_once(jobs)

    assert tuple(results) in (("withdrawn", "joined"), ("bound", "binds"))
    assert states(store) == (["in", "in", "withdrawn"] if results[0] == "withdrawn" else ["bound"] * 3)


def test_several_planners_decide_and_tell_once(store: Store) -> None:
    town(store, 30)
    group = people(store, 25)
    for one in group:
        join(store, *one)

    def tick_over(other: Store) -> None:
        while other.write_now(telling.plan, OVER.replace(hour=12), 4):
            pass

    stores = several(store, 3)
    if store.sqlite:
        tick_over(store)
    else:
        at_once([lambda other=other: tick_over(other) for other in stores])
        tick_over(store)
        for other in stores:
            other.close_now()

    assert states(store) == ["released"] * 25
    assert heard(store) == sorted(one.id for one, _ in group)
    assert rows(store, "taken") == []


def test_a_large_drive_binds_in_one_transaction_and_is_told_in_batches(store: Store) -> None:
    town(store, 120)
    group = people(store, 120)

    def put_in(conn: Connection) -> None:
        for person, ask in group[:119]:
            pledges.join(conn, person, ask, NOW)

    store.write_now(put_in)
    assert join(store, *group[119]) == "binds"
    assert states(store) == ["bound"] * 120
    assert len(rows(store, "taken")) == 120
    assert len(heard(store)) == telling.AT_ONCE
    tick(store)

    assert heard(store) == sorted(person.id for person, _ in group[:119])


def test_nobody_is_bound_who_cannot_be_told(store: Store) -> None:
    town(store, 3)
    group = people(store, 4)
    for one in group[:2]:
        join(store, *one)
    store.write_now(subscribers.change, group[0][0], NOW, state="unreachable")
    assert join(store, *group[2]) == "joined"
    assert join(store, *group[3]) == "binds"

    assert states(store) == ["bound"] * 3 + ["released"]


def test_who_comes_back_is_counted_again_and_the_planner_sees_it(store: Store) -> None:
    town(store, 2)
    group = people(store, 2)
    join(store, *group[0])
    store.write_now(subscribers.change, group[0][0], NOW, state="stopped")
    join(store, *group[1])
    tick(store)
    assert states(store) == ["in", "in"]
    store.write_now(subscribers.change, group[0][0], NOW, state="active")
    tick(store)

    assert states(store) == ["bound", "bound"]
    assert len(heard(store)) == 2


def test_two_chats_of_one_person_count_once(store: Store) -> None:
    town(store, 3)
    group = people(store, 3)
    for one in group:
        if one is not group[2]:
            join(store, *one)
    store.write_now(merging.merge, group[0][0], group[1][0], key="k", now=NOW)

    assert states(store) == ["in"]
    assert join(store, *group[2]) == "joined"


@pytest.mark.parametrize(("mine", "theirs", "stays"), [("withdrawn", "in", "in"), ("in", "withdrawn", "in"), ("bound", "done", "done"), ("not_done", "bound", "not_done"), ("released", "bound", "bound")])  # fmt: skip
def test_of_two_records_the_further_one_stays(store: Store, mine: str, theirs: str, stays: str) -> None:
    town(store, 3)
    (ana, first), (bob, second) = people(store, 2)
    for person, ask, state in ((ana, first, mine), (bob, second, theirs)):
        join(store, person, ask)
        own = schema.pledgers.c.subscriber_id == person.id
        store.write_now(
            lambda conn, own=own, state=state: conn.execute(schema.pledgers.update().where(own).values(state=state))
        )
    store.write_now(merging.merge, ana, bob, key="k", now=NOW)

    assert [(row.subscriber_id, row.state) for row in rows(store, "pledgers")] == [(ana.id, stays)]


def test_what_an_erased_person_promised_stays_in_the_totals(store: Store) -> None:
    town(store, 2)
    group = people(store, 2)
    for one in group:
        join(store, *one)
    number = rows(store, "pledge_drives")[0].id
    store.write_now(pledge_steps.answer, group[0][0], number, done=True)
    store.write_now(erasure.erase, group[0][0], account="web", chat="x", key="k", now=NOW)
    (drive,) = rows(store, "pledge_drives")

    assert (drive.state, drive.counted, drive.kept) == ("bound", 2, 1)
    assert [row.subscriber_id for row in rows(store, "pledgers")] == [group[1][0].id]
    assert store.write_now(figures.total).claimed == 2


def test_a_person_takes_what_they_promised_with_their_data(store: Store) -> None:
    town(store, 2)
    (ana,) = people(store, 1)
    join(store, *ana)
    document = json.loads(store.read_now(person_export.of, ana[0], "s"))

    assert [(one["action"], one["place"], one["state"]) for one in document["pledges"]] == [(PLANT, "", "in")]


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("join", "join", "join", "back", "stop", "start", "erase", "tick", "answer")), st.integers(0, 5)
    ),
    max_size=25,
)


@given(needs=st.integers(2, 5), events=EVENTS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_things_come_it_binds_once_with_enough_or_never(
    store: Store, needs: int, events: list[tuple[str, int]]
) -> None:
    empty(store)
    town(store, needs)
    group = people(store, 6)
    gone: set[int] = set()
    for what, who in events:
        person, ask = group[who]
        if who in gone:
            continue
        before = {row.subscriber_id: row.state for row in rows(store, "pledgers")}
        happens(store, what, person, ask)
        gone |= {who} if what == "erase" else set()
        check(store, needs, before, person.id if what == "erase" else 0)


def happens(store: Store, what: str, person: Person, ask: Ask) -> None:
    if what == "join":
        if rows(store, "subscribers", id=person.id)[0].state == "active":
            join(store, person, ask)
    elif what == "back":
        store.write_now(pledges.withdraw, person, PLANT)
    elif what in ("stop", "start"):
        store.write_now(subscribers.change, person, NOW, state="stopped" if what == "stop" else "active")
    elif what == "erase":
        store.write_now(erasure.erase, person, account="web", chat=str(person.id), key="k", now=NOW)
    elif what == "tick":
        tick(store)
    else:
        for drive in rows(store, "pledge_drives"):
            store.write_now(pledge_steps.answer, person, drive.id, done=True)


BINDS = ("bound", "done", "not_done")


def check(store: Store, needs: int, before: dict[int, str], erased: int) -> None:
    now = {row.subscriber_id: row.state for row in rows(store, "pledgers")}
    drives = rows(store, "pledge_drives")
    assert len(drives) <= 1
    for drive in drives:
        assert drive.state == "bound" or not [one for one in now.values() if one in BINDS]
        assert drive.state != "bound" or drive.counted >= needs
        assert drive.state == "open" or "in" not in now.values()
        assert drive.kept <= drive.counted
    for one, part in before.items():
        assert part not in BINDS or now.get(one) in BINDS or one == erased, "unbound"
        assert part != "withdrawn" or now.get(one) in ("withdrawn", "in", *BINDS) or one == erased
    promised = {row.subscriber_id for row in rows(store, "taken")}
    assert promised == {one for one, part in now.items() if part in BINDS}
    assert len(heard(store)) == len(set(heard(store)))


def empty(store: Store) -> None:
    def everything(conn: Connection) -> None:
        for table in reversed(schema.metadata.sorted_tables):
            conn.execute(delete(table))

    store.write_now(everything)
    store.catalog.stock = None
