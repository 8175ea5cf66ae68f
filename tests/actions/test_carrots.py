"""Carrot days decided: stages follow one another, the same votes always choose the same bid, no cent is lost."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import carrots
from actions.rhythm import is_quiet
from content.model import Bid, Carrot
from tests import make

SLUGS = ("oak", "elm", "ash", "fir")
shares = st.lists(st.integers(1, 100), min_size=1, max_size=4)
ballots = st.dictionaries(st.sampled_from((*SLUGS, "gone")), st.integers(0, 20))
ORDER = list(get_args(carrots.Stage))


def bids(*of: int) -> dict[str, Bid]:
    return {
        slug: Bid(shop=slug, place="here", promise="lamps", share=one) for slug, one in zip(SLUGS, of, strict=False)
    }


def day(**about: object) -> Carrot:
    terms = {"vote_until": date(2026, 6, 5), "day": date(2026, 6, 13), "from_": "10:00", "until": "18:00"}
    return Carrot(**{"bids": bids(20, 30), "zone": "Europe/Berlin", **terms, **about})  # type: ignore[arg-type]


@given(shares, ballots)
def test_the_winner_has_the_most_votes_then_the_higher_share_then_comes_first(
    of: list[int], votes: dict[str, int]
) -> None:
    offered = bids(*of)
    chosen = carrots.winner(offered, votes)

    best = max(votes.get(slug, 0) for slug in offered)
    rivals = [slug for slug in offered if votes.get(slug, 0) == best]
    dearest = [slug for slug in rivals if offered[slug].share == max(offered[one].share for one in rivals)]
    assert chosen == dearest[0]


@given(shares, st.lists(st.tuples(st.integers(0, 5), st.sampled_from(SLUGS)), max_size=30))
def test_whoever_changes_their_vote_moves_exactly_one(of: list[int], presses: list[tuple[int, str]]) -> None:
    mine: dict[int, str] = {}
    for person, slug in presses:
        before = [list(mine.values()).count(one) for one in SLUGS]
        new = person not in mine
        mine[person] = slug
        after = [list(mine.values()).count(one) for one in SLUGS]
        assert sum(after) - sum(before) == new
        assert sum(abs(one - other) for one, other in zip(before, after, strict=True)) in (0, 1, 2)
    assert sum(list(mine.values()).count(one) for one in SLUGS) == len({person for person, _ in presses})


@given(st.integers(0, 10**9), st.integers(1, 100))
def test_what_the_shop_gives_is_the_share_to_the_cent(takings: int, share: int) -> None:
    given_ = carrots.gives(takings, share)

    assert -50 <= given_ * 100 - takings * share < 50
    assert 0 <= given_ <= takings


@pytest.mark.parametrize(("takings", "share", "gives"), [(250, 1, 2), (251, 1, 3), (150, 1, 1), (184255, 20, 36851)])
def test_half_a_cent_is_rounded_down(takings: int, share: int, gives: int) -> None:
    assert carrots.gives(takings, share) == gives


@given(
    st.lists(st.integers(0, 60 * 24 * 40), min_size=2, max_size=8),
    st.sampled_from(["UTC", "Asia/Tokyo", "America/Lima"]),
)
def test_a_day_never_goes_back_to_an_earlier_stage(minutes: list[int], zone: str) -> None:
    carrot = day(zone=zone)
    seen = [ORDER.index(carrots.stage(carrot, make.NOW + timedelta(minutes=one))) for one in sorted(minutes)]

    assert seen == sorted(seen)


def test_votes_count_until_the_last_day_is_over_in_the_place_itself() -> None:
    carrot = day()

    assert carrots.stage(carrot, datetime(2026, 6, 5, 21, 59, tzinfo=UTC)) == "voting"
    assert carrots.stage(carrot, datetime(2026, 6, 5, 22, 0, tzinfo=UTC)) == "set"


def test_a_result_before_the_day_is_over_is_none() -> None:
    told = {"kept": True, "text": "Done."}

    assert carrots.stage(day(told=told), make.NOW) == "voting"
    assert carrots.stage(day(told=told), datetime(2026, 6, 13, 12, tzinfo=UTC)) == "day"
    assert carrots.stage(day(told=told), datetime(2026, 6, 14, 12, tzinfo=UTC)) == "told"


@given(st.sampled_from(["UTC", "Asia/Tokyo", "America/Lima", "Pacific/Auckland", "Europe/Berlin"]))
def test_nobody_is_reminded_in_their_night_or_when_the_shop_has_closed(zone: str) -> None:
    carrot, person = day(), make.person(zone=zone)
    morning = carrots.told_at("morning", carrot, person)

    if morning is not None:
        assert not is_quiet(person.rhythm, morning)
        assert carrots.begins(carrot) <= morning < carrots.closes(carrot)
    thanks = carrots.told_at("thanks", carrot, person)
    assert thanks is not None
    assert not is_quiet(person.rhythm, thanks)
