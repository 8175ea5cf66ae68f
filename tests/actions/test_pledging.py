"""Pledge drives as decisions: whatever order things come in, one binds everybody or nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import pledging
from actions.facts import Rhythm
from actions.pledging import Drive, Part, at_their_hour, decide, ends_at, forecast, halfway, join, next_step, withdraw
from actions.rhythm import is_quiet
from tests import make

BY = date(2026, 6, 5)
OPENED = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
PEOPLE = 6
EVENTS = st.lists(
    st.tuples(st.sampled_from(("join", "join", "withdraw", "erase", "wait")), st.integers(0, PEOPLE - 1)), max_size=40
)


class Town:
    """Six people and one drive; what is told to whom, in the order of things."""

    def __init__(self, needs: int) -> None:
        self.drive = Drive(needs, BY, opened_at=OPENED)
        self.parts: dict[int, Part] = {}
        self.now = OPENED
        self.bindings: list[int] = []
        self.told: dict[int, int] = {}

    def happens(self, what: str, who: int) -> None:
        if what == "join":
            self._joins(who)
        elif what == "withdraw" and withdraw(self.drive, self.parts.get(who, "")) == "withdrawn":
            self.parts[who] = "withdrawn"
        elif what == "erase":
            self.parts.pop(who, None)
        elif what == "wait":
            self.now += timedelta(hours=12)
        self._count()
        if decide(self.drive, self.now) == "failed" and self.drive.state == "open":
            self.drive = replace(self.drive, state="failed")
            self.parts = {one: "released" if part == "in" else part for one, part in self.parts.items()}

    def _joins(self, who: int) -> None:
        verdict = join(self.drive, self.parts.get(who, ""), self.now)
        if verdict in ("joined", "binds"):
            self.parts[who] = "in"
        if verdict == "binds":
            self._count()
            bound = [one for one, part in self.parts.items() if part == "in"]
            self.bindings.append(len(bound))
            self.drive = replace(self.drive, state="bound", counted=len(bound))
            self.parts |= dict.fromkeys(bound, "bound")
            self.told |= {one: self.told.get(one, 0) + 1 for one in bound}
        if verdict == "bound-too":
            self.parts[who] = "bound"
            self.drive = replace(self.drive, counted=self.drive.counted + 1)
            self.told[who] = self.told.get(who, 0) + 1

    def _count(self) -> None:
        if self.drive.state == "open":
            self.drive = replace(self.drive, counted=sum(part == "in" for part in self.parts.values()))


@given(st.integers(2, PEOPLE), EVENTS)
def test_it_binds_once_with_enough_or_never(needs: int, events: list[tuple[str, int]]) -> None:
    town = Town(needs)
    for what, who in events:
        before, drive = dict(town.parts), town.drive
        town.happens(what, who)
        now_bound = {one for one, part in town.parts.items() if part == "bound"}

        assert all(number >= needs for number in town.bindings)
        assert len(town.bindings) <= 1
        assert not now_bound or town.drive.state == "bound"
        assert town.drive.missing == (
            max(0, needs - sum(p == "in" for p in town.parts.values())) if town.drive.state == "open" else 0
        )
        assert town.drive.state == "open" or "in" not in town.parts.values()
        for one in now_bound - {one for one, part in before.items() if part == "bound"}:
            assert before.get(one, "") == "in" or one == who, "bound without having said yes just now or before"
        lost = {one for one, part in before.items() if part == "bound"} - now_bound
        assert not lost or (what == "erase" and lost == {who}), "nobody steps back from what binds"
        assert drive.state == "open" or drive.state == town.drive.state
    assert set(town.told) >= {one for one, part in town.parts.items() if part == "bound"}


@given(st.integers(2, 10_000), st.integers(0, 10_000), st.sampled_from(("open", "bound", "failed")))
def test_the_open_need_is_neither_negative_nor_false(needs: int, counted: int, state: pledging.State) -> None:
    missing = Drive(needs, BY, counted, state).missing

    assert missing >= 0
    assert state != "open" or counted >= needs or counted + missing == needs
    assert state == "open" or missing == 0


@given(st.integers(2, 10_000), st.integers(0, 10_000), st.floats(0, 200))
def test_a_forecast_is_always_one_of_three_and_more_people_make_it_no_worse(
    needs: int, counted: int, hours: float
) -> None:
    now = OPENED + timedelta(hours=hours)
    order = ("unlikely", "open", "likely")
    here = forecast(Drive(needs, BY, counted, opened_at=OPENED), now)
    better = forecast(Drive(needs, BY, counted + 1, opened_at=OPENED), now)

    assert order.index(here) <= order.index(better)
    assert counted < needs or here == "likely"


@pytest.mark.parametrize(
    ("counted", "hours", "expected"),
    [
        (1, 1, "unlikely"),
        (3, 48, "open"),
        (7, 48, "likely"),
        (7, 131, "unlikely"),
        (2, 60, "unlikely"),
        (0, 1, "unlikely"),
    ],
)
def test_the_outlook_of_a_drive_of_eight(counted: int, hours: int, expected: str) -> None:
    assert forecast(Drive(8, BY, counted, opened_at=OPENED), OPENED + timedelta(hours=hours)) == expected


def test_a_day_is_over_when_it_is_over_everywhere() -> None:
    drive = Drive(8, BY, 7)

    assert ends_at(BY) == datetime(2026, 6, 6, 12, 0, tzinfo=UTC)
    assert join(drive, "", ends_at(BY) - timedelta(seconds=1)) == "binds"
    assert join(drive, "", ends_at(BY)) == "over"
    assert decide(drive, ends_at(BY) - timedelta(seconds=1)) == "open"
    assert decide(drive, ends_at(BY)) == "failed"
    assert OPENED < halfway(OPENED, BY) < ends_at(BY)


@pytest.mark.parametrize(
    ("state", "mine", "answer"),
    [("open", "in", "withdrawn"), ("open", "withdrawn", "not-in"), ("open", "", "not-in"), ("bound", "bound", "bound"), ("bound", "done", "bound"), ("failed", "released", "not-in"), ("bound", "released", "not-in")],
)  # fmt: skip
def test_who_may_step_back(state: pledging.State, mine: Part, answer: str) -> None:
    assert withdraw(Drive(3, BY, 2, state), mine) == answer


@given(
    st.integers(-40, 5),
    st.sampled_from(("UTC", "Pacific/Auckland", "America/Nuuk", "Pacific/Apia")),
    st.integers(0, 23),
)
def test_a_reminder_comes_on_a_day_before_it_is_due_and_the_question_after(days: int, zone: str, hour: int) -> None:
    person = make.person(zone=zone, hour=time(hour, 0))
    now = datetime(2026, 6, 12, 9, 0, tzinfo=UTC) + timedelta(days=days)
    do_by = date(2026, 6, 12)
    after = next_step("tell", person, do_by, now)
    assert after is not None
    step, at = after

    assert not is_quiet(person.rhythm, at)
    assert step == "ask" or now < at <= datetime(2026, 6, 14, tzinfo=UTC)
    asked = next_step("remind", person, do_by, at) if step == "remind" else after
    assert asked is not None
    assert asked[0] == "ask"
    assert asked[1] >= at
    assert next_step("ask", person, do_by, asked[1]) is None


def test_an_hour_chosen_in_the_quiet_hours_waits_for_their_end() -> None:
    assert at_their_hour(Rhythm(hour=time(3, 0)), BY) == datetime(2026, 6, 5, 7, 0, tzinfo=UTC)


def test_a_pledge_without_a_day_is_asked_about_after_four_weeks() -> None:
    assert pledging.keep_by(None, OPENED) == date(2026, 6, 29)
    assert pledging.keep_by(BY, OPENED) == BY
