"""Promises 1 and 7, as far as slots go: never more than the rhythm, never in quiet hours, once on any local day."""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.facts import Rhythm
from actions.rhythm import Slot, is_quiet, local_day, next_slot

WISHES = (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(23, 30))
ALL_DAY = {"quiet_from": time(0), "quiet_until": time(0)}
A_WEEK = {"daily": 7, "weekdays": 5, "three": 3, "weekly": 1}


@cache
def zone_changes() -> tuple[tuple[str, datetime], ...]:
    """Every clock change of 2026 and 2027, each zone with a history of its own once."""
    found: dict[tuple[datetime, ...], str] = {}
    for name in sorted(zoneinfo.available_timezones() - {"localtime", "Factory"}):
        found.setdefault((name, *changes_of(ZoneInfo(name))), name)
    return tuple((name, at) for (_, *changes), name in found.items() for at in changes)


def changes_of(tz: ZoneInfo) -> Iterator[datetime]:
    step = timedelta(hours=12)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    while at < datetime(2028, 1, 1, tzinfo=UTC):
        if (at + step).astimezone(tz).utcoffset() != at.astimezone(tz).utcoffset():
            low, high = at, at + step
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(tz).utcoffset() == low.astimezone(tz).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high.replace(second=0, microsecond=0)
        at += step


def slots(rhythm: Rhythm, after: datetime, until: date, spread: int = 0) -> Iterator[Slot]:
    """The slots a planner would keep, one after the other."""
    last: Slot | None = None
    while True:
        slot = next_slot(
            rhythm, last.at if last else after, last.day if last else None, spread=spread, last_at=last and last.at
        )
        if slot.day > until:
            return
        yield slot
        last = slot


def check_days(rhythm: Rhythm, change: datetime, spread: int = 0) -> None:
    """Around a clock change every local day has exactly one slot, in its own day, outside quiet hours."""
    middle = change.astimezone(ZoneInfo(rhythm.zone)).date()
    days = [middle + timedelta(days=n) for n in range(-2, 4)]
    start = datetime.combine(days[0] - timedelta(days=1), time(12), ZoneInfo(rhythm.zone))
    kept = [slot for slot in slots(rhythm, start, days[-1], spread) if slot.day >= days[0]]
    assert [slot.day for slot in kept] == days, rhythm
    for slot in kept:
        assert local_day(rhythm, slot.at) == slot.day, (rhythm, slot)
        assert slot.at < slot.expires, (rhythm, slot)
        late = slot.expires - timedelta(minutes=1)
        assert local_day(rhythm, late) == slot.day, (rhythm, slot)
        assert not is_quiet(rhythm, slot.at), (rhythm, slot)
        assert not is_quiet(rhythm, late), (rhythm, slot)


def test_the_clock_changes_of_two_years_are_found() -> None:
    assert len(zone_changes()) > 600


@pytest.mark.parametrize("wish", WISHES, ids=str)
def test_every_local_day_has_one_slot_whatever_the_clocks_do(wish: time) -> None:
    for name, change in zone_changes():
        check_days(Rhythm(hour=wish, zone=name, **ALL_DAY), change)
        check_days(Rhythm(hour=wish, zone=name), change, spread=wish.minute + 17)


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda m: time(m // 60, m % 60))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"])
RHYTHMS = st.builds(
    Rhythm,
    frequency=st.sampled_from(sorted(A_WEEK)),
    hour=MINUTES,
    zone=ZONES,
    quiet_from=MINUTES,
    quiet_until=MINUTES,
    weekday=st.integers(0, 6),
)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@settings(deadline=None, max_examples=150)
@given(
    first=RHYTHMS,
    changes=st.lists(st.tuples(st.integers(1, 24 * 60), RHYTHMS), max_size=6),
    spread=st.integers(0, 200),
)
def test_nobody_gets_more_than_their_rhythm_however_they_change_it(
    first: Rhythm, changes: list[tuple[int, Rhythm]], spread: int
) -> None:
    """Hour by hour through sixty days, with moves of zone, hour and frequency at any moment."""
    settings_of = {START + timedelta(hours=hour): rhythm for hour, rhythm in changes}
    rhythm, sent = first, list[tuple[Slot, Rhythm]]()
    in_force: dict[tuple[int, int], set[str]] = {}
    due = next_slot(rhythm, START, None, spread=spread)
    for hour in range(24 * 60):
        now = START + timedelta(hours=hour)
        last = sent[-1][0] if sent else None
        if now in settings_of:
            rhythm = settings_of[now]
            due = next_slot(rhythm, now, last and last.day, spread=spread, last_at=last and last.at)
        for shift in (-1, 0, 1):
            week = (now + timedelta(days=shift)).isocalendar()[:2]
            in_force.setdefault(week, set()).add(rhythm.frequency)
        if due.at <= now:
            sent.append((due, rhythm))
            due = next_slot(rhythm, due.at, due.day, spread=spread, last_at=due.at)
    check_sent(sent, in_force)


def check_sent(sent: list[tuple[Slot, Rhythm]], in_force: dict[tuple[int, int], set[str]]) -> None:
    for slot, rhythm in sent:
        assert not is_quiet(rhythm, slot.at)
        assert local_day(rhythm, slot.at) == slot.day
        assert slot.at < slot.expires
    for (one, _), (other, _) in pairwise(sent):
        assert one.day < other.day
        assert other.at - one.at >= timedelta(hours=12)
    weeks: dict[tuple[int, int], int] = {}
    for slot, _ in sent:
        week = slot.day.isocalendar()[:2]
        weeks[week] = weeks.get(week, 0) + 1
    for week, count in weeks.items():
        assert count <= max(A_WEEK[frequency] for frequency in in_force[week])


@settings(deadline=None, max_examples=100)
@given(rhythm=RHYTHMS, hours=st.integers(0, 24 * 700))
def test_a_rhythm_left_alone_has_every_one_of_its_days(rhythm: Rhythm, hours: int) -> None:
    after = START + timedelta(hours=hours)
    day = local_day(rhythm, after)
    until = day + timedelta(days=28)
    kept = {slot.day for slot in slots(rhythm, after, until)} - {day}
    days = [day + timedelta(days=n) for n in range(1, 29)]
    chosen = {"daily": range(7), "weekdays": range(5), "three": (0, 2, 4), "weekly": (rhythm.weekday,)}
    assert kept == {one for one in days if one.weekday() in chosen[rhythm.frequency]}
