"""Less, mute, pause, stop, and every way back."""

import pytest

from tests.talk import Talk


@pytest.mark.parametrize("word", ["/stop", "stop", "STOP", " Stopp ", "alto", "stop."])
def test_stop_takes_effect_at_once_and_offers_gentler_ways(ana: Talk, word: str) -> None:
    ana.joins()
    ana.says(word)

    assert ana.me().state == "stopped"
    assert {"oops", "instead:weekly", "instead:pause", "instead:mute", "erase"} == set(ana.presses_shown())
    assert not ana.next_day()


@pytest.mark.parametrize("words", ["stop this terrible bill", "please don't stop", "bus stop", "nonstop"])
def test_stop_is_only_the_whole_message(ana: Talk, words: str) -> None:
    ana.joins()
    ana.says(words)

    assert ana.me().state == "active"


@pytest.mark.parametrize("word", ["oops", "Ups!", "hoppla"])
def test_oops_undoes_a_stop_for_a_day(ana: Talk, word: str) -> None:
    ana.joins()
    ana.says("stop")
    ana.says(word)

    assert ana.me().state == "active"
    assert ana.next_day()


def test_oops_comes_too_late_after_a_day(ana: Talk) -> None:
    ana.joins()
    ana.says("stop")
    ana.waits(days=1, minutes=1)
    ana.says("oops")

    assert ana.me().state == "stopped"
    assert "/start" in ana.text()


def test_start_brings_back_whoever_stopped_where_they_stood(ana: Talk) -> None:
    ana.joins()
    ana.taps(ana.press_of("done"))
    ana.says("/stop")
    ana.waits(days=40)
    ana.says("/start")

    assert "Welcome back" in ana.text()
    assert ana.me().state == "active"
    assert "✓" in ana.says("/me")[0].text


def test_whoever_stopped_gets_only_the_way_back(ana: Talk) -> None:
    ana.joins()
    ana.says("/stop")
    ana.says("what is this?")

    assert ana.presses_shown() == ["start"]


def test_a_stop_reaches_what_waits_already_and_the_story_is_not_lost(ana: Talk) -> None:
    ana.joins()
    from bot.nudging import plan

    ana.now = ana.now.replace(day=3, hour=19)
    ana.store.write_now(plan.plan, ana.now)
    shown = len(ana.rows("shown"))
    ana.says("/stop")

    nudges = [row for row in ana.rows("deliveries") if row["kind"] == "nudge"]
    assert [(row["status"], row["reason"]) for row in nudges] == [("cancelled", "stopped")]
    assert len(ana.rows("shown")) == shown - 1


def test_instead_of_stopping_once_a_week(ana: Talk) -> None:
    ana.joins()
    ana.says("/stop")
    ana.taps("instead:weekly")

    assert (ana.me().state, ana.me().rhythm.frequency) == ("active", "weekly")


def test_instead_of_stopping_a_months_rest(ana: Talk) -> None:
    ana.joins()
    ana.says("/stop")
    ana.taps("instead:pause")

    assert ana.me().state == "paused"
    assert not ana.waits(days=29)


def test_less_goes_down_step_by_step_and_can_be_undone(ana: Talk) -> None:
    ana.joins()
    ana.says("/less")
    assert ana.me().rhythm.frequency == "three"
    ana.taps("Undo")
    assert ana.me().rhythm.frequency == "daily"
    ana.says("/less")
    ana.says("/less")
    assert ana.me().rhythm.frequency == "weekly"
    ana.says("/less")

    assert "that is the least" in ana.text()


@pytest.mark.parametrize("day", ["2026-03-20", "3/20/26"])
def test_a_pause_lasts_until_its_day(ana: Talk, day: str) -> None:
    ana.joins()
    ana.says("/pause")
    ana.says(day)
    assert "Mar 20, 2026" in ana.text()

    nudged = [bool(ana.next_day()) for _ in range(20)]
    assert nudged.index(True) == 17  # 3 March is the first next day, 20 March the eighteenth


@pytest.mark.parametrize("day", ["2026-03-02", "1999-01-01", "2030-01-01", "someday", "99/99/99", "2026-02-30"])
def test_a_day_that_cannot_be_is_asked_for_again(ana: Talk, day: str) -> None:
    ana.joins()
    ana.says("/pause")
    ana.says(day)

    assert "I need a day to come" in ana.text()
    assert ana.me().state == "active"


def test_turning_to_something_else_leaves_the_question(ana: Talk) -> None:
    ana.joins()
    ana.says("/pause")
    ana.says("/me")
    ana.says("2026-03-20")

    assert ana.me().state == "active"


def test_a_pause_can_be_ended(ana: Talk) -> None:
    ana.joins()
    ana.says("/pause")
    ana.taps("pause:30")
    ana.taps("resume")

    assert ana.next_day()


def test_a_muted_cause_is_silent_and_the_others_go_on(ana: Talk) -> None:
    ana.joins()
    ana.says("/causes")
    other = next(label for label in ana.buttons() if not label.startswith("✓"))
    ana.taps(other)
    ana.taps("Follow")
    ana.says("/mute")
    ana.taps(other)
    muted = ana.me().muted

    assert len(muted) == 1
    for _ in range(6):
        ana.next_day()
    (cause,) = muted
    refs = {row["id"]: f"{row['pack']}/{row['slug']}" for row in ana.rows("items")}
    assert not [row for row in ana.rows("shown") if refs[row["story_id"]].startswith(cause)]


@pytest.mark.parametrize("words", ["I want to die", "quiero morir", "ich will sterben", "suicide"])
def test_words_of_crisis_get_a_helpline_and_no_ask(ana: Talk, words: str) -> None:
    ana.joins()
    ana.says(words)

    assert "findahelpline.com" in ana.text()
    assert not ana.buttons()


def test_long_silence_slows_the_rhythm_asks_once_and_then_is_kept(ana: Talk) -> None:
    ana.joins()
    nudged = [bool(ana.next_day()) and "Shall I stay?" not in ana.text() for _ in range(200)]
    asked = [
        row
        for row in ana.rows("deliveries")
        if row["kind"] == "nudge" and row["status"] == "sent" and not row["story_id"] and not row["action_id"]
    ]

    assert all(nudged[:14])
    assert sum(nudged[14:28]) <= 7
    assert len(asked) == 1
    assert not any(nudged[-60:])


def test_a_sign_after_long_silence_brings_the_rhythm_back(ana: Talk) -> None:
    ana.joins()
    for _ in range(120):
        ana.next_day()
    ana.presses("stay")

    assert "I stay" in ana.text()
    assert ana.next_day()
