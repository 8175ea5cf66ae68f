from datetime import UTC, date, datetime, time, timedelta

import pytest

from actions.facts import Rhythm
from actions.rhythm import is_paused, is_quiet, local_day, next_slot, resume_day, slowed, zone, zone_or_utc
from tests import make


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(zone: str, hour: str, day: str, **about: object) -> str:
    """The local wall time and UTC offset of the slot on or after a day."""
    rhythm = Rhythm(
        zone=zone, hour=time.fromisoformat(hour), **{"quiet_from": time(0), "quiet_until": time(0), **about}
    )
    before = date.fromisoformat(day) - timedelta(days=1)
    slot = next_slot(rhythm, utc(f"{before}T00:00"), before)
    return slot.at.astimezone(zone_or_utc(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("zone", "hour", "day", "expected"),
    [
        pytest.param("Europe/Berlin", "18:00", "2026-06-01", "2026-06-01T18:00+02:00", id="an ordinary day"),
        pytest.param("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T03:00+02:00", id="C1 missing hour"),
        pytest.param("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T02:30+02:00", id="C2 repeated hour"),
        pytest.param("Africa/Cairo", "00:00", "2026-04-24", "2026-04-24T01:00+03:00", id="C3 missing midnight"),
        pytest.param("America/Santiago", "23:30", "2026-04-04", "2026-04-04T23:30-03:00", id="C4 date ends twice"),
        pytest.param("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-04T02:30+11:00", id="C5 half an hour"),
        pytest.param("Antarctica/Troll", "01:30", "2026-03-29", "2026-03-29T03:00+02:00", id="C5 two hours"),
        pytest.param("America/Nuuk", "23:30", "2026-03-28", "2026-03-28T22:30-02:00", id="the day ends in a gap"),
        pytest.param("Pacific/Apia", "18:00", "2011-12-30", "2011-12-31T18:00+14:00", id="a day that never was"),
    ],
)
def test_a_slot_is_the_first_moment_at_or_after_the_wished_time(zone: str, hour: str, day: str, expected: str) -> None:
    assert at(zone, hour, day) == expected


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("daily", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("weekdays", [1, 2, 3, 4, 5, 8]),
        ("three", [1, 3, 5, 8]),
        ("weekly", [4]),
    ],
)
def test_each_frequency_has_its_days(frequency: str, expected: list[int]) -> None:
    rhythm = Rhythm(frequency=frequency, weekday=3)
    days, slot = [], next_slot(rhythm, utc("2026-06-01T00:00"), None)
    while slot.day <= date(2026, 6, 8):
        days.append(slot.day.day)
        slot = next_slot(rhythm, slot.at, slot.day)
    assert days == expected


def test_a_slot_is_strictly_after() -> None:
    due = utc("2026-06-01T18:00")
    assert next_slot(Rhythm(), due - timedelta(seconds=1), None).at == due
    assert next_slot(Rhythm(), due, None).at == due + timedelta(days=1)


def test_a_slot_is_later_than_the_last_day() -> None:
    assert next_slot(Rhythm(), utc("2026-06-01T09:00"), date(2026, 6, 1)).day == date(2026, 6, 2)


def test_a_pause_is_the_last_day_before_it_ends() -> None:
    assert next_slot(Rhythm(), utc("2026-06-01T09:00"), date(2026, 6, 9)).day == date(2026, 6, 10)


@pytest.mark.parametrize(
    ("hour", "moved"), [("23:00", "07:00"), ("06:59", "07:00"), ("07:00", "07:00"), ("21:59", "21:59")]
)
def test_a_wish_inside_the_quiet_hours_moves_to_their_end_on_the_same_date(hour: str, moved: str) -> None:
    quiet = {"quiet_from": time(22), "quiet_until": time(7)}
    assert at("UTC", hour, "2026-06-05", **quiet) == f"2026-06-05T{moved}+00:00"
    assert at("UTC", hour, "2026-06-05", frequency="weekdays", **quiet) == f"2026-06-05T{moved}+00:00"


def test_a_gap_that_leads_into_the_quiet_hours_moves_to_their_end() -> None:
    quiet = {"quiet_from": time(3), "quiet_until": time(7)}
    assert at("Europe/Berlin", "02:30", "2026-03-29", **quiet) == "2026-03-29T07:00+02:00"


@pytest.mark.parametrize(
    ("about", "expires"),
    [
        ({}, "2026-06-01T22:00"),
        ({"quiet_from": time(0), "quiet_until": time(7)}, "2026-06-02T00:00"),
        ({"quiet_from": time(3), "quiet_until": time(3)}, "2026-06-02T00:00"),
        ({"quiet_from": time(12), "quiet_until": time(14)}, "2026-06-02T00:00"),
        ({"zone": "America/Los_Angeles"}, "2026-06-02T05:00"),
    ],
)
def test_a_slot_expires_with_its_day_or_its_quiet_hours(about: dict[str, object], expires: str) -> None:
    assert next_slot(Rhythm(**about), utc("2026-06-01T12:00"), None).expires == utc(expires)


def test_a_slot_on_a_date_that_ends_twice_expires_at_the_second_end() -> None:
    rhythm = Rhythm(zone="America/Santiago", hour=time(23, 30), quiet_from=time(0), quiet_until=time(0))
    assert next_slot(rhythm, utc("2026-04-04T12:00"), None).expires == utc("2026-04-05T04:00")


