from datetime import date

from actions.shelf import stock
from content.model import Goal
from tests import make


def test_refs_carry_the_pack() -> None:
    shelf = make.shelf(make.pack(stories={"s": make.story(leads_to=("sign",))}, actions={"sign": make.action()}))
    assert set(shelf.causes) == {"water/water"}
    assert set(shelf.actions) == {"water/sign"}
    assert shelf.stories["water/s"].leads_to == ("water/sign",)
    assert shelf.stories["water/s"].cause == shelf.actions["water/sign"].cause == "water/water"


def test_stories_are_laid_out_in_the_order_of_choice() -> None:
    stories = {
        "ten": make.story(chapter=10),
        "two": make.story(chapter=2),
        "ends-late": make.story(until=date(2026, 6, 9)),
        "ends-soon": make.story(until=date(2026, 6, 2)),
        "ever": make.story(),
    }
    cause = make.shelf(make.pack(chapters=1, stories=stories)).causes["water/water"]
    assert [story.ref for story in cause.chapters] == ["water/water-1", "water/two", "water/ten"]
    assert [story.ref for story in cause.dated] == ["water/ends-soon", "water/ends-late"]
    assert [story.ref for story in cause.evergreen] == ["water/ever"]


def test_stories_and_actions_belong_to_their_own_cause() -> None:
    shelf = make.shelf(make.pack(causes=("water", "air"), actions={"breathe": make.action("air")}))
    assert [action.ref for action in shelf.causes["water/air"].actions] == ["water/breathe"]
    assert shelf.causes["water/water"].actions == ()
    assert shelf.causes["water/air"].story_refs == {"water/air-1", "water/air-2", "water/air-3"}


def test_rungs_begin_with_the_entry_and_steps_lead_to_them() -> None:
    cause = make.shelf().causes["water/water"]
    assert cause.rungs[0] == "curious"
    assert tuple(step.rung for step in cause.steps) == cause.rungs[1:]
    assert make.shelf().actions["water/sign"].step == 1


def test_an_action_ends_with_its_goal_or_its_last_day_whichever_is_first() -> None:
    until, by = date(2026, 7, 1), date(2026, 6, 1)
    actions = {
        "both": make.action(until=until, goal=Goal(count=5, by=by)),
        "goal": make.action(goal=Goal(count=5, by=by)),
        "open-goal": make.action(goal=Goal(count=5)),
    }
    shelf = make.shelf(make.pack(actions=actions))
    assert [shelf.actions[f"water/{name}"].until for name in actions] == [by, by, None]


def test_an_action_of_a_rung_the_ladder_lacks_is_out_of_reach() -> None:
    shelf = make.shelf(make.pack(actions={"odd": make.action(rung="wizard")}))
    assert shelf.actions["water/odd"].step > len(shelf.causes["water/water"].rungs)


def test_news_at_the_end_of_time_is_no_error() -> None:
    shelf = make.shelf(make.pack(stories={"last": make.story(from_=date.max)}))
    assert shelf.stories["water/last"].fresh == date.max


def test_of_a_pack_given_twice_the_highest_version_counts() -> None:
    packs = [make.pack(version=2, chapters=5), make.pack(version=1, chapters=1)]
    assert len(stock(packs).stories) == 5
    assert stock([]).causes == {}
