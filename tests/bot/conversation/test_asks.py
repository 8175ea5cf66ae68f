"""The buttons under an ask."""

import pytest

from storage.store import Store
from tests import make
from tests.talk import Talk, publish


def ask_of(ana: Talk) -> str:
    return ana.press_of("done").partition(":")[2]


def test_what_a_person_did_is_noted_thanked_and_shown_on_their_path(ana: Talk) -> None:
    ana.joins()
    ana.taps(ana.press_of("done"))

    assert "Thank you!" in ana.text()
    assert len(ana.rows("taken")) == 1
    assert "✓" in ana.says("/me")[0].text


def test_a_second_claim_of_the_same_ask_is_not_counted_twice(ana: Talk) -> None:
    ana.joins()
    press = ana.press_of("done")
    ana.taps(press)
    ana.presses(press)

    assert "You told me already" in ana.text()
    assert len(ana.rows("taken")) == 1


def test_a_claim_can_be_undone_and_made_again(ana: Talk) -> None:
    ana.joins()
    number = ask_of(ana)
    ana.presses(f"done:{number}")
    ana.presses(f"undo:{number}")
    assert "no longer counts" in ana.text()
    ana.presses(f"undo:{number}")
    assert "nothing to take back" in ana.text()
    ana.presses(f"done:{number}")

    assert [row["status"] for row in ana.rows("taken")] == ["undone", "claimed"]


def test_a_climb_is_told_once_with_what_it_opens(ana: Talk) -> None:
    ana.joins()
    number = ask_of(ana)
    ana.presses(f"done:{number}")
    assert "supporter" in ana.text()
    ana.presses(f"undo:{number}")
    ana.presses(f"done:{number}")

    assert "supporter" not in ana.text()


def test_a_no_is_taken_as_one_and_can_be_undone(ana: Talk) -> None:
    ana.joins()
    number = ask_of(ana)
    ana.presses(f"no:{number}")
    assert "not ask for that again soon" in ana.text()
    ana.presses(f"reopen:{number}")

    assert f"done:{number}" in ana.presses_shown()


def test_a_whole_kind_can_be_left_out_and_had_again(ana: Talk) -> None:
    ana.joins()
    number = ask_of(ana)
    ana.presses(f"no:{number}")
    ana.presses(f"never:{number}")
    (kind,) = ana.me().unwanted
    assert kind in ("petition", *make.LADDER_KINDS)
    ana.presses(f"set:kinds:{kind}")

    assert not ana.me().unwanted


def test_later_names_the_day(ana: Talk) -> None:
    ana.joins()
    ana.presses(f"later:{ask_of(ana)}")

    assert "Mar 5" in ana.text()


@pytest.mark.parametrize(
    "data", ["done:999", "done:abc", "done:", "done:-1", "undo:12345678901234567890", "no:٣", "x" * 64]
)
def test_a_forged_button_changes_nothing_and_is_answered(ana: Talk, data: str) -> None:
    ana.joins()
    ana.presses(data)

    assert ana.shown
    assert not ana.rows("taken")


def test_another_persons_button_changes_nothing(ana: Talk) -> None:
    ana.joins()
    other = Talk(ana.store, chat="2", now=ana.now).joins()
    other.presses(f"done:{ask_of(ana)}")

    assert "another conversation" in other.text()
    assert not ana.rows("taken")


def test_an_old_button_of_a_dropped_action_says_so_and_offers_the_nearest(ana: Talk, store: Store) -> None:
    ana.joins()
    number = ask_of(ana)
    left = {"water-open": make.action("water", title="Open one"), "trees-open": make.action("trees", title="Open too")}
    publish(store, make.pack("nature", causes=("water", "trees"), chapters=30, actions=left, version=2))
    ana.presses(f"done:{number}")

    assert "is over" in ana.text()
    assert "This one is open" in ana.text()
    assert not ana.rows("taken")


def test_what_was_done_stays_when_a_new_version_drops_it(ana: Talk, store: Store) -> None:
    ana.joins()
    ana.taps(ana.press_of("done"))
    publish(store, make.pack("nature", causes=("water", "trees"), chapters=30, version=2))

    assert "✓" in ana.says("/me")[0].text


def test_act_offers_something_and_something_else(ana: Talk) -> None:
    ana.joins()
    first = ana.says("/act")[0]
    second = ana.taps(ana.press_of("else"))[0]

    assert "done:" in "".join(ana.presses_shown())
    assert first.text
    assert second.text


def test_something_else_comes_to_an_honest_end(store: Store) -> None:
    publish(store, make.pack(actions={"sign": make.action()}))
    ben = Talk(store).joins()
    ben.says("/act")
    ben.taps(ben.press_of("else"))

    assert "all I have for you today" in ben.text()


def test_act_without_any_cause_points_to_the_causes(ana: Talk) -> None:
    ana.joins()
    (followed,) = ana.me().follows
    ana.says("/causes")
    ana.taps(
        f"✓ {followed.partition('/')[2]}"
        if f"✓ {followed.partition('/')[2]}" in ana.buttons()
        else ana.press_of("cause")
    )
    ana.taps(ana.press_of("leave"))
    ana.says("/act")

    assert "You follow no cause yet" in ana.text()
