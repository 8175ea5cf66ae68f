"""A person's path over a year is a story one would be glad to have lived."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from actions import limits
from actions.ladder import step_of
from bot.commands import diary, year
from bot.commands.personas import BACK, PERSONAS
from bot.commands.year import Note, Year
from tests.personas import DAYS, START, golden, sample, written

EVERYBODY = pytest.mark.parametrize("name", PERSONAS)


def lived(name: str) -> tuple[Year, list[tuple[int, Note]]]:
    life = diary.lived(sample(), PERSONAS[name], "en", START)
    return life, [((at - START).days, note) for at, notes in life.live(DAYS) for note in notes]


@EVERYBODY
def test_the_diary_is_the_one_that_was_read_and_kept(name: str) -> None:
    same = golden(name).read_text(encoding="utf-8") == written(name)
    assert same, f"{name}'s year is another one now. Write all six with `python -m tests.personas`, and read the diff."


@EVERYBODY
@pytest.mark.parametrize("language", ["es", "de"])
def test_a_diary_is_written_in_the_persons_language(name: str, language: str) -> None:
    lines = list(diary.written(sample(), PERSONAS[name], language, START, 60))
    english = set(diary.written(sample(), PERSONAS[name], "en", START, 60))
    own = [line for line in lines if line and not line.startswith("  > /")]
    assert not [line for line in own if line in english]
    assert max(map(len, lines)) <= diary.WIDTH


@EVERYBODY
def test_a_year_is_the_same_each_time_and_never_speaks_twice_of_a_story(name: str) -> None:
    _, notes = lived(name)
    assert notes == lived(name)[1]
    stories = Counter(note.story for _, note in notes if isinstance(note, year.Told) and note.story)
    assert set(stories.values()) == {1}


@EVERYBODY
def test_nobody_is_asked_within_its_rest_for_what_they_refused(name: str) -> None:
    past = lived(name)[0].past
    refused = [ask for ask in past.asked if ask.answer == "declined"]
    for no in refused:
        after = [ask for ask in past.asked if ask.at > no.at]
        assert not [ask for ask in after if ask.action == no.action and ask.at < no.at + limits.ACTION_REST]
        assert not [ask for ask in after if ask.nudged and ask.cause == no.cause and ask.at < no.at + limits.CAUSE_REST]


@EVERYBODY
def test_nobody_is_asked_for_more_than_one_rung_above_where_they_stand(name: str) -> None:
    life, _ = lived(name)
    for ask in life.past.asked:
        cause = life.stock.shelf.causes[ask.cause]
        before = [one for one in life.past.taken if one.at < ask.at]
        here = step_of(cause, before, ask.at)
        assert cause.rungs.index(ask.rung) <= here + 1


@EVERYBODY
def test_the_same_thing_is_not_asked_again_and_again(name: str) -> None:
    life, _ = lived(name)
    asked = [ask for ask in life.past.asked if ask.nudged]
    assert all(one.action != other.action for one, other in pairwise(asked))
    for action, times in Counter(ask.action for ask in asked).items():
        monthly = life.stock.shelf.actions[action].repeat != "never"
        assert times <= (8 if monthly else limits.ASK_TRIES), action


@pytest.mark.parametrize("name", ["willing", "leader"])
def test_who_says_yes_climbs_rung_by_rung_and_stays_there(name: str) -> None:
    life, notes = lived(name)
    for ref in life.person.follows:
        rungs = [note.rung for _, note in notes if isinstance(note, year.Climbed) and note.cause == ref]
        assert tuple(rungs) == life.stock.shelf.causes[ref].rungs[1:]
    assert not [note for _, note in notes if isinstance(note, year.Slid)]


def test_the_leader_hosts_and_invites_and_asks_for_the_next_thing() -> None:
    life, notes = lived("leader")
    kinds = {one.kind for one in life.past.taken}
    assert {"host", "invite", "circle"} <= kinds
    assert any(isinstance(note, year.Wished) for _, note in notes)


def test_the_silent_one_is_asked_once_to_stay_then_left_in_peace_then_welcomed() -> None:
    _, notes = lived("silent")
    slowed = [(note.frequency, note.unanswered) for _, note in notes if isinstance(note, year.Slowed)]
    assert slowed == [("three", 14), ("weekly", 28), (None, 33)]
    (asked,) = [day for day, note in notes if isinstance(note, year.Questioned)]
    (back,) = [day for day, note in notes if isinstance(note, year.Returned)]
    assert back == BACK
    assert not [note for day, note in notes if asked < day < back and not isinstance(note, year.Nothing)]
    chapters = [
        (reason.about, day)
        for day, note in notes
        if isinstance(note, year.Told) and note.cause == "buying-well/buying-well"
        for reason in note.reasons
        if reason.code == "chapter"
    ]
    assert [int(chapter) for chapter, _ in chapters] == list(range(1, len(chapters) + 1)), "they go on where they were"
    assert any(day >= back for _, day in chapters)


def test_the_skeptical_one_refuses_steps_and_then_takes_one() -> None:
    life, notes = lived("skeptical")
    assert life.steps_refused >= 2
    first = next(day for day, note in notes if isinstance(note, year.Answered) and note.answer == "taken")
    assert first > 21
    assert any(isinstance(note, year.Climbed) and note.rung == "advocate" for _, note in notes)


def test_the_giver_gives_and_is_not_asked_for_what_they_never_want() -> None:
    life, notes = lived("giver")
    assert not [one for one in life.past.taken if one.kind in ("host", "share", "event", "circle")]
    for day, note in notes:
        if isinstance(note, year.Barred):
            later = START + timedelta(days=day + 1)
            assert not [ask for ask in life.past.asked if ask.kind == note.kind and ask.at > later]


def test_the_busy_one_slows_down_and_is_never_asked_for_more_than_three_minutes() -> None:
    life, notes = lived("busy")
    changed = [note.after.rhythm.frequency for _, note in notes if isinstance(note, year.Changed)]
    assert changed == ["three", "weekly"]
    assert all(life.stock.shelf.actions[ask.action].minutes <= 3 for ask in life.past.asked)
