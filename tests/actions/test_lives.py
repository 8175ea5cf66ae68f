"""What becomes of whole lives: the willing climb, the unwilling are left in peace, causes get equal shares."""

from collections import Counter
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from actions.choose import Nudge
from actions.ladder import standing
from actions.shelf import Shelf
from tests import make
from tests.actions.life import SILENT, WILLING, Life, Way


def lived(shelf: Shelf, way: Way, days: int, seed: int = 1, **about: Any) -> tuple[Life, list[tuple[int, Nudge]]]:
    life = Life(make.person(**about), shelf, way, Random(seed), make.day(-0.5))
    nudges = [((now - make.NOW).days, chosen) for now, _, _, chosen in life.live(days) if isinstance(chosen, Nudge)]
    return life, nudges


def one_cause(chapters: int = 60) -> Shelf:
    return make.shelf(make.pack(chapters=chapters, actions=make.climb()))


def test_a_willing_person_climbs_from_curious_to_leader_rung_by_rung() -> None:
    life, _ = lived(one_cause(), WILLING, 80)
    cause, taken = life.shelf.causes["water/water"], life.history.taken
    path = [standing(cause, taken[:count], one.at) for count, one in enumerate(taken)]
    assert list(dict.fromkeys(path)) == ["curious", "supporter", "advocate", "contributor", "organizer", "leader"]


def test_a_willing_person_climbs_at_any_frequency() -> None:
    for frequency, days in (("weekdays", 80), ("three", 80), ("weekly", 200)):
        life, _ = lived(one_cause(), WILLING, days, frequency=frequency)
        assert standing(life.shelf.causes["water/water"], life.history.taken, life.now) == "leader", frequency


def test_a_silent_person_is_asked_less_and_less_and_in_the_end_not_at_all() -> None:
    shelf = make.shelf(make.pack(chapters=200, actions=make.climb(each=2)))
    _, nudges = lived(shelf, SILENT, 150)
    months = Counter(day // 30 for day, nudge in nudges if nudge.ask)
    assert months[0] <= 3 + 4
    assert months[1] <= 5
    assert months[3] == months[4] == 0
    assert len(nudges) == 150, "stories go on"


def test_a_refusing_person_is_asked_once_a_week_at_most_in_a_cause() -> None:
    _, nudges = lived(one_cause(chapters=120), Way(declines=1.0), 100)
    days = [day for day, nudge in nudges if nudge.ask]
    assert len(days) <= 15
    assert all(later - earlier >= 7 for earlier, later in pairwise(days))


def test_after_a_no_the_next_ask_in_the_cause_is_smaller_where_there_is_one() -> None:
    actions = {"give": make.action(kind="donation", minutes=1), "read": make.action(kind="learn", minutes=4)}
    _, nudges = lived(make.shelf(make.pack(chapters=20, actions=actions)), Way(declines=1.0), 10)
    assert [nudge.ask for _, nudge in nudges if nudge.ask] == ["water/give", "water/read"]


def two_causes(**about: Any) -> Shelf:
    causes = ("water", "air")
    actions = {**make.climb("water", each=8), **make.climb("air", each=8)}
    return make.shelf(make.pack(causes=causes, chapters=40, actions=actions, **about))


@pytest.mark.parametrize("way", [WILLING, SILENT, Way(takes=0.3, declines=0.3, later=0.2)])
def test_causes_with_equal_packs_get_equal_shares(way: Way) -> None:
    stories: Counter[str] = Counter()
    asks: Counter[str] = Counter()
    for seed in range(30):
        _, nudges = lived(two_causes(), way, 60, seed, follows=["water/water", "water/air"])
        shares = Counter(nudge.cause for _, nudge in nudges)
        assert abs(shares["water/water"] - shares["water/air"]) <= 1
        stories += shares
        asks += Counter(nudge.cause for _, nudge in nudges if nudge.ask)
    assert 0.8 <= asks["water/water"] / asks["water/air"] <= 1.25


@pytest.mark.parametrize("causes", [2, 3, 5])
def test_a_cause_with_news_every_day_gets_half_as_much_again_at_most(causes: int) -> None:
    names = ("water", "air", "soil", "light", "bread")[:causes]
    news = {f"n{day}": make.story(from_=make.day(day).date(), until=make.day(day).date()) for day in range(60)}
    shelf = make.shelf(make.pack(causes=names, chapters=60, stories=news))
    _, nudges = lived(shelf, SILENT, 60, follows=[f"water/{name}" for name in names])
    share = Counter(nudge.cause for _, nudge in nudges)["water/water"] / len(nudges)
    assert 1 / causes <= share <= 1.5 / causes + 0.05


def test_the_first_cause_is_drawn_by_chance_and_its_propensity_says_so() -> None:
    firsts = [lived(two_causes(), SILENT, 1, seed, follows=["water/water", "water/air"])[1][0][1] for seed in range(60)]
    counts = Counter(nudge.cause for nudge in firsts)
    assert 18 <= counts["water/water"] <= 42
    assert all(nudge.propensity <= 0.5 for nudge in firsts)


def test_chapters_come_in_order() -> None:
    _, nudges = lived(one_cause(), Way(takes=0.5), 60)
    assert [nudge.story for _, nudge in nudges] == [f"water/water-{number}" for number in range(1, 61)]
