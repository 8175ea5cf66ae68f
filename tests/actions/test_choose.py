"""What the tables of `cases/` cannot say: moments, propensities, policies, chance."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from actions.choose import Nudge, Silence, asks_for, choose, may_take
from actions.facts import History, Person
from actions.policy import Candidate, Context, Item, PlainPolicy, Ranked
from actions.reasons import CHOSEN, CODES, WITHHELD, Reason
from actions.shelf import Shelf
from tests import make


def last_reason(history: History, person: Person | None = None, shelf: Shelf | None = None) -> Reason:
    chosen = choose(person or make.person(), history, shelf or make.shelf(), make.NOW, Random(1))
    return chosen.reasons[-1]


def test_reasons_for_and_against_are_apart() -> None:
    assert not CHOSEN.keys() & WITHHELD.keys()
    assert CODES.keys() == CHOSEN.keys() | WITHHELD.keys()


def test_a_nudge_says_what_each_reason_is_about() -> None:
    chosen = choose(make.person(), History(), make.shelf(), make.NOW, Random(1))
    assert chosen == Nudge(
        story="water/water-1",
        ask="water/sign",
        cause="water/water",
        reasons=(
            Reason("follows", "water/water"),
            Reason("chapter", "1"),
            Reason("step-up", "supporter"),
            Reason("fits-time", "2"),
        ),
        propensity=1.0,
    )


def test_rests_say_when_they_end() -> None:
    declined = make.history(asked=[make.asked(at=make.day(-1), answer="declined", answered_at=make.day(-0.5))])
    assert last_reason(declined) == Reason("resting", "water/water", make.day(6.5))
    old = make.history(asked=[make.asked(at=make.day(-20), answer="declined")])
    assert last_reason(old) == Reason("resting", "water/sign", make.day(70))
    later = make.history(asked=[make.asked(at=make.day(-1), answer="later", answered_at=make.day(-1))])
    assert last_reason(later) == Reason("later", "water/sign", make.day(2))
    assert last_reason(make.history(asked=[make.asked(at=make.day(-1))])) == Reason(
        "asked-lately", "water/sign", make.day(6)
    )


def test_the_budget_says_when_the_next_ask_may_come() -> None:
    asked = [make.asked(f"water/{n}", at=make.day(n - 5), answer="taken") for n in range(4)]
    assert last_reason(make.history(asked=asked)) == Reason("ask-budget", at=make.day(3))
    assert last_reason(make.history(), make.person(asks=0)) == Reason("ask-budget")


def test_slowing_down_says_when_the_next_ask_may_come() -> None:
    asked = [make.asked(f"water/{n}", at=make.day(-30 + 9 * n)) for n in range(4)]
    assert last_reason(make.history(asked=asked)) == Reason("slowed", at=make.day(4))


def test_needs_name_what_comes_before() -> None:
    actions = {"sign": make.action(needs=("read",)), "read": make.action(rung="leader")}
    assert last_reason(History(), shelf=make.shelf(make.pack(actions=actions))) == Reason("needs", "water/read")


def test_a_repeating_action_says_when_it_may_be_taken_again_on_the_persons_clock() -> None:
    shelf = make.shelf(make.pack(actions={"sign": make.action(repeat="monthly")}))
    taken = make.history(taken=[make.taken(at=datetime(2026, 1, 31, 12, tzinfo=UTC))])
    person = make.person(zone="Asia/Tokyo")
    on_28 = datetime(2026, 2, 27, 15, tzinfo=UTC)
    assert may_take(person, taken, shelf, "water/sign", on_28 - timedelta(seconds=1)) == Reason(
        "taken", "water/sign", on_28
    )
    assert may_take(person, taken, shelf, "water/sign", on_28) is None


def test_a_month_after_the_29th_of_february_is_the_29th_of_march() -> None:
    shelf = make.shelf(make.pack(actions={"sign": make.action(repeat="monthly")}))
    taken = make.history(taken=[make.taken(at=datetime(2028, 2, 29, 12, tzinfo=UTC))])
    assert may_take(make.person(), taken, shelf, "water/sign", datetime(2028, 3, 28, 23, tzinfo=UTC)) is not None
    assert may_take(make.person(), taken, shelf, "water/sign", datetime(2028, 3, 29, 0, tzinfo=UTC)) is None


def test_a_pause_says_until_when() -> None:
    day = make.day(3).date()
    paused = choose(make.person(state="paused", paused_until=day), History(), make.shelf(), make.NOW, Random(1))
    assert paused == Silence((Reason("paused", "2026-06-04"),))
    forever = choose(make.person(state="paused"), History(), make.shelf(), make.NOW, Random(1))
    assert forever == Silence((Reason("paused"),))


def test_an_old_button_of_an_unknown_action_is_closed() -> None:
    assert may_take(make.person(), History(), make.shelf(), "gone/gone", make.NOW) == Reason("closed", "gone/gone")


def test_chance_decides_among_equals_and_the_propensity_tells_how_many_there_were() -> None:
    actions = {f"sign-{n}": make.action() for n in range(4)}
    shelf = make.shelf(make.pack(actions=actions))
    chance = Random(5)
    chosen = [choose(make.person(), History(), shelf, make.NOW, chance) for _ in range(400)]
    counts = Counter(nudge.ask for nudge in chosen if isinstance(nudge, Nudge))
    assert len(counts) == 4
    assert min(counts.values()) > 60
    assert {nudge.propensity for nudge in chosen if isinstance(nudge, Nudge)} == {0.25}


def test_offers_end_at_the_limit() -> None:
    shelf = make.shelf(make.pack(actions={f"sign-{n}": make.action() for n in range(9)}))
    for limit in (0, 1, 3, 99):
        offers = asks_for(make.person(), History(), shelf, make.NOW, Random(1), limit)
        assert len({offer.action for offer in offers}) == len(offers) == min(limit, 9)


class Backwards:
    """A policy that turns the plain one round, and notes what it was asked."""

    def __init__(self) -> None:
        self.purposes: list[str] = []

    def rank(self, candidates: Sequence[Candidate[Item]], context: Context, chance: Random) -> Ranked[Item]:
        self.purposes.append(context.purpose)
        return list(reversed(PlainPolicy().rank(candidates, context, chance)))


def test_another_policy_orders_but_cannot_break_a_rule() -> None:
    actions = {
        "short": make.action(minutes=1),
        "long": make.action(minutes=4),
        "too-long": make.action(minutes=40),
    }
    shelf, policy = make.shelf(make.pack(actions=actions)), Backwards()
    chosen = choose(make.person(), History(), shelf, make.NOW, Random(1), policy=policy)
    assert isinstance(chosen, Nudge)
    assert chosen.ask == "water/long"
    offers = asks_for(make.person(), History(), shelf, make.NOW, Random(1), policy=policy)
    assert [offer.action for offer in offers] == ["water/long", "water/short"]
    assert policy.purposes == ["ask", "offer"]


def test_only_names_and_chance_order_the_causes() -> None:
    follows = sorted(f"water/{cause}" for cause in ("water", "air", "soil", "light"))
    shelf = make.shelf(make.pack(causes=[ref.removeprefix("water/") for ref in follows]))
    for seed in range(10):
        expected = follows.copy()
        Random(seed).shuffle(expected)
        chosen = choose(make.person(follows=follows), History(), shelf, make.NOW, Random(seed))
        assert isinstance(chosen, Nudge)
        assert chosen.cause == expected[0]
