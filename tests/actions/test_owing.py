"""Debts of results: what is owed, when organizers are reminded, when a person may hear."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from actions import owing
from actions.facts import Person, Rhythm
from actions.owing import Debt
from actions.rhythm import is_paused, is_quiet
from tests import make

days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
refs = st.sampled_from(["a/1", "a/2", "a/3", "b/1"])


@given(promised=st.dictionaries(refs, days), acted=st.dictionaries(refs, st.integers(0, 9)), told=st.frozensets(refs))
def test_owed_is_what_was_promised_to_someone_who_acted_and_is_not_told(
    promised: dict[str, date], acted: dict[str, int], told: frozenset[str]
) -> None:
    found = owing.debts(promised, acted, told)

    assert {debt.action for debt in found} == {ref for ref in promised if acted.get(ref, 0) > 0} - told
    assert [debt.by for debt in found] == sorted(debt.by for debt in found)
    assert all(debt.people > 0 for debt in found)


@given(by=st.dates(), steps=st.lists(st.integers(0, 40), max_size=80))
def test_of_a_debt_there_are_four_reminders_at_most_none_before_its_week_and_never_two_in_one(
    by: date, steps: list[int]
) -> None:
    """Whatever days the planner wakes up on."""
    debt, sent, when = Debt("a/1", by, 3), 0, []
    ordinal = max(1, by.toordinal() - 30)
    for step in steps:
        ordinal = min(ordinal + step, date.max.toordinal())
        number = owing.reminder(debt, sent, date.fromordinal(ordinal))
        if number:
            assert number > sent
            sent = number
            when.append(ordinal - by.toordinal())

    assert len(when) <= 4
    assert all(day >= -7 for day in when)
    assert len({sum(start <= day for start in owing.REMINDED) for day in when}) == len(when)


hours = st.builds(time, st.integers(0, 23))


@given(
    state=st.sampled_from(["active", "paused", "stopped", "unreachable"]), until=st.none() | days,
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo"]),
    night=st.tuples(hours, hours), now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
)  # fmt: skip
def test_a_person_hears_when_they_are_awake_and_not_resting_or_never(
    state: str, until: date | None, zone: str, night: tuple[time, time], now: datetime
) -> None:
    moment = now.replace(tzinfo=make.NOW.tzinfo)
    rhythm = Rhythm(zone=zone, quiet_from=night[0], quiet_until=night[1])
    person = Person(1, "p", state=state, paused_until=until, rhythm=rhythm)  # type: ignore[arg-type]
    at = owing.told_at(person, moment)

    if state in ("stopped", "unreachable"):
        assert at is None
    elif at is not None:
        assert at >= moment
        assert not is_quiet(rhythm, at)
        assert not is_paused(person, at)
        assert state == "paused" or at - moment <= timedelta(days=1)
