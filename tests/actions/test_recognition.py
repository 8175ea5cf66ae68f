"""Weeks, milestones and sums: nothing is lost, nothing is told twice, nothing is needed to climb."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import recognition
from actions.facts import Taken
from actions.recognition import Life, Pause, Streak, Sum
from content.model import Adds, Each, Unit
from tests import make

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Pacific/Kiritimati")
MONDAY = date(2026, 1, 5)
KINDS = ("petition", "share", "donation", "learn")


def on(day: date, zone: str = "UTC", hour: int = 12, **about: object) -> Taken:
    """Something done at a local hour of a day."""
    return make.taken(at=datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC), **about)


def week(number: int, day: int = 0) -> date:
    """A day of a week, counted from the first of 2026."""
    return MONDAY + timedelta(weeks=number, days=day)


def life(*weeks: int, rests: Sequence[Pause] = ()) -> Life:
    return Life([on(week(number)) for number in weeks], "UTC", pauses=rests)


def at(day: date) -> datetime:
    return datetime.combine(day, time(20), UTC)


@pytest.mark.parametrize(
    ("weeks", "now", "expected"),
    [
        ((), 0, Streak(0, 0)),
        ((0,), 0, Streak(1, 1)),
        ((0, 1, 2), 2, Streak(3, 3)),
        ((0, 1, 2), 3, Streak(3, 3)),  # this week is not over
        ((0, 1, 2), 4, Streak(3, 3)),  # one week was missed: forgiven
        ((0, 1, 2), 5, Streak(0, 3)),  # two in a row: the stretch stays as the longest
        ((0, 2, 4), 4, Streak(3, 3)),
        ((0, 1, 4), 4, Streak(1, 2)),
        ((0, 0, 0), 0, Streak(1, 1)),
    ],
)
def test_one_missed_week_is_forgiven_and_a_second_in_a_row_ends_the_stretch(
    weeks: tuple[int, ...], now: int, expected: Streak
) -> None:
    assert recognition.streak(life(*weeks), at(week(now, 3))) == expected


def test_a_week_touched_by_a_rest_is_passed_over() -> None:
    rest = Pause(week(1, 6), week(5, 1))  # from a Sunday until the Monday four weeks later

    assert recognition.streak(life(0, 6, rests=[rest]), at(week(6))) == Streak(2, 2)
    assert recognition.streak(life(0, 8, rests=[rest]), at(week(8))) == Streak(1, 1)
    assert recognition.streak(life(0, rests=[rest]), at(week(7))) == Streak(1, 1)
    assert recognition.streak(life(0, rests=[replace(rest, until=rest.since)]), at(week(4))) == Streak(0, 1)


def test_a_year_of_fifty_three_weeks_has_no_seam() -> None:
    assert date(2026, 12, 31).isocalendar().week == 53
    days = (date(2026, 12, 21), date(2026, 12, 31), date(2027, 1, 4))

    assert recognition.streak(Life([on(day) for day in days], "UTC"), at(days[-1])) == Streak(3, 3)


@pytest.mark.parametrize("zone", ZONES)
def test_a_week_is_that_of_the_persons_own_calendar(zone: str) -> None:
    """One minute after the local midnight into a Monday is another week than one minute before, clock changes or not."""
    for monday in (date(2026, 3, 30), date(2026, 10, 26), date(2026, 11, 2), date(2026, 6, 1)):
        midnight = datetime.combine(monday, time(0), ZoneInfo(zone)).astimezone(UTC)
        pair = [make.taken(at=midnight + timedelta(minutes=minutes)) for minutes in (-1, 1)]

        assert recognition.streak(Life(pair, zone), midnight + timedelta(hours=1)).weeks == 2
        assert recognition.streak(Life(pair[1:], zone), midnight + timedelta(hours=1)).weeks == 1


DAYS = st.dates(date(2025, 12, 1), date(2027, 2, 1))
STATUS = st.sampled_from(("claimed", "claimed", "verified", "undone"))
ACTS = st.builds(
    lambda day, hour, kind, status: on(day, hour=hour, kind=kind, status=status),
    DAYS, st.integers(0, 23), st.sampled_from(KINDS), STATUS,
)  # fmt: skip
PAUSES = st.builds(lambda since, days: Pause(since, since + timedelta(days=days)), DAYS, st.integers(0, 60))
LIVES = st.builds(
    lambda taken, zone, joined, rests: Life(taken, zone, joined, rests),
    st.lists(ACTS, max_size=40),
    st.sampled_from(ZONES),
    st.none() | st.datetimes(datetime(2024, 2, 28), datetime(2025, 12, 1), timezones=st.just(UTC)),
    st.lists(PAUSES, max_size=4),
)
NOWS = st.builds(at, DAYS)


def grew(before: Streak, after: Streak) -> bool:
    return after.weeks >= before.weeks and after.longest >= before.longest


@given(LIVES, ACTS, NOWS)
def test_one_more_action_never_shortens_a_stretch(life: Life, more: Taken, now: datetime) -> None:
    after = recognition.streak(replace(life, taken=[*life.taken, more]), now)

    assert grew(recognition.streak(life, now), after)


@given(LIVES, PAUSES, NOWS)
def test_a_rest_never_ends_a_stretch(life: Life, rest: Pause, now: datetime) -> None:
    after = recognition.streak(replace(life, pauses=[*life.pauses, rest]), now)

    assert grew(recognition.streak(life, now), after)


@given(LIVES, NOWS)
def test_a_stretch_goes_on_through_the_rest_of_its_week_and_the_next(life: Life, now: datetime) -> None:
    acted = replace(life, taken=[*(one for one in life.taken if one.at <= now), make.taken(at=now)])
    weeks = recognition.streak(acted, now).weeks

    assert weeks >= 1
    assert all(recognition.streak(acted, now + timedelta(days=days)).weeks == weeks for days in range(1, 8))


@given(LIVES, NOWS)
def test_what_was_undone_never_counts(life: Life, now: datetime) -> None:
    bare = replace(life, taken=[one for one in life.taken if one.status != "undone"])

    assert recognition.streak(bare, now) == recognition.streak(life, now)
    assert recognition.reached(bare, now) == recognition.reached(life, now)


@given(LIVES, st.lists(st.integers(0, 40), min_size=1, max_size=60), st.booleans())
def test_a_milestone_is_told_once_fresh_and_never_two_on_a_day(life: Life, gaps: list[int], weeks: bool) -> None:
    """Whatever a person does, whenever: told at each of many occasions, some of them taken back in between."""
    told: dict[str, datetime] = {}
    now = at(date(2025, 12, 1))
    zone = ZoneInfo(life.zone)
    for gap in gaps:
        now += timedelta(hours=gap * 7)
        done = [one for one in life.taken if one.at <= now]
        one = recognition.to_tell(replace(life, taken=done), told, now, weeks=weeks)
        if one is None:
            continue
        assert one.name not in told
        assert all(before.astimezone(zone).date() != now.astimezone(zone).date() for before in told.values())
        assert timedelta(0) <= now - one.at < recognition.KEEPS_LONGER
        assert now - one.at < recognition.KEEPS or one.what in ("year", "verified")
        assert weeks or one.what != "weeks"
        told[one.name] = now


def names(life: Life, now: datetime) -> list[str]:
    return [one.name for one in recognition.reached(life, now)]


def test_milestones_are_counts_first_times_weeks_and_years() -> None:
    many = [on(week(0), hour=hour) for hour in range(5)]
    joined = datetime(2025, 1, 5, 23, 30, tzinfo=UTC)

    assert names(Life(many[:1], "UTC"), at(week(0))) == ["actions-1"]
    assert names(Life(many, "UTC"), at(week(0))) == ["actions-5", "actions-1"]
    assert names(Life([on(week(0)), on(week(1), kind="share")], "UTC"), at(week(1))) == ["actions-1", "kind-share"]
    assert names(Life([on(week(0), status="verified")], "UTC"), at(week(0))) == ["actions-1", "verified"]
    assert names(Life([on(week(number)) for number in range(4)], "UTC"), at(week(3))) == ["weeks-4", "actions-1"]
    assert names(Life([], "UTC", joined), at(MONDAY)) == ["year-1"]
    assert names(Life([], "Europe/Berlin", joined), at(MONDAY)) == []  # there it was the sixth already


def test_who_came_on_a_leap_day_has_the_anniversary_on_the_first_of_march() -> None:
    leap = Life([], "UTC", datetime(2024, 2, 29, 12, tzinfo=UTC))

    assert names(leap, at(date(2025, 2, 28))) == []
    assert names(leap, at(date(2025, 3, 1))) == ["year-1"]


def test_a_milestone_that_could_not_be_told_waits_for_two_days() -> None:
    fifth = Life([on(week(0), hour=hour) for hour in range(5)], "UTC")
    first = fifth.taken[4].at

    for days, expected in ((0, "actions-5"), (1.9, "actions-5"), (2, None)):
        one = recognition.to_tell(fifth, {"actions-1": first - timedelta(days=9)}, first + timedelta(days=days))
        assert (one.name if one else None) == expected


def test_who_did_much_before_all_this_is_not_told_it_now() -> None:
    long_ago = Life([on(week(number)) for number in range(30)], "UTC")

    assert recognition.to_tell(long_ago, {}, at(week(40))) is None


LAMP = Unit(one="hour of light", other="hours of light")
ADDS = {
    "water/lamp": Adds(each=Each(amount=3, unit=LAMP)),
    "water/candle": Adds(each=Each(amount=1, unit=LAMP)),
    "water/sign": Adds(each=Each(amount=1, unit=Unit(one="name", other="names"))),
}


def test_sums_tell_apart_what_is_confirmed_and_leave_out_what_was_undone() -> None:
    done = [
        make.taken("water/lamp", status="verified"), make.taken("water/lamp"), make.taken("water/candle"),
        make.taken("water/lamp", status="undone"), make.taken("water/sign"), make.taken("water/other"),
    ]  # fmt: skip

    first, second = recognition.added(done, ADDS)
    assert (first, first.total) == (Sum(LAMP, claimed=4, verified=3), 7)
    assert (second.claimed, second.verified) == (1, 0)


@given(st.lists(st.tuples(st.sampled_from([*ADDS, "water/other"]), STATUS)))
def test_nothing_counts_twice_in_a_sum_and_nothing_is_left_out(done: list[tuple[str, str]]) -> None:
    taken = [make.taken(ref, status=status) for ref, status in done]
    sums = recognition.added(taken, ADDS)

    counted = [(ref, status) for ref, status in done if status != "undone" and ref in ADDS]
    assert sum(one.total for one in sums) == sum(ADDS[ref].each.amount for ref, _ in counted)
    sure = sum(ADDS[ref].each.amount for ref, status in counted if status == "verified")
    assert sum(one.verified for one in sums) == sure


def test_no_decision_reads_any_of_it() -> None:
    """What is asked, when, and where someone stands does not depend on it: no other part of the rules knows it."""
    rules = Path(recognition.__file__).parent
    others = [path for path in rules.glob("*.py") if path.name != "recognition.py"]

    assert others
    assert [path.name for path in others if "recognition" in path.read_text(encoding="utf-8")] == []