def test_a_slot_expires_when_the_clocks_go_back_into_the_quiet_hours() -> None:
    rhythm = Rhythm(zone="Europe/Berlin", hour=time(1), quiet_from=time(22), quiet_until=time(2, 30))
    slot = next_slot(rhythm, utc("2026-10-24T12:00"), date(2026, 10, 24))
    assert (slot.at, slot.expires) == (utc("2026-10-25T00:30"), utc("2026-10-25T01:00"))


@pytest.mark.parametrize(("spread", "minute"), [(0, 0), (25, 25), (59, 59), (60, 0), (125, 5)])
def test_a_spread_stays_inside_the_hour(spread: int, minute: int) -> None:
    assert next_slot(Rhythm(), utc("2026-06-01T12:00"), None, spread=spread).at == utc(f"2026-06-01T18:{minute:02}")


def test_a_spread_leaves_half_of_a_short_slot() -> None:
    rhythm = Rhythm(hour=time(21, 45))
    assert next_slot(rhythm, utc("2026-06-01T12:00"), None, spread=59).at == utc("2026-06-01T21:52:30")
    assert next_slot(rhythm, utc("2026-06-01T12:00"), None, spread=5).at == utc("2026-06-01T21:50")


def test_a_move_of_zone_never_brings_two_nudges_within_half_a_day() -> None:
    nudged = next_slot(Rhythm(zone="America/Los_Angeles"), utc("2026-06-01T12:00"), None)
    moved = next_slot(Rhythm(zone="Pacific/Auckland"), utc("2026-06-02T02:00"), nudged.day, last_at=nudged.at)
    assert moved.day == date(2026, 6, 3)
    assert moved.at - nudged.at > timedelta(hours=12)


def test_a_weekly_day_that_moves_brings_no_second_nudge_in_the_week() -> None:
    tuesday = Rhythm(frequency="weekly", weekday=1)
    assert next_slot(tuesday, utc("2026-06-01T19:00"), date(2026, 6, 1)).day == date(2026, 6, 9)


def test_a_rhythm_that_leaves_no_moment_is_an_error() -> None:
    with pytest.raises(ValueError, match="leaves no moment"):
        next_slot(Rhythm(frequency="weekly", weekday=7), make.NOW, None)


@pytest.mark.parametrize(
    ("start", "end", "clock", "quiet"),
    [
        ("22:00", "07:00", "22:00", True),
        ("22:00", "07:00", "06:59", True),
        ("22:00", "07:00", "07:00", False),
        ("22:00", "07:00", "21:59", False),
        ("12:00", "14:00", "13:00", True),
        ("12:00", "14:00", "14:00", False),
        ("12:00", "12:00", "12:00", False),
    ],
)
def test_quiet_hours_are_local_and_half_open(start: str, end: str, clock: str, quiet: bool) -> None:
    rhythm = Rhythm(quiet_from=time.fromisoformat(start), quiet_until=time.fromisoformat(end), zone="Asia/Kathmandu")
    now = datetime.combine(date(2026, 6, 1), time.fromisoformat(clock), zone_or_utc("Asia/Kathmandu"))
    assert is_quiet(rhythm, now.astimezone(UTC)) is quiet


def test_the_local_day_is_the_persons() -> None:
    assert local_day(Rhythm(zone="Pacific/Auckland"), utc("2026-06-01T13:00")) == date(2026, 6, 2)
    assert local_day(Rhythm(zone="Nowhere/Gone"), utc("2026-06-01T13:00")) == date(2026, 6, 1)


def test_a_pause_counts_today_and_ends_with_its_day() -> None:
    day = resume_day(Rhythm(), make.NOW, 7)
    paused = make.person(state="paused", paused_until=day)
    assert day == date(2026, 6, 8)
    assert is_paused(paused, utc("2026-06-07T23:59"))
    assert not is_paused(paused, utc("2026-06-08T00:00"))
    assert is_paused(make.person(state="paused"), utc("2036-01-01T00:00"))
    assert not is_paused(make.person(), make.NOW)


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "Asia/Kolkata", "Etc/GMT+3"])
def test_a_zone_has_its_exact_name(name: str) -> None:
    assert zone(name).key == name


@pytest.mark.parametrize(
    "name", ["GMT+3", "../../x", "/etc/passwd", "europe/berlin", "Europe", "Mars/Base", "", "\0", "localtime"]
)
def test_any_other_zone_name_is_refused_with_a_hint(name: str) -> None:
    with pytest.raises(ValueError, match="Use a name like Europe/Berlin"):
        zone(name)
    assert zone_or_utc(name).key == "UTC"


OFTEN = {"daily": 7, "weekdays": 5, "three": 3, "weekly": 1, None: 0}


@pytest.mark.parametrize("frequency", ["daily", "weekdays", "three", "weekly"])
def test_silence_slows_step_by_step_asks_once_and_ends_in_quiet(frequency: str) -> None:
    paces = [slowed(frequency, count) for count in range(60)]
    assert paces[0].frequency == frequency
    assert paces[-1].frequency is None
    assert sum(pace.question for pace in paces) == 1
    rates = [OFTEN[pace.frequency] for pace in paces]
    assert rates == sorted(rates, reverse=True)


def test_a_daily_rhythm_falls_to_three_and_to_one_a_week() -> None:
    assert [slowed("daily", count).frequency for count in (13, 14, 27, 28, 33)] == [
        "daily",
        "three",
        "three",
        "weekly",
        None,
    ]
