"""How far a drive is: to the cent, never more than was promised, and nobody seen through the figures."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import drives
from actions.drives import FEWEST, Given
from content.drives import Drive, DriveGoal, Match, Team

FROM, BY = date(2026, 6, 1), date(2026, 6, 30)


def drive(*, each: str = "1.00", up_to: int = 1_000_000, total: int = 5_000_000, **about: Any) -> Drive:
    """50,000 euros in June, doubled up to 10,000."""
    match = Match(sponsor="Example Bank", each=each, up_to=up_to, currency="EUR", **about.pop("match", {}))
    goal = about.pop("goal", DriveGoal(sum=total, currency="EUR"))
    return Drive(**{"title": "D", "actions": ("give",), "goal": goal, "from_": FROM, "by": BY, "match": match, **about})


def euros(amount: int, people: int = 20) -> Given:
    return Given(people=people, verified=people, sums={"EUR": amount})


def of(wanted: Drive, total: Given) -> drives.Progress:
    return drives.progress(wanted, total, FROM)


amounts = st.integers(1, 10_000_000)
rates = st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,6})?", fullmatch=True)
parts = st.builds(
    Given, people=st.integers(0, 40), claimed=st.integers(0, 50), verified=st.integers(0, 50),
    sums=st.dictionaries(st.sampled_from(["EUR", "USD", "JPY"]), amounts),
)  # fmt: skip


@given(st.lists(amounts), rates, st.integers(1, 1_000_000))
def test_a_match_never_exceeds_what_was_promised_or_what_it_comes_to(gifts: list[int], each: str, up_to: int) -> None:
    matched = of(drive(each=each, up_to=up_to), euros(sum(gifts))).matched

    assert 0 <= matched <= up_to
    whole, _, part = each.partition(".")
    scale = 10 ** len(part)
    assert matched * scale <= sum(gifts) * int(whole + part)
    assert matched == up_to or (matched + 1) * scale > sum(gifts) * int(whole + part)


@given(parts, amounts, rates)
def test_a_gift_lowers_nothing_and_its_refund_takes_back_exactly_that(before: Given, gift: int, each: str) -> None:
    wanted = drive(each=each)
    one = Given(sums={"EUR": gift})
    first, then = of(wanted, before), of(wanted, before.and_(one))

    assert then.reached == first.reached + gift
    assert then.matched >= first.matched
    assert then.percent >= first.percent
    back = of(wanted, before.and_(one).without(one))
    assert (back.reached, back.matched, back.missing) == (first.reached, first.matched, first.missing)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_hundred_percent_is_said_only_when_it_is_reached_and_more_is_not_hidden(reached: int, goal: int) -> None:
    found = of(drive(total=goal), euros(reached))

    assert (found.percent >= 100) == (reached >= goal)
    assert (found.missing == 0) == (reached >= goal)
    assert found.percent == reached * 100 // goal


@pytest.mark.parametrize(
    ("each", "up_to", "gifts", "matched"),
    [
        ("0.333", 10_000, [1], 0),  # one cent, and a third of it is none
        ("0.333", 10_000, [1, 1, 1, 1], 1),  # of four together one
        ("0.333", 10_000, [3003], 999),
        ("0.333333", 10**9, [10**9], 333_333_000),
        ("1.00", 1_000, [999, 5], 1_000),  # the cap in the middle of a gift
        ("1.00", 1_000, [999], 999),
        ("2.5", 10_000, [1, 2], 7),
        ("0.000001", 10_000, [999_999], 0),
        ("9999999.999999", 10**13, [10**13], 10**13),
    ],
)
def test_awkward_numbers_come_out_to_the_cent(each: str, up_to: int, gifts: list[int], matched: int) -> None:
    assert of(drive(each=each, up_to=up_to), euros(sum(gifts))).matched == matched


def test_a_count_is_matched_by_action_and_only_by_confirmed_ones_where_the_sponsor_says_so() -> None:
    goal, done = DriveGoal(count=1000), Given(people=300, claimed=22, verified=390)

    assert of(drive(goal=goal, each="50"), done).matched == 412 * 50
    assert of(drive(goal=goal, each="50", match={"confirmed": True}), done).matched == 390 * 50
    assert of(drive(goal=goal, each="50", up_to=19_999), done).matched == 19_999


def test_other_currencies_are_told_apart_and_never_converted() -> None:
    found = of(drive(), Given(people=20, verified=20, sums={"EUR": 100, "USD": 9_999_999, "JPY": 0}))

    assert (found.reached, found.matched, found.other) == (100, 100, {"USD": 9_999_999})


@pytest.mark.parametrize(
    ("day", "phase"),
    [(date(2026, 5, 31), "coming"), (FROM, "open"), (BY, "open"), (date(2026, 7, 1), "over")],
)
def test_both_days_belong_to_the_drive(day: date, phase: str) -> None:
    assert drives.phase(drive(), day) == phase
    begins, ends = drives.window(drive())
    assert (begins.isoformat(), ends.isoformat()) == ("2026-06-01T00:00:00+00:00", "2026-07-01T00:00:00+00:00")


def test_a_drive_may_have_teams() -> None:
    assert list(drive(teams={"north": Team(title="North"), "south": Team(title="South")}).teams) == ["north", "south"]


@given(st.lists(parts, max_size=8))
def test_nobody_is_seen_through_what_is_left_out(teams: list[Given]) -> None:
    told = drives.shown(teams)
    hidden = sum(team.people for team, shown in zip(teams, told, strict=True) if not shown)

    assert all(team.people >= FEWEST for team, shown in zip(teams, told, strict=True) if shown)
    assert hidden == 0 or hidden >= FEWEST or not any(told)


@given(st.lists(parts, max_size=8))
def test_parts_add_up_to_the_whole(teams: list[Given]) -> None:
    whole = Given()
    for team in teams:
        whole = whole.and_(team)

    assert whole.done == sum(team.done for team in teams)
    for currency in ("EUR", "USD", "JPY"):
        assert whole.sums.get(currency, 0) == sum(team.sums.get(currency, 0) for team in teams)
