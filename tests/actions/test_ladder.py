from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.facts import Taken
from actions.ladder import Progress, climbed, progress, standing
from actions.shelf import ShelfCause
from content.model import Reach, Step
from tests import make

KINDS = ("petition", "learn", "outreach", "report", "donation")


def cause(*steps: Step) -> ShelfCause:
    about = {"ladder": steps} if steps else {}
    return make.shelf(make.pack(**about)).causes["water/water"]


def acts(count: int, kinds: int = 1, **about: object) -> list[Taken]:
    return [make.taken(f"water/a{n}", kind=KINDS[n % kinds], **about) for n in range(count)]


@pytest.mark.parametrize(
    ("count", "kinds", "rung"),
    [
        (0, 1, "curious"),
        (1, 1, "supporter"),
        (2, 2, "supporter"),
        (3, 1, "supporter"),
        (3, 2, "advocate"),
        (6, 2, "advocate"),
        (6, 3, "contributor"),
        (10, 4, "organizer"),
        (15, 5, "leader"),
        (50, 5, "leader"),
    ],
)
def test_the_default_ladder_counts_actions_and_kinds(count: int, kinds: int, rung: str) -> None:
    assert standing(cause(), acts(count, kinds), make.NOW) == rung


def test_what_was_undone_does_not_count() -> None:
    assert standing(cause(), acts(5, 5, status="undone"), make.NOW) == "curious"


def test_other_causes_do_not_count() -> None:
    assert standing(cause(), acts(5, 5, cause="air/air"), make.NOW) == "curious"


def test_a_standing_falls_with_silence_and_rises_again() -> None:
    log = acts(3, 2)
    assert standing(cause(), log, make.day(60)) == "advocate"
    assert standing(cause(), log, make.day(61)) == "supporter"
    again = [make.taken(f"water/b{n}", kind=KINDS[n % 2], at=make.day(61)) for n in range(3)]
    assert standing(cause(), [*log, *again], make.day(61)) == "advocate"


def test_nobody_stands_above_a_rung_that_does_not_hold() -> None:
    ladder = cause(
        Step(rung="supporter", reach=Reach(actions=2, within=7)), Step(rung="advocate", reach=Reach(actions=2))
    )
    assert standing(ladder, acts(2), make.NOW) == "advocate"
    assert standing(ladder, acts(2), make.day(8)) == "curious"


def test_a_rung_may_ask_for_verified_actions_and_for_ethics() -> None:
    ladder = cause(Step(rung="host", reach=Reach(actions=1, verified=1, ethics=True)))
    assert standing(ladder, acts(1), make.NOW, {"water"}) == "curious"
    assert standing(ladder, acts(1, status="verified"), make.NOW) == "curious"
    assert standing(ladder, acts(1, status="verified"), make.NOW, {"air"}) == "curious"
    assert standing(ladder, acts(1, status="verified"), make.NOW, {"water"}) == "host"


def test_a_claim_that_lifts_tells_the_new_rung() -> None:
    claim = make.taken("water/new", kind="learn")
    assert climbed(cause(), [], claim) == "supporter"
    assert climbed(cause(), acts(1), claim) is None
    assert climbed(cause(), acts(2), claim) == "advocate"


def test_a_claim_of_a_known_action_counts_once() -> None:
    claim = make.taken("water/a0")
    assert climbed(cause(), acts(2, 2), claim) is None


def test_a_verified_claim_may_lift_where_the_claimed_one_did_not() -> None:
    ladder = cause(Step(rung="host", reach=Reach(actions=1, verified=1)))
    assert climbed(ladder, [make.taken()], make.taken(status="verified")) == "host"


def test_a_climb_after_a_fall_is_a_climb() -> None:
    assert climbed(cause(), acts(3, 2), make.taken("water/b", kind="learn", at=make.day(61))) is None
    late = [make.taken(f"water/b{n}", kind=KINDS[n % 2], at=make.day(61)) for n in range(2)]
    assert climbed(cause(), [*acts(3, 2), *late], make.taken("water/b9", at=make.day(62))) == "advocate"


def test_progress_says_what_opens_the_next_rung() -> None:
    assert progress(cause(), acts(1), make.NOW) == Progress(
        rung="supporter", next_rung="advocate", missing_actions=2, missing_kinds=1, within=60
    )
    assert progress(cause(), acts(3), make.NOW).missing_actions == 1
    assert progress(cause(), acts(15, 5), make.NOW) == Progress("leader")


def test_progress_names_the_statement_to_accept() -> None:
    ladder = cause(Step(rung="host", reach=Reach(actions=1, verified=1, ethics=True)))
    assert progress(ladder, acts(1), make.NOW) == Progress(
        rung="curious", next_rung="host", missing_verified=1, needs_ethics=True
    )


REACHES = st.builds(
    Reach,
    actions=st.integers(1, 6),
    kinds=st.integers(1, 4),
    within=st.none() | st.integers(1, 90),
    verified=st.integers(0, 3),
    ethics=st.booleans(),
)
LADDERS = st.lists(REACHES, min_size=1, max_size=5).map(
    lambda reaches: cause(*(Step(rung=f"r{n}", reach=reach) for n, reach in enumerate(reaches)))
)
LOGS = st.lists(
    st.builds(
        lambda n, kind, hours, status: make.taken(
            f"water/a{n}", kind=kind, at=make.NOW - timedelta(hours=hours), status=status
        ),
        st.integers(0, 99),
        st.sampled_from(KINDS),
        st.integers(0, 24 * 100),
        st.sampled_from(["claimed", "verified", "undone"]),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=200)
@given(ladder=LADDERS, log=LOGS)
def test_what_progress_asks_for_opens_the_next_rung_and_one_less_does_not(ladder: ShelfCause, log: list[Taken]) -> None:
    now = progress(ladder, log, make.NOW)
    assert now.rung == standing(ladder, log, make.NOW)
    if now.next_rung is None:
        return
    known = {one.kind for one in log}
    fresh = [kind for kind in (*KINDS, "share", "story", "event", "form") if kind not in known]
    spare = next(iter(sorted(known)), "petition")
    kinds = [*fresh[: now.missing_kinds], *[spare] * 20][: now.missing_actions]
    more = [make.taken(f"water/new{n}", kind=kind, status="verified") for n, kind in enumerate(kinds)]
    extra = [make.taken(f"water/more{n}", kind=spare, status="verified") for n in range(now.missing_verified)]
    reached = standing(ladder, [*log, *more, *extra], make.NOW, {"water"})
    assert ladder.rungs.index(reached) > ladder.rungs.index(now.rung)
    if more:
        less = standing(ladder, [*log, *more[1:]], make.NOW, {"water"})
        assert ladder.rungs.index(less) <= ladder.rungs.index(now.rung)
