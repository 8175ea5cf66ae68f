"""Plans of people, in every zone and over every clock change: reminded in time, asked once, never at night."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from actions import planning_ahead
from actions.facts import Rhythm
from actions.planning_ahead import When, begins, question, reminder, sensible, suits
from actions.rhythm import is_quiet
from actions.shelf import ShelfAction
from actions.zones import zone_or_utc

ZONES = ("Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "America/Nuuk", "Pacific/Apia", "UTC")
CHANGES = (
    date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 24), date(2026, 10, 30), date(2026, 4, 5), date(2026, 10, 4),
    date(2026, 3, 28), date(2011, 12, 30), date(2026, 6, 1),
)  # fmt: skip
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
rhythms = st.builds(Rhythm, hour=times, zone=st.sampled_from(ZONES), quiet_from=times, quiet_until=times)
days = st.builds(lambda day, more: day + timedelta(days=more), st.sampled_from(CHANGES), st.integers(-2, 2))
whens = st.builds(When, days, times)


def action(**about: object) -> ShelfAction:
    return ShelfAction("water/clean", "water/water", "volunteer", "supporter", 1, 60, **about)  # type: ignore[arg-type]


def awake(rhythm: Rhythm) -> Rhythm:
    """Somebody awake for an hour a day at least: nobody else can be written to at all."""
    night = (rhythm.quiet_until.hour * 60 + rhythm.quiet_until.minute) - (
        rhythm.quiet_from.hour * 60 + rhythm.quiet_from.minute
    )
    assume(night % (24 * 60) <= 23 * 60)
    return rhythm


@given(rhythm=rhythms, when=whens, ahead=st.integers(0, 3 * 24 * 60))
def test_a_reminder_lies_between_now_and_the_time_and_never_in_the_night(
    rhythm: Rhythm, when: When, ahead: int
) -> None:
    begin = begins(when, awake(rhythm))
    now = begin - ahead * MINUTE
    at = reminder(when, rhythm, now)

    if at is not None:
        assert now < at < begin
        assert not is_quiet(rhythm, at)
    elif not is_quiet(rhythm, begin - planning_ahead.AHEAD):
        assert begin - now <= planning_ahead.AHEAD


@given(rhythm=rhythms, when=whens)
def test_without_a_night_it_is_an_hour_before_whatever_the_clocks_do(rhythm: Rhythm, when: When) -> None:
    rhythm = Rhythm(hour=rhythm.hour, zone=rhythm.zone, quiet_from=time(0), quiet_until=time(0))
    begin = begins(when, rhythm)

    assert reminder(when, rhythm, begin - DAY) == begin - timedelta(hours=1)


@given(rhythm=rhythms, when=whens)
def test_the_question_comes_on_a_later_day_outside_the_night(rhythm: Rhythm, when: When) -> None:
    begin, at = begins(when, awake(rhythm)), question(when, rhythm)
    tz = zone_or_utc(rhythm.zone)

    assert at.astimezone(tz).date() > begin.astimezone(tz).date()
    assert at - begin >= planning_ahead.AFTERWARDS
    assert not is_quiet(rhythm, at)


@given(
    rhythm=rhythms, when=whens, made=st.integers(1, 4 * 24 * 60),
    life=st.lists(st.tuples(st.integers(1, 600), st.none() | rhythms), max_size=60),
)  # fmt: skip
def test_over_a_life_of_moves_and_outages_each_comes_at_most_once_and_in_its_time(
    rhythm: Rhythm, when: When, made: int, life: list[tuple[int, Rhythm | None]]
) -> None:
    now = begins(when, awake(rhythm)) - made * MINUTE
    following = planning_ahead.first(when, rhythm, now)
    deeds = []
    for minutes, moved in [*life, *((60, None) for _ in range(24 * 9))]:
        now += minutes * MINUTE
        if moved is not None and following.stage in ("open", "reminded"):
            rhythm = awake(moved)
            following = planning_ahead.moved(following.stage, when, rhythm, now)
        rounds = 0
        while following.at is not None and following.at <= now:
            following = planning_ahead.advance(following.stage, when, rhythm, now)
            if following.deed in ("remind", "ask"):
                deeds.append(following.deed)
                assert not is_quiet(rhythm, now)
                assert (now < begins(when, rhythm)) == (following.deed == "remind")
            rounds += 1
            assert rounds < 9

    assert deeds in ([], ["remind"], ["ask"], ["remind", "ask"])
    assert following.at is None


@given(rhythm=rhythms, day=days, hour=times, opens=st.integers(-3, 9), length=st.integers(0, 9))
def test_what_is_offered_is_to_come_open_and_by_day(
    rhythm: Rhythm, day: date, hour: time, opens: int, length: int
) -> None:
    now = datetime.combine(day, hour, UTC)
    first = day + timedelta(days=opens)
    offered = sensible(action(opens=first, closes=first + timedelta(days=length)), awake(rhythm), now)

    assert len(offered) <= planning_ahead.OFFERED
    assert len(set(offered)) == len(offered)
    for when in offered:
        assert begins(when, rhythm) - now >= planning_ahead.TO_GET_READY
        assert first <= when.day <= first + timedelta(days=length)
        assert not is_quiet(rhythm, begins(when, rhythm))


def test_on_a_monday_morning_the_next_sensible_times_are_offered_in_their_order() -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    assert [f"{one.day:%a} {one.at:%H:%M}" for one in sensible(action(), Rhythm(), now)] == [
        "Mon 15:30", "Mon 18:30", "Tue 10:00", "Tue 18:30", "Sat 10:00", "Sun 15:30",
    ]  # fmt: skip


def test_an_event_of_one_day_is_planned_on_that_day() -> None:
    now, day = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), date(2026, 4, 18)

    assert {one.day for one in sensible(action(opens=day, closes=day), Rhythm(), now)} == {day}


def test_whoever_sleeps_by_day_is_offered_their_own_hour() -> None:
    rhythm = Rhythm(hour=time(22), quiet_from=time(7), quiet_until=time(20))

    assert {one.at for one in sensible(action(), rhythm, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))} == {time(22)}


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"kind": "petition", "minutes": 2}, False),
        ({"kind": "petition", "minutes": 15}, True),
        ({"kind": "petition", "minutes": 2, "closes": date(2026, 4, 30)}, True),
        ({"kind": "petition", "minutes": 2, "closes": date(2026, 5, 2)}, False),
        ({"kind": "outreach", "minutes": 2}, True),
        ({"kind": "event", "minutes": 60, "closes": date(2026, 3, 1)}, False),
    ],
)
def test_what_has_a_time_of_its_own_is_planned(about: dict[str, object], expected: bool) -> None:
    made = ShelfAction(**{"ref": "a/b", "cause": "a/a", "rung": "supporter", "step": 1, **about})  # type: ignore[arg-type]

    assert suits(made, date(2026, 3, 2)) == expected
