"""Drives in the database: what was done counts once, to the cent, whoever leaves and whichever team they choose."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, text

from actions.facts import Person
from content.drives import Drive, DriveGoal, Match, Team
from content.model import Action
from storage import drives, erasure, merging, person_export, schema
from storage.catalog import stock_of
from storage.drives import ALONE, Standing
from storage.schema_drives import drives_erased
from storage.schema_proof import proofs
from storage.store import Store
from tests import driving, make
from tests.driving import add_gift, crowd, refund
from tests.talk import publish

NOW = make.NOW
GIVE, JUNE = "water/give", "water/june"
MATCH = Match(sponsor="Example Bank", each="0.333", up_to=5_000, currency="EUR")


def town(store: Store, *, version: int = 1, actions: dict[str, Action] | None = None, **about: Any) -> None:
    """A sum to be reached in June, with a match of a third and two teams."""
    wanted = {
        "title": "June", "actions": ("give",), "goal": DriveGoal(sum=1_000_000, currency="EUR"), "match": MATCH,
        "from_": date(2026, 6, 1), "by": date(2026, 6, 30),
        "teams": {"north": Team(title="North"), "south": Team(title="South")}, **about,
    }  # fmt: skip
    publish(
        store,
        make.pack(
            actions=actions or {"give": make.action(kind="donation")}, drives={"june": Drive(**wanted)}, version=version
        ),
        now=NOW,
    )


def look(store: Store) -> Standing:
    found = store.write_now(drives.standing, JUNE, NOW)
    assert found is not None
    return found


def euros(found: Standing) -> dict[str, int]:
    return {name: part.sums.get("EUR", 0) for name, part in found.teams.items()}


def erase(store: Store, person: Any) -> None:
    store.write_now(erasure.erase, person, account="web", chat="x", key="k", now=NOW)


def test_one_cent_gifts_and_refunds_come_out_exactly(store: Store) -> None:
    town(store)
    people = crowd(store, 4, GIVE, NOW, gift=(1, "EUR"))
    assert (look(store).progress.reached, look(store).progress.matched) == (4, 1)
    gift = store.write_now(add_gift, people[0], GIVE, NOW, 15_011)
    assert (look(store).progress.reached, look(store).progress.matched) == (15_015, 4_999)
    store.write_now(add_gift, people[1], GIVE, NOW, 5)

    assert (look(store).progress.reached, look(store).progress.matched) == (15_020, 5_000)  # 5001.66, capped
    store.write_now(refund, gift)
    assert (look(store).progress.reached, look(store).progress.matched) == (9, 2)


def test_only_its_days_count_to_the_instant(store: Store) -> None:
    town(store)
    first = NOW.replace(day=1, hour=0)
    crowd(store, 1, GIVE, first - timedelta(microseconds=1), gift=(1, "EUR"))
    crowd(store, 1, GIVE, first, gift=(10, "EUR"))
    crowd(store, 1, GIVE, first + timedelta(days=30, microseconds=-1), gift=(100, "EUR"))
    crowd(store, 1, GIVE, first + timedelta(days=30), gift=(1000, "EUR"))

    assert look(store).progress.reached == 110
    assert look(store).progress.given.verified == 2


def test_what_erased_people_did_stays_with_their_team_and_leads_to_nobody(store: Store) -> None:
    town(store)
    north = crowd(store, 2, GIVE, NOW, gift=(1_001, "EUR"), team=(JUNE, "north"))
    (south,) = crowd(store, 1, GIVE, NOW, team=(JUNE, "south"))
    crowd(store, 1, GIVE, NOW, gift=(7, "USD"))
    before = look(store)
    for person in (north[0], south):
        erase(store, person)

    after = look(store)
    assert (after.progress, euros(after)) == (before.progress, euros(before))
    assert {name: (part.people, part.done) for name, part in after.teams.items()} == {
        "north": (2, 2), "south": (1, 1), ALONE: (1, 1),
    }  # fmt: skip
    kept = store.write_now(lambda conn: [dict(row._mapping) for row in conn.execute(select(drives_erased))])
    assert {"subscriber_id", "since", "at"}.isdisjoint(kept[0])


def test_joining_two_chats_keeps_one_team(store: Store) -> None:
    town(store)
    (kept,) = crowd(store, 1, GIVE, NOW, gift=(100, "EUR"), team=(JUNE, "north"))
    (gone,) = crowd(store, 1, GIVE, NOW, gift=(11, "EUR"), team=(JUNE, "south"))
    store.write_now(merging.merge, kept, gone, key="k", now=NOW)

    assert euros(look(store)) == {"north": 111, "south": 0, ALONE: 0}
    assert look(store).progress.given.people == 1


def test_a_team_that_the_pack_drops_counts_without_a_team(store: Store) -> None:
    town(store)
    crowd(store, 1, GIVE, NOW, gift=(100, "EUR"), team=(JUNE, "south"))
    town(store, version=2, teams={"north": Team(title="North"), "east": Team(title="East")})

    assert euros(look(store)) == {"north": 0, "east": 0, ALONE: 100}
    assert look(store).progress.reached == 100


def test_a_person_can_read_which_team_they_chose(store: Store) -> None:
    town(store)
    (ana,) = crowd(store, 1, GIVE, NOW, team=(JUNE, "north"))
    document = json.loads(store.write_now(person_export.of, ana, "secret"))

    assert [(row["drive"], row["team"]) for row in document["team_members"]] == [(JUNE, "north")]


def test_an_action_counts_toward_the_drive_that_ends_first(store: Store) -> None:
    soon, late = date(2026, 6, 10), date(2026, 6, 30)
    about = {"title": "D", "actions": ("sign",), "goal": DriveGoal(count=10), "from_": date(2026, 6, 1)}
    wanted = {"late": Drive(**about, by=late), "soon": Drive(**about, by=soon)}
    publish(store, make.pack(actions={"sign": make.action()}, drives=wanted), now=NOW)

    def ref(conn: Connection) -> list[str | None]:
        days = (timedelta(), timedelta(days=15), timedelta(days=60))
        return [drives.of_action(stock_of(conn), "water/sign", NOW + after) for after in days]

    assert store.write_now(ref) == ["water/soon", "water/late", None]


def test_a_team_chosen_twice_in_the_same_moment_is_one_team(store: Store) -> None:
    if store.sqlite:
        pytest.skip("one writer: there is no same moment")
    town(store)
    (ana,) = crowd(store, 1, GIVE, NOW)
    number, stores = look(store).number, [Store(store.url), Store(store.url)]
    with ThreadPoolExecutor(2) as pool:
        jobs = zip(stores, ["north", "south"], strict=True)
        list(pool.map(lambda job: job[0].write_now(drives.choose, ana, number, job[1], NOW), jobs))
    for one in stores:
        one.close_now()

    assert store.write_now(drives.team_of, ana, number) in ("north", "south")
    assert look(store).progress.given.people == 1


steps = st.lists(
    st.tuples(
        st.sampled_from(["gift", "refund", "team", "erase", "cent"]), st.integers(0, 5), st.integers(1, 9_999),
        st.sampled_from(["north", "south", ALONE]),
    ),
    max_size=14,
)  # fmt: skip


class Ledger:
    """The same drive kept by hand, beside the one under test."""

    def __init__(self, store: Store) -> None:
        self.store, self.total = store, 0
        self.people: list[Person | None] = [*crowd(store, 6, GIVE, NOW)]
        self.gifts: dict[int, tuple[int, int]] = {}

    def do(self, what: str, who: int, amount: int, team: str) -> None:
        """One thing that happens; what needs a person who was erased does not."""
        person = self.people[who]
        if what == "refund":
            self._refund()
        elif person is None:
            return
        elif what == "team":
            self.store.write_now(drives.choose, person, look(self.store).number, team, NOW)
        elif what == "erase":
            erase(self.store, person)
            self.people[who] = None
        else:
            amount = 1 if what == "cent" else amount
            self.gifts[self.store.write_now(add_gift, person, GIVE, NOW, amount)] = (who, amount)
            self.total += amount

    def _refund(self) -> None:
        theirs = [number for number, (who, _) in self.gifts.items() if self.people[who] is not None]
        if theirs:
            self.store.write_now(refund, theirs[0])
            self.total -= self.gifts.pop(theirs[0])[1]


@given(steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_teams_and_those_without_one_add_up_to_the_cent_whatever_happens(
    store: Store, wanted: list[tuple[str, int, int, str]]
) -> None:
    def begin(conn: Connection) -> None:
        for table in (drives_erased, schema.erased_totals, proofs, schema.subscribers):
            conn.execute(delete(table))

    store.write_now(begin)
    town(store, version=next(driving.numbers) + 1)
    ledger = Ledger(store)
    for step in wanted:
        ledger.do(*step)
        found = look(store)

        assert found.progress.reached == ledger.total == sum(euros(found).values())
        assert min(euros(found).values()) >= 0
        assert found.progress.matched == min(5_000, ledger.total * 333 // 1000)
        assert sum(part.done for part in found.teams.values()) == found.progress.given.done == 6
        assert sum(part.people for part in found.teams.values()) == 6


def test_a_large_drive_is_counted_anew_after_some_seconds_and_a_small_one_each_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    town(store)

    def people(later: float) -> int:
        found = store.write_now(drives.toward, GIVE, NOW + timedelta(seconds=later))
        assert found is not None
        return found.progress.given.people

    counted = [people(0)]
    monkeypatch.setattr(drives, "LARGE", 2)
    for later in (0, 1, 2, 16, 17):
        crowd(store, 1, GIVE, NOW)
        counted.append(people(later))

    assert counted == [0, 1, 2, 2, 4, 4]
    assert look(store).progress.given.people == 5


def test_counting_goes_by_the_index_of_the_action(store: Store) -> None:
    town(store)
    crowd(store, 3, GIVE, NOW)
    if not store.sqlite:
        pytest.skip("a planner prefers a scan of three rows")

    def plan(conn: Connection) -> str:
        rows = conn.execute(text("EXPLAIN QUERY PLAN SELECT count(*) FROM taken WHERE action_id IN (1, 2) AND at > 0"))
        return " ".join(str(row) for row in rows)

    assert "ix_taken_action_id_status" in store.write_now(plan)
