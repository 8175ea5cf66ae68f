"""The pace of an account, with a clock moved by hand."""

from bisect import bisect_right
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nudging.pace import Pace
from tests.platforms.telegram.errors import RefusedError
from tests.platforms.telegram.pace import Pace as Limits

RATES = st.sampled_from([1.0, 2.0, 5.0, 30.0, 1000.0])
TINY = 1e-9


@dataclass
class Hand:
    """A clock moved by hand, and the pace that reads it."""

    rate: float = 30.0
    chat_gap: float = 1.0
    now: float = 100.0
    gone: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(self.rate, self.chat_gap, lambda: self.now, lambda chat: 20 if chat.startswith("-") else 0)

    def sends(self, late: float = 0.0, cost: int = 1) -> None:
        """Wait for the next slot, come a little late, send."""
        self.now += self.pace.wait(cost) + late
        while (left := self.pace.wait(cost)) > 0:
            self.now += left + TINY
        self.pace.take(cost)
        self.gone += [self.now] * cost

    def most_in(self, span: float) -> int:
        """The most departures in any stretch of time."""
        return max(bisect_right(self.gone, at + span - TINY) - n for n, at in enumerate(self.gone))


@settings(deadline=None, max_examples=100)
@given(rate=RATES, lates=st.lists(st.sampled_from([0.0, 0.0, 0.0005, 0.004, 0.03, 0.3, 1.1]), max_size=200))
def test_no_second_ever_sees_more_than_the_rate_however_late_the_sender_wakes(rate: float, lates: list[float]) -> None:
    hand = Hand(rate)
    for late in lates * (10 if rate > 100 else 1):
        hand.sends(late)
    assert not hand.gone or hand.most_in(1.0) <= rate


@settings(deadline=None, max_examples=50)
@given(costs=st.lists(st.integers(1, 4), min_size=1, max_size=100))
def test_a_message_in_parts_takes_as_many_slots(costs: list[int]) -> None:
    hand = Hand(30.0)
    for cost in costs:
        hand.sends(cost=cost)
    assert hand.most_in(1.0) <= 30


@pytest.mark.parametrize(("rate", "share"), [(1.0, 0.985), (30.0, 0.985), (1000.0, 0.97)])
def test_a_broadcast_fills_the_rate(rate: float, share: float) -> None:
    hand = Hand(rate)
    start = hand.now
    for _ in range(int(rate * 20)):
        hand.sends(late=0.0003)
    assert share <= (rate * 20 - 1) / (hand.now - start) / rate <= 1.0


def test_the_slots_are_even() -> None:
    hand = Hand(30.0)
    for _ in range(60):
        hand.sends()
    gaps = {round(later - at, 4) for at, later in zip(hand.gone, hand.gone[1:], strict=False)}
    assert gaps == {0.0337}


@settings(deadline=None, max_examples=100)
@given(pauses=st.lists(st.floats(0, 4), min_size=1, max_size=80), group=st.booleans())
def test_a_chat_gets_no_more_than_its_platform_allows(pauses: list[float], group: bool) -> None:
    chat = "-5" if group else "5"
    hand, limits = Hand(1000.0), Limits(1000)
    for pause in pauses:
        hand.now += pause
        hand.now += hand.pace.chat_wait(chat) + TINY
        limits.admit(int(chat), hand.now, is_group=group)
        hand.pace.took(chat)


def test_a_chat_has_a_short_burst_and_then_one_a_second() -> None:
    hand = Hand()
    for _ in range(3):
        assert hand.pace.chat_wait("5") == 0
        hand.pace.took("5")
    assert hand.pace.resting() == ["5"]
    assert hand.pace.chat_wait("5") == hand.pace.release() == pytest.approx(1.0)
    assert hand.pace.chat_wait("6") == 0
    hand.now += 1.01
    assert hand.pace.resting() == []


def test_a_told_wait_is_its_chats_alone() -> None:
    hand = Hand()
    assert hand.pace.refused(7.0, "5") is False
    assert hand.pace.wait() == 0
    assert hand.pace.chat_wait("5") == pytest.approx(7.0)
    assert hand.pace.learned == 30.0


def test_several_chats_refused_at_once_are_the_account() -> None:
    hand = Hand()
    assert [hand.pace.refused(3.0, chat) for chat in ("5", "6", "7")] == [False, False, True]
    assert hand.pace.held() == pytest.approx(3.0)
    assert hand.pace.learned == pytest.approx(24.0)


def test_refusals_of_one_hold_slow_down_once() -> None:
    hand = Hand()
    for chat in "123456":
        hand.pace.refused(3.0, chat, everyone=True)
    assert hand.pace.learned == pytest.approx(24.0)


@settings(deadline=None, max_examples=50)
@given(waits=st.lists(st.floats(0.1, 10_072), min_size=1, max_size=5))
def test_nothing_leaves_before_a_hold_is_over(waits: list[float]) -> None:
    hand = Hand()
    hand.sends()
    for wait in waits:
        told = hand.now
        hand.pace.refused(wait, "5", everyone=True)
        hand.sends()
        assert hand.now >= told + wait - TINY
        assert hand.now <= told + wait + 1


def test_a_lower_limit_is_learned_and_left_behind_when_it_is_gone() -> None:
    """The true limit falls to 20 a second for half an hour, then is 30 again."""
    hand, refused = Hand(30.0), list[float]()
    limits, start = Limits(20), hand.now
    while hand.now < start + 1800:
        hand.sends()
        try:
            limits.admit(len(hand.gone), hand.now)
        except RefusedError as refusal:
            refused.append(hand.now - start)
            hand.pace.refused(refusal.parameters["retry_after"], str(len(hand.gone)))
    assert len(hand.gone) / 1800 > 20 * 0.85
    assert len([at for at in refused if at > 60]) / len(hand.gone) < 0.01
    while hand.now < start + 1800 + 3600:
        hand.sends()
    assert hand.pace.learned == 30.0


def test_nothing_is_remembered_of_chats_of_long_ago() -> None:
    hand = Hand()
    for number in range(-5000, 5000):
        hand.pace.took(str(number))
    hand.now += 600
    hand.pace.took("1")
    assert len(hand.pace._chats) == 1
    assert len(hand.pace._crowds) == 0
    assert hand.pace.resting() == []
