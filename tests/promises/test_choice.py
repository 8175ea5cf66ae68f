"""Promises 1 to 4 and 9 at the level of choosing: whole lives, judged by rules written down a second time."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.choose import Nudge, Offer, Silence, asks_for
from actions.facts import History, Person
from actions.ladder import standing
from actions.reasons import CHOSEN, CODES
from actions.rhythm import is_quiet, local_day
from actions.shelf import Shelf, ShelfAction
from content.model import DEFAULT_RUNGS, ActionKind
from tests import make
from tests.actions.life import Life, Way

CAUSES = ("water", "air", "soil")
KINDS = list(ActionKind.__args__)
DAYS = st.integers(-5, 60).map(lambda n: make.day(n).date())
SOME_DAY = st.none() | DAYS


@st.composite
def spans(draw: Any) -> dict[str, date | None]:
    start, end = draw(SOME_DAY), draw(SOME_DAY)
    return {"from_": start, "until": end if not (start and end) or start <= end else None}


@st.composite
def shelves(draw: Any) -> Shelf:
    """A shelf of anything a pack may hold, in three causes."""
    names = [f"a{n}" for n in range(draw(st.integers(4, 16)))]
    actions = {
        name: make.action(
            draw(st.sampled_from(CAUSES)),
            kind=draw(st.sampled_from(KINDS)),
            rung=draw(st.sampled_from(DEFAULT_RUNGS[:4])),
            minutes=draw(st.integers(1, 6)),
            repeat=draw(st.sampled_from(["never", "never", "daily", "weekly", "monthly"])),
            regions=tuple(draw(st.lists(st.sampled_from(["GB", "DE", "US-CA"]), max_size=2, unique=True))),
            needs=tuple(names[:1]) if names.index(name) and draw(st.integers(0, 4)) == 0 else (),
            **(draw(spans()) if draw(st.booleans()) else {}),
        )
        for name in names
    }
    stories = {
        f"s{n}": make.story(
            draw(st.sampled_from(CAUSES)),
            minutes=draw(st.integers(1, 4)),
            leads_to=tuple(draw(st.lists(st.sampled_from(names), max_size=2, unique=True))),
            **draw(spans()),
        )
        for n in range(draw(st.integers(0, 20)))
    }
    return make.shelf(make.pack(causes=CAUSES, chapters=draw(st.integers(0, 12)), stories=stories, actions=actions))


CLOCK = st.sampled_from([time(0), time(2, 30), time(7), time(12), time(22), time(23, 30)])
PERSONS = st.builds(
    make.person,
    follows=st.sets(st.sampled_from([f"water/{cause}" for cause in CAUSES]), min_size=1),
    region=st.sampled_from(["", "GB", "DE", "US-CA", "US"]),
    unwanted=st.sets(st.sampled_from(KINDS), max_size=3),
    frequency=st.sampled_from(["daily", "daily", "weekdays", "three", "weekly"]),
    hour=CLOCK,
    quiet_from=CLOCK,
    quiet_until=CLOCK,
    minutes=st.integers(1, 10),
    asks=st.integers(0, 7),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Santiago", "Pacific/Auckland"]),
)
PART = st.integers(0, 10).map(lambda n: n / 10)
WAYS = st.builds(Way, takes=PART, declines=PART, later=PART, undoes=st.just(0.1), browses=st.sampled_from([0.0, 0.3]))


def becomes(**about: Any) -> Any:
    def change(person: Person) -> Person:
        return make.person(**{"follows": person.follows, **about})

    return change


CHANGES = st.dictionaries(
    st.integers(0, 80),
    st.one_of(
        st.just(becomes(state="stopped")),
        st.integers(1, 80).map(lambda n: becomes(state="paused", paused_until=make.day(n).date())),
        st.just(becomes(zone="Asia/Tokyo")),
        st.just(becomes(frequency="weekly", zone="America/Nuuk", hour=time(23, 30), minutes=2)),
        st.just(becomes(muted=["water/water"], region="GB")),
        st.just(becomes(follows=["water/air"])),
    ),
    max_size=3,
)


@settings(deadline=None, max_examples=120)
@given(person=PERSONS, shelf=shelves(), way=WAYS, seed=st.integers(0, 99), changes=CHANGES)
def test_no_life_breaks_a_promise(person: Person, shelf: Shelf, way: Way, seed: int, changes: Any) -> None:
    life = Life(person, shelf, way, Random(seed), make.day(-1), changes=changes)
    told: set[str] = set()
    for now, person, history, chosen in life.live(90):
        assert not is_quiet(person.rhythm, now)
        assert person.state == "active" or isinstance(chosen, Silence) or person.paused_until is not None
        assert {reason.code for reason in chosen.reasons} <= CODES.keys()
        assert chosen.reasons
        if isinstance(chosen, Nudge):
            check_nudge(chosen, person, history, shelf, now)
            assert chosen.story not in told
            told |= {chosen.story} - {None}
        for offer in asks_for(person, history, shelf, now, Random(seed)):
            check_offer(offer, person, history, shelf, now)


@settings(deadline=None, max_examples=20)
@given(person=PERSONS, shelf=shelves(), way=WAYS, seed=st.integers(0, 99))
def test_a_life_repeats_with_its_seed(person: Person, shelf: Shelf, way: Way, seed: int) -> None:
    one, other = (list(Life(person, shelf, way, Random(seed), make.NOW).live(30)) for _ in range(2))
    assert one == other


def check_nudge(nudge: Nudge, person: Person, history: History, shelf: Shelf, now: datetime) -> None:
    """A nudge keeps every promise to this person at this moment."""
    assert 0 < nudge.propensity <= 1
    assert nudge.story or nudge.ask
    assert nudge.cause in person.follows - person.muted
    minutes, today = 0, local_day(person.rhythm, now)
    if nudge.story is not None:
        story = shelf.stories[nudge.story]
        assert nudge.story not in history.shown
        assert story.cause == nudge.cause
        assert (story.from_ or today) <= today <= (story.until or today)
        minutes = story.minutes
    if nudge.ask is not None:
        action = shelf.actions[nudge.ask]
        assert action.cause == nudge.cause
        assert {reason.code for reason in nudge.reasons} <= CHOSEN.keys()
        check_suits(action, person, history, shelf, now)
        check_asked_gently(action, nudge, person, history, shelf, now)
        minutes += action.minutes
    else:
        assert nudge.reasons[-1].code not in CHOSEN
    assert minutes <= person.rhythm.minutes


def check_offer(offer: Offer, person: Person, history: History, shelf: Shelf, now: datetime) -> None:
    action = shelf.actions[offer.action]
    assert 0 < offer.propensity <= 1
    assert action.cause in person.follows - person.muted
    assert action.minutes <= person.rhythm.minutes
    assert {reason.code for reason in offer.reasons} <= CHOSEN.keys()
    check_suits(action, person, history, shelf, now)


def check_suits(action: ShelfAction, person: Person, history: History, shelf: Shelf, now: datetime) -> None:
    """Promises 2 and 3: not taken, not resting, open, of the region, needs done, at most one rung up, wanted."""
    today = local_day(person.rhythm, now)
    assert (action.from_ or today) <= today <= (action.until or today)
    assert action.kind not in person.unwanted
    counted = [one for one in history.taken if one.status != "undone"]
    for one in counted:
        if one.action == action.ref:
            apart = (today - local_day(person.rhythm, one.at)).days
            assert apart >= {"daily": 1, "weekly": 7, "monthly": 28}[action.repeat]
    refused = [one.answered_at for one in history.asked if one.action == action.ref and one.answer == "declined"]
    since = [one.at for one in counted if one.action == action.ref]
    assert all(now - at >= timedelta(days=90) or any(at < later for later in since) for at in refused if at)
    assert not action.regions or any(
        person.region == place or person.region.startswith(f"{place}-") for place in action.regions
    )
    assert set(action.needs) <= {one.action for one in counted}
    cause = shelf.causes[action.cause]
    stands = cause.rungs.index(standing(cause, history.taken, now, history.ethics))
    assert cause.rungs.index(action.rung) <= stands + 1


def check_asked_gently(
    action: ShelfAction, nudge: Nudge, person: Person, history: History, shelf: Shelf, now: datetime
) -> None:
    """Asks are scarce, rest after a no, slow down in silence, begin in private, and never grow in one conversation."""
    nudged = [one for one in history.asked if one.nudged]
    week = now - timedelta(days=7)
    assert sum(one.at > week for one in nudged) < person.rhythm.asks
    if len(nudged) >= 3 and not any(one.answer for one in nudged[-3:]):
        assert nudged[-1].at <= week
    if nudge.story is None:
        assert all(one.at <= week for one in nudged)
    declined = [one for one in history.asked if one.answer == "declined" and one.cause == action.cause]
    assert all(one.answered_at <= week for one in declined)
    same = [one for one in history.asked if one.action == action.ref and (one.nudged or one.answer)]
    assert not same or same[-1].answer or same[-1].at <= week
    assert not same or same[-1].answer != "later" or same[-1].answered_at <= now - timedelta(days=3)
    acts = [one for one in history.taken if one.status != "undone"]
    assert len(acts) >= 2 or action.kind not in ("share", "story", "invite", "host", "circle", "event")
    chapters = {story.ref for story in shelf.causes[action.cause].chapters}
    assert not chapters or chapters & {*history.shown, nudge.story}
    cause = shelf.causes[action.cause]
    if cause.rungs.index(action.rung) > cause.rungs.index(standing(cause, history.taken, now)):
        today = local_day(person.rhythm, now)
        assert not acts or local_day(person.rhythm, acts[-1].at) != today
        assert history.last_answer_at is None or now - history.last_answer_at >= timedelta(hours=2)
        assert all(now - one.at >= timedelta(days=2) for one in acts if one.cause == cause.ref)
