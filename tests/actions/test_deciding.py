"""Who decides for whom, and how much time is left."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import deciding
from actions.choose import Nudge, asks_for, choose, may_take
from content.model import Decision, Maker
from tests import make

ON = date(2026, 6, 20)
PLACES = ("GB", "US", "US-CA", "US-NY", "DE", "DE-BY")


def decision(*regions: tuple[str, ...], on: date = ON) -> Decision:
    makers = tuple(
        Maker(name=f"m{number}", office="o", regions=one, phone="+441632960000") for number, one in enumerate(regions)
    )
    return Decision(day=on, what="The law", points=("Because.",), makers=makers or (Maker(name="m", office="o"),))


def named(found: tuple[Maker, ...]) -> list[str]:
    return [maker.name for maker in found]


@pytest.mark.parametrize(
    ("region", "expected"),
    [("US-CA", ["m0"]), ("US-NY", ["m1", "m2"]), ("US", ["m1", "m2"]), ("FR", ["m3"]), ("FR-75", ["m3"]), ("", ["m3"])],
)
def test_the_nearest_one_decides(region: str, expected: list[str]) -> None:
    assert named(deciding.makers_for(decision(("US-CA",), ("US",), ("US", "GB"), ()), region)) == expected


@pytest.mark.parametrize(
    ("regions", "region", "asked"),
    [
        ([()], "", ()),
        ([("GB",), ("US-CA",)], "", ("GB", "US")),
        ([("GB",), ("US-CA",), ("US-NY",)], "US", ("US-CA", "US-NY")),
        ([("US",), ("US-CA",)], "US", ("US-CA",)),
        ([("US",), ("US-CA",)], "US-NY", ()),
        ([("GB",)], "GB", ()),
        ([("GB",)], "GB-SCT", ()),
        ([("GB",)], "FR", ("GB",)),
        ([("GB",), ()], "FR", ()),
    ],
)
def test_a_place_is_asked_for_only_where_it_decides(
    regions: list[tuple[str, ...]], region: str, asked: tuple[str, ...]
) -> None:
    assert deciding.regions_to_ask(decision(*regions), region) == asked


makers = st.lists(st.lists(st.sampled_from(PLACES), max_size=3, unique=True).map(tuple), min_size=1, max_size=6)


@given(regions=makers, region=st.sampled_from((*PLACES, "FR", "")))
def test_nobody_is_offered_who_does_not_decide_there(regions: list[tuple[str, ...]], region: str) -> None:
    found = deciding.makers_for(decision(*regions), region)

    for maker in found:
        assert not maker.regions or {region, deciding.country_of(region)} & set(maker.regions)
    exact = [maker for maker in decision(*regions).makers if region and region in maker.regions]
    assert not exact or list(found) == exact


@given(regions=makers, region=st.sampled_from((*PLACES, "FR", "")), data=st.data())
def test_answering_where_one_lives_ends_the_questions_in_two_steps(
    regions: list[tuple[str, ...]], region: str, data: st.DataObject
) -> None:
    about = decision(*regions)
    for _ in range(3):
        places = deciding.regions_to_ask(about, region)
        if not places:
            break
        region = data.draw(st.sampled_from(places))
    assert not deciding.regions_to_ask(about, region)
    assert deciding.makers_for(about, region) or not any(regions)


def test_a_decision_maker_keeps_their_key_when_the_rest_changes() -> None:
    before, after = decision(("GB",), ("US",)), decision(("FR",), ("GB",), ("US",))
    moved = before.makers[0].model_copy(update={"email": "new@example.org"})

    assert deciding.key_of(moved) == deciding.key_of(before.makers[0])
    assert deciding.key_of(after.makers[0]) != deciding.key_of(before.makers[0])
    assert deciding.find(after.makers, deciding.key_of(before.makers[1])) is None
    assert deciding.find(before.makers, deciding.key_of(before.makers[1])) is before.makers[1]


@pytest.mark.parametrize(("days", "left", "near"), [(8, 8, False), (7, 7, True), (1, 1, True), (0, 0, False), (-1, -1, False)])  # fmt: skip
def test_the_days_are_counted_to_the_day_itself(days: int, left: int, near: bool) -> None:
    today = ON - timedelta(days=days)

    assert deciding.days_left(ON, today) == left
    assert deciding.is_near(ON, today) is near
    assert not deciding.is_near(None, today)


def test_the_last_sensible_day_is_the_eve_or_the_actions_own() -> None:
    assert deciding.last_day(decision()) == date(2026, 6, 19)
    assert deciding.last_day(decision(), date(2026, 6, 10)) == date(2026, 6, 10)
    assert deciding.last_day(decision(), date(2026, 6, 25)) == date(2026, 6, 19)


@given(st.integers(-20, 20), st.integers(0, 9))
def test_a_near_decision_moves_only_the_order(days: int, seed: int) -> None:
    """The same pack without its decision tells which asks may be put; with it, none is put that might not be."""
    on = make.NOW.date() + timedelta(days=days)
    write = make.action(kind="outreach", minutes=5, regions=("GB",))
    others = {"sign": make.action(), "far": make.action(rung="leader"), "long": make.action(minutes=60)}
    plain = make.shelf(make.pack(actions={"write": write, **others}))
    dated = write.model_copy(update={"decision": decision(("GB",), on=on)})
    shelf = make.shelf(make.pack(actions={"write": dated, **others}))
    ana, past, chance = make.person(region="GB"), make.history(), Random(seed)
    may = {offer.action for offer in asks_for(ana, past, plain, make.NOW, chance, 9)}
    chosen = choose(ana, past, shelf, make.NOW, chance)

    assert {offer.action for offer in asks_for(ana, past, shelf, make.NOW, chance, 9)} == (
        may if days > 0 else may - {"water/write"}
    )
    assert isinstance(chosen, Nudge)
    assert chosen.ask in may
    assert (chosen.ask == "water/write") is (0 < days <= 7)
    assert ("decision-near" in {reason.code for reason in chosen.reasons}) is (0 < days <= 7)
    reason = may_take(ana, past, shelf, "water/write", make.NOW)
    assert (reason and reason.code) == ("closed" if days < 0 else None)
